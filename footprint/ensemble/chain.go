package ensemble

import (
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/flow/portable"
)

// chain is a walk over maps. Where a part's tree is known, its units stand in
// member with each after the one that it hangs on.
type chain struct {
	*Space
	rng    *rand.Rand
	label  []int32   // part of each unit
	member [][]int32 // units of each part
	up     []int32   // unit that each hangs on in its part's tree; −1 for a root
	known  []bool    // a tree of the part is held
	sum    []float64 // people of each part
	trees  []float64 // logarithm of each part's number of spanning trees; NaN where not counted
	cut    int       // edges between parts
	flow   *flowState
	close  *nearState
	span   *spanner
	room   scratch

	merged, flipped int // proposals taken
}

// scratch is room for one proposal.
type scratch struct {
	tree  []int32 // stamp of units that are in the tree
	next  []int32 // way of the random walk
	now   int32
	order []int32 // the tree, each unit after the one that it hangs on
	hang  []int32
	below []float64 // people at and below each unit of the tree
	side  []int8
	cuts  []int32
	a, b  []int32
	paths []float64
	moved []int32
}

func newChain(s *Space) *chain {
	k := s.Demands.Footprints
	c := &chain{
		Space: s, label: make([]int32, s.units), member: make([][]int32, k), up: make([]int32, s.units), known: make([]bool, k),
		sum: make([]float64, k), trees: make([]float64, k), span: newSpanner(s),
	}
	c.room = scratch{
		tree: make([]int32, s.units), next: make([]int32, s.units), hang: make([]int32, s.units), below: make([]float64, s.units),
		side: make([]int8, s.units), paths: make([]float64, s.units),
	}
	if s.flows != nil {
		c.flow = newFlowState(s.flows, k)
	}
	if s.Near != nil && s.Within > 0 {
		c.close = newNearState(s)
	}
	return c
}

// stream seeds the chain's numbers: one stream for each chain and sample.
func (c *chain) stream(seed, stream uint64) {
	c.rng = rand.New(rand.NewPCG(seed, mixed(stream)))
}

// mixed spreads a number over all bits (Steele, Lea and Flood 2014,
// doi:10.1145/2660193.2660195).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// set puts the chain at a map of units. Trees are drawn when they are needed.
func (c *chain) set(label []int32) {
	copy(c.label, label)
	clear(c.sum)
	for p := range c.member {
		c.member[p] = c.member[p][:0]
		c.known[p], c.trees[p] = false, math.NaN()
	}
	for u, p := range c.label {
		c.member[p] = append(c.member[p], int32(u))
		c.sum[p] += c.people[u]
	}
	c.cut = 0
	for i := 0; i < len(c.ends); i += 2 {
		if c.label[c.ends[i]] != c.label[c.ends[i+1]] {
			c.cut++
		}
	}
	if c.flow != nil {
		c.flow.reset(c.label)
	}
	if c.close != nil {
		c.close.reset(c.label)
	}
}

// border draws an edge between two parts, both directions alike.
func (c *chain) border() (u, v int32) {
	edges := uint32(len(c.ends) / 2)
	for {
		e := c.rng.Uint32N(2 * edges)
		u, v = c.ends[e], c.ends[e^1]
		if c.label[u] != c.label[v] {
			return u, v
		}
	}
}

// wilson draws a uniform spanning tree of the units that are in parts a and b,
// into room.order and room.hang (Wilson 1996).
func (c *chain) wilson(a, b int32) {
	r := &c.room
	r.now++
	r.order = r.order[:0]
	root := c.member[a][0]
	r.tree[root], r.hang[root] = r.now, -1
	r.order = append(r.order, root)
	c.grow(c.member[a], a, b)
	if b != a {
		c.grow(c.member[b], a, b)
	}
}

// grow walks from each unit until it meets the tree, and adds the way without
// its loops.
func (c *chain) grow(units []int32, a, b int32) {
	r := &c.room
	for _, from := range units {
		u := from
		for r.tree[u] != r.now {
			lo, n := c.start[u], uint32(c.start[u+1]-c.start[u])
			v := c.arc[lo+int32(c.rng.Uint32N(n))]
			for c.label[v] != a && c.label[v] != b {
				v = c.arc[lo+int32(c.rng.Uint32N(n))]
			}
			r.next[u] = v
			u = v
		}
		at := len(r.order)
		for u = from; r.tree[u] != r.now; u = r.next[u] {
			r.tree[u], r.hang[u] = r.now, r.next[u]
			r.order = append(r.order, u)
		}
		slices.Reverse(r.order[at:])
	}
}

// plant draws a tree for a part that has none.
func (c *chain) plant(part int32) {
	if c.known[part] {
		return
	}
	c.wilson(part, part)
	c.member[part] = append(c.member[part][:0], c.room.order...)
	for _, u := range c.member[part] {
		c.up[u] = c.room.hang[u]
	}
	c.known[part] = true
}

// countTreesOf keeps the logarithm of a part's number of spanning trees.
func (c *chain) countTreesOf(part int32) float64 {
	if math.IsNaN(c.trees[part]) {
		c.trees[part] = c.span.logTrees(c.member[part], func(u int32) bool { return c.label[u] == part })
	}
	return c.trees[part]
}

// accept takes a proposal with a probability of the ratio.
func (c *chain) accept(ratio float64) bool { return ratio >= 1 || c.rng.Float64() < ratio }

// partOf is the part of an area or provider.
func (c *chain) partOf(node int32) int32 {
	if int(node) < c.Areas {
		return c.label[c.unitOf[node]]
	}
	if c.flow == nil {
		return -1
	}
	return c.flow.at[int(node)-c.Areas]
}

// relabel moves units between parts a and b, and says whether the map still
// meets every demand; if not, nothing is changed.
func (c *chain) relabel(units []int32, a, b int32) bool {
	c.swap(units, a, b)
	if c.meets() {
		return true
	}
	c.swap(units, a, b)
	return false
}

// swap moves each unit from the one of two parts to the other.
func (c *chain) swap(units []int32, a, b int32) {
	for _, u := range units {
		from, to := a, b
		if c.label[u] == b {
			from, to = b, a
		}
		c.label[u] = to
		if c.flow != nil {
			c.flow.move(u, from, to)
		}
		if c.close != nil {
			c.close.move(u, from, to)
		}
	}
	if c.flow != nil {
		c.flow.settle(c.label)
	}
}

// meets says whether the map meets every demand but those on people and pieces.
func (c *chain) meets() bool {
	if c.flow != nil {
		for p := range int32(len(c.sum)) {
			if !c.flow.meets(&c.Demands, p) {
				return false
			}
		}
	}
	if c.close != nil && !c.close.meets() {
		return false
	}
	return len(c.groups.together)+len(c.groups.apart) == 0 || c.groups.meet(c.partOf)
}

// ratioOfTrees is how the measure weighs new parts against old ones, given the
// logarithms of their numbers of spanning trees.
func (c *chain) ratioOfTrees(before, after float64) float64 {
	if before == after {
		return 1
	}
	return portable.Exp(before - after)
}
