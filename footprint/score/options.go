package score

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"stpmap/footprint/score/attribution"
)

// Normalisation brings indicators of different units to one scale, on which
// higher is worse. x is an indicator's value turned so that higher is worse; all
// are taken over the rated footprints. OECD and JRC (2008), Handbook on
// constructing composite indicators, doi:10.1787/9789264043466-en, pp. 83-88.
type Normalisation string

// The normalisations.
const (
	ZScores  Normalisation = "z"      // (x − mean) / standard deviation
	Distance Normalisation = "target" // (x − target) / standard deviation; the pooled value where there is no target
	MinMax   Normalisation = "minmax" // (x − min) / (max − min)
	Ranks    Normalisation = "rank"   // (rank of x − 1) / (n − 1), ties sharing the mean
)

// Normalisations lists them.
func Normalisations() []Normalisation { return []Normalisation{ZScores, Distance, MinMax, Ranks} }

// Aggregation makes one score of a footprint's indicators.
type Aggregation string

// The aggregations. ByDomains does not let one good domain hide a bad one: it
// counts. The arithmetic mean lets them offset each other in full, the
// geometric mean in part.
const (
	// ByDomains is the number of domains times the share of rated domains that
	// fail, plus depth/(1+depth): failing domains first, then how deep.
	ByDomains Aggregation = "domains"
	// Arithmetic is the weighted mean of the normalised indicators, within
	// domains and then over them.
	Arithmetic Aggregation = "arithmetic"
	// Geometric is 100 less the weighted geometric mean of goodness from 1 to
	// 100: 1+99(1−u) of a min-max or rank, 1+99Φ(−u) of a z score,
	// 1+99·exp(−max(0,u)) of a distance to target.
	Geometric Aggregation = "geometric"
	// Oversight is the mean of scores from 1, the best, to 4, within domains and
	// then over them: in the shape of the NHS Oversight Framework of 2025.
	Oversight Aggregation = "oversight"
)

// Aggregations lists those that a score is held against, and that draws choose
// from.
func Aggregations() []Aggregation { return []Aggregation{ByDomains, Arithmetic, Geometric} }

// allAggregations lists all that may be asked for.
func allAggregations() []Aggregation { return append(Aggregations(), Oversight) }

// Failing says when an indicator counts as failing.
type Failing string

// The rules. An indicator without a target is judged as an outlier under every
// one of them.
const (
	// FailsTarget: past the target by the indicator's margin, with the stated
	// certainty, one-sided.
	FailsTarget Failing = "target"
	// FailsOutlier: worse than the other footprints, beyond the 95% limit with
	// over-dispersion.
	FailsOutlier Failing = "outlier"
	FailsEither  Failing = "either"
	FailsBoth    Failing = "both"
)

// FailingRules lists the rules.
func FailingRules() []Failing { return []Failing{FailsTarget, FailsOutlier, FailsEither, FailsBoth} }

// ErrOption says that an option is out of its range.
var ErrOption = errors.New("option out of range")

// Options say how to score. The zero value is the default throughout.
type Options struct {
	View attribution.View // "" is Residents
	// Period is what is scored; "" is the year that ends with the latest period of
	// most indicators. Others are shown and not counted, unless MixedPeriods counts
	// the latest of each.
	Period       string
	MixedPeriods bool

	Aggregation   Aggregation   // "" is that of the definitions, else ByDomains
	Normalisation Normalisation // "" is ZScores
	Failing       Failing       // "" is FailsTarget
	// Certainty with which a target must be missed, in [0.5, 1); 0 is 0.95.
	Certainty float64
	// A footprint needs figures from providers or areas of this share of its
	// patients for an indicator, of this share of a domain's indicators, and
	// of this share of the domains: 0 is 0.5, 0.6 and 2/3; negative is none.
	MinReported, MinIndicators, MinDomains float64
	// Cuts part the ratings: up to Cuts[0] is 1, up to Cuts[1] is 2, up to
	// Cuts[2] is 3, above it 4. nil is DefaultCuts. They are cuts of the score,
	// for ByDomains of the share of rated domains that fail.
	Cuts *[3]float64

	Worst int // how many are "the worst"; 0 is 5
	// Draws of the Monte Carlo; 0 is 10,000, negative is none.
	Draws int
	Seed  uint64
	Jobs  int // goroutines; 0 is GOMAXPROCS. It changes nothing in the result.
	// Concentration of the Dirichlet weights: an indicator of mean weight has
	// the coefficient of variation 1/√Concentration; 0 is 16 (25%).
	Concentration float64
	// FixedChoices keeps normalisation and aggregation as stated in every draw.
	FixedChoices bool
	// AllowUnknown takes figures of unknown entities as unattributed.
	AllowUnknown bool
}

// DefaultCuts are the stated cut points of an aggregation and normalisation:
// none, a third and two thirds of domains; 1.75, 2.5 and 3.25 of
// scores from 1 to 4; half a standard deviation about the
// mean; the target, and half and one standard deviation past it; 0.35, 0.5 and
// 0.65 of a range from 0 to 1; 40, 55 and 70 of the geometric mean's 0 to 99.
func DefaultCuts(a Aggregation, n Normalisation) [3]float64 {
	switch {
	case a == ByDomains || a == "":
		return [3]float64{0, 1. / 3, 2. / 3}
	case a == Oversight:
		return [3]float64{1.75, 2.5, 3.25}
	case a == Geometric:
		return [3]float64{40, 55, 70}
	case n == Distance:
		return [3]float64{0, 0.5, 1}
	case n == MinMax || n == Ranks:
		return [3]float64{0.35, 0.5, 0.65}
	}
	return [3]float64{-0.5, 0, 0.5}
}

// filled gives the options with their defaults in place.
func (o Options) filled() (Options, error) {
	o.View = cmp.Or(o.View, attribution.Residents)
	o.Aggregation = cmp.Or(o.Aggregation, ByDomains)
	o.Normalisation = cmp.Or(o.Normalisation, ZScores)
	o.Failing = cmp.Or(o.Failing, FailsTarget)
	o.Certainty = cmp.Or(o.Certainty, 0.95)
	o.MinReported = max(0, cmp.Or(o.MinReported, 0.5))
	o.MinIndicators = max(0, cmp.Or(o.MinIndicators, 0.6))
	o.MinDomains = max(0, cmp.Or(o.MinDomains, 2./3))
	if o.Cuts == nil {
		cuts := DefaultCuts(o.Aggregation, o.Normalisation)
		o.Cuts = &cuts
	}
	o.Worst = cmp.Or(o.Worst, 5)
	o.Draws = max(0, cmp.Or(o.Draws, 10000))
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	o.Concentration = cmp.Or(o.Concentration, 16)
	if fault := o.fault(); fault != "" {
		return o, fmt.Errorf("%w: %s", ErrOption, fault)
	}
	return o, nil
}

// fault says which option is out of its range; "" if none is.
func (o *Options) fault() string {
	switch {
	case o.View != attribution.Residents && o.View != attribution.Providers:
		return fmt.Sprintf("view %q (residents or providers)", o.View)
	case !slices.Contains(allAggregations(), o.Aggregation):
		return fmt.Sprintf("aggregation %q (one of %s)", o.Aggregation, list(allAggregations()))
	case !slices.Contains(Normalisations(), o.Normalisation):
		return fmt.Sprintf("normalisation %q (one of %s)", o.Normalisation, list(Normalisations()))
	case !slices.Contains(FailingRules(), o.Failing):
		return fmt.Sprintf("failing %q (one of %s)", o.Failing, list(FailingRules()))
	case !(o.Certainty >= 0.5 && o.Certainty < 1):
		return fmt.Sprintf("certainty %v (from 0.5 to below 1)", o.Certainty)
	case !(o.MinReported <= 1 && o.MinIndicators <= 1 && o.MinDomains <= 1):
		return "a minimum coverage is a share, at most 1"
	case !(o.Cuts[0] <= o.Cuts[1] && o.Cuts[1] <= o.Cuts[2]):
		return fmt.Sprintf("cut points must rise: %v", *o.Cuts)
	case o.Worst < 0:
		return fmt.Sprintf("worst %d", o.Worst)
	case o.Draws > 1_000_000:
		return fmt.Sprintf("draws %d (at most 1,000,000)", o.Draws)
	case !(o.Concentration > 0) || math.IsInf(o.Concentration, 0):
		return fmt.Sprintf("concentration %v (above 0)", o.Concentration)
	}
	return ""
}

// Check says whether the options are in their ranges; the error wraps ErrOption.
func (o Options) Check() error {
	_, err := o.filled()
	return err
}

// list joins names with commas.
func list[S ~string](names []S) string {
	words := make([]string, len(names))
	for i, s := range names {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
