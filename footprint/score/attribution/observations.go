package attribution

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/score/definition"
)

// Observation is one row of a table of indicators. NaN is absent.
type Observation struct {
	Entity    string // code of a provider, an area or a footprint
	Indicator string // id of its definition
	Period    string // empty where the table has no periods
	// Numerator and Denominator are what the indicator's definition says.
	Numerator, Denominator float64
	// Value serves where there is no numerator or denominator: in the
	// indicator's unit, per cent for "%"; for a Band the number of the band,
	// counted from 1. Lower and Upper are its 95% interval.
	Value, Lower, Upper float64
	Label               string // for a Band: its name, in place of Value
	Source              string // the table it is from, for messages
	Line                int    // 1-based line in that table; 0 where there is none
	// Column is where the cells stand in that line: 1-based, in bytes; 0 where not
	// known.
	Column struct{ Entity, Numerator, Denominator, Value int32 }
	// Share of the entity's patients that the figure is of, in (0, 1]; 0 stands
	// for all.
	Share float64
}

// NewObservation is an observation with every figure absent.
func NewObservation(entity, indicator, period string) Observation {
	nan := math.NaN()
	return Observation{
		Entity: entity, Indicator: indicator, Period: period,
		Numerator: nan, Denominator: nan, Value: nan, Lower: nan, Upper: nan,
	}
}

// Figure is a checked observation. Entity indexes the areas, providers or
// footprints of its level; -1 is a known code without flow. NaN is absent.
type Figure struct {
	Entity                 int32
	Code                   string
	Numerator, Denominator float64
	Value                  float64 // in the definition's own terms; the band's number for a Band
	lower, upper           float64
	share                  float64 // of the entity's patients that the figure is of
	obs                    int     // index into the observations
}

// Series is all there is on one indicator.
type Series struct {
	Indicator int // index into Definitions.Indicators
	Level     definition.Level
	Periods   []Period
	Figures   [][]Figure // by period, each sorted by code
}

// Table is a checked table of indicators: a series for each indicator of the
// definitions that has figures, in their order.
type Table struct {
	Series []Series
	Notes  []string
}

// TableInput is what a table of indicators is read of.
type TableInput struct {
	Matrix       *flow.Matrix
	Partition    footprint.Partition
	Known        []string // codes of entities that exist without flow
	Observations []Observation
	AllowUnknown bool // figures of unknown entities stay unattributed
}

// reading turns observations into a table.
type reading struct {
	in         *TableInput
	m          *flow.Matrix
	p          footprint.Partition
	defs       *definition.Definitions
	known      map[string]bool
	footprints map[string]int32
	faults     fault.List
	notes      []string
}

func (r *reading) fault(obs int, column int32, err error) {
	o := &r.in.Observations[obs]
	r.faults.Add(&fault.Error{File: o.Source, Line: o.Line, Column: int(column), Err: err})
}

// lookup finds an entity at a level.
func (r *reading) lookup(level definition.Level, code string) (int32, bool) {
	switch level {
	case definition.ProviderLevel:
		i, ok := r.m.ProviderIndex(code)
		return int32(i), ok
	case definition.AreaLevel:
		i, ok := r.m.AreaIndex(code)
		return int32(i), ok
	}
	i, ok := r.footprints[code]
	return i, ok
}

// ReadTable checks observations. The error is a *fault.List with every fault.
func ReadTable(in *TableInput, defs *definition.Definitions) (*Table, error) {
	r := &reading{in: in, m: in.Matrix, p: in.Partition, defs: defs, known: map[string]bool{}, footprints: map[string]int32{}}
	for _, code := range in.Known {
		r.known[code] = true
	}
	for i, id := range in.Partition.IDs {
		r.footprints[id] = int32(i)
	}
	// Each indicator on its own, then the denominators that one lends to another.
	list := make([]*Series, len(defs.Indicators))
	for k, rows := range r.rowsByIndicator() {
		if len(rows) > 0 {
			list[k] = r.series(k, rows)
		}
	}
	for k := range list {
		if list[k] != nil {
			r.lendDenominators(k, list)
		}
	}
	t := &Table{}
	for k := range list {
		if list[k] != nil {
			r.checkFigures(list[k])
			t.Series = append(t.Series, *list[k])
		}
	}
	r.sortFaults()
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	t.Notes = r.notes
	return t, nil
}

// rowsByIndicator lists the rows of each indicator, and notes those without a
// definition.
func (r *reading) rowsByIndicator() [][]int {
	index := map[string]int{}
	for i, ind := range r.defs.Indicators {
		index[ind.ID] = i
	}
	rows := make([][]int, len(r.defs.Indicators))
	undefined := map[string]int{}
	for i, o := range r.in.Observations {
		if k, ok := index[o.Indicator]; ok {
			rows[k] = append(rows[k], i)
		} else {
			undefined[o.Indicator]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(undefined)) {
		r.note("%d rows of %q are not scored: it has no definition", undefined[id], id)
	}
	return rows
}

func (r *reading) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// sortFaults puts the faults that are kept in the order of the input's rows.
func (r *reading) sortFaults() {
	slices.SortStableFunc(r.faults.List, func(a, b *fault.Error) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// series reads the rows of one indicator.
func (r *reading) series(k int, rows []int) *Series {
	ind := &r.defs.Indicators[k]
	s := &Series{Indicator: k, Level: r.level(ind, rows)}
	place := r.periods(s, ind, rows)
	s.Figures = make([][]Figure, len(s.Periods))
	for _, i := range rows {
		if f, ok := r.Figure(ind, s.Level, i); ok {
			at := place[r.in.Observations[i].Period]
			s.Figures[at] = append(s.Figures[at], f)
		}
	}
	for t := range s.Figures {
		slices.SortStableFunc(s.Figures[t], func(a, b Figure) int { return strings.Compare(a.Code, b.Code) })
		s.Figures[t] = r.mergeHalves(s.Figures[t])
	}
	r.checkHalves(s)
	r.scalePercent(ind, s)
	for _, figs := range s.Figures {
		for i := range figs {
			if f := &figs[i]; math.IsNaN(f.Numerator) && ind.Kind != definition.Band {
				f.Numerator = f.Value * f.Denominator / ind.EffectivePer() // absent where either is
			}
		}
	}
	return s
}

// level is that of the definition, unless the codes are of another.
func (r *reading) level(ind *definition.Indicator, rows []int) definition.Level {
	found, best := ind.Level, -1
	for _, level := range []definition.Level{ind.Level, definition.ProviderLevel, definition.AreaLevel, definition.FootprintLevel} {
		if n := r.countOf(level, rows); n > best {
			best, found = n, level
		}
	}
	if found != ind.Level && best > 0 {
		r.note("%s is defined for %ss and given for %ss: taken as given", ind.ID, ind.Level, found)
	}
	return found
}

// countOf counts the rows whose codes are of a level.
func (r *reading) countOf(level definition.Level, rows []int) int {
	n := 0
	for _, i := range rows {
		if _, ok := r.lookup(level, r.in.Observations[i].Entity); ok {
			n++
		}
	}
	return n
}

// periods lists the periods of a series, and gives the place of each label.
func (r *reading) periods(s *Series, ind *definition.Indicator, rows []int) map[string]int {
	labels := make([]string, 0, len(rows))
	for _, i := range rows {
		labels = append(labels, r.in.Observations[i].Period)
	}
	var ordered bool
	if s.Periods, ordered = parsePeriods(labels); !ordered {
		r.note("the periods of %s are not all dates: the last in the order of their text is the latest", ind.ID)
	}
	place := map[string]int{}
	for i, p := range s.Periods {
		place[p.Label] = i
	}
	return place
}

// figure checks what a row says on its own.
func (r *reading) Figure(ind *definition.Indicator, level definition.Level, obs int) (Figure, bool) {
	o := &r.in.Observations[obs]
	f := Figure{Code: o.Entity, Numerator: o.Numerator, Denominator: o.Denominator, Value: o.Value, lower: o.Lower, upper: o.Upper, share: cmp.Or(o.Share, 1), obs: obs}
	var ok bool
	if f.Entity, ok = r.entity(ind, level, obs); !ok {
		return f, false
	}
	at := &o.Column
	columns := [...]int32{at.Numerator, at.Denominator, at.Value, at.Value, at.Value}
	for i, x := range [...]float64{f.Numerator, f.Denominator, f.Value, f.lower, f.upper} {
		if math.IsInf(x, 0) {
			r.fault(obs, columns[i], fmt.Errorf("%w: %v", ErrNotFinite, x))
			return f, false
		}
	}
	switch {
	case ind.Kind == definition.Band:
		return r.band(ind, f, o)
	case f.Numerator < 0 && ind.Kind != definition.Money && ind.Kind != definition.Mean:
		r.fault(obs, at.Numerator, fmt.Errorf("%w: %v", ErrNegative, f.Numerator))
	case f.Denominator < 0:
		r.fault(obs, at.Denominator, fmt.Errorf("%w: %v", ErrNegative, f.Denominator))
	case f.lower > f.Value || f.Value > f.upper || f.lower > f.upper:
		r.fault(obs, at.Value, fmt.Errorf("%w: %v in %v to %v", ErrInterval, f.Value, f.lower, f.upper))
	default:
		return f, true
	}
	return f, false
}

// entity finds what a row is about; -1 for a known code without flow.
func (r *reading) entity(ind *definition.Indicator, level definition.Level, obs int) (int32, bool) {
	o := &r.in.Observations[obs]
	if entity, ok := r.lookup(level, o.Entity); ok {
		return entity, true
	}
	for _, other := range []definition.Level{definition.ProviderLevel, definition.AreaLevel, definition.FootprintLevel} {
		if _, is := r.lookup(other, o.Entity); is {
			r.fault(obs, o.Column.Entity, fmt.Errorf("%w: %q is not a %s as others of %s are", ErrMixedLevels, o.Entity, level, ind.ID))
			return -1, false
		}
	}
	if !r.known[o.Entity] && !r.in.AllowUnknown {
		r.fault(obs, o.Column.Entity, fmt.Errorf("%w: %q is no area, provider or footprint", ErrUnknownEntity, o.Entity))
		return -1, false
	}
	return -1, true
}

// band reads the figure of a Band: the number of the band.
func (r *reading) band(ind *definition.Indicator, f Figure, o *Observation) (Figure, bool) {
	if o.Label != "" {
		b := slices.IndexFunc(ind.Bands, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(o.Label)) })
		if b < 0 {
			r.fault(f.obs, o.Column.Value, fmt.Errorf("%w of %s: %q (one of %s)", ErrBand, ind.ID, o.Label, strings.Join(ind.Bands, ", ")))
			return f, false
		}
		f.Value = float64(b + 1)
	}
	if math.IsNaN(f.Value) {
		f.Value = f.Numerator // a table of numerators only
	}
	if math.IsNaN(f.Value) {
		return f, false // blank: not reported
	}
	if f.Value != math.Trunc(f.Value) || f.Value < 1 || f.Value > float64(len(ind.Bands)) {
		r.fault(f.obs, o.Column.Value, fmt.Errorf("%w of %s: %v (1 to %d)", ErrBand, ind.ID, f.Value, len(ind.Bands)))
		return f, false
	}
	return f, true
}

// mergeHalves joins a row that has the numerator only with one that has the
// denominator only; any other repetition is a fault.
func (r *reading) mergeHalves(figs []Figure) []Figure {
	out := figs[:0]
	for i := 0; i < len(figs); {
		j := i + 1
		for j < len(figs) && figs[j].Code == figs[i].Code {
			j++
		}
		f := figs[i]
		switch {
		case j == i+1:
		case j == i+2 && complementary(figs[i], figs[i+1]):
			g := figs[i+1]
			if math.IsNaN(f.Numerator) {
				f, g = g, f
			}
			f.Denominator = g.Denominator
		default:
			for _, g := range figs[i+1 : j] {
				o := &r.in.Observations[g.obs]
				what := fmt.Sprintf("%s, %s", o.Entity, o.Indicator)
				if o.Period != "" {
					what += ", " + o.Period
				}
				r.fault(g.obs, o.Column.Entity, fmt.Errorf("%w: %s", ErrDoubled, what))
			}
		}
		out = append(out, f)
		i = j
	}
	return out
}

func complementary(a, b Figure) bool {
	half := func(f Figure) bool {
		return math.IsNaN(f.Value) && math.IsNaN(f.Numerator) != math.IsNaN(f.Denominator)
	}
	return half(a) && half(b) && math.IsNaN(a.Numerator) != math.IsNaN(b.Numerator)
}

// checkHalves finds denominators that stand alone: where the entity has a
// numerator alone in another period, the two are of different periods.
func (r *reading) checkHalves(s *Series) {
	alone := map[string]int{} // numerator alone: entity to period
	for t, figs := range s.Figures {
		for _, f := range figs {
			if !math.IsNaN(f.Numerator) && math.IsNaN(f.Denominator) {
				alone[f.Code] = t
			}
		}
	}
	parted := map[string]bool{}
	for t, figs := range s.Figures {
		s.Figures[t] = slices.DeleteFunc(figs, func(f Figure) bool {
			if !math.IsNaN(f.Numerator) || !math.IsNaN(f.Value) {
				return false
			}
			if math.IsNaN(f.Denominator) {
				return true // wholly blank: not reported, not zero
			}
			if other, ok := alone[f.Code]; ok {
				parted[f.Code] = true
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s has the denominator of %q and the numerator of %q", ErrPeriods,
					f.Code, s.Periods[t].Label, s.Periods[other].Label))
			} else {
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s", ErrNoFigure, f.Code))
			}
			return true
		})
	}
	for t, figs := range s.Figures {
		s.Figures[t] = slices.DeleteFunc(figs, func(f Figure) bool { return parted[f.Code] && math.IsNaN(f.Denominator) })
	}
}

// scalePercent brings values in per cent to [0, 1].
func (r *reading) scalePercent(ind *definition.Indicator, s *Series) {
	if strings.TrimSpace(ind.Unit) != "%" || ind.Kind == definition.Band {
		return
	}
	any, percent := false, false
	for _, figs := range s.Figures {
		for _, f := range figs {
			if math.IsNaN(f.Value) || !math.IsNaN(f.Numerator) && !math.IsNaN(f.Denominator) {
				continue
			}
			any = true
			percent = percent || math.Abs(f.Value) > 1
		}
	}
	if !any {
		return
	}
	if !percent {
		r.notes = append(r.notes, fmt.Sprintf("no value of %s is above 1: taken as shares, not per cent", ind.ID))
		return
	}
	for _, figs := range s.Figures {
		for i := range figs {
			figs[i].Value /= 100
			figs[i].lower /= 100
			figs[i].upper /= 100
		}
	}
}

// lendDenominators fills the denominators of an indicator that shares those of
// another.
func (r *reading) lendDenominators(k int, list []*Series) {
	ind, s := &r.defs.Indicators[k], list[k]
	from := ind
	for from.DenominatorFrom != "" {
		from = &r.defs.Indicators[r.defs.Index(from.DenominatorFrom)]
	}
	if from == ind {
		return
	}
	lender := list[r.defs.Index(from.ID)]
	for t, figs := range s.Figures {
		for i := range figs {
			f := &figs[i]
			if math.IsNaN(f.Numerator) || !math.IsNaN(f.Denominator) || lender == nil || lender.Level != s.Level {
				continue
			}
			elsewhere := ""
			for u, p := range lender.Periods {
				j, ok := slices.BinarySearchFunc(lender.Figures[u], f.Code, func(g Figure, code string) int { return strings.Compare(g.Code, code) })
				if !ok || math.IsNaN(lender.Figures[u][j].Denominator) {
					continue
				}
				if p.Label == s.Periods[t].Label || !p.End.IsZero() && p.Start.Equal(s.Periods[t].Start) && p.End.Equal(s.Periods[t].End) {
					f.Denominator, elsewhere = lender.Figures[u][j].Denominator, ""
					break
				}
				elsewhere = p.Label
			}
			if elsewhere != "" {
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s has the numerator of %q and, from %s, the denominator of %q", ErrPeriods,
					f.Code, s.Periods[t].Label, from.ID, elsewhere))
			}
		}
	}
}

// checkFigures holds numerators against denominators, now that all are there.
func (r *reading) checkFigures(s *Series) {
	ind := &r.defs.Indicators[s.Indicator]
	if ind.Kind == definition.Band {
		return
	}
	empty := 0
	for t, figs := range s.Figures {
		s.Figures[t] = slices.DeleteFunc(figs, func(f Figure) bool {
			at := &r.in.Observations[f.obs].Column
			switch {
			case !math.IsNaN(f.Denominator) && f.Denominator == 0 && f.Numerator == 0 && ind.Kind != definition.Money:
				empty++
				return true
			case f.Denominator == 0 && !math.IsNaN(f.Numerator):
				r.fault(f.obs, at.Denominator, fmt.Errorf("%w: %s has %v", ErrDenominator, f.Code, f.Numerator))
			case ind.Kind == definition.Proportion && f.Numerator > f.Denominator:
				r.fault(f.obs, at.Numerator, fmt.Errorf("%w: %v of %v", ErrNumeratorAbove, f.Numerator, f.Denominator))
			case math.IsNaN(f.Denominator) && math.IsNaN(f.Value) && ind.Kind != definition.Money && ind.Kind != definition.Rate:
				r.fault(f.obs, at.Denominator, fmt.Errorf("%w: a %s needs a denominator", ErrDenominator, ind.Kind))
			case ind.Kind == definition.Proportion && math.IsNaN(f.Numerator) && (f.Value < 0 || f.Value > 1):
				r.fault(f.obs, at.Value, fmt.Errorf("%w: a proportion of %v", ErrNumeratorAbove, f.Value))
			}
			return false
		})
	}
	if empty > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%d rows of %s are 0 of 0: not reported, not zero", empty, ind.ID))
	}
}
