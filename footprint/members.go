package footprint

import (
	"slices"

	"stpmap/flow"
)

// FromGroups makes a partition of groups that somebody else drew, keeping
// their ids: areas[i] and providers[j] are ids of groups, "" for none. Where
// only areas are placed, each provider follows its largest flow, into the
// footprint whose residents are most of its patients; and the other way round.
// Ties go to the first id. Footprints are in the order of their ids. In a
// one-mode matrix providers is nil.
func FromGroups(m *flow.Matrix, areas, providers []string) Partition {
	ids := slices.Concat(areas, providers)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 0 && ids[0] == "" {
		ids = ids[1:]
	}
	p := Partition{IDs: ids, Areas: groupLabels(ids, areas)}
	if m.OneMode() {
		return p
	}
	p.Providers = groupLabels(ids, providers)
	placed := func(f int32) bool { return f >= 0 }
	hasAreas, hasProviders := slices.ContainsFunc(p.Areas, placed), slices.ContainsFunc(p.Providers, placed)
	sum := make([]float64, len(ids)) // room
	if hasAreas && !hasProviders {
		for j := range p.Providers {
			as, ws := m.Column(j)
			p.Providers[j] = largest(as, p.Areas, ws, sum)
		}
	}
	if hasProviders && !hasAreas {
		for a := range p.Areas {
			ps, ws := m.Row(a)
			p.Areas[a] = largest(ps, p.Providers, ws, sum)
		}
	}
	return p
}

// largest is the label that most flow goes to, ties to the first; Unplaced
// where there is none. sum is room by label.
func largest(ends, label []int32, flows, sum []float64) int32 {
	clear(sum)
	for i, v := range ends {
		if f := label[v]; f >= 0 {
			sum[f] += flows[i]
		}
	}
	best := int32(Unplaced)
	for f, s := range sum {
		if s > 0 && (best < 0 || s > sum[best]) {
			best = int32(f)
		}
	}
	return best
}

// groupLabels finds the place of each group in ids, which rise.
func groupLabels(ids, groups []string) []int32 {
	out := make([]int32, len(groups))
	for i, g := range groups {
		out[i] = Unplaced
		if f, ok := slices.BinarySearch(ids, g); ok {
			out[i] = int32(f)
		}
	}
	return out
}
