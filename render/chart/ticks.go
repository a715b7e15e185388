package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot"

	"stpmap/flow/portable"
)

// niceSteps are the steps between labels, the nicest first.
var niceSteps = []float64{1, 5, 2, 2.5, 4, 3}

// wantedLabels is how many labels an axis would have.
const wantedLabels = 3

// labelling is a choice of labels: how many, the first, and the step, which is
// step × 10**magnitude.
type labelling struct {
	labels    int
	first     float64
	step      float64
	magnitude int
	score     float64
}

// search looks for the labels that suit an axis best.
type search struct {
	lo, hi float64
	best   labelling
}

// niceTicks are labelled and other ticks of an axis from lo to hi, by the
// algorithm of Talbot, Lin and Hanrahan (2010), doi:10.1109/TVCG.2010.130, as the
// plot library chooses them, but with the same choice on every processor. An axis
// whose ends are not known has none: the search would never end.
func niceTicks(lo, hi float64) []plot.Tick {
	if math.IsNaN(lo+hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return nil
	}
	s := search{lo: lo, hi: hi, best: labelling{score: -2}}
	s.run()
	if s.best.score == -2 {
		return plot.DefaultTicks{}.Ticks(lo, hi) // nothing to choose: the ends alone
	}
	step := s.best.step * portable.Pow(10, float64(s.best.magnitude))
	ticks := make([]plot.Tick, s.best.labels)
	for i := range ticks {
		v := s.best.first + float64(float64(i)*step)
		ticks[i] = plot.Tick{Value: v, Label: chartNumber(v)}
	}
	return append(ticks, unlabelled(lo, hi, ticks, s.best.minor(step))...)
}

// minor is the step between ticks without labels.
func (l *labelling) minor(step float64) float64 {
	switch l.step {
	case 1, 2.5:
		return step / 5
	case 2, 3, 4, 5:
		return step / l.step
	}
	return step / 2
}

// unlabelled are ticks without labels where no labelled one is near.
func unlabelled(lo, hi float64, labelled []plot.Tick, step float64) []plot.Tick {
	first, i := labelled[0].Value, 0.0
	for first+float64((i-1)*step) > lo {
		i--
	}
	var ticks []plot.Tick
	for ; ; i++ {
		v := first + float64(i*step)
		if v > hi {
			return ticks
		}
		if !slices.ContainsFunc(labelled, func(t plot.Tick) bool { return math.Abs(t.Value-v) < step/2 }) {
			ticks = append(ticks, plot.Tick{Value: v})
		}
	}
}

func (s *search) run() {
	if s.hi-s.lo < 0x1p-52*100 {
		return
	}
	for skip := 1; ; skip++ {
		for k := range niceSteps {
			if weighed(simplest(k, skip)+1, 1, 1) < s.best.score {
				return
			}
			s.tryStep(k, skip)
		}
	}
}

// simplest is the simplicity of a step, without the point for a label at zero.
func simplest(k, skip int) float64 {
	return 1 - float64(k)/float64(len(niceSteps)-1) - float64(skip)
}

// weighed is the score of a labelling of full legibility.
func weighed(simplicity, coverage, density float64) float64 {
	return float64(0.25*simplicity) + float64(0.2*coverage) + float64(0.5*density) + 0.05
}

// tryStep tries a nice step, or every skip-th of its labels.
func (s *search) tryStep(k, skip int) {
	simple := simplest(k, skip) + 1
	for have := 2; ; have++ {
		dense := 1.0
		if have >= wantedLabels {
			dense = 2 - float64(have-1)/float64(wantedLabels-1)
		}
		if weighed(simple, 1, dense) < s.best.score {
			return
		}
		delta := (s.hi - s.lo) / float64(have+1) / float64(skip) / niceSteps[k]
		for magnitude := int(math.Ceil(portable.Log10(delta))); magnitude < 309; magnitude++ {
			step := float64(skip) * niceSteps[k] * portable.Pow(10, float64(magnitude))
			if weighed(simple, s.covers(float64(step*float64(have-1))), dense) < s.best.score {
				break
			}
			s.tryStarts(k, skip, have, magnitude, step)
		}
	}
}

// covers is the most coverage that labels over a span can have.
func (s *search) covers(span float64) float64 {
	r := s.hi - s.lo
	if span <= r {
		return 1
	}
	h := 0.5 * (span - r)
	r = float64(r * 0.1)
	return 1 - (h*h)/(r*r)
}

// tryStarts tries where the first label may lie; all must lie on the axis.
func (s *search) tryStarts(k, skip, have, magnitude int, step float64) {
	count := float64(have - 1)
	span := float64(step * count)
	last := math.Ceil(s.hi/step) * float64(skip)
	for start := (math.Floor(s.hi/step) - count) * float64(skip); start <= last && start != start-1; start++ {
		first := float64(start * (step / float64(skip)))
		end := first + span
		if first < s.lo || s.hi < end {
			continue
		}
		score := weighed(s.simplicity(k, skip, first, end, step), s.coverage(first, end), s.density(count, first, end))
		if score > s.best.score {
			s.best = labelling{have, first, float64(skip) * niceSteps[k], magnitude, score}
		}
	}
}

func (s *search) simplicity(k, skip int, first, end, step float64) float64 {
	const eps = 0x1p-52 * 100
	rest := math.Mod(first, step)
	if (rest < eps || step-rest < eps) && first <= 0 && 0 <= end {
		return simplest(k, skip) + 1
	}
	return simplest(k, skip)
}

// coverage is less by the squares of what the labels leave free at both ends.
func (s *search) coverage(first, end float64) float64 {
	r := 0.1 * (s.hi - s.lo)
	after, before := s.hi-end, s.lo-first
	return 1 - 0.5*(float64(after*after)+float64(before*before))/(r*r)
}

// density is 1 where there are as many labels as wanted.
func (s *search) density(count, first, end float64) float64 {
	have := count / (end - first)
	want := float64(wantedLabels-1) / (math.Max(end, s.hi) - math.Min(s.lo, first))
	if d := have / want; d >= 1 {
		return 2 - d
	}
	return 2 - want/have
}

// logScale places values by their logarithms.
type logScale struct{}

// Normalize implements plot.Normalizer.
func (logScale) Normalize(lo, hi, x float64) float64 {
	from := portable.Log(lo)
	return (portable.Log(x) - from) / (portable.Log(hi) - from)
}
