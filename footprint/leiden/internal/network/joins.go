package network

import "stpmap/footprint/internal/work"

// Walk is the memory of walks over flows; the zero value works after Room.
type Walk struct {
	seen  []int32 // 2·round: still to be reached; 2·round+1: reached
	near  []int32
	stack []int32
	round int32
}

// Room makes room for n nodes. What earlier walks left does no harm.
func (w *Walk) Room(n int) {
	if cap(w.seen) < n {
		w.seen, w.round = nil, 0
	}
	w.seen = work.Grow(w.seen, n)
}

// Joins says whether the nodes of v's label that v has flow with reach each other
// over flows within that label, without v. A search asks it so often that it calls
// no function for each arc.
func (w *Walk) Joins(g *Network, label []int32, v int32) bool {
	if g.Thin != nil {
		return joins(w, g.Ptr, g.Thin, label, v)
	}
	return joins(w, g.Ptr, g.Wide, label, v)
}

func joins[W Weight](w *Walk, ptr []int, arcs []Arc[W], label []int32, v int32) bool {
	c, near := label[v], w.near[:0]
	for _, e := range arcs[ptr[v]:ptr[v+1]] {
		if e.Weight > 0 && label[e.To] == c {
			near = append(near, e.To)
		}
	}
	if w.near = near; len(near) <= 1 {
		return true
	}
	w.round++
	wanted, reached, seen := 2*w.round, 2*w.round+1, w.seen
	for _, u := range near {
		seen[u] = wanted
	}
	missing := len(near) - 1
	seen[near[0]], seen[v] = reached, reached
	stack := append(w.stack[:0], near[0])
	for len(stack) > 0 && missing > 0 {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range arcs[ptr[u]:ptr[u+1]] {
			t := e.To
			if label[t] != c || seen[t] == reached || !(e.Weight > 0) {
				continue
			}
			if seen[t] == wanted {
				missing--
			}
			seen[t] = reached
			stack = append(stack, t)
		}
	}
	w.stack = stack[:0]
	return missing == 0
}
