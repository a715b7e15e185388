package sweep

import (
	"cmp"
	"math"
	"slices"
)

// Interval of resolutions in which a partition is the best of those given.
type Interval struct {
	Partition int     // index into what was given
	From, To  float64 // To is +Inf for the last
}

// OptimalIntervals prunes partitions to those that have the highest modularity
// for some resolution, and gives the exact interval of each (CHAMP; Weir,
// Emmons, Wakefield, Hopkins and Mucha 2017, doi:10.3390/a10030093). With
// inside W_c/F summed to a, and expectation Σ(K_c/2F)² summed to p, a
// partition's modularity is the line a − γp, so the answer is the upper
// envelope of lines over γ >= 0. Of equal lines the first given is kept.
func OptimalIntervals(inside, expectation []float64) []Interval {
	order := make([]int, len(inside))
	for i := range order {
		order[i] = i
	}
	// Falling expectation means rising slope: the order in which lines take over.
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(expectation[j], expectation[i]), cmp.Compare(inside[j], inside[i]), cmp.Compare(i, j))
	})
	meet := func(i, j int) float64 {
		return (inside[i] - inside[j]) / (expectation[i] - expectation[j])
	}
	var hull []int
	for _, i := range order {
		if len(hull) > 0 && expectation[hull[len(hull)-1]] == expectation[i] {
			continue // parallel and not above
		}
		for len(hull) > 0 {
			top := hull[len(hull)-1]
			if inside[i] >= inside[top] { // above from γ = 0 on, and rising faster
				hull = hull[:len(hull)-1]
				continue
			}
			if len(hull) > 1 && meet(top, i) <= meet(hull[len(hull)-2], top) {
				hull = hull[:len(hull)-1]
				continue
			}
			break
		}
		hull = append(hull, i)
	}
	out := make([]Interval, len(hull))
	for k, i := range hull {
		out[k] = Interval{Partition: i, From: 0, To: math.Inf(1)}
		if k > 0 {
			out[k].From = meet(hull[k-1], i)
			out[k-1].To = out[k].From
		}
	}
	return out
}
