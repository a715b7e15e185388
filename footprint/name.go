package footprint

import (
	"cmp"
	"fmt"
	"slices"

	"stpmap/flow"
)

// ID is the name of footprint i, counted from 1, of n: F01, F02, …, with enough
// digits for all.
func ID(i, n int) string {
	return fmt.Sprintf("F%0*d", max(2, len(fmt.Sprint(n))), i)
}

// IDs are the names of n footprints, in order.
func IDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = ID(i+1, n)
	}
	return ids
}

// CoarseID is the name of footprint i, counted from 1, of a level above.
func CoarseID(i int) string { return fmt.Sprintf("G%d", i) }

// FineID is the name of part i, counted from 1, of a footprint that is divided.
func FineID(parent string, i int) string { return fmt.Sprintf("%s.%d", parent, i) }

// Number orders the footprints by falling size and names them as IDs does; ties
// go to the smallest member code. Size is the population of the member areas
// where population (by area index) is given, and the number of their patients
// where it is nil. Labels without members are dropped.
func (p Partition) Number(m *flow.Matrix, population []float64) Partition {
	parts := p.sizes(m, population)
	place := make([]int32, len(parts))
	parts = slices.DeleteFunc(parts, func(q size) bool { return !q.any })
	slices.SortFunc(parts, func(x, y size) int {
		return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(x.first, y.first), cmp.Compare(x.label, y.label))
	})
	for i, q := range parts {
		place[q.label] = int32(i)
	}
	return Partition{Areas: renamed(p.Areas, place), Providers: renamed(p.Providers, place), IDs: IDs(len(parts))}
}

// renamed gives labels their places; Unplaced stays.
func renamed(label, place []int32) []int32 {
	out := slices.Clone(label)
	for i, f := range out {
		if f >= 0 {
			out[i] = place[f]
		}
	}
	return out
}

// size is what orders the labels of a partition.
type size struct {
	label int
	size  float64
	first string // the smallest code
	any   bool   // it has members
}

// sizes measures the labels of p.
func (p Partition) sizes(m *flow.Matrix, population []float64) []size {
	n := int32(0)
	for _, labels := range [][]int32{p.Areas, p.Providers} {
		for _, f := range labels {
			n = max(n, f+1)
		}
	}
	parts := make([]size, n)
	for i := range parts {
		parts[i].label = i
	}
	for a, f := range p.Areas {
		if f < 0 {
			continue
		}
		if population != nil {
			parts[f].add(m.Areas()[a], population[a])
		} else {
			parts[f].add(m.Areas()[a], m.RowTotal(a))
		}
	}
	for j, f := range p.Providers {
		if f >= 0 {
			parts[f].add(m.Providers()[j], 0)
		}
	}
	return parts
}

func (q *size) add(code string, size float64) {
	q.size += size
	if !q.any || code < q.first {
		q.first = code
	}
	q.any = true
}

// KeepIDs gives the footprints of p the names of those of an earlier partition
// of the same matrix that they share most patients with, by their areas: the
// largest overlap first, each name once. A footprint that gets no name by
// that takes the first of F01, F02, … that the earlier partition does not use.
func (p Partition) KeepIDs(m *flow.Matrix, earlier Partition) (Partition, error) {
	if len(p.Areas) != len(earlier.Areas) || len(p.Areas) != len(m.Areas()) {
		return Partition{}, fmt.Errorf("partitions of different matrices: %d and %d areas, the matrix %d", len(p.Areas), len(earlier.Areas), len(m.Areas()))
	}
	out := p
	out.IDs = make([]string, p.Len())
	given, used := make([]bool, earlier.Len()), make(map[string]bool, earlier.Len())
	for _, id := range earlier.IDs {
		used[id] = true
	}
	for _, o := range p.overlaps(m, earlier) {
		if out.IDs[o.now] == "" && !given[o.was] {
			out.IDs[o.now], given[o.was] = earlier.IDs[o.was], true
		}
	}
	next, most := 1, max(p.Len(), earlier.Len())
	for f := range out.IDs {
		for ; out.IDs[f] == ""; next++ {
			if name := ID(next, most); !used[name] {
				out.IDs[f], used[name] = name, true
			}
		}
	}
	return out, nil
}

// overlap is what a footprint shares with an earlier one.
type overlap struct {
	now, was int32
	patients float64
}

// overlaps lists what footprints share with earlier ones, the most first.
func (p Partition) overlaps(m *flow.Matrix, earlier Partition) []overlap {
	type pair struct{ now, was int32 }
	at := map[pair]int{}
	var list []overlap
	for a, f := range p.Areas {
		g := earlier.Areas[a]
		if f < 0 || g < 0 {
			continue
		}
		i, ok := at[pair{f, g}]
		if !ok {
			i = len(list)
			at[pair{f, g}] = i
			list = append(list, overlap{now: f, was: g})
		}
		list[i].patients += m.RowTotal(a)
	}
	slices.SortFunc(list, func(x, y overlap) int {
		return cmp.Or(cmp.Compare(y.patients, x.patients), cmp.Compare(x.was, y.was), cmp.Compare(x.now, y.now))
	})
	return list
}
