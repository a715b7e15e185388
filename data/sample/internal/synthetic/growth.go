package synthetic

import "container/heap"

// front is a queue of cells to be taken, nearest first; ties go to the earlier
// owner, then to the lower cell.
type front []claim

type claim struct{ cost, owner, cell int }

func (f front) Len() int { return len(f) }
func (f front) Less(i, j int) bool {
	a, b := f[i], f[j]
	if a.cost != b.cost {
		return a.cost < b.cost
	}
	if a.owner != b.owner {
		return a.owner < b.owner
	}
	return a.cell < b.cell
}
func (f front) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *front) Push(x any)   { *f = append(*f, x.(claim)) }
func (f *front) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}

// grow lets owners spread from their seeds over the cells that allowed admits,
// at the given cost per cell, until all that can be reached are taken. Each
// territory is one connected piece. Cells not reached get -1.
func (l *lattice) grow(seeds []int, cost []int, allowed func(owner, cell int) bool) []int {
	owner := make([]int, l.cells())
	for i := range owner {
		owner[i] = -1
	}
	var f front
	for o, s := range seeds {
		f = append(f, claim{0, o, s})
	}
	heap.Init(&f)
	for f.Len() > 0 {
		c := heap.Pop(&f).(claim)
		if owner[c.cell] >= 0 {
			continue
		}
		owner[c.cell] = c.owner
		for d := range 6 {
			k := l.neighbour(c.cell, d)
			if k >= 0 && owner[k] < 0 && allowed(c.owner, k) {
				heap.Push(&f, claim{c.cost + cost[k], c.owner, k})
			}
		}
	}
	return owner
}

// spread carries owners outwards into unowned cells, the given number of cells
// deep; the first neighbour in the order of directions decides.
func (l *lattice) spread(owner []int, deep int) {
	for range deep {
		next := make([]int, 0, 4096)
		for i, o := range owner {
			if o >= 0 {
				continue
			}
			for d := range 6 {
				if k := l.neighbour(i, d); k >= 0 && owner[k] >= 0 {
					next = append(next, i, owner[k])
					break
				}
			}
		}
		for i := 0; i < len(next); i += 2 {
			owner[next[i]] = next[i+1]
		}
	}
}

// inland is the number of cells between each cell and the nearest one of
// another owner; 0 at the border.
func (l *lattice) inland(owner []int) []int {
	depth := make([]int, len(owner))
	var queue []int
	for i, o := range owner {
		depth[i] = -1
		for d := range 6 {
			if k := l.neighbour(i, d); k < 0 || owner[k] != o {
				depth[i] = 0
				queue = append(queue, i)
				break
			}
		}
	}
	for head := 0; head < len(queue); head++ {
		i := queue[head]
		for d := range 6 {
			if k := l.neighbour(i, d); k >= 0 && depth[k] < 0 {
				depth[k] = depth[i] + 1
				queue = append(queue, k)
			}
		}
	}
	return depth
}

// nearest lists up to n cells in the order in which growth from a seed takes
// them.
func (l *lattice) nearest(seed, n int, cost []int, allowed func(cell int) bool) []int {
	f := front{{0, 0, seed}}
	seen := map[int]bool{}
	var out []int
	for f.Len() > 0 && len(out) < n {
		c := heap.Pop(&f).(claim)
		if seen[c.cell] {
			continue
		}
		seen[c.cell] = true
		out = append(out, c.cell)
		for d := range 6 {
			if k := l.neighbour(c.cell, d); k >= 0 && !seen[k] && allowed(k) {
				heap.Push(&f, claim{c.cost + cost[k], 0, k})
			}
		}
	}
	return out
}
