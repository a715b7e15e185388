package sweep

import (
	"context"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/wording"
)

// NumberOptions are the options of ChooseNumber; the zero value works.
type NumberOptions struct {
	Population     []float64      // by area, NaN where not known; nil if not known
	Scale          PlanningScale  // zero means DefaultScale
	OverDispersion OverDispersion // between the halves; 0 means DefaultOverDispersion
	Jobs           int            // splits at a time; 0 means GOMAXPROCS; never changes the result
	Progress       footprint.Progress
}

// NumberChoice is how many footprints the flows support.
type NumberChoice struct {
	Footprints int // 0 where the rule recommends none
	// Low and High are the interval of Footprints: 80% of single splits, and of
	// searches with other ends and steps, lie within it. 0 where there is none.
	Low, High int
	Bend      int     // where the curve of containment bends most; 0 for nowhere
	Contrast  float64 // the strongest: ln of the slope before over that behind
	// Resolution is that on which the halves agreed; NaN where there is none.
	Resolution float64
	// HeldOut is the share of held-out patients inside, in [0, 1], at
	// Footprints; NaN where it is not known.
	HeldOut float64
	// Agreement is the mean AMI of the maps of two halves at Footprints; NaN
	// where it is not known.
	Agreement float64
	From, To  int     // the numbers that the planning scale allows
	People    float64 // 0 where not known
	Fits      bool    // whether the scale binds the people of each footprint
	Reasons   []string
}

// providerPeople is how many people a provider stands for where people are not
// known: an acute trust of England serves 400,000.
const providerPeople = 400_000

// leastContrast is the least contrast of a bend: the slopes before and behind
// it differ by 28% or more.
const leastContrast = 0.25

// bendWidth is the part of the strongest contrast from which on a number counts
// as part of the bend.
const bendWidth = 0.9

// elbowTolerance is how far, as a part of the elbow's number of footprints, the
// recommended number may lie from it.
const elbowTolerance = 0.1

// elbowWidth is the ratio of numbers of footprints over which the depth of the
// curve is smoothed.
const elbowWidth = 1.5

// leastAgreement is the least mean AMI of the maps of two halves.
const leastAgreement = 0.5

// fewestNumbers is how many footprints must be possible for a curve.
const fewestNumbers = 8

// ChooseNumber chooses a number of footprints by a rule that sees the flows and
// the planning scale only. It makes runs of its own, so that nothing hangs on
// the ends or the seed of anybody's sweep.
//
//  1. The scale says which numbers are meant: from people / scale.Most, the
//     fewest that can hold everybody, to people / (2·scale.Least), as the
//     smallest footprint of a map has about half the people of the mean one.
//     Without people, a provider stands for 400,000.
//  2. The flows are split at random into two over-dispersed halves, several
//     times. Leiden clusters the first half at resolutions from 0.1 to 60; the
//     share of the second half's patients inside is the held-out containment.
//  3. At each number K, one straight line is fitted to the curve from K/2 to K,
//     and one from K to 2·K. The contrast is the logarithm of the first slope
//     over the second. Where it is strongest, of either sign, it must be 0.25
//     or more and fall to half on both sides. Otherwise the curve bends
//     nowhere, and no number is recommended.
//  4. If further footprints cost more before the bend than behind it, the bend
//     is the elbow: the number at which the curve lies deepest below its chord,
//     from one end of the scale to the other. The depth is smoothed as elbow
//     finders do (Satopää, Albrecht, Irwin and Raghavan 2011,
//     doi:10.1109/ICDCSW.2011.20), from K/1.5 to 1.5·K. The numbers within 10%
//     of it go on. If they cost more behind it, the numbers with 90% of the
//     strongest contrast go on.
//  5. Of these numbers, the one is taken on which the maps of two halves agree
//     most (mean AMI), the halves being split patient by patient. It is that of
//     all flows at the same resolution. Where the halves agree by less than 0.5,
//     no number is recommended.
//
// Where fewer than 8 footprints are possible there is no curve: then the
// number is that of the highest modularity.
func ChooseNumber(ctx context.Context, m *flow.Matrix, o NumberOptions) (NumberChoice, error) {
	n := newNumber(m, o)
	if m.Len() == 0 {
		n.because("no patients in the flows: nothing to cluster")
		return n.NumberChoice, nil
	}
	if n.most < fewestNumbers {
		return n.ofFewPlaces(ctx)
	}
	if err := n.makeCurves(ctx); err != nil {
		return n.NumberChoice, err
	}
	b, ok := n.findBend(n.curves, n.grid())
	if !ok {
		n.because("between %d and %d footprints the share of held-out patients inside bends nowhere, so no number is recommended", n.From, n.To)
		return n.NumberChoice, nil
	}
	n.Bend, n.Contrast = b.at, b.contrast
	n.because("%s", b.words())
	err := n.findLedge(ctx, b)
	return n.NumberChoice, err
}

// number is a NumberChoice in the making.
type number struct {
	NumberChoice
	m           *flow.Matrix
	o           NumberOptions
	most        int // footprints that the places allow
	size        numberSize
	resolutions []float64
	curves      []heldOutCurve // by split
	reached     [][]int        // footprints by split and resolution
}

func newNumber(m *flow.Matrix, o NumberOptions) *number {
	if !(o.OverDispersion > 0) {
		o.OverDispersion = DefaultOverDispersion
	}
	o.Scale = o.Scale.orDefault()
	n := &number{m: m, o: o, most: len(m.Areas()), size: sizeOfNumber(m.Len())}
	if !m.OneMode() {
		n.most = min(n.most, len(m.Providers()))
	}
	n.HeldOut, n.Agreement, n.Resolution = math.NaN(), math.NaN(), math.NaN()
	n.setRange()
	return n
}

// because adds a reason.
func (n *NumberChoice) because(format string, args ...any) {
	n.Reasons = append(n.Reasons, fmt.Sprintf(format, args...))
}

// setRange is step 1.
func (n *number) setRange() {
	for _, p := range n.o.Population {
		n.People += p
	}
	if !(n.People > 0) {
		n.People = 0 // not known for every area
	}
	scale := n.o.Scale
	people := n.People
	if n.Fits = people >= 2*scale.Least; !n.Fits {
		people = providerPeople * float64(n.most)
	}
	n.From = min(max(2, int(math.Ceil(people/scale.Most))), n.most)
	n.To = min(max(n.From, int(people/(2*scale.Least))), n.most)
	if n.Fits {
		n.because("%.1f million people in footprints of %s to %s, the smallest half the mean, make %d to %d footprints",
			people/1e6, people1(scale.Least), people1(scale.Most), n.From, n.To)
		return
	}
	n.because("the people are not known or too few for the planning scale, so %s make %d to %d footprints",
		wording.Counted(n.most, "place")+" of care", n.From, n.To)
}

// ofFewPlaces takes the highest modularity where there is no curve.
func (n *number) ofFewPlaces(ctx context.Context) (NumberChoice, error) {
	p, err := leidenRun(ctx, n.m, 1)
	if err != nil {
		return n.NumberChoice, err
	}
	n.Footprints, n.Low, n.High, n.Resolution = p.Len(), p.Len(), p.Len(), 1
	n.because("fewer than %d footprints are possible, too few for a curve, so the map of highest modularity is taken: %s",
		fewestNumbers, wording.Counted(p.Len(), "footprint"))
	return n.NumberChoice, nil
}

// numberSize is how many runs ChooseNumber makes.
type numberSize struct{ resolutions, splits, ledges, pairs int }

// numberBudget bounds the work of ChooseNumber: flows times runs.
const numberBudget = 20_000_000

// sizeOfNumber is the size on a matrix of so many flows: 768 runs where it has
// 26,000 flows or fewer, less beyond, but at least 48.
func sizeOfNumber(flows int) numberSize {
	part := math.Sqrt(min(1, numberBudget/768/float64(max(1, flows))))
	of := func(full, least int) int { return max(least, int(float64(float64(full)*part))) }
	return numberSize{resolutions: of(48, 20), splits: of(12, 2), ledges: of(12, 4), pairs: of(8, 1)}
}

// people1 writes a number of people in words: 300,000 or 3 million.
func people1(n float64) string {
	if n >= 1e6 {
		return fmt.Sprintf("%g million", n/1e6)
	}
	return wording.People(n)
}

// quantile is the value below which a part of sorted numbers lies.
func quantile(sorted []float64, part float64) float64 {
	at := part * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	if i < 0 {
		return sorted[0]
	}
	return sorted[i] + float64((at-float64(i))*(sorted[i+1]-sorted[i]))
}

// findInterval looks at what single splits say, with all resolutions and with
// every second of them, and with ends that are moved inwards.
func (n *number) findInterval() {
	var picks []float64
	for _, c := range n.curves {
		for _, other := range []heldOutCurve{c, c.every(2, 0), c.every(2, 1), c.within(1.25)} {
			if b, ok := n.findBend([]heldOutCurve{other}, n.grid()); ok {
				picks = append(picks, b.middle())
			}
		}
	}
	n.Low, n.High = n.Footprints, n.Footprints
	if len(picks) > 0 {
		slices.Sort(picks)
		n.Low = min(n.Low, int(math.Round(quantile(picks, 0.1))))
		n.High = max(n.High, int(math.Round(quantile(picks, 0.9))))
	}
	n.because("single splits and searches with other ends and steps give %d to %d, four times of five", n.Low, n.High)
}
