package scale

import (
	"cmp"
	"math"
	"slices"
)

// Spread is how values lie; NaN is left out.
type Spread struct{ n, mean, lo, hi float64 }

// Empty says that there are no values.
func (s *Spread) Empty() bool { return s.n == 0 }

// Of measures how values lie.
func Of(x []float64) Spread {
	s := Spread{lo: math.Inf(1), hi: math.Inf(-1)}
	for _, v := range x {
		if v == v {
			s.n++
			s.mean += v
			s.lo, s.hi = min(s.lo, v), max(s.hi, v)
		}
	}
	if s.n > 0 {
		s.mean /= s.n
	}
	return s
}

// MinMax puts values on a scale from 0 to 1.
func (s *Spread) MinMax(x, u []float64) {
	scale := s.hi - s.lo
	for f, v := range x {
		switch {
		case scale > 0:
			u[f] = (v - s.lo) / scale
		case v == v:
			u[f] = 0.5
		default:
			u[f] = v
		}
	}
}

// Deviation is the standard deviation of values; 0 for fewer than two.
func (s *Spread) Deviation(x []float64) float64 {
	if s.n <= 1 {
		return 0
	}
	ss := 0.0
	for _, v := range x {
		if v == v {
			ss += float64((v - s.mean) * (v - s.mean))
		}
	}
	return math.Sqrt(ss / (s.n - 1))
}

// Varies says whether values differ by more than rounding.
func (s *Spread) Varies(sd float64) bool {
	return sd > 1e-12*max(math.Abs(s.lo), math.Abs(s.hi))
}

// Scores puts values in standard deviations from their mean; 0 where they do not
// vary.
func (s *Spread) Scores(x, u []float64) {
	sd := s.Deviation(x)
	for f, v := range x {
		switch {
		case s.Varies(sd):
			u[f] = (v - s.mean) / sd
		case v == v:
			u[f] = 0
		default:
			u[f] = v
		}
	}
}

// Distances puts values in standard deviations from what each is held against.
// Where footprints hardly differ that would grow without bound: see Bounded.
// Values that are all equal are one Deviation from a goal that they are not at.
func (s *Spread) Distances(x, u, goal []float64) {
	sd := s.Deviation(x)
	for f, v := range x {
		if s.Varies(sd) {
			u[f] = Bounded((v - goal[f]) / sd)
		} else {
			u[f] = sideOf(v, goal[f])
		}
	}
}

// Bounded keeps a distance of up to five as it is, and brings longer ones below
// ten: 5 + 5t/(5+t), with t what is beyond five. Their order stays.
func Bounded(u float64) float64 {
	const free = 5
	beyond := math.Abs(u) - free
	if !(beyond > 0) {
		return u
	}
	if math.IsInf(beyond, 0) {
		return math.Copysign(2*free, u)
	}
	return math.Copysign(free+float64(free*beyond/(free+beyond)), u)
}

// sideOf is 1 or -1 by the side of a goal that a value lies on; 0 on it. NaN
// stays.
func sideOf(v, from float64) float64 {
	switch {
	case v != v:
		return v
	case math.Abs(v-from) > 1e-12*max(math.Abs(v), math.Abs(from)):
		return math.Copysign(1, v-from)
	}
	return 0
}

// Ranks puts values on a scale from 0, the lowest, to 1 by their rank, ties
// sharing the mean. place is memory for as many places as there are values.
func Ranks(x, u []float64, place []int) {
	order := place[:0]
	for f, v := range x {
		if v == v {
			order = append(order, f)
		} else {
			u[f] = v
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	n := float64(len(order))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		r := 0.5
		if n > 1 {
			r = (float64(i+j-1) / 2) / (n - 1)
		}
		for _, f := range order[i:j] {
			u[f] = r
		}
		i = j
	}
}
