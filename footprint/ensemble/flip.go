package ensemble

import (
	"math"
	"slices"
)

var nan = math.NaN()

// flip moves one unit over a border into the part on its other side.
func (c *chain) flip() bool {
	u, v := c.border()
	a, b := c.label[u], c.label[v]
	if len(c.member[a]) < 2 || !c.within(c.sum[a]-c.people[u]) || !c.within(c.sum[b]+c.people[u]) {
		return false
	}
	if c.Measure == Uniform {
		return c.flipMap(u, a, b)
	}
	return c.flipLeaf(u, v, a, b)
}

// links counts a unit's edges into two parts.
func (c *chain) links(u, a, b int32) (inA, inB int) {
	for _, v := range c.arc[c.start[u]:c.start[u+1]] {
		switch c.label[v] {
		case a:
			inA++
		case b:
			inB++
		}
	}
	return inA, inB
}

// flipLeaf moves a leaf of one part's tree to the unit v of another's. Every
// forest has the same weight, each edge between parts is drawn alike, and the way
// back is one such edge, so that the ratio is that of their numbers.
func (c *chain) flipLeaf(u, v, a, b int32) bool {
	c.plant(a)
	c.plant(b)
	if !c.leaf(u) {
		return false
	}
	inA, inB := c.links(u, a, b)
	cut := c.cut + inA - inB
	if !c.accept(float64(c.cut)/float64(cut)) || !c.relabel(append(c.room.moved[:0], u), a, b) {
		return false
	}
	c.shift(u, a, b)
	if c.up[u] < 0 { // the root, with one unit hanging on it
		c.up[c.member[a][0]] = -1
	}
	c.up[u] = v
	c.cut = cut
	return true
}

// leaf says whether one unit at most is tied to a unit in its part's tree.
func (c *chain) leaf(u int32) bool {
	ties := 0
	if c.up[u] >= 0 {
		ties++
	}
	for _, v := range c.member[c.label[u]] {
		if c.up[v] == u {
			ties++
		}
	}
	return ties < 2
}

// shift moves a unit from one part's list to the end of another's.
func (c *chain) shift(u, a, b int32) {
	at := slices.Index(c.member[a], u)
	c.member[a] = slices.Delete(c.member[a], at, at+1)
	c.member[b] = append(c.member[b], u)
	c.sum[a] -= c.people[u]
	c.sum[b] += c.people[u]
	c.trees[a], c.trees[b] = nan, nan
}

// flipMap moves a unit where what it leaves stays in one piece. It is drawn by
// any of its edges into the other part, and drawn back by those into the old one.
func (c *chain) flipMap(u, a, b int32) bool {
	inA, inB := c.links(u, a, b)
	cut := c.cut + inA - inB
	ratio := float64(inA) * float64(c.cut) / (float64(inB) * float64(cut))
	if !c.accept(ratio) || !c.holds(u, a, inA) || !c.relabel(append(c.room.moved[:0], u), a, b) {
		return false
	}
	c.shift(u, a, b)
	c.known[a], c.known[b] = false, false
	c.cut = cut
	return true
}

// holds says whether a part stays in one piece without a unit, which has a number
// of edges into it.
func (c *chain) holds(u, part int32, edges int) bool {
	if edges < 2 {
		return edges == 1
	}
	r := &c.room
	r.now++
	r.tree[u] = r.now
	r.moved = r.moved[:0]
	for _, v := range c.arc[c.start[u]:c.start[u+1]] {
		if c.label[v] == part {
			r.tree[v] = r.now
			r.moved = append(r.moved, v)
			break
		}
	}
	for head := 0; head < len(r.moved); head++ {
		x := r.moved[head]
		for _, v := range c.arc[c.start[x]:c.start[x+1]] {
			if c.label[v] == part && r.tree[v] != r.now {
				r.tree[v] = r.now
				r.moved = append(r.moved, v)
			}
		}
	}
	return len(r.moved) == len(c.member[part])-1
}
