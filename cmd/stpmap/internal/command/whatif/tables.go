package whatif

import (
	"math"
	"slices"
	"strconv"

	"stpmap/flow"
	"stpmap/footprint/score"
	"stpmap/footprint/whatif"
	"stpmap/render/layer"
)

// providerRow is a row of providers.csv.
type providerRow struct {
	code          string
	before, after flow.Count
	models        []float64 // by model of the work; NaN where it says nothing
	interval      whatif.Interval
	price         float64
	own           []int // places in the results' codes
}

// providerRows are the providers before and after, mergers made, by code.
func (w *work) providerRows(a *answer) []providerRow {
	u := a.used
	final := u.FinalCodes()
	all := slices.Concat(u.Codes, final)
	slices.Sort(all)
	var rows []providerRow
	for _, code := range slices.Compact(all) {
		r := providerRow{code: code, models: make([]float64, len(w.models)), price: math.NaN(), interval: whatif.Interval{Low: math.NaN(), High: math.NaN()}}
		for k := range r.models {
			r.models[k] = math.NaN()
		}
		for j := range u.Codes {
			if u.Codes[j] == code {
				r.before = r.before.Plus(u.Before[j])
				if u.Prices != nil {
					r.price = u.Prices[j]
				}
			}
			if final[j] == code {
				r.own = append(r.own, j)
				r.after = r.after.Plus(u.Loads[j])
			}
		}
		w.addModels(a, &r)
		rows = append(rows, r)
	}
	return rows
}

// addModels adds what each model says of a provider, and the interval.
func (w *work) addModels(a *answer, r *providerRow) {
	for _, res := range a.results {
		k := slices.IndexFunc(w.models, func(m whatif.Model) bool { return m.Name == res.Model.Name })
		r.models[k] = 0
		for _, j := range r.own {
			r.models[k] += res.Loads[j].Published
		}
	}
	if a.interval == nil {
		return
	}
	low, high := 0.0, 0.0
	for _, j := range r.own {
		low += a.interval[j].Low
		high += a.interval[j].High
	}
	r.interval = whatif.Interval{Low: min(low, r.after.Published), High: max(high, r.after.Published)}
}

// spread is the least and the most that the models say.
func (r *providerRow) spread() (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, x := range r.models {
		if !math.IsNaN(x) && !(x >= low) {
			low = x
		}
		if !math.IsNaN(x) && !(x <= high) {
			high = x
		}
	}
	return low, high
}

// providersTable is providers.csv.
func (w *work) providersTable(a *answer) layer.Layer {
	columns := []layer.Column[providerRow]{
		layer.Col("provider", layer.Text, func(r providerRow) any { return r.code }),
		layer.Col("name", layer.Text, func(r providerRow) any { return layer.Nonempty(w.providerName(r.code)) }),
		layer.Col("before", layer.Real, func(r providerRow) any { return r.before.Published }),
		layer.Col("after", layer.Real, func(r providerRow) any { return r.after.Published }),
	}
	for k, m := range w.models {
		columns = append(columns, layer.Col("after_"+m.Name, layer.Real, func(r providerRow) any { return layer.Known(r.models[k]) }))
	}
	columns = append(columns, []layer.Column[providerRow]{
		layer.Col("low", layer.Real, func(r providerRow) any { return layer.Known(r.interval.Low) }),
		layer.Col("high", layer.Real, func(r providerRow) any { return layer.Known(r.interval.High) }),
		layer.Col("models_low", layer.Real, func(r providerRow) any { low, _ := r.spread(); return layer.Known(low) }),
		layer.Col("models_high", layer.Real, func(r providerRow) any { _, high := r.spread(); return layer.Known(high) }),
		layer.Col("before_lower", layer.Real, func(r providerRow) any { return r.before.Lower }),
		layer.Col("before_upper", layer.Real, func(r providerRow) any { return r.before.Upper }),
		layer.Col("after_lower", layer.Real, func(r providerRow) any { return r.after.Lower }),
		layer.Col("after_upper", layer.Real, func(r providerRow) any { return r.after.Upper }),
		layer.Col("capacity", layer.Real, func(r providerRow) any {
			if n, ok := a.plan.capacity[r.code]; ok {
				return n
			}
			return nil
		}),
		layer.Col("shadow_price", layer.Real, func(r providerRow) any { return w.shadowPrice(a, r.price) }),
	}...)
	return layer.Table("providers", columns, w.providerRows(a))
}

// shadowPrice is how much farther a full provider seems to lie, in km or minutes.
func (w *work) shadowPrice(a *answer, factor float64) any {
	f := a.used.Model.Fit
	if f == nil || f.Spread > 0 || f.Options.Power || math.IsNaN(factor) {
		return nil
	}
	return layer.Known(a.used.PriceOf(factor))
}

// areaRow is a row of areas.csv.
type areaRow struct {
	area  int
	shift *shift
}

// areaRows are the areas, with those that should belong elsewhere.
func (w *work) areaRows(a *answer) []areaRow {
	rows := make([]areaRow, len(w.in.Matrix.Areas()))
	for i := range rows {
		rows[i].area = i
	}
	for i := range a.moved {
		rows[a.moved[i].area].shift = &a.moved[i]
	}
	return rows
}

// inside is the share of an area's patients treated in its footprint.
func (s *side) inside(code string) float64 {
	if s == nil {
		return math.NaN()
	}
	a, ok := s.matrix.AreaIndex(code)
	if !ok || s.partition.Areas[a] < 0 {
		return math.NaN()
	}
	providers := s.partition.Providers
	if s.matrix.OneMode() {
		providers = s.partition.Areas
	}
	sum := 0.0
	to, count := s.matrix.Row(a)
	for i, j := range to {
		if providers[j] == s.partition.Areas[a] {
			sum += count[i]
		}
	}
	return sum / s.matrix.RowTotal(a)
}

// areasTable is areas.csv.
func (w *work) areasTable(a *answer) layer.Layer {
	code := func(r areaRow) string { return w.in.Matrix.Areas()[r.area] }
	at := func(list []float64, r areaRow) any {
		if list == nil {
			return nil
		}
		return layer.Known(list[r.area])
	}
	columns := []layer.Column[areaRow]{
		layer.Col("area", layer.Text, func(r areaRow) any { return code(r) }),
		layer.Col("name", layer.Text, func(r areaRow) any { return layer.Nonempty(w.areaName(r.area)) }),
		layer.Col("before_distance", layer.Real, func(r areaRow) any { return layer.Known(a.travel[r.area].Before) }),
		layer.Col("after_distance", layer.Real, func(r areaRow) any { return layer.Known(a.travel[r.area].After) }),
		layer.Col("moved_patients", layer.Real, func(r areaRow) any { return a.travel[r.area].Moved.Published }),
		layer.Col("before_inside", layer.Real, func(r areaRow) any { return layer.Known(a.before.inside(code(r))) }),
		layer.Col("after_inside", layer.Real, func(r areaRow) any { return layer.Known(a.after.inside(code(r))) }),
		layer.Col("patients", layer.Real, func(r areaRow) any { return a.travel[r.area].Patients.Published }),
		layer.Col("moved_lower", layer.Real, func(r areaRow) any { return a.travel[r.area].Moved.Lower }),
		layer.Col("moved_upper", layer.Real, func(r areaRow) any { return a.travel[r.area].Moved.Upper }),
	}
	for k, limit := range whatif.Thresholds {
		name := "_within_" + strconv.FormatFloat(limit, 'f', -1, 64)
		columns = append(columns,
			layer.Col("before"+name, layer.Real, func(r areaRow) any { return layer.Known(w.within(a.travel[r.area].WithinBefore[k])) }),
			layer.Col("after"+name, layer.Real, func(r areaRow) any { return layer.Known(w.within(a.travel[r.area].WithinAfter[k])) }))
	}
	columns = append(columns, []layer.Column[areaRow]{
		layer.Col("welfare_loss", layer.Real, func(r areaRow) any { return layer.Known(a.travel[r.area].Welfare) }),
		layer.Col("before_access", layer.Real, func(r areaRow) any { return at(a.access.before, r) }),
		layer.Col("after_access", layer.Real, func(r areaRow) any { return at(a.access.after, r) }),
		layer.Col("before_access_enhanced", layer.Real, func(r areaRow) any { return at(a.access.enhancedBefore, r) }),
		layer.Col("after_access_enhanced", layer.Real, func(r areaRow) any { return at(a.access.enhancedAfter, r) }),
		layer.Col("footprint", layer.Text, func(r areaRow) any {
			if a.before == nil || a.before.partition.Areas[r.area] < 0 {
				return nil
			}
			return a.before.partition.IDs[a.before.partition.Areas[r.area]]
		}),
		layer.Col("belongs_elsewhere", layer.Boolean, func(r areaRow) any {
			if a.before == nil {
				return nil
			}
			return r.shift != nil
		}),
		layer.Col("next_footprint", layer.Text, func(r areaRow) any {
			if r.shift == nil {
				return nil
			}
			return layer.Nonempty(r.shift.to)
		}),
	}...)
	return layer.Table("areas", columns, w.areaRows(a))
}

// within is a share of patients within a limit; unknown without distances.
func (w *work) within(share float64) float64 {
	if w.unit == "" {
		return math.NaN()
	}
	return share
}

// footprintsTable is footprints.csv; ok is false without --partition.
func (w *work) footprintsTable(a *answer) (l layer.Layer, ok bool) {
	if a.before == nil {
		return l, false
	}
	ids := a.before.partition.IDs
	rows := make([]int, len(ids))
	for i := range rows {
		rows[i] = i
	}
	after := func(f int) int { return slices.Index(a.after.partition.IDs, ids[f]) }
	columns := []layer.Column[int]{
		layer.Col("footprint", layer.Text, func(f int) any { return ids[f] }),
		layer.Col("name", layer.Text, func(f int) any { return layer.Nonempty(w.in.Given[0].Names[f]) }),
	}
	for _, c := range []struct {
		name string
		of   func(s *side, f int) float64
	}{
		{"inside_share", func(s *side, f int) float64 { return s.measures.ByFootprint[f].LocalisationIndex }},
		{"patients", func(s *side, f int) float64 { return s.measures.ByFootprint[f].Treated.Published }},
		{"market_share_index", func(s *side, f int) float64 { return s.measures.ByFootprint[f].MarketShareIndex }},
		{"providers", func(s *side, f int) float64 { return float64(s.measures.ByFootprint[f].Providers) }},
		{"score", func(s *side, f int) float64 { return s.scored(f).Score }},
		{"rating", func(s *side, f int) float64 { return rating(s.scored(f)) }},
	} {
		columns = append(columns,
			layer.Col("before_"+c.name, layer.Real, func(f int) any { return layer.Known(c.of(a.before, f)) }),
			layer.Col("after_"+c.name, layer.Real, func(f int) any {
				if k := after(f); k >= 0 {
					return layer.Known(c.of(a.after, k))
				}
				return nil
			}))
	}
	columns = append(columns, layer.Col("areas_elsewhere", layer.Integer, func(f int) any {
		n := int64(0)
		for _, m := range a.moved {
			if m.from == ids[f] {
				n++
			}
		}
		return n
	}))
	return layer.Table("footprints", columns, rows), true
}

// scored is the score of a footprint; all unknown without one.
func (s *side) scored(f int) score.FootprintRow {
	if s.scores != nil {
		for _, row := range s.scores.Footprints {
			if row.Footprint == s.partition.IDs[f] {
				return row
			}
		}
	}
	return score.FootprintRow{Score: math.NaN()}
}

func rating(r score.FootprintRow) float64 {
	if r.Rating == 0 {
		return math.NaN()
	}
	return float64(r.Rating)
}

// diversionTable is diversion.csv: the share of those who leave one provider that
// another gets, by model.
func (w *work) diversionTable(a *answer) layer.Layer {
	type pair struct{ from, to int32 }
	share := map[pair][]float64{}
	var pairs []pair
	for _, res := range a.results {
		k := slices.IndexFunc(w.models, func(m whatif.Model) bool { return m.Name == res.Model.Name })
		for _, d := range res.Diversion {
			p := pair{d.From, d.To}
			if share[p] == nil {
				share[p] = make([]float64, len(w.models))
				pairs = append(pairs, p)
			}
			share[p][k] = d.Share
		}
	}
	slices.SortFunc(pairs, func(x, y pair) int {
		if x.from != y.from {
			return int(x.from - y.from)
		}
		return int(x.to - y.to)
	})
	columns := []layer.Column[pair]{
		layer.Col("from", layer.Text, func(p pair) any { return a.used.Codes[p.from] }),
		layer.Col("to", layer.Text, func(p pair) any { return a.used.Codes[p.to] }),
	}
	for k, m := range w.models {
		columns = append(columns, layer.Col(m.Name, layer.Real, func(p pair) any {
			if !slices.ContainsFunc(a.results, func(r *whatif.Result) bool { return r.Model.Name == m.Name }) {
				return nil
			}
			return share[p][k]
		}))
	}
	return layer.Table("diversion", columns, pairs)
}

// mergersTable is mergers.csv.
func mergersTable(list []whatif.Merger) layer.Layer {
	return layer.Table("mergers", []layer.Column[whatif.Merger]{
		layer.Col("a", layer.Text, func(m whatif.Merger) any { return m.A }),
		layer.Col("b", layer.Text, func(m whatif.Merger) any { return m.B }),
		layer.Col("new", layer.Text, func(m whatif.Merger) any { return m.New }),
		layer.Col("hhi_before", layer.Real, func(m whatif.Merger) any { return layer.Known(m.HHIBefore) }),
		layer.Col("hhi_after", layer.Real, func(m whatif.Merger) any { return layer.Known(m.HHIAfter) }),
		layer.Col("willingness_to_pay_apart", layer.Real, func(m whatif.Merger) any { return layer.Known(m.Apart) }),
		layer.Col("willingness_to_pay_together", layer.Real, func(m whatif.Merger) any { return layer.Known(m.Together) }),
		layer.Col("willingness_to_pay_rise", layer.Real, func(m whatif.Merger) any { return layer.Known(m.Rise()) }),
		layer.Col("captive_patients", layer.Real, func(m whatif.Merger) any { return layer.Known(m.Captive) }),
	}, list)
}

// backtestTable is backtest.csv.
func backtestTable(rows []whatif.BacktestRow) layer.Layer {
	return layer.Table("backtest", []layer.Column[whatif.BacktestRow]{
		layer.Col("test", layer.Text, func(r whatif.BacktestRow) any { return r.Test }),
		layer.Col("model", layer.Text, func(r whatif.BacktestRow) any { return r.Model }),
		layer.Col("error", layer.Real, func(r whatif.BacktestRow) any { return layer.Known(r.Error) }),
		layer.Col("bias", layer.Real, func(r whatif.BacktestRow) any { return layer.Known(r.Bias) }),
		layer.Col("pairs", layer.Integer, func(r whatif.BacktestRow) any { return int64(r.Pairs) }),
		layer.Col("patients", layer.Real, func(r whatif.BacktestRow) any { return layer.Known(r.Patients) }),
	}, rows)
}
