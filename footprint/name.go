package footprint

import (
	"cmp"
	"fmt"
	"slices"

	"stpmap/flow"
)

// Number orders the footprints by falling size and names them F01, F02, …, with
// enough digits for all; ties go to the smallest member code. Size is the
// population of the member areas where population (by area index) is given,
// and the number of their patients where it is nil. Labels without members are
// dropped.
func (p Partition) Number(m *flow.Matrix, population []float64) Partition {
	n := 0
	for _, f := range p.Areas {
		n = max(n, int(f)+1)
	}
	for _, f := range p.Providers {
		n = max(n, int(f)+1)
	}
	type part struct {
		old   int
		size  float64
		first string
		any   bool
	}
	parts := make([]part, n)
	for i := range parts {
		parts[i].old = i
	}
	see := func(f int32, code string, size float64) {
		if f < 0 {
			return
		}
		q := &parts[f]
		q.size += size
		if !q.any || code < q.first {
			q.first = code
		}
		q.any = true
	}
	for a, f := range p.Areas {
		size := m.RowTotal(a)
		if population != nil {
			size = population[a]
		}
		see(f, m.Areas()[a], size)
	}
	for j, f := range p.Providers {
		see(f, m.Providers()[j], 0)
	}
	parts = slices.DeleteFunc(parts, func(q part) bool { return !q.any })
	slices.SortFunc(parts, func(x, y part) int {
		return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(x.first, y.first), cmp.Compare(x.old, y.old))
	})
	place := make([]int32, n)
	out := Partition{Areas: slices.Clone(p.Areas), Providers: slices.Clone(p.Providers), IDs: make([]string, len(parts))}
	digits := max(2, len(fmt.Sprint(len(parts))))
	for i, q := range parts {
		place[q.old] = int32(i)
		out.IDs[i] = fmt.Sprintf("F%0*d", digits, i+1)
	}
	for a, f := range out.Areas {
		if f >= 0 {
			out.Areas[a] = place[f]
		}
	}
	for j, f := range out.Providers {
		if f >= 0 {
			out.Providers[j] = place[f]
		}
	}
	return out
}

// KeepIDs gives the footprints of p the names of those of an earlier partition
// of the same matrix that they share most patients with, by their areas: the
// largest overlap first, each name once. A footprint that gets no name by
// that takes the first of F01, F02, … that the earlier partition does not use.
func (p Partition) KeepIDs(m *flow.Matrix, earlier Partition) (Partition, error) {
	if len(p.Areas) != len(earlier.Areas) || len(p.Areas) != len(m.Areas()) {
		return Partition{}, fmt.Errorf("partitions of different matrices: %d and %d areas, the matrix %d", len(p.Areas), len(earlier.Areas), len(m.Areas()))
	}
	type overlap struct {
		now, was int32
		patients float64
	}
	type pair struct{ now, was int32 }
	at := map[pair]int{}
	var overlaps []overlap
	for a, f := range p.Areas {
		g := earlier.Areas[a]
		if f < 0 || g < 0 {
			continue
		}
		i, ok := at[pair{f, g}]
		if !ok {
			i = len(overlaps)
			at[pair{f, g}] = i
			overlaps = append(overlaps, overlap{now: f, was: g})
		}
		overlaps[i].patients += m.RowTotal(a)
	}
	slices.SortFunc(overlaps, func(x, y overlap) int {
		switch {
		case x.patients > y.patients:
			return -1
		case x.patients < y.patients:
			return 1
		case x.was != y.was:
			return int(x.was - y.was)
		}
		return int(x.now - y.now)
	})
	out := p
	out.IDs = make([]string, p.Len())
	given, used := make([]bool, earlier.Len()), make(map[string]bool, earlier.Len())
	for _, id := range earlier.IDs {
		used[id] = true
	}
	for _, o := range overlaps {
		if out.IDs[o.now] == "" && !given[o.was] {
			out.IDs[o.now], given[o.was] = earlier.IDs[o.was], true
		}
	}
	digits := max(2, len(fmt.Sprint(max(p.Len(), earlier.Len()))))
	next := 1
	for f, id := range out.IDs {
		for ; out.IDs[f] == "" && id == ""; next++ {
			if name := fmt.Sprintf("F%0*d", digits, next); !used[name] {
				out.IDs[f] = name
				used[name] = true
			}
		}
	}
	return out, nil
}
