package ensemble

// mergeSplit joins the two parts at a border, draws a tree of both, cuts it where
// both sides may have so many people, and takes the new parts with the
// Metropolis–Hastings ratio of spanning forests. With cut edges C in all, ∂ of
// them between the two parts, and S(e) the edges at which the tree that edge e
// makes of the two parts' trees may be cut,
//
//	ratio = (∂' C Σ_{e∈∂} 1/|S(e)|) / (∂ C' Σ_{e∈∂'} 1/|S(e)|),
//
// and for Uniform also the old parts' numbers of spanning trees over the new ones.
func (c *chain) mergeSplit() bool {
	u, v := c.border()
	a, b := c.label[u], c.label[v]
	c.plant(a)
	c.plant(b)
	c.wilson(a, b)
	top := c.cutTree(c.sum[a] + c.sum[b])
	if top < 0 {
		return false
	}
	c.divide(top)
	was, before := c.paths(c.member[a], c.member[b], c.up, func(u int32) bool { return c.label[u] == a })
	now, after := c.paths(c.room.a, c.room.b, c.room.hang, func(u int32) bool { return c.room.side[u] == 0 })
	cut := c.cut - was + now
	ratio := float64(now) * float64(c.cut) * before / (float64(was) * float64(cut) * after)
	if c.Measure == Uniform {
		ratio *= c.ratioOfTrees(c.countTreesOf(a)+c.countTreesOf(b), c.logTreesOfSides())
	}
	if !c.accept(ratio) || !c.take(a, b) {
		return false
	}
	c.cut = cut
	return true
}

// cutTree draws one of the edges at which the tree may be cut; it is the one
// above the unit given, and −1 where there is none.
func (c *chain) cutTree(all float64) int32 {
	r := &c.room
	c.weigh(all)
	if len(r.cuts) == 0 {
		return -1
	}
	return r.cuts[c.rng.IntN(len(r.cuts))]
}

// weigh adds up people from the leaves, and lists the edges at which the tree may
// be cut.
func (c *chain) weigh(all float64) {
	r := &c.room
	for _, u := range r.order {
		r.below[u] = c.people[u]
	}
	r.cuts = r.cuts[:0]
	for i := len(r.order) - 1; i > 0; i-- {
		u := r.order[i]
		x := r.below[u]
		r.below[r.hang[u]] += x
		if c.within(x) && c.within(all-x) {
			r.cuts = append(r.cuts, u)
		}
	}
}

// divide cuts the tree above a unit: what hangs on it is side 1, in room.b, and
// the rest side 0, in room.a. Both keep their trees in hang.
func (c *chain) divide(top int32) {
	r := &c.room
	r.a, r.b = r.a[:0], r.b[:0]
	for _, u := range r.order {
		side := int8(0)
		if u == top {
			side = 1
		} else if r.hang[u] >= 0 {
			side = r.side[r.hang[u]]
		}
		if r.side[u] = side; side == 0 {
			r.a = append(r.a, u)
		} else {
			r.b = append(r.b, u)
		}
	}
	r.hang[top] = -1
}

// paths counts the edges between two parts with trees, and adds up 1 over the
// number of edges at which the tree that each makes of them may be cut.
func (c *chain) paths(a, b, up []int32, inA func(unit int32) bool) (edges int, sum float64) {
	people := func(units []int32) (x float64) {
		for _, u := range units {
			x += c.people[u]
		}
		return x
	}
	pa, pb := people(a), people(b)
	c.hangAt(a, up, pa, pb)
	c.hangAt(b, up, pb, pa)
	if len(b) < len(a) {
		a, b = b, a
		was := inA
		inA = func(u int32) bool { return !was(u) }
	}
	for _, u := range a {
		for _, v := range c.arc[c.start[u]:c.start[u+1]] {
			if c.joined(v) && !inA(v) {
				edges++
				sum += 1 / (1 + c.room.paths[u] + c.room.paths[v])
			}
		}
	}
	return edges, sum
}

// hangAt says for each unit of a tree at how many of the tree's edges one could
// cut, if another tree, with other people, hung on that unit.
func (c *chain) hangAt(order, up []int32, all, other float64) {
	r := &c.room
	for _, u := range order {
		r.below[u] = c.people[u]
	}
	away := 0.0
	for i := len(order) - 1; i > 0; i-- {
		u := order[i]
		x := r.below[u]
		r.below[up[u]] += x
		if c.within(x) && c.within(all-x+other) {
			away++
		}
	}
	for i, u := range order {
		if i == 0 {
			r.paths[u] = away
			continue
		}
		x, n := r.below[u], r.paths[up[u]]
		if c.within(x+other) && c.within(all-x) {
			n++
		}
		if c.within(x) && c.within(all-x+other) {
			n--
		}
		r.paths[u] = n
	}
}

// logTreesOfSides is the logarithm of the new parts' numbers of spanning trees.
func (c *chain) logTreesOfSides() float64 {
	r := &c.room
	zero := c.span.logTrees(r.a, func(u int32) bool { return c.joined(u) && r.side[u] == 0 })
	return zero + c.span.logTrees(r.b, func(u int32) bool { return c.joined(u) && r.side[u] == 1 })
}

// joined says whether a unit is in the tree that was drawn last.
func (c *chain) joined(u int32) bool { return c.room.tree[u] == c.room.now }

// take makes the two sides parts a and b, so that as few units as may be change
// their label, unless a demand forbids it.
func (c *chain) take(a, b int32) bool {
	r := &c.room
	same := 0
	for _, u := range r.a {
		if c.label[u] == a {
			same++
		}
	}
	for _, u := range r.b {
		if c.label[u] == b {
			same++
		}
	}
	zero, one := a, b // the labels of sides 0 and 1
	if 2*same < len(r.a)+len(r.b) {
		zero, one = b, a
	}
	r.moved = r.moved[:0]
	for _, u := range r.a {
		if c.label[u] != zero {
			r.moved = append(r.moved, u)
		}
	}
	for _, u := range r.b {
		if c.label[u] != one {
			r.moved = append(r.moved, u)
		}
	}
	if len(r.moved) > 0 && !c.relabel(r.moved, a, b) {
		return false
	}
	c.settle(zero, r.a, len(r.moved) > 0)
	c.settle(one, r.b, len(r.moved) > 0)
	return true
}

// settle gives a part its units with their tree.
func (c *chain) settle(part int32, order []int32, changed bool) {
	c.member[part] = append(c.member[part][:0], order...)
	sum := 0.0
	for _, u := range order {
		c.up[u] = c.room.hang[u]
		sum += c.people[u]
	}
	c.sum[part], c.known[part] = sum, true
	if changed {
		c.trees[part] = nan
	}
}
