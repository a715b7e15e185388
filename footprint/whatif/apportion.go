package whatif

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow"
)

// apportion divides n patients by weights, which need not add up to 1: whole
// patients by largest remainders, ties to the first. What n has beyond a whole
// number goes with the largest weight. The parts add up to n.
func apportion(n float64, weights []float64) []float64 {
	out := make([]float64, len(weights))
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if n == 0 || !(sum > 0) {
		return out
	}
	whole := math.Floor(n)
	left := whole
	order := make([]int, 0, len(weights))
	rest := make([]float64, len(weights))
	for i, w := range weights {
		if !(w > 0) {
			continue
		}
		quota := whole * (w / sum)
		out[i] = math.Floor(quota + 1e-9)
		rest[i] = quota - out[i]
		left -= out[i]
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(rest[y], rest[x]) })
	for k := 0; left >= 1 && len(order) > 0; k = (k + 1) % len(order) {
		out[order[k]]++
		left--
	}
	if part := n - whole; part > 0 {
		out[largest(weights)] += part
	}
	return out
}

// largest is the place of the greatest weight, the first of several.
func largest(weights []float64) int {
	best := 0
	for i, w := range weights {
		if w > weights[best] {
			best = i
		}
	}
	return best
}

// apportionCount divides a count that may be known within bounds only: its
// published part, its lower bound and the room up to the upper one each by
// largest remainders, so that all three add up again.
func apportionCount(c flow.Count, weights []float64) []flow.Count {
	out := make([]flow.Count, len(weights))
	published := apportion(c.Published, weights)
	if !c.Suppressed() {
		for i, n := range published {
			out[i] = flow.Exactly(n)
		}
		return out
	}
	lower := apportion(c.Lower-c.Published, weights)
	width := apportion(c.Upper-c.Lower, weights)
	for i := range out {
		out[i] = within(published[i], lower[i], width[i])
	}
	return out
}

// within is a count with a published part and a part within bounds.
func within(published, lower, width float64) flow.Count {
	return flow.Count{
		Published: published, Lower: published + lower, Upper: published + lower + width,
		Value: published + lower + width/2,
	}
}

// split takes a share of a count away: what goes and what stays add up to it in
// every bound. Whole counts stay whole.
func split(c flow.Count, published float64, share float64) (goes, stays flow.Count) {
	lower, width := 0.0, 0.0
	if c.Suppressed() {
		lower, width = math.Floor(share*(c.Lower-c.Published)), math.Floor(share*(c.Upper-c.Lower))
	}
	goes = within(published, lower, width)
	stays = within(c.Published-published, c.Lower-c.Published-lower, c.Upper-c.Lower-width)
	return goes, stays
}
