package render

import "slices"

// Colouring gives each of n things a colour from 0, so that neighbours differ,
// with few colours: the thing that sees most colours goes first (DSATUR; Brélaz
// 1979, doi:10.1145/359094.359101; ties: more neighbours, then the lower
// index), and takes the colour used least so far of those that no neighbour
// has, if there are fewer than four, or else the lowest. A map needs four to six.
func Colouring(neighbours [][]int32) []int {
	n := len(neighbours)
	colour, seen := make([]int, n), make([]uint64, n)
	for i := range colour {
		colour[i] = -1
	}
	var used []int
	for range n {
		next, most := -1, -1
		for v := range n {
			if colour[v] >= 0 {
				continue
			}
			sat := 0
			for b := seen[v]; b != 0; b &= b - 1 {
				sat++
			}
			if sat > most || sat == most && len(neighbours[v]) > len(neighbours[next]) {
				next, most = v, sat
			}
		}
		pick := -1
		for c := range used {
			if seen[next]&(1<<c) == 0 && (pick < 0 || used[c] < used[pick]) {
				pick = c
			}
		}
		if pick < 0 || len(used) < 4 && used[pick] > n/4 {
			pick = len(used)
			used = append(used, 0)
		}
		colour[next] = pick
		used[pick]++
		for _, w := range neighbours[next] {
			if pick < 64 {
				seen[w] |= 1 << pick
			}
		}
	}
	return colour
}

// groupNeighbours lists, for each group of boundaries, the groups that it
// shares a border with, rising.
func (b *Boundaries) groupNeighbours(group []int32, n int) [][]int32 {
	out := make([][]int32, n)
	for i, g := range group {
		if g < 0 {
			continue
		}
		for j := range b.Neighbours(i) {
			if h := group[j]; h >= 0 && h != g {
				out[g] = append(out[g], h)
			}
		}
	}
	for g := range out {
		slices.Sort(out[g])
		out[g] = slices.Compact(out[g])
	}
	return out
}
