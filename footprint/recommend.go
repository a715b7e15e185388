package footprint

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// SettingSummary is one row of a sweep: a parameter setting with the figures
// of its representative, the run of best quality, and of its runs together.
type SettingSummary struct {
	Method     string
	Quality    Quality
	Resolution float64 // NaN where a number of footprints was asked instead
	Asked      int     // number of footprints asked; 0 where a resolution was
	Runs       int
	Footprints int // of the representative
	// MinFootprints and MaxFootprints are over all runs of the setting.
	MinFootprints, MaxFootprints int
	Representative               Measures
	QualityValue                 float64 // of the representative, at its own resolution
	// Stability is the mean pairwise AMI of the runs over seeds; NaN for one run.
	Stability float64
	// ResampledStability is the mean AMI of runs on Poisson-resampled flows with
	// the representative; NaN where none were asked.
	ResampledStability float64
	// NextVI is the variation of information, in nats, between the
	// representatives of this and the next setting of the same method; NaN for
	// the last.
	NextVI float64
	// Reference is the agreement with the reference partition; its Compared is
	// 0 where there is none.
	Reference Agreement
}

// PlanningScale is the range of people that a footprint is meant for.
type PlanningScale struct{ Least, Most float64 }

// DefaultScale is that of the footprints of 2016: 300,000 to 3 million people.
var DefaultScale = PlanningScale{300_000, 3_000_000}

// Recommendation is the setting that the rule chose, and why.
type Recommendation struct {
	Setting int // index into the summaries; −1 where nothing could be chosen
	Elbow   int // number of footprints at the elbow; 0 where there is none
	Reasons []string
}

// Recommend chooses a setting by a rule that was fixed before any agreement
// with an official map was computed, and that sees the flows and the planning
// scale only:
//
//  1. Candidates are the settings whose mean footprint is within the scale:
//     people / scale.Most <= K <= people / scale.Least. With people 0 (not
//     known) all settings are candidates.
//  2. The elbow is the candidate that lies deepest below the chord of the curve
//     of containment (share of patients inside) against K, from its first to
//     its last point.
//  3. Of the candidates within 10% of the elbow's K, the most stable over seeds
//     is taken; ties go to the K nearer to the elbow, then to the higher
//     containment, then to the earlier setting.
func Recommend(settings []SettingSummary, people float64, scale PlanningScale) Recommendation {
	rec := Recommendation{Setting: -1}
	low, high := 1, math.MaxInt
	if people > 0 {
		low = max(1, int(math.Ceil(people/scale.Most)))
		high = int(people / scale.Least)
		rec.Reasons = append(rec.Reasons, fmt.Sprintf("%.1f million people in footprints of %s to %s each make %d to %d footprints",
			people/1e6, people1(scale.Least), people1(scale.Most), low, high))
	}
	var candidates []int
	for i, s := range settings {
		if s.Footprints >= low && s.Footprints <= high && !math.IsNaN(s.Representative.InsideShare) {
			candidates = append(candidates, i)
		}
	}
	if len(candidates) == 0 {
		rec.Reasons = append(rec.Reasons, "no setting of the sweep gives such a number")
		return rec
	}
	at := func(i int) (float64, float64) {
		return float64(settings[i].Footprints), settings[i].Representative.InsideShare
	}
	byK := slices.Clone(candidates)
	slices.SortFunc(byK, func(a, b int) int {
		ka, ca := at(a)
		kb, cb := at(b)
		return cmp.Or(cmp.Compare(ka, kb), cmp.Compare(cb, ca), cmp.Compare(a, b))
	})
	elbow := byK[0]
	x0, y0 := at(byK[0])
	x1, y1 := at(byK[len(byK)-1])
	if x1 > x0 {
		deepest := math.Inf(-1)
		for _, i := range byK {
			x, y := at(i)
			if d := y0 + (y1-y0)*(x-x0)/(x1-x0) - y; d > deepest+1e-12 {
				elbow, deepest = i, d
			}
		}
		rec.Reasons = append(rec.Reasons, fmt.Sprintf("between %d and %d footprints, the share of patients inside bends most at %d: up to there each further footprint costs much containment, beyond it less",
			settings[byK[0]].Footprints, settings[byK[len(byK)-1]].Footprints, settings[elbow].Footprints))
	}
	rec.Elbow = settings[elbow].Footprints
	k := float64(rec.Elbow)
	best := -1
	for _, i := range candidates {
		if math.Abs(float64(settings[i].Footprints)-k) > 0.1*k {
			continue
		}
		if best < 0 || steadier(settings[i], settings[best], rec.Elbow) {
			best = i
		}
	}
	rec.Setting = best
	if s := settings[best]; !math.IsNaN(s.Stability) {
		rec.Reasons = append(rec.Reasons, fmt.Sprintf("of the settings within 10%% of %d footprints, this one is the most stable over seeds: %d footprints, mean pairwise AMI %.3f, %.1f%% of patients inside",
			rec.Elbow, s.Footprints, s.Stability, 100*s.Representative.InsideShare))
	}
	return rec
}

// steadier reports whether a comes before b in step 3 of Recommend.
func steadier(a, b SettingSummary, elbow int) bool {
	sa, sb := a.Stability, b.Stability
	if math.IsNaN(sa) {
		sa = -1
	}
	if math.IsNaN(sb) {
		sb = -1
	}
	off := func(s SettingSummary) int { return max(s.Footprints-elbow, elbow-s.Footprints) }
	if math.Abs(sa-sb) > 1e-12 {
		return sa > sb
	}
	if off(a) != off(b) {
		return off(a) < off(b)
	}
	return a.Representative.InsideShare > b.Representative.InsideShare+1e-12
}

// people1 writes a number of people in words: 300,000 or 3 million.
func people1(n float64) string {
	if n >= 1e6 {
		return fmt.Sprintf("%g million", n/1e6)
	}
	if n >= 1000 {
		return fmt.Sprintf("%d,%03d", int(n)/1000, int(n)%1000)
	}
	return fmt.Sprintf("%g", n)
}

// Plateau is a run of neighbouring settings over which the partition hardly
// changes.
type Plateau struct {
	First, Last int     // indices into the summaries, inclusive
	Ratio       float64 // the last resolution over the first; NaN where K was swept
}

// Plateaus finds the maximal runs of at least two settings of one method in
// which each step changes the representative by at most vi nats.
func Plateaus(settings []SettingSummary, vi float64) []Plateau {
	var out []Plateau
	for i := 0; i < len(settings); {
		j := i
		for j+1 < len(settings) && settings[j].NextVI <= vi {
			j++
		}
		if j > i {
			out = append(out, Plateau{i, j, settings[j].Resolution / settings[i].Resolution})
		}
		i = j + 1
	}
	return out
}

// ParetoFront gives the settings that no other is as good as in everything and
// better in something, of: number of footprints (more is better), containment,
// weakest localisation index, stability, and balance (a smaller largest share
// is better). Of equal settings the first is kept; indices rise. A figure that
// is not known counts as the worst.
func ParetoFront(settings []SettingSummary) []int {
	value := func(s SettingSummary) [5]float64 {
		v := [5]float64{float64(s.Footprints), s.Representative.InsideShare, s.Representative.MinLocalisation, s.Stability, -s.Representative.LargestShare}
		for i := range v {
			if math.IsNaN(v[i]) {
				v[i] = math.Inf(-1)
			}
		}
		return v
	}
	var front []int
	for i := range settings {
		a := value(settings[i])
		dominated := false
		for j := range settings {
			b := value(settings[j])
			better, worse := false, false
			for d := range a {
				better = better || b[d] > a[d]
				worse = worse || b[d] < a[d]
			}
			if !worse && (better || j < i) {
				dominated = true
				break
			}
		}
		if !dominated {
			front = append(front, i)
		}
	}
	return front
}
