package codebook

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow"
)

// partCount parts a count by shares that add up to 1. A whole number of
// patients is parted into whole numbers by largest remainder (ties to the
// first). A suppressed count goes to the largest share as it is: parted, its
// bounds would say more than is known.
func partCount(c flow.Count, shares []float64) []flow.Count {
	out := make([]flow.Count, len(shares))
	if c.Suppressed() {
		largest := 0
		for i, s := range shares {
			if s > shares[largest] {
				largest = i
			}
		}
		out[largest] = c
		return out
	}
	for i, n := range largestRemainder(c.Value, shares) {
		out[i] = flow.Exactly(n)
	}
	return out
}

// largestRemainder parts total by shares (not negative, of sum above 0). A
// whole total gives whole parts that add up to it exactly (Hare and Niemeyer's
// method, ties to the first); another one gives its fractions.
func largestRemainder(total float64, shares []float64) []float64 {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	out := make([]float64, len(shares))
	if !(sum > 0) {
		return out
	}
	if total != math.Trunc(total) || math.Abs(total) > 1<<52 {
		for i, s := range shares {
			out[i] = total * s / sum
		}
		return out
	}
	rests := make([]rest, len(shares))
	left := total
	for i, s := range shares {
		q := total * s / sum
		// A quota that is whole but for rounding is whole.
		w := math.Floor(q + 1e-9)
		out[i], rests[i] = w, rest{i, q - w}
		left -= w
	}
	settle(out, rests, left)
	return out
}

// rest is what a part lacks of its quota.
type rest struct {
	i int
	r float64
}

// settle gives what is left of a whole total, one by one, to the parts that lack
// most of their quota; where more was given than there is, it is taken back.
func settle(out []float64, rests []rest, left float64) {
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.r, a.r) })
	for i := 0; left > 0; i = (i + 1) % len(rests) {
		out[rests[i].i]++
		left--
	}
	for i := len(rests) - 1; left < 0; i = (i + len(rests) - 1) % len(rests) {
		if out[rests[i].i] > 0 {
			out[rests[i].i]--
			left++
		}
	}
}
