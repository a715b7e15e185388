package scoring

import (
	"math"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/table"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

// Flags are those of a score.
type Flags struct {
	Rule
	Doubt
}

// Doubt are the flags of what is drawn again to see how sure a score is.
type Doubt struct {
	Worst         int     `flag:"worst"`
	Draws         int     `flag:"draws"`
	Concentration float64 `flag:"concentration"`
	FixedChoices  bool    `flag:"fixed-choices"`
}

// NoDoubt draws nothing.
func NoDoubt() Doubt { return Doubt{Concentration: 16} }

// Rule are the flags of figures and of what is made of them.
type Rule struct {
	Indicators []string `flag:"indicators"`
	Headings
	SuppressBelow float64 `flag:"suppress-indicators-below"`
	Definitions   string  `flag:"definitions"`
	View          string  `flag:"view"`
	Period        string  `flag:"period"`
	MixedPeriods  bool    `flag:"mixed-periods"`
	Aggregation   string  `flag:"aggregation"`
	Normalisation string  `flag:"normalisation"`
	Failing       string  `flag:"failing"`
	Certainty     float64 `flag:"certainty"`
	CutPoints     string  `flag:"cut-points"`
	MinReported   float64 `flag:"min-reported"`
	MinIndicators float64 `flag:"min-indicators"`
	MinDomains    float64 `flag:"min-domains"`
	WholeSet      bool    `flag:"whole-set"` // always so: for scripts that ask for it
	NonEnglish    bool    `flag:"non-english"`
	AllowUnknown  bool    `flag:"allow-unknown"`
}

// Headings are the flags of headings of a table of figures.
type Headings struct {
	EntityColumn      string `flag:"entity-column"`
	IndicatorColumn   string `flag:"indicator-column"`
	NumeratorColumn   string `flag:"numerator-column"`
	DenominatorColumn string `flag:"denominator-column"`
	ValueColumn       string `flag:"value-column"`
	PeriodColumn      string `flag:"period-column"`
	LowerColumn       string `flag:"lower-column"`
	UpperColumn       string `flag:"upper-column"`
}

// options are how the table is read.
func (h Headings) options() []table.Option {
	return []table.Option{
		table.Column(data.EntityRole.Name, h.EntityColumn), table.Column(data.IndicatorRole.Name, h.IndicatorColumn),
		table.Column(data.NumeratorRole.Name, h.NumeratorColumn), table.Column(data.DenominatorRole.Name, h.DenominatorColumn),
		table.Column(data.ValueRole.Name, h.ValueColumn), table.Column(data.PeriodRole.Name, h.PeriodColumn),
		table.Column(data.LowerRole.Name, h.LowerColumn), table.Column(data.UpperRole.Name, h.UpperColumn),
	}
}

// orNone is a number that 0 stands for none of, as score.Options has it: there 0
// is the default.
func orNone[N int | float64](n N) N {
	if n == 0 {
		return -1
	}
	return n
}

// Options takes the options of a score from the flags; seed and jobs are those
// of the draws.
func (f *Flags) Options(seed uint64, jobs int) (score.Options, error) {
	opt := score.Options{
		View: attribution.View(f.View), Period: f.Period, MixedPeriods: f.MixedPeriods,
		Aggregation: score.Aggregation(f.Aggregation), Normalisation: score.Normalisation(f.Normalisation),
		Failing: score.Failing(f.Failing), Certainty: f.Certainty,
		MinReported: orNone(f.MinReported), MinIndicators: orNone(f.MinIndicators), MinDomains: orNone(f.MinDomains),
		AllowUnknown: f.AllowUnknown,
		Worst:        f.Worst, Draws: orNone(f.Draws), Seed: seed, Jobs: jobs,
		Concentration: f.Concentration, FixedChoices: f.FixedChoices,
	}
	if f.Certainty == 0 {
		return opt, cli.Usagef("", "--certainty must be from 0.5 to below 1, got %v", f.Certainty)
	}
	if f.Concentration == 0 {
		return opt, cli.Usagef("", "--concentration must be above 0")
	}
	if f.CutPoints != "" {
		cuts, ok := parseCuts(f.CutPoints)
		if !ok {
			return opt, cli.Usagef("", "--cut-points takes three rising numbers: %q", f.CutPoints)
		}
		opt.Cuts = &cuts
	}
	if err := opt.Check(); err != nil {
		return opt, cli.Usagef("", "%w", err)
	}
	return opt, nil
}

// parseCuts reads the three numbers that divide ratings.
func parseCuts(text string) (cuts [3]float64, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) != len(cuts) {
		return cuts, false
	}
	for i, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(x) {
			return cuts, false
		}
		cuts[i] = x
	}
	return cuts, true
}
