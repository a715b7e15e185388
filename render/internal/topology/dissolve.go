package topology

import (
	"slices"

	"github.com/paulmach/orb"
)

// faceGroups gives the groups of a face, sorted, without repeats; buf is used
// for the answer.
func (c *Coverage) faceGroups(buf []int32, face int32, group []int32, n int32) []int32 {
	buf = buf[:0]
	if face < 0 {
		return buf
	}
	if c.ownerPtr == nil {
		if g := group[face]; g >= 0 && g < n {
			buf = append(buf, g)
		}
		return buf
	}
	for _, a := range c.owners[c.ownerPtr[face]:c.ownerPtr[face+1]] {
		if g := group[a]; g >= 0 && g < n {
			buf = append(buf, g)
		}
	}
	slices.Sort(buf)
	return slices.Compact(buf)
}

// Dissolve unites areas by group: group[a] is the group of area a, from 0 to
// n−1, or −1 to leave it out. Borders between two groups are the same arcs in
// both. A group without an area is nil.
func (c *Coverage) Dissolve(group []int32, n int) []orb.MultiPolygon {
	ptr, arcs := c.arcsByGroup(group, n)
	out := make([]orb.MultiPolygon, n)
	a := newAssembler(c)
	for g := range n {
		out[g] = a.polygons(arcs[ptr[g]:ptr[g+1]])
	}
	return out
}

// arcsByGroup lists the directed arcs that have each group on their left and
// not on their right: those of group g at arcs[ptr[g]:ptr[g+1]].
func (c *Coverage) arcsByGroup(group []int32, n int) (ptr, arcs []int32) {
	ptr = make([]int32, n+1)
	var lb, rb []int32
	if len(group) < c.areas { // areas without a group are left out
		group = slices.Clone(group)
		for len(group) < c.areas {
			group = append(group, -1)
		}
	}
	each := func(f func(g, d int32)) {
		for k := range c.left {
			if c.left[k] == c.right[k] {
				continue
			}
			lb, rb = c.faceGroups(lb, c.left[k], group, int32(n)), c.faceGroups(rb, c.right[k], group, int32(n))
			for _, g := range lb {
				if !slices.Contains(rb, g) {
					f(g, int32(2*k))
				}
			}
			for _, g := range rb {
				if !slices.Contains(lb, g) {
					f(g, int32(2*k+1))
				}
			}
		}
	}
	each(func(g, _ int32) { ptr[g+1]++ })
	for g := range n {
		ptr[g+1] += ptr[g]
	}
	arcs = make([]int32, ptr[n])
	at := slices.Clone(ptr[:n])
	each(func(g, d int32) {
		arcs[at[g]] = d
		at[g]++
	})
	return ptr, arcs
}

// Area is the polygons of one area.
func (c *Coverage) Area(area int) orb.MultiPolygon {
	c.byAreaOnce.Do(c.listArcs)
	a := newAssembler(c)
	return a.polygons(c.byArea[c.byAreaPtr[area]:c.byAreaPtr[area+1]])
}

func (c *Coverage) listArcs() {
	each := make([]int32, c.areas)
	for a := range each {
		each[a] = int32(a)
	}
	c.byAreaPtr, c.byArea = c.arcsByGroup(each, c.areas)
}
