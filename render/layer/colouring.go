package layer

import "iter"

// Neighbours lists the nodes that share a border with one.
type Neighbours interface{ Neighbours(node int) iter.Seq[int] }

// Colouring numbers the nodes 0 … n−1 of an adjacency so that no two
// neighbours have the same number, from 0 up, with as few numbers as a bounded
// search finds. Four suffice where every node is one piece on the ground; six
// or fewer come out nearly always, more only where pieces lie scattered.
//
// Nodes are taken by how many numbers their neighbours use already (Brélaz
// 1979, doi:10.1145/359094.359101), with backtracking.
func Colouring(adj Neighbours, n int) []int {
	near := make([][]int32, n)
	for i := range n {
		for j := range adj.Neighbours(i) {
			if j != i && j >= 0 && j < n {
				near[i] = append(near[i], int32(j))
			}
		}
	}
	// One-sided lists are made mutual.
	for i := range n {
		for _, j := range near[i] {
			back := false
			for _, k := range near[j] {
				back = back || k == int32(i)
			}
			if !back {
				near[j] = append(near[j], int32(i))
			}
		}
	}
	// Without a way back first, which bounds the number from above, as nodes
	// that are all neighbours bound it from below.
	c := newColourer(near, maxColours)
	if !c.run(0) {
		return firstFit(near)
	}
	best := c.colour
	most := 0
	for _, k := range best {
		most = max(most, k+1)
	}
	for k := max(4, clique(near)); k < most; k++ {
		if c := newColourer(near, k); c.run(4*n + 5000) {
			return c.colour
		}
	}
	return best
}

// maxColours is what fits in the bits of a word.
const maxColours = 64

// clique is the size of a set of nodes that are all neighbours, grown from
// each node in turn.
func clique(near [][]int32) int {
	best := 0
	mark := make([]int32, len(near)) // how many of the set a node touches
	for i := range near {
		if len(near[i]) < best {
			continue
		}
		set := []int32{int32(i)}
		for {
			last := set[len(set)-1]
			next := int32(-1)
			for _, j := range near[last] {
				mark[j]++
				if int(mark[j]) == len(set) && (next < 0 || len(near[j]) > len(near[next])) {
					next = j
				}
			}
			if next < 0 {
				break
			}
			set = append(set, next)
		}
		for _, k := range set {
			for _, j := range near[k] {
				mark[j] = 0
			}
		}
		best = max(best, len(set))
	}
	return best
}

// firstFit gives each node the lowest number that its neighbours leave.
func firstFit(near [][]int32) []int {
	colour := make([]int, len(near))
	for i := range near {
		taken := map[int]bool{}
		for _, j := range near[i] {
			if int(j) < i {
				taken[colour[j]] = true
			}
		}
		for taken[colour[i]] {
			colour[i]++
		}
	}
	return colour
}

// colourer searches for a colouring with k colours.
type colourer struct {
	near   [][]int32
	k      int
	colour []int
	used   []uint64 // colours of the neighbours, as bits
}

func newColourer(near [][]int32, k int) *colourer {
	return &colourer{near: near, k: k, colour: make([]int, len(near)), used: make([]uint64, len(near))}
}

// run colours all nodes: the next is one of those whose neighbours use most
// colours, of these one with most neighbours, of these the first. A choice
// that leaves a node without a colour is undone, as often as the budget says.
func (c *colourer) run(budget int) bool {
	n := len(c.near)
	for i := range c.colour {
		c.colour[i] = -1
	}
	type choice struct {
		node int
		last int // the colour tried last
	}
	heap := newSaturation(c)
	stack := make([]choice, 0, n)
	for len(stack) < n {
		node := heap.next()
		stack = append(stack, choice{node, -1})
		for {
			top := &stack[len(stack)-1]
			colour := top.last + 1
			for colour < c.k && c.used[top.node]>>colour&1 == 1 {
				colour++
			}
			// The first node's colour is a mere name: one is tried.
			if colour < c.k && (top.last < 0 || len(stack) > 1) {
				top.last = colour
				c.set(top.node, colour, heap)
				break
			}
			heap.put(top.node)
			stack = stack[:len(stack)-1]
			if len(stack) == 0 {
				return false
			}
			c.unset(stack[len(stack)-1].node, heap)
			if budget--; budget < 0 {
				return false
			}
		}
	}
	return true
}

func (c *colourer) set(node, colour int, h *saturation) {
	c.colour[node] = colour
	for _, j := range c.near[node] {
		if c.used[j]>>colour&1 == 0 {
			c.used[j] |= 1 << colour
			h.moved(int(j))
		}
	}
}

func (c *colourer) unset(node int, h *saturation) {
	c.colour[node] = -1
	for _, j := range c.near[node] {
		var used uint64
		for _, l := range c.near[j] {
			if k := c.colour[l]; k >= 0 {
				used |= 1 << k
			}
		}
		c.used[j] = used
		h.moved(int(j))
	}
}
