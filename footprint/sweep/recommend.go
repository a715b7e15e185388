package sweep

import (
	"fmt"
	"math"
	"slices"

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

// Recommendation is how many footprints the rule of ChooseNumber chose, the
// setting that gives them, and why.
type Recommendation struct {
	Setting    int // index into the summaries; −1 where nothing is recommended
	Footprints int // that the flows support; 0 where nothing is recommended
	Elbow      int // number of footprints at the bend; 0 where there is none
	// Low and High are the interval of Footprints; 0 where there is none.
	Low, High int
	// HeldOut is the share of held-out patients inside, in [0, 1], at
	// Footprints; NaN where it is not known.
	HeldOut float64
	Reasons []string
}

// frontTolerance is the share of patients by which a setting may fall short of
// another and still be recommended.
const frontTolerance = 0.01

// numberTolerance is how far from the chosen number of footprints a setting may
// lie.
const numberTolerance = 1

// Recommend chooses among settings by the number that the flows support, never
// by a reference. Candidates have that number of footprints, or one more or
// fewer. An exact number that was asked for is searched for at γ = 1; where the
// number was chosen at another resolution, such a map is no candidate. Where the people are known, each of a candidate's footprints has as
// many as the scale says. A candidate that keeps over one percentage point
// fewer patients inside than another with as many footprints or more is none. Of the candidates the most stable
// is taken: on resampled flows where that is known of all of them, otherwise
// over seeds; a setting that ran once counts as the least stable. Ties go to
// the nearer number, then to the higher containment, then to the earlier
// setting.
func Recommend(settings []SettingSummary, n NumberChoice, scale PlanningScale) Recommendation {
	rec := Recommendation{
		Setting: -1, Footprints: n.Footprints, Elbow: n.Bend, Low: n.Low, High: n.High, HeldOut: n.HeldOut, Reasons: slices.Clone(n.Reasons),
	}
	if !slices.ContainsFunc(settings, func(s SettingSummary) bool { return s.Footprints > 0 }) {
		rec.Footprints = 0
		rec.because("no setting of the sweep gives footprints")
	}
	if rec.Footprints == 0 {
		return rec
	}
	list := candidates(settings, n, scale)
	stability := settledStability(settings, list)
	best := -1
	for _, i := range list {
		if best < 0 || steadier(&settings[i], &settings[best], n.Footprints, stability) {
			best = i
		}
	}
	if best >= 0 {
		rec.choose(best, &settings[best], stability(&settings[best]))
	}
	return rec
}

// because adds a reason.
func (rec *Recommendation) because(format string, args ...any) {
	rec.Reasons = append(rec.Reasons, fmt.Sprintf(format, args...))
}

// candidates lists the candidates of Recommend, in order.
func candidates(settings []SettingSummary, n NumberChoice, scale PlanningScale) []int {
	var all []int
	for i := range settings {
		s := &settings[i]
		off := max(s.Footprints-n.Footprints, n.Footprints-s.Footprints)
		if s.Footprints == 0 || off > numberTolerance || n.Fits && !scale.holds(&s.Representative) || n.elsewhere(s) {
			continue
		}
		all = append(all, i)
	}
	return slices.DeleteFunc(slices.Clone(all), func(i int) bool {
		return slices.ContainsFunc(all, func(j int) bool {
			a, b := &settings[i], &settings[j]
			return b.Footprints >= a.Footprints && a.Representative.InsideShare < b.Representative.InsideShare-frontTolerance
		})
	})
}

// elsewhere reports whether a setting maximises modularity at another resolution
// than that of the number, as an exact number does.
func (n NumberChoice) elsewhere(s *SettingSummary) bool {
	return s.Asked > 0 && n.Resolution > 0 && n.Resolution != 1 && (s.Method == "leiden" || s.Method == "louvain")
}

// holds reports whether each footprint has as many people as the scale says.
func (p PlanningScale) holds(m *footprint.Measures) bool {
	return m.MinPopulation >= p.Least && m.MaxPopulation <= p.Most
}

// settledStability is the stability that Recommend goes by.
func settledStability(settings []SettingSummary, list []int) func(*SettingSummary) float64 {
	for _, i := range list {
		if math.IsNaN(settings[i].ResampledStability) {
			return func(s *SettingSummary) float64 { return s.Stability }
		}
	}
	return func(s *SettingSummary) float64 { return s.ResampledStability }
}

// choose takes a setting, and says why.
func (rec *Recommendation) choose(setting int, s *SettingSummary, stability float64) {
	rec.Setting = setting
	count := wording.Counted(s.Footprints, "footprint")
	if math.IsNaN(stability) {
		rec.because("of the settings with about so many footprints, this one is the nearest: %s, %.1f%% of patients inside; its stability is not known, as it ran once",
			count, 100*s.Representative.InsideShare)
		return
	}
	rec.because("of the settings with about so many footprints, this one is the most stable: %s, mean AMI %.3f, %.1f%% of patients inside",
		count, stability, 100*s.Representative.InsideShare)
}

// steadier reports whether a comes before b in Recommend.
func steadier(a, b *SettingSummary, footprints int, stability func(*SettingSummary) float64) bool {
	sa, sb := stability(a), stability(b)
	if math.IsNaN(sa) {
		sa = -1
	}
	if math.IsNaN(sb) {
		sb = -1
	}
	off := func(s *SettingSummary) int { return max(s.Footprints-footprints, footprints-s.Footprints) }
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
