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
	sum := make([]float64, len(ids))
	follow := func(members []int32, of []int32, flows []float64) int32 {
		clear(sum)
		best := int32(Unplaced)
		for i, v := range members {
			if f := of[v]; f >= 0 {
				sum[f] += flows[i]
			}
		}
		for f, s := range sum {
			if s > 0 && (best < 0 || s > sum[best]) {
				best = int32(f)
			}
		}
		return best
	}
	if hasAreas && !hasProviders {
		for j := range p.Providers {
			as, ws := m.Column(j)
			p.Providers[j] = follow(as, p.Areas, ws)
		}
	}
	if hasProviders && !hasAreas {
		for a := range p.Areas {
			ps, ws := m.Row(a)
			p.Areas[a] = follow(ps, p.Providers, ws)
		}
	}
	return p
}

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
