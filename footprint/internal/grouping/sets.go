package grouping

// Sets keeps items from 0 in sets that are joined two by two (union-find with
// path halving). The smallest item of a set stands for it.
type Sets []int32

// NewSets puts each of n items in a set of its own.
func NewSets(n int) Sets { return Sequence(n) }

// Find is the item that stands for x's set.
func (s Sets) Find(x int32) int32 {
	for s[x] != x {
		s[x] = s[s[x]]
		x = s[x]
	}
	return x
}

// Union joins the sets of x and y.
func (s Sets) Union(x, y int32) {
	x, y = s.Find(x), s.Find(y)
	if x < y {
		s[y] = x
	} else {
		s[x] = y
	}
}

// Attach joins the set that x stands for to the one that y stands for, and has
// y stand for both, whichever is smaller.
func (s Sets) Attach(x, y int32) { s[x] = y }

// Len is the number of sets.
func (s Sets) Len() int {
	n := 0
	for i, up := range s {
		if up == int32(i) {
			n++
		}
	}
	return n
}

// Labels gives each item a label, 0, 1, … in the order of the sets' first
// items, and counts them.
func (s Sets) Labels() ([]int32, int) {
	label := make([]int32, len(s))
	for i := range s {
		label[i] = s.Find(int32(i))
	}
	return label, Compact(label, len(s))
}
