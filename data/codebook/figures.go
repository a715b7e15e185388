package codebook

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
)

// Merging says what bringing figures to the organisations that took over came
// to: every figure that was not kept as it was is in it.
type Merging struct {
	Moves []FigureMove // by old code
	Parts []PartOf     // figures of a part of an organisation, by code, indicator and period
	Lost  []data.Observation
	Sums  []FigureSum // by indicator
}

// FigureSum is what the figures of an indicator add up to, before and after.
type FigureSum struct {
	Indicator                          string
	NumeratorBefore, DenominatorBefore float64
	NumeratorAfter, DenominatorAfter   float64
}

// FigureMove is what became of the figures of one code.
type FigureMove struct {
	Old     string
	New     []Part
	Rule    string // of a code with several successors; empty for one
	Figures int
}

// String says what became of a code: "RDZ to R0D".
func (m FigureMove) String() string { return Move{Old: m.Old, New: m.New, Rule: m.Rule}.String() }

// PartOf is a figure that is of a part of an organisation only: of some of
// those that it took over from.
type PartOf struct {
	Entity, Indicator, Period string
	Share                     float64  // of its patients whose figures are in, in (0, 1)
	Missing                   []string // codes without a figure
}

// contribution is what an older code gives to a figure.
type contribution struct {
	old   string
	share float64
	obs   data.Observation
}

// Observations brings the figures of organisations to those that had taken over
// by a day: numerators and denominators are added up, never values. A value
// without them stays where it comes from one organisation alone, and is lost
// where it would have to be pooled. Codes for which stays is true are left as
// they are; stays may be nil.
//
// volume gives the patients of every code as it was before, from which Share is
// worked out: the part of an organisation's patients that its figure is of. nil
// leaves the figures without.
func (s *Successors) Observations(list []data.Observation, day string, stays func(code string) bool, volume map[string]float64) ([]data.Observation, Merging, error) {
	var out Merging
	parts, err := s.partsOf(list, day, stays, &out)
	if err != nil {
		return nil, out, err
	}
	type key struct{ entity, indicator, period string }
	groups := map[key][]contribution{}
	var order []key
	for _, o := range list {
		for _, p := range parts[o.Entity] {
			k := key{p.Code, o.Indicator, o.Period}
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], contribution{o.Entity, p.Share, o})
		}
	}
	before, err := s.before(volume, day, stays)
	if err != nil {
		return nil, out, err
	}
	result := make([]data.Observation, 0, len(order))
	for _, k := range order {
		one, lost, ok := pool(groups[k])
		out.Lost = append(out.Lost, lost...)
		if !ok {
			continue
		}
		one.Entity = k.entity
		if share, missing := partShare(groups[k], before[k.entity], volume); len(missing) > 0 && share > 0 {
			one.Share = share
			out.Parts = append(out.Parts, PartOf{k.entity, k.indicator, k.period, share, missing})
		}
		result = append(result, one)
	}
	out.Sums = figureSums(list, result)
	slices.SortFunc(out.Parts, func(a, b PartOf) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Indicator, b.Indicator), strings.Compare(a.Period, b.Period))
	})
	return result, out, nil
}

// figureSums adds up the figures of every indicator that has numerators.
func figureSums(before, after []data.Observation) []FigureSum {
	by := map[string]*FigureSum{}
	add := func(list []data.Observation, to func(s *FigureSum) (num, den *float64)) {
		for _, o := range list {
			if math.IsNaN(o.Numerator) || math.IsNaN(o.Denominator) {
				continue
			}
			if by[o.Indicator] == nil {
				by[o.Indicator] = &FigureSum{Indicator: o.Indicator}
			}
			num, den := to(by[o.Indicator])
			*num += o.Numerator
			*den += o.Denominator
		}
	}
	add(before, func(s *FigureSum) (num, den *float64) { return &s.NumeratorBefore, &s.DenominatorBefore })
	add(after, func(s *FigureSum) (num, den *float64) { return &s.NumeratorAfter, &s.DenominatorAfter })
	out := make([]FigureSum, 0, len(by))
	for _, s := range by {
		s.NumeratorBefore, s.DenominatorBefore = tidy(s.NumeratorBefore), tidy(s.DenominatorBefore)
		s.NumeratorAfter, s.DenominatorAfter = tidy(s.NumeratorAfter), tidy(s.DenominatorAfter)
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b FigureSum) int { return strings.Compare(a.Indicator, b.Indicator) })
	return out
}

// partsOf says what became of every entity, and counts the moves.
func (s *Successors) partsOf(list []data.Observation, day string, stays func(string) bool, out *Merging) (map[string][]Part, error) {
	parts := map[string][]Part{}
	at := map[string]int{}
	var faults []error
	for _, o := range list {
		if _, known := parts[o.Entity]; !known {
			p := []Part{{o.Entity, 1}}
			if stays == nil || !stays(o.Entity) {
				var err error
				if p, err = s.At(o.Entity, day); err != nil {
					faults = append(faults, err)
				}
			}
			parts[o.Entity] = p
			if len(p) > 1 || len(p) == 1 && p[0].Code != o.Entity {
				m := FigureMove{Old: o.Entity, New: p}
				if len(p) > 1 {
					m.Rule = "equal"
				} else if len(s.next[o.Entity]) > 1 {
					m.Rule = cmp.Or(s.Rules[o.Entity], s.Rules["*"])
				}
				at[o.Entity] = len(out.Moves)
				out.Moves = append(out.Moves, m)
			}
		}
		if i, ok := at[o.Entity]; ok {
			out.Moves[i].Figures++
		}
	}
	slices.SortFunc(out.Moves, func(a, b FigureMove) int { return strings.Compare(a.Old, b.Old) })
	return parts, errors.Join(faults...)
}

// before gives, for every code, those with patients that it took over from,
// itself too; sorted.
func (s *Successors) before(volume map[string]float64, day string, stays func(string) bool) (map[string][]string, error) {
	olds := map[string][]string{}
	for code := range volume {
		if stays != nil && stays(code) {
			olds[code] = append(olds[code], code)
			continue
		}
		parts, err := s.At(code, day)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			olds[p.Code] = append(olds[p.Code], code)
		}
	}
	for _, list := range olds {
		slices.Sort(list)
	}
	return olds, nil
}

// partShare is the share of patients whose code has a figure, and the codes
// that have none. The organisation's own figure stands for all of it.
func partShare(have []contribution, olds []string, volume map[string]float64) (share float64, missing []string) {
	with, all := 0.0, 0.0
	for _, old := range olds {
		n := volume[old]
		all += n
		if slices.ContainsFunc(have, func(c contribution) bool { return c.old == old }) {
			with += n
		} else if n > 0 {
			missing = append(missing, old)
		}
	}
	if all <= 0 {
		return 1, nil
	}
	return with / all, missing
}

// pool makes one figure of those of several codes. ok is false where nothing is
// left; lost are the figures that could not be pooled.
func pool(list []contribution) (one data.Observation, lost []data.Observation, ok bool) {
	one = list[0].obs
	if len(list) == 1 && list[0].share == 1 {
		return one, nil, true
	}
	counts := slices.DeleteFunc(slices.Clone(list), func(c contribution) bool { return math.IsNaN(c.obs.Numerator) })
	if len(counts) == 0 {
		if len(list) == 1 {
			return one, nil, true // a rate is that of its parts
		}
		return one, allOf(list), false
	}
	whole := !slices.ContainsFunc(counts, func(c contribution) bool { return math.IsNaN(c.obs.Denominator) })
	if !whole && slices.ContainsFunc(counts, func(c contribution) bool { return !math.IsNaN(c.obs.Denominator) }) {
		counts = slices.DeleteFunc(counts, func(c contribution) bool { return math.IsNaN(c.obs.Denominator) })
		whole = true
	}
	for _, c := range list {
		if !slices.ContainsFunc(counts, func(k contribution) bool { return k.old == c.old }) {
			lost = append(lost, c.obs)
		}
	}
	one = counts[0].obs
	one.Numerator, one.Denominator = 0, 0
	one.Value, one.Lower, one.Upper, one.Label = math.NaN(), math.NaN(), math.NaN(), ""
	for _, c := range counts {
		one.Numerator += float64(c.obs.Numerator * c.share)
		one.Denominator += float64(c.obs.Denominator * c.share)
	}
	one.Numerator, one.Denominator = tidy(one.Numerator), tidy(one.Denominator)
	if !whole {
		one.Denominator = math.NaN()
	}
	return one, lost, true
}

func allOf(list []contribution) []data.Observation {
	out := make([]data.Observation, len(list))
	for i, c := range list {
		out[i] = c.obs
	}
	return out
}

// tidy takes the error of adding up decimals off a sum.
func tidy(x float64) float64 {
	if r := math.Round(x*1e6) / 1e6; math.Abs(r-x) < 1e-9*max(1, math.Abs(x)) {
		return r
	}
	return x
}

// Figures is Observations for figures of an import, whose entities all move.
func (s *Successors) Figures(list []data.Figure, day string) ([]data.Figure, Merging, error) {
	rows := make([]data.Observation, len(list))
	for i, f := range list {
		rows[i] = f.Observation()
	}
	merged, rep, err := s.Observations(rows, day, nil, nil)
	if err != nil {
		return nil, rep, err
	}
	number := func(x float64) data.Number {
		if math.IsNaN(x) {
			return data.Number{}
		}
		return data.Known(x)
	}
	out := make([]data.Figure, len(merged))
	for i, o := range merged {
		out[i] = data.Figure{
			Entity: o.Entity, Indicator: o.Indicator, Period: o.Period, Numerator: number(o.Numerator), Denominator: number(o.Denominator),
			Value: number(o.Value), Lower: number(o.Lower), Upper: number(o.Upper),
		}
	}
	slices.SortFunc(out, func(a, b data.Figure) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Indicator, b.Indicator), strings.Compare(a.Period, b.Period))
	})
	return out, rep, nil
}

// Sentences say what a merging did, one a line.
func (m *Merging) Sentences() []string {
	var out []string
	for _, v := range m.Moves {
		what := "figures"
		if v.Figures == 1 {
			what = "figure"
		}
		out = append(out, fmt.Sprintf("%s: %d %s", v, v.Figures, what))
	}
	for _, v := range m.Sums {
		out = append(out, fmt.Sprintf("%s: %s of %s before, %s of %s after", v.Indicator, table.FormatNumber(v.NumeratorBefore), table.FormatNumber(v.DenominatorBefore), table.FormatNumber(v.NumeratorAfter), table.FormatNumber(v.DenominatorAfter)))
	}
	for i, p := range m.Parts {
		if i == 5 {
			out = append(out, fmt.Sprintf("and %d more figures of a part of an organisation", len(m.Parts)-i))
			break
		}
		out = append(out, fmt.Sprintf("%s, %s: judged on %.1f%% of its patients; no figure of %s", p.Entity, strings.TrimSpace(p.Indicator+" "+p.Period), 100*p.Share, strings.Join(p.Missing, ", ")))
	}
	if n := len(m.Lost); n > 0 {
		o := m.Lost[0]
		out = append(out, fmt.Sprintf("%d figures lost: values without numerator and denominator cannot be pooled, such as %s of %s", n, o.Indicator, o.Entity))
	}
	return out
}
