package sweep

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/wording"
)

// SettingSummary is one row of a sweep: a parameter setting with the figures
// of its representative, the run of best quality, and of its runs together.
type SettingSummary struct {
	Method     string
	Quality    footprint.Quality
	Resolution float64 // NaN where a number of footprints was asked instead
	Asked      int     // number of footprints asked; 0 where a resolution was
	Runs       int
	Footprints int // of the representative
	// MinFootprints and MaxFootprints are over all runs of the setting.
	MinFootprints, MaxFootprints int
	Representative               footprint.Measures
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
	// NextAMI is the adjusted mutual information of the same two.
	NextAMI float64
	// Distinct is the number of different partitions among the runs.
	Distinct int
	// Reference is the agreement with the reference partition; its Compared is
	// 0 where there is none.
	Reference compare.Agreement
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

// elbowTolerance is how far, as a part of the elbow's number of footprints, the
// recommended setting may lie from it.
const elbowTolerance = 0.1

// elbowWidth is the ratio of numbers of footprints over which the depth of the
// curve is smoothed. Unsmoothed, single settings decide: over 54 sweeps of
// England with other ends, steps and seeds the elbow lay at 27 in 39 of them
// and at 33 to 37 in the rest; with this width it lay at 33 to 35 in all.
const elbowWidth = 1.5

// frontTolerance is the share of patients by which a setting may fall short of
// another with as many footprints and still be a candidate.
const frontTolerance = 0.01

// Recommend chooses a setting by a rule that sees the flows and the planning
// scale only, never a reference:
//
//  1. Candidates are the settings whose mean footprint is within the scale:
//     people / scale.Most <= K <= people / scale.Least. With people 0 (not
//     known), or where no setting is, all are candidates. A setting that keeps over one
//     percentage point fewer patients inside than another with as many
//     footprints or more is none: with several methods, each falls short
//     somewhere.
//  2. The elbow is the K at which the curve of containment (share of patients
//     inside) against K lies deepest below its chord, from the first candidate
//     to the last. The depth is smoothed first, as elbow finders do (Satopää,
//     Albrecht, Irwin and Raghavan 2011, doi:10.1109/ICDCSW.2011.20): at each K
//     it is that of a straight line fitted to the depths from K/1.5 to 1.5·K,
//     with weights that fall to nothing at both ends.
//  3. Of the candidates within 10% of the elbow's K, the most stable over seeds
//     is taken; ties go to the K nearer to the elbow, then to the higher
//     containment, then to the earlier setting.
//  4. A curve that lies nowhere below its chord has no elbow: the greatest depth
//     is at an end, which says nothing. Then the widest plateau of candidates
//     (steps of at most PlateauVI) takes its place, by the ratio of its last
//     resolution to its first, and its middle setting that of the elbow.
func Recommend(settings []SettingSummary, people float64, scale PlanningScale) Recommendation {
	rec := Recommendation{Setting: -1}
	candidates := rec.candidates(settings, people, scale)
	if len(candidates) == 0 {
		rec.because("no setting of the sweep gives footprints")
		return rec
	}
	rec.findElbow(settings, candidates)
	best := -1
	for _, i := range candidates {
		if math.Abs(float64(settings[i].Footprints-rec.Elbow)) > elbowTolerance*float64(rec.Elbow) {
			continue
		}
		if best < 0 || steadier(settings[i], settings[best], rec.Elbow) || i < best && !steadier(settings[best], settings[i], rec.Elbow) {
			best = i
		}
	}
	rec.choose(best, &settings[best])
	return rec
}

// because adds a reason.
func (rec *Recommendation) because(format string, args ...any) {
	rec.Reasons = append(rec.Reasons, fmt.Sprintf(format, args...))
}

// candidates lists the settings of step 1.
func (rec *Recommendation) candidates(settings []SettingSummary, people float64, scale PlanningScale) []int {
	if !(people > 0) {
		return candidatesWithin(settings, 1, math.MaxInt)
	}
	low := max(1, int(math.Ceil(people/scale.Most)))
	high := max(low, int(people/scale.Least))
	rec.because("%.1f million people in footprints of %s to %s each make %d to %d footprints",
		people/1e6, people1(scale.Least), people1(scale.Most), low, high)
	list := candidatesWithin(settings, low, high)
	if len(list) == 0 {
		rec.because("no setting of the sweep gives such a number, so all are considered")
		list = candidatesWithin(settings, 1, math.MaxInt)
	}
	return list
}

// findElbow is steps 2 and 4.
func (rec *Recommendation) findElbow(settings []SettingSummary, candidates []int) {
	first, last := settings[candidates[0]].Footprints, settings[candidates[len(candidates)-1]].Footprints
	at, bends := elbow(settings, candidates)
	rec.Elbow = settings[candidates[at]].Footprints
	middle, ratio, plateau := widestPlateau(settings, candidates)
	switch {
	case !bends && plateau && first == last:
		rec.Elbow = settings[middle].Footprints
		rec.because("all settings considered give %s; the partition changes least over resolutions that differ %.1f-fold", wording.Counted(first, "footprint"), ratio)
	case !bends && plateau:
		rec.Elbow = settings[middle].Footprints
		rec.because("between %d and %d footprints, the share of patients inside bends nowhere; the partition changes least around %d, over resolutions that differ %.1f-fold",
			first, last, rec.Elbow, ratio)
	case first < last:
		rec.because("between %d and %d footprints, the share of patients inside bends most at %d: up to there each further footprint costs more containment than beyond",
			first, last, rec.Elbow)
	}
}

// choose takes a setting, and says why.
func (rec *Recommendation) choose(setting int, s *SettingSummary) {
	rec.Setting = setting
	elbow, count := wording.Counted(rec.Elbow, "footprint"), wording.Counted(s.Footprints, "footprint")
	if math.IsNaN(s.Stability) {
		rec.because("of the settings within 10%% of %s, this one is the nearest to it: %s, %.1f%% of patients inside; its stability is not known, as it ran once",
			elbow, count, 100*s.Representative.InsideShare)
		return
	}
	rec.because("of the settings within 10%% of %s, this one is the most stable over seeds: %s, mean pairwise AMI %.3f, %.1f%% of patients inside",
		elbow, count, s.Stability, 100*s.Representative.InsideShare)
}

// candidatesWithin lists the settings of step 1 of Recommend by rising number of
// footprints, then falling containment.
func candidatesWithin(settings []SettingSummary, low, high int) []int {
	var all []int
	for i, s := range settings {
		if s.Footprints >= low && s.Footprints <= high && !math.IsNaN(s.Representative.InsideShare) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int {
		x, y := &settings[a], &settings[b]
		return cmp.Or(cmp.Compare(x.Footprints, y.Footprints), cmp.Compare(y.Representative.InsideShare, x.Representative.InsideShare), cmp.Compare(a, b))
	})
	var out []int
	most := math.Inf(-1)
	for k := len(all) - 1; k >= 0; {
		j := k // of as many footprints, the first has the highest containment
		for j > 0 && settings[all[j-1]].Footprints == settings[all[k]].Footprints {
			j--
		}
		most = max(most, settings[all[j]].Representative.InsideShare)
		for ; k >= j; k-- {
			if settings[all[k]].Representative.InsideShare >= most-frontTolerance {
				out = append(out, all[k])
			}
		}
	}
	slices.Reverse(out)
	return out
}

// elbow is the place among the sorted candidates of the greatest smoothed depth
// below the chord from the first to the last, the first of equals; bends is
// whether it lies below it, at another place than an end.
func elbow(settings []SettingSummary, sorted []int) (place int, bends bool) {
	n := len(sorted)
	x, depth := make([]float64, n), make([]float64, n)
	for i, k := range sorted {
		x[i], depth[i] = float64(settings[k].Footprints), settings[k].Representative.InsideShare
	}
	if x[0] == x[n-1] {
		return 0, false
	}
	y0, slope := depth[0], (depth[n-1]-depth[0])/(x[n-1]-x[0])
	for i := range depth {
		depth[i] = y0 + float64(slope*(x[i]-x[0])) - depth[i]
	}
	best, deepest := 0, math.Inf(-1)
	for i := range sorted {
		var s0, s1, s2, t0, t1 float64 // weighted sums for the straight line
		for j := range sorted {
			w := 1 - math.Abs(portable.Log(x[j]/x[i]))/portable.Log(elbowWidth)
			if w <= 0 {
				continue
			}
			d := x[j] - x[i]
			s0 += w
			s1 += float64(w * d)
			s2 += float64(w * d * d)
			t0 += float64(w * depth[j])
			t1 += float64(w * d * depth[j])
		}
		smooth := t0 / s0
		if det := float64(s0*s2) - float64(s1*s1); det > 1e-9*s0*s2 {
			smooth = (float64(s2*t0) - float64(s1*t1)) / det
		}
		if smooth > deepest+1e-12 {
			best, deepest = i, smooth
		}
	}
	return best, deepest > 0 && x[best] > x[0] && x[best] < x[n-1]
}

// widestPlateau finds, among the candidates, the plateau of the greatest ratio
// of resolutions (the first of equals), and the setting in its middle, by the
// logarithm of the resolution.
func widestPlateau(settings []SettingSummary, candidates []int) (middle int, ratio float64, ok bool) {
	for _, p := range Plateaus(settings, PlateauVI) {
		first, last := p.First, p.Last
		for first <= last && !slices.Contains(candidates, first) {
			first++
		}
		for last >= first && !slices.Contains(candidates, last) {
			last--
		}
		if first >= last {
			continue
		}
		r := settings[last].Resolution / settings[first].Resolution
		if !(r > ratio+1e-12) { // also where K was swept: NaN
			continue
		}
		target := math.Sqrt(settings[first].Resolution * settings[last].Resolution)
		middle, ratio, ok = first, r, true
		for i := first; i <= last; i++ {
			off := func(j int) float64 { return math.Abs(portable.Log(settings[j].Resolution / target)) }
			if off(i) < off(middle)-1e-12 {
				middle = i
			}
		}
	}
	return middle, ratio, ok
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
