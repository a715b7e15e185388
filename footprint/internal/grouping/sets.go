package grouping

// Sets is union-find with path halving; the smallest member is the root.
type Sets []int32

func NewSets(n int) Sets {
	d := make(Sets, n)
	for i := range d {
		d[i] = int32(i)
	}
	return d
}

func (d Sets) Find(x int32) int32 {
	for d[x] != x {
		d[x] = d[d[x]]
		x = d[x]
	}
	return x
}

func (d Sets) Union(x, y int32) {
	x, y = d.Find(x), d.Find(y)
	if x < y {
		d[y] = x
	} else {
		d[x] = y
	}
}

// Root finds the representative of i and shortens the way to it.
func Root(up []int32, i int32) int32 {
	for up[i] != i {
		up[i] = up[up[i]]
		i = up[i]
	}
	return i
}
