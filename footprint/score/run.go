package score

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// Input is what Run scores.
type Input struct {
	Matrix    *flow.Matrix
	Partition footprint.Partition
	// Names of the footprints, by index; nil for none. ProviderNames and
	// AreaNames by index of the matrix, for explanations.
	Names, ProviderNames, AreaNames []string
	// Population of each area, by index: the weight of areas in the coverage and
	// the averages of areas' figures. nil: patients take its place.
	Population []float64
	// Confidence of each area's place in the partition, in [0, 1], NaN unknown,
	// by index; or partitions of resampled flows. Either makes the partition one
	// of the sources of doubt. Alternatives go first.
	Confidence   []float64
	Alternatives []footprint.Partition
	// Known are codes of entities that exist without flow.
	Known        []string
	Observations []attribution.Observation
	Definitions  *definition.Definitions // nil is Default
	Options      Options
	// Shards above 0 asks for part Shard of the draws only, from 1: Result.Draws
	// has them, and the doubt about ranks is left out.
	Shard, Shards int
	// Merge, if not nil, gives the ranks of all draws in place of drawing, in the
	// order of their numbers. It is told what they must be of.
	Merge       func(want Draws) ([]int32, error)
	Progress    footprint.Progress // nil is silent
	RatingsOnly bool               // leaves out trends and the sensitivity table
}

// Answer is yes, no or not known.
type Answer string

// The answers as files write them.
const (
	Yes     Answer = "true"
	No      Answer = "false"
	Unknown Answer = ""
)

func answer(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// IndicatorRow is one indicator of one footprint: a row of indicators.csv. NaN
// is unknown. In Gap and Z, higher is worse.
type IndicatorRow struct {
	Footprint, Indicator, Domain, Period string
	Numerator, Denominator, Value        float64
	Lower, Upper                         float64 // 95%
	Lower998, Upper998                   float64
	// Target is the goal, TargetAtPeriod what is due in the period: a value on the
	// way to the goal before its date. Gap is from the latter; NaN without one.
	Target, TargetAtPeriod, Gap float64
	MeetsTarget                 Answer   // what is due in the period
	OnTrack                     Answer   // the same, of a target with a date or without
	Standing                    Standing // "" without a target or a figure
	Failing                     Answer   // past target or limit by margin and certainty
	Z                           float64
	Band                        int     // −2 to 2; 0 also where Z is unknown
	Coverage                    float64 // share of the footprint's patients or people whose figures are in
	Used                        bool    // enough of them for the footprint to be judged on it
	Aside                       bool    // of another year than the score: shown, not counted
	Error                       Error   // what is known of the figure's random error
	Weighted                    bool    // weighted by flow for want of denominators
	Shares                      []float64
}

// FootprintRow is one footprint: a row of scores.csv. NaN is unknown; Rating and
// the ranks are 0 where the footprint is not rated, and RankLow, RankHigh and
// MedianRank also where nothing was drawn.
type FootprintRow struct {
	Footprint, Name    string
	Rated              bool
	Score              float64
	Rating, Rank       int
	RankLow, RankHigh  int
	MedianRank, PWorst float64
	DomainsFailing     int
	DomainsRated       int     // that have enough figures
	DomainsKnown       int     // that have any figure that counts
	Domains            int     // of the whole set
	IndicatorsRated    int     // that have a figure that counts
	Indicators         int     // of the whole set
	Depth              float64 // from 0 to below 10
	Coverage           float64 // share of the set's indicator weight available
	// Failing lists the failing domains, Unrated those without enough figures.
	Failing, Unrated []string
	Overridden       bool // the set's override limits the rating
}

// Result is what Run found. Footprints are in the order of the partition,
// indicators in that of the definitions.
type Result struct {
	Definitions *definition.Definitions
	Options     Options // with the defaults in place
	Footprints  []FootprintRow
	Indicators  []IndicatorRow
	Sensitivity []SensitivityRow
	Trends      []TrendRow
	Measured    []string // ids of the indicators with figures
	Unmeasured  []string // ids of the indicators of the set without any
	Notes       []string // what was not as expected, for people
	Worst       []string // ids of the worst, worst first
	// Period is the time that the score is of; Mixed says that it is of several
	// years, and Aside lists the indicators of another year, with their dates.
	Period string
	Mixed  bool
	Aside  []string
	Draws  *Draws // where Input.Shards asked for a part, and there is a rank to doubt

	in       *Input
	table    *attribution.Table
	base     *attribution.Attributor
	measures []*measure
	depths   [][]float64 // by footprint and domain
	order    []int       // by footprint: its rank by the figures there are; 0 for none
}

// measure is a series in the window that is scored.
type measure struct {
	chosen
	figures   []attribution.Figure
	own       []float64 // by footprint: its own baseline; nil unless asked for
	aim       aim
	at        *attribution.Attributed
	use       []bool
	out       *outliers
	empirical []float64 // by footprint: the standard error that its past shows; NaN for none
}

// Run scores the footprints of a partition. Its error is a *fault.List where the
// table is at fault, wraps ErrOption where an option is, ErrUnknownPeriod or
// ErrNothing where there is nothing to score, and is context.Cause where the
// context ends.
func Run(ctx context.Context, in Input) (*Result, error) {
	defs, err := in.Definitions, in.checkShape()
	if err != nil {
		return nil, err
	}
	if defs == nil {
		if defs, err = definition.Builtin(definition.Default); err != nil {
			return nil, err
		}
	} else if err := defs.Check(); err != nil {
		return nil, err
	}
	in.Options.Aggregation = cmp.Or(in.Options.Aggregation, Aggregation(defs.Aggregation))
	if in.Options.Cuts == nil && in.Options.Aggregation == Aggregation(defs.Aggregation) {
		in.Options.Cuts = defs.Cuts
	}
	opt, err := in.Options.filled()
	if err != nil {
		return nil, err
	}
	in.Options = opt
	tab, err := attribution.ReadTable(&attribution.TableInput{
		Matrix: in.Matrix, Partition: in.Partition, Known: in.Known, Observations: in.Observations, AllowUnknown: opt.AllowUnknown,
	}, defs)
	if err != nil {
		return nil, err
	}
	r := &Result{Definitions: defs, Options: opt, Notes: tab.Notes, in: &in, table: tab}
	r.base = attribution.NewAttributor(in.Matrix, in.Partition, in.Population)
	if err := r.measure(); err != nil {
		return nil, err
	}
	r.indicatorRows()
	if err := r.composite(ctx); err != nil {
		return nil, err
	}
	if !in.RatingsOnly {
		r.trends()
	}
	return r, nil
}

// Input is what was scored; Definitions and Options of the result are those used.
func (r *Result) Input() *Input { return r.in }

func (in *Input) checkShape() error {
	if in.Matrix == nil {
		return fmt.Errorf("score: no flow matrix")
	}
	n, nf := len(in.Matrix.Areas()), len(in.Partition.IDs)
	fits := func(p *footprint.Partition) bool {
		ok := len(p.Areas) == n && (p.Providers == nil && in.Matrix.OneMode() || len(p.Providers) == len(in.Matrix.Providers()))
		for _, list := range [][]int32{p.Areas, p.Providers} {
			for _, f := range list {
				ok = ok && f < int32(len(p.IDs))
			}
		}
		return ok
	}
	if !fits(&in.Partition) {
		return fmt.Errorf("score: the partition is not of this flow matrix")
	}
	for i := range in.Alternatives {
		if !fits(&in.Alternatives[i]) {
			return fmt.Errorf("score: alternative partition %d is not of this flow matrix", i+1)
		}
	}
	if in.Shards < 0 || in.Shards > 0 && (in.Shard < 1 || in.Shard > in.Shards) {
		return fmt.Errorf("score: there is no part %d of %d", in.Shard, in.Shards)
	}
	if in.Population != nil && len(in.Population) != n || in.Confidence != nil && len(in.Confidence) != n || in.Names != nil && len(in.Names) != nf {
		return fmt.Errorf("score: population, confidence or names are not of this partition")
	}
	return nil
}

// measure attributes every indicator in the window that is scored.
func (r *Result) measure() error {
	list, missing := r.choose()
	for _, c := range list {
		r.attribute(c)
	}
	if len(r.measures) == 0 {
		return cmp.Or(missing, attribution.ErrNothing)
	}
	r.describePeriods()
	r.noteUnmeasured()
	return nil
}

func (r *Result) attribute(c chosen) {
	m := &measure{chosen: c, figures: c.series.Pool(c.ind, c.window), own: r.baselines(&c)}
	m.aim = m.aimOf(c.window.End, len(r.in.Partition.IDs))
	m.at = m.attribute(r.base, r.Options.View)
	m.use = r.usable(m.at)
	m.out = findOutliers(c.ind, m.at, m.use)
	m.empirical = r.pastError(m)
	r.measures = append(r.measures, m)
	r.Measured = append(r.Measured, c.ind.ID)
	if m.at.Weighted && c.ind.Kind != definition.Band {
		r.note("%s has no denominators: its values are averages weighted by patients.", c.ind.ID)
	}
}

// noteUnmeasured lists the indicators without figures.
func (r *Result) noteUnmeasured() {
	for _, ind := range r.Definitions.Indicators {
		if !slices.Contains(r.Measured, ind.ID) {
			r.Unmeasured = append(r.Unmeasured, ind.ID)
		}
	}
	if len(r.Unmeasured) > 0 {
		r.note("%d of %d indicators of the set have no figures: %s", len(r.Unmeasured), len(r.Definitions.Indicators), strings.Join(r.Unmeasured, ", "))
	}
}

// usable marks the footprints with enough of their patients reported.
func (r *Result) usable(at *attribution.Attributed) []bool {
	use := make([]bool, len(at.Value))
	for f := range use {
		use[f] = !math.IsNaN(at.Value[f]) && at.Coverage[f]+1e-9 >= r.Options.MinReported
	}
	return use
}

// indicatorRows makes the rows of indicators.csv.
func (r *Result) indicatorRows() {
	for _, m := range r.measures {
		for f := range r.in.Partition.IDs {
			r.Indicators = append(r.Indicators, r.indicatorRow(m, f))
		}
		n, at := len(r.in.Partition.IDs), m.at
		if num, den := at.WholeNumerator[n], at.WholeDenominator[n]; num != 0 && !math.IsNaN(num) || den != 0 && !math.IsNaN(den) {
			r.Indicators = append(r.Indicators, m.unattributed(num, den))
		}
	}
}

// unattributed is the row of what no footprint gets.
func (m *measure) unattributed(num, den float64) IndicatorRow {
	nan := math.NaN()
	return IndicatorRow{
		Footprint: attribution.Unattributed, Indicator: m.ind.ID, Domain: m.ind.Domain, Period: m.window.Label, Numerator: num, Denominator: den, Value: nan, Lower: nan, Upper: nan,
		Lower998: nan, Upper998: nan, Target: nan, TargetAtPeriod: nan, Gap: nan, Z: nan, Coverage: nan, Aside: m.aside,
	}
}

// indicatorRow is the row of one indicator of one footprint.
func (r *Result) indicatorRow(m *measure, f int) IndicatorRow {
	ind, at := m.ind, m.at
	row := IndicatorRow{
		Footprint: r.in.Partition.IDs[f], Indicator: ind.ID, Domain: ind.Domain, Period: m.window.Label,
		Numerator: at.WholeNumerator[f], Denominator: at.WholeDenominator[f], Value: at.Value[f],
		Target: math.NaN(), TargetAtPeriod: math.NaN(), Gap: math.NaN(), Z: math.NaN(),
		Coverage: at.Coverage[f], Used: m.use[f], Aside: m.aside, Weighted: at.Weighted,
	}
	row.Lower, row.Upper = interval.Of(ind, at.Numerator[f], at.Denominator[f], row.Value, at.StandardError[f], at.Weighted, 0.95)
	row.Lower998, row.Upper998 = interval.Of(ind, at.Numerator[f], at.Denominator[f], row.Value, at.StandardError[f], at.Weighted, 0.998)
	if at.Shares != nil {
		row.Shares = at.Shares[f]
	}
	side := -float64(ind.EffectivePolarity())
	row.against(&m.aim, f, side)
	if m.use[f] {
		row.Error = m.errorOf(f)
		row.judge(m.out.z(f), side)
		if side != 0 {
			row.Failing = answer(side*row.Value > m.critical(at, f, m.out, f, &r.Options))
		}
	}
	return row
}

// judge compares with the other footprints.
func (row *IndicatorRow) judge(z, side float64) {
	if row.Z = z; side != 0 {
		row.Z *= side
	}
	switch a := math.Abs(row.Z); {
	case a > interval.Z998:
		row.Band = int(math.Copysign(2, row.Z))
	case a > interval.Z95:
		row.Band = int(math.Copysign(1, row.Z))
	}
}
