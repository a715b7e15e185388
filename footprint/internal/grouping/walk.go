package grouping

import "stpmap/footprint/internal/work"

// Walk is the memory of walks over places that are connected somehow; the zero
// value works after Room.
type Walk struct {
	seen  []int32 // 2·round: still to be reached; 2·round+1: reached
	round int32
	stack []int32
}

// Room makes room for n places. What earlier walks left does no harm.
func (w *Walk) Room(n int) {
	if cap(w.seen) < n {
		w.seen, w.round = nil, 0
	}
	w.seen = work.Grow(w.seen, n)
}

// begin starts a walk and gives its two marks.
func (w *Walk) begin() (wanted, reached int32) {
	w.round++
	return 2 * w.round, 2*w.round + 1
}

// Count is the number of places that can be reached from start over places for
// which in holds, start included. next calls visit for what a place is
// connected with.
func (w *Walk) Count(start int32, next func(v int32, visit func(int32)), in func(int32) bool) int {
	_, reached := w.begin()
	n := 1
	w.seen[start] = reached
	stack := append(w.stack[:0], start)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		next(v, func(u int32) {
			if w.seen[u] != reached && in(u) {
				w.seen[u] = reached
				n++
				stack = append(stack, u)
			}
		})
	}
	w.stack = stack[:0]
	return n
}

// Joins says whether the places near v, all of v's label, reach each other over
// places of that label without v.
func (w *Walk) Joins(label []int32, v int32, near []int32, next func(v int32, visit func(int32))) bool {
	if len(near) <= 1 {
		return true
	}
	wanted, reached := w.begin()
	for _, u := range near {
		w.seen[u] = wanted
	}
	missing, c := len(near)-1, label[v]
	w.seen[near[0]], w.seen[v] = reached, reached
	stack := append(w.stack[:0], near[0])
	for len(stack) > 0 && missing > 0 {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		next(u, func(t int32) {
			if w.seen[t] == reached || label[t] != c {
				return
			}
			if w.seen[t] == wanted {
				missing--
			}
			w.seen[t] = reached
			stack = append(stack, t)
		})
	}
	w.stack = stack[:0]
	return missing == 0
}
