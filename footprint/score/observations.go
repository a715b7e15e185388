package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/footprint"
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
}

// NewObservation is an observation with every figure absent.
func NewObservation(entity, indicator, period string) Observation {
	nan := math.NaN()
	return Observation{
		Entity: entity, Indicator: indicator, Period: period,
		Numerator: nan, Denominator: nan, Value: nan, Lower: nan, Upper: nan,
	}
}

// figure is a checked observation. entity indexes the areas, providers or
// footprints of its level; -1 is a known code without flow.
type figure struct {
	entity       int32
	code         string
	num, den     float64
	value        float64 // in the definition's own terms; the band's number for a Band
	lower, upper float64
	obs          int // index into the observations
}

// series is all there is on one indicator.
type series struct {
	indicator int // index into Definitions.Indicators
	level     Level
	periods   []Period
	figures   [][]figure // by period, each sorted by code
}

// table is a checked table of indicators: a series for each indicator of the
// definitions that has figures, in their order.
type table struct {
	series []series
	notes  []string
}

// tableInput is what a table of indicators is read of.
type tableInput struct {
	Matrix       *flow.Matrix
	Partition    footprint.Partition
	Known        []string // codes of entities that exist without flow
	Observations []Observation
	AllowUnknown bool // figures of unknown entities stay unattributed
}

// reading turns observations into a table.
type reading struct {
	in         *tableInput
	m          *flow.Matrix
	p          footprint.Partition
	defs       *Definitions
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
func (r *reading) lookup(level Level, code string) (int32, bool) {
	switch level {
	case ProviderLevel:
		i, ok := r.m.ProviderIndex(code)
		return int32(i), ok
	case AreaLevel:
		i, ok := r.m.AreaIndex(code)
		return int32(i), ok
	}
	i, ok := r.footprints[code]
	return i, ok
}

func readTable(in *tableInput, defs *Definitions) (*table, error) {
	r := &reading{in: in, m: in.Matrix, p: in.Partition, defs: defs, known: map[string]bool{}, footprints: map[string]int32{}}
	for _, code := range in.Known {
		r.known[code] = true
	}
	for i, id := range in.Partition.IDs {
		r.footprints[id] = int32(i)
	}
	index := map[string]int{}
	for i, ind := range defs.Indicators {
		index[ind.ID] = i
	}

	// 1. Rows by indicator.
	rows := make([][]int, len(defs.Indicators))
	undefined := map[string]int{}
	for i, o := range in.Observations {
		if k, ok := index[o.Indicator]; ok {
			rows[k] = append(rows[k], i)
		} else {
			undefined[o.Indicator]++
		}
	}
	ids := make([]string, 0, len(undefined))
	for id := range undefined {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.notes = append(r.notes, fmt.Sprintf("%d rows of %q are not scored: it has no definition", undefined[id], id))
	}

	// 2. Each indicator on its own, then the denominators that one lends to
	// another.
	list := make([]*series, len(defs.Indicators))
	for k := range defs.Indicators {
		if len(rows[k]) > 0 {
			list[k] = r.series(k, rows[k])
		}
	}
	for k := range list {
		if list[k] != nil {
			r.lendDenominators(k, list)
		}
	}
	t := &table{}
	for k := range list {
		if list[k] != nil {
			r.checkFigures(list[k])
			t.series = append(t.series, *list[k])
		}
	}
	r.sortFaults()
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	t.notes = r.notes
	return t, nil
}

// sortFaults puts the faults that are kept in the order of the input's rows.
func (r *reading) sortFaults() {
	slices.SortStableFunc(r.faults.List, func(a, b *fault.Error) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

func (r *reading) series(k int, rows []int) *series {
	ind := &r.defs.Indicators[k]
	s := &series{indicator: k}

	// The level is the definition's, unless the codes are of another.
	s.level = ind.Level
	best := -1
	for _, level := range []Level{ind.Level, ProviderLevel, AreaLevel, FootprintLevel} {
		n := 0
		for _, i := range rows {
			if _, ok := r.lookup(level, r.in.Observations[i].Entity); ok {
				n++
			}
		}
		if n > best {
			best, s.level = n, level
		}
	}
	if s.level != ind.Level && best > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s is defined for %ss and given for %ss: taken as given", ind.ID, ind.Level, s.level))
	}

	labels := make([]string, 0, len(rows))
	for _, i := range rows {
		labels = append(labels, r.in.Observations[i].Period)
	}
	var ordered bool
	if s.periods, ordered = parsePeriods(labels); !ordered {
		r.notes = append(r.notes, fmt.Sprintf("the periods of %s are not all dates: the last in the order of their text is the latest", ind.ID))
	}
	place := map[string]int{}
	for i, p := range s.periods {
		place[p.Label] = i
	}
	s.figures = make([][]figure, len(s.periods))
	for _, i := range rows {
		if f, ok := r.figure(ind, s.level, i); ok {
			at := place[r.in.Observations[i].Period]
			s.figures[at] = append(s.figures[at], f)
		}
	}
	for t := range s.figures {
		slices.SortStableFunc(s.figures[t], func(a, b figure) int { return strings.Compare(a.code, b.code) })
		s.figures[t] = r.mergeHalves(s.figures[t])
	}
	r.checkHalves(s)
	r.scalePercent(ind, s)
	for _, figs := range s.figures {
		for i := range figs {
			if f := &figs[i]; math.IsNaN(f.num) && ind.Kind != Band {
				f.num = f.value * f.den / ind.per() // absent where either is
			}
		}
	}
	return s
}

// figure checks what a row says on its own.
func (r *reading) figure(ind *Indicator, level Level, obs int) (figure, bool) {
	o := &r.in.Observations[obs]
	f := figure{code: o.Entity, num: o.Numerator, den: o.Denominator, value: o.Value, lower: o.Lower, upper: o.Upper, obs: obs}
	ok := false
	if f.entity, ok = r.lookup(level, o.Entity); !ok {
		f.entity = -1
		for _, other := range []Level{ProviderLevel, AreaLevel, FootprintLevel} {
			if _, is := r.lookup(other, o.Entity); is {
				r.fault(obs, o.Column.Entity, fmt.Errorf("%w: %q is not a %s as others of %s are", ErrMixedLevels, o.Entity, level, ind.ID))
				return f, false
			}
		}
		if !r.known[o.Entity] && !r.in.AllowUnknown {
			r.fault(obs, o.Column.Entity, fmt.Errorf("%w: %q is no area, provider or footprint", ErrUnknownEntity, o.Entity))
			return f, false
		}
	}
	for _, v := range []struct {
		x      float64
		column int32
	}{{f.num, o.Column.Numerator}, {f.den, o.Column.Denominator}, {f.value, o.Column.Value}, {f.lower, o.Column.Value}, {f.upper, o.Column.Value}} {
		if math.IsInf(v.x, 0) {
			r.fault(obs, v.column, fmt.Errorf("%w: %v", ErrNotFinite, v.x))
			return f, false
		}
	}
	if ind.Kind == Band {
		return r.band(ind, f, o)
	}
	if f.num < 0 && ind.Kind != Money && ind.Kind != Mean {
		r.fault(obs, o.Column.Numerator, fmt.Errorf("%w: %v", ErrNegative, f.num))
		return f, false
	}
	if f.den < 0 {
		r.fault(obs, o.Column.Denominator, fmt.Errorf("%w: %v", ErrNegative, f.den))
		return f, false
	}
	if f.lower > f.value || f.value > f.upper || f.lower > f.upper {
		r.fault(obs, o.Column.Value, fmt.Errorf("%w: %v in %v to %v", ErrInterval, f.value, f.lower, f.upper))
		return f, false
	}
	return f, true
}

func (r *reading) band(ind *Indicator, f figure, o *Observation) (figure, bool) {
	if o.Label != "" {
		b := slices.IndexFunc(ind.Bands, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(o.Label)) })
		if b < 0 {
			r.fault(f.obs, o.Column.Value, fmt.Errorf("%w of %s: %q (one of %s)", ErrBand, ind.ID, o.Label, strings.Join(ind.Bands, ", ")))
			return f, false
		}
		f.value = float64(b + 1)
	}
	if math.IsNaN(f.value) {
		f.value = f.num // a table of numerators only
	}
	if math.IsNaN(f.value) {
		return f, false // blank: not reported
	}
	if f.value != math.Trunc(f.value) || f.value < 1 || f.value > float64(len(ind.Bands)) {
		r.fault(f.obs, o.Column.Value, fmt.Errorf("%w of %s: %v (1 to %d)", ErrBand, ind.ID, f.value, len(ind.Bands)))
		return f, false
	}
	return f, true
}

// mergeHalves joins a row that has the numerator only with one that has the
// denominator only; any other repetition is a fault.
func (r *reading) mergeHalves(figs []figure) []figure {
	out := figs[:0]
	for i := 0; i < len(figs); {
		j := i + 1
		for j < len(figs) && figs[j].code == figs[i].code {
			j++
		}
		f := figs[i]
		switch {
		case j == i+1:
		case j == i+2 && complementary(figs[i], figs[i+1]):
			g := figs[i+1]
			if math.IsNaN(f.num) {
				f, g = g, f
			}
			f.den = g.den
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

func complementary(a, b figure) bool {
	half := func(f figure) bool { return math.IsNaN(f.value) && math.IsNaN(f.num) != math.IsNaN(f.den) }
	return half(a) && half(b) && math.IsNaN(a.num) != math.IsNaN(b.num)
}

// checkHalves finds denominators that stand alone: where the entity has a
// numerator alone in another period, the two are of different periods.
func (r *reading) checkHalves(s *series) {
	alone := map[string]int{} // numerator alone: entity to period
	for t, figs := range s.figures {
		for _, f := range figs {
			if !math.IsNaN(f.num) && math.IsNaN(f.den) {
				alone[f.code] = t
			}
		}
	}
	parted := map[string]bool{}
	for t, figs := range s.figures {
		s.figures[t] = slices.DeleteFunc(figs, func(f figure) bool {
			if !math.IsNaN(f.num) || !math.IsNaN(f.value) {
				return false
			}
			if math.IsNaN(f.den) {
				return true // wholly blank: not reported, not zero
			}
			if other, ok := alone[f.code]; ok {
				parted[f.code] = true
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s has the denominator of %q and the numerator of %q", ErrPeriods,
					f.code, s.periods[t].Label, s.periods[other].Label))
			} else {
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s", ErrNoFigure, f.code))
			}
			return true
		})
	}
	for t, figs := range s.figures {
		s.figures[t] = slices.DeleteFunc(figs, func(f figure) bool { return parted[f.code] && math.IsNaN(f.den) })
	}
}

// scalePercent brings values in per cent to [0, 1].
func (r *reading) scalePercent(ind *Indicator, s *series) {
	if strings.TrimSpace(ind.Unit) != "%" || ind.Kind == Band {
		return
	}
	any, percent := false, false
	for _, figs := range s.figures {
		for _, f := range figs {
			if math.IsNaN(f.value) || !math.IsNaN(f.num) && !math.IsNaN(f.den) {
				continue
			}
			any = true
			percent = percent || math.Abs(f.value) > 1
		}
	}
	if !any {
		return
	}
	if !percent {
		r.notes = append(r.notes, fmt.Sprintf("no value of %s is above 1: taken as shares, not per cent", ind.ID))
		return
	}
	for _, figs := range s.figures {
		for i := range figs {
			figs[i].value /= 100
			figs[i].lower /= 100
			figs[i].upper /= 100
		}
	}
}

// lendDenominators fills the denominators of an indicator that shares those of
// another.
func (r *reading) lendDenominators(k int, list []*series) {
	ind, s := &r.defs.Indicators[k], list[k]
	from := ind
	for from.DenominatorFrom != "" {
		from = &r.defs.Indicators[r.defs.index(from.DenominatorFrom)]
	}
	if from == ind {
		return
	}
	lender := list[r.defs.index(from.ID)]
	for t, figs := range s.figures {
		for i := range figs {
			f := &figs[i]
			if math.IsNaN(f.num) || !math.IsNaN(f.den) || lender == nil || lender.level != s.level {
				continue
			}
			elsewhere := ""
			for u, p := range lender.periods {
				j, ok := slices.BinarySearchFunc(lender.figures[u], f.code, func(g figure, code string) int { return strings.Compare(g.code, code) })
				if !ok || math.IsNaN(lender.figures[u][j].den) {
					continue
				}
				if p.Label == s.periods[t].Label || !p.End.IsZero() && p.Start.Equal(s.periods[t].Start) && p.End.Equal(s.periods[t].End) {
					f.den, elsewhere = lender.figures[u][j].den, ""
					break
				}
				elsewhere = p.Label
			}
			if elsewhere != "" {
				r.fault(f.obs, r.in.Observations[f.obs].Column.Entity, fmt.Errorf("%w: %s has the numerator of %q and, from %s, the denominator of %q", ErrPeriods,
					f.code, s.periods[t].Label, from.ID, elsewhere))
			}
		}
	}
}

// checkFigures holds numerators against denominators, now that all are there.
func (r *reading) checkFigures(s *series) {
	ind := &r.defs.Indicators[s.indicator]
	if ind.Kind == Band {
		return
	}
	empty := 0
	for t, figs := range s.figures {
		s.figures[t] = slices.DeleteFunc(figs, func(f figure) bool {
			at := &r.in.Observations[f.obs].Column
			switch {
			case !math.IsNaN(f.den) && f.den == 0 && f.num == 0 && ind.Kind != Money:
				empty++
				return true
			case f.den == 0 && !math.IsNaN(f.num):
				r.fault(f.obs, at.Denominator, fmt.Errorf("%w: %s has %v", ErrDenominator, f.code, f.num))
			case ind.Kind == Proportion && f.num > f.den:
				r.fault(f.obs, at.Numerator, fmt.Errorf("%w: %v of %v", ErrNumeratorAbove, f.num, f.den))
			case math.IsNaN(f.den) && math.IsNaN(f.value) && ind.Kind != Money && ind.Kind != Rate:
				r.fault(f.obs, at.Denominator, fmt.Errorf("%w: a %s needs a denominator", ErrDenominator, ind.Kind))
			case ind.Kind == Proportion && math.IsNaN(f.num) && (f.value < 0 || f.value > 1):
				r.fault(f.obs, at.Value, fmt.Errorf("%w: a proportion of %v", ErrNumeratorAbove, f.value))
			}
			return false
		})
	}
	if empty > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%d rows of %s are 0 of 0: not reported, not zero", empty, ind.ID))
	}
}
