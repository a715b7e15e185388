package merge

import (
	"math"
	"strings"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/footprint/merge"
	"stpmap/render/layer"
)

// table makes a table of fields, by name and type, and rows.
func table(name string, fields []layer.Field, rows [][]any) layer.Layer {
	l := layer.Layer{Name: name, Fields: fields}
	for _, values := range rows {
		l.Features = append(l.Features, layer.Feature{Values: values})
	}
	return l
}

// pairsTable is pairs.csv.
func (r *result) pairsTable() layer.Layer {
	fields := []layer.Field{
		{Name: "rank", Type: layer.Integer},
		{Name: "a", Type: layer.Text},
		{Name: "b", Type: layer.Text},
		{Name: "inside_gain", Type: layer.Real},
		{Name: "patients_gained", Type: layer.Real},
		{Name: "population", Type: layer.Real},
		{Name: "providers", Type: layer.Integer},
		{Name: "localisation_index", Type: layer.Real},
		{Name: "neighbours", Type: layer.Boolean},
		{Name: "feasible", Type: layer.Boolean},
		{Name: "reason", Type: layer.Text},
		{Name: "a_name", Type: layer.Text},
		{Name: "b_name", Type: layer.Text},
		{Name: "good_maps_share", Type: layer.Real},
	}
	if r.options.Nest != "" {
		fields = append(fields, layer.Field{Name: "nested", Type: layer.Boolean})
	}
	var rows [][]any
	for _, p := range r.pairs {
		row := []any{
			int64(p.Rank), r.p.Name(p.A), r.p.Name(p.B), p.Gain, p.Patients, layer.Known(p.People), int64(p.Providers), layer.Known(p.Localisation),
			p.Neighbours, p.Feasible(), layer.Nonempty(p.Reason), layer.Nonempty(r.today.Names[p.A]), layer.Nonempty(r.today.Names[p.B]), layer.Known(r.good.Share(p.A, p.B)),
		}
		if r.options.Nest != "" {
			row = append(row, p.Nested)
		}
		rows = append(rows, row)
	}
	return table("pairs", fields, rows)
}

// curveTable is curve.csv.
func (r *result) curveTable() layer.Layer {
	fields := []layer.Field{
		{Name: "footprints", Type: layer.Integer},
		{Name: "inside_share", Type: layer.Real},
		{Name: "min_localisation_index", Type: layer.Real},
		{Name: "optimal", Type: layer.Boolean},
		{Name: "bound", Type: layer.Real},
		{Name: "gap", Type: layer.Real},
		{Name: "change", Type: layer.Text},
		{Name: "one_at_a_time", Type: layer.Real},
		{Name: "not_nested", Type: layer.Integer},
		{Name: "reason", Type: layer.Text},
	}
	var rows [][]any
	for i, m := range r.curve {
		rows = append(rows, r.curveRow(i, m))
	}
	return table("curve", fields, rows)
}

// curveRow is one number of systems.
func (r *result) curveRow(i int, m merge.Map) []any {
	row := []any{int64(m.Footprints), layer.Known(m.Kept / r.p.Total), nil, m.Optimal, layer.Known(m.Bound / r.p.Total), layer.Known((m.Bound - m.Kept) / r.p.Total), nil, nil, nil, nil}
	if m.Groups == nil {
		row[9] = "none was found"
		if m.Infeasible {
			row[9] = "no map of so many systems meets the demands"
		}
	} else {
		row[2] = layer.Known(r.p.Weakest(m.Groups))
		row[6] = layer.Nonempty(r.change(i))
		if r.options.Nest != "" {
			row[8] = int64(r.p.Unnested(m.Groups))
		}
	}
	if step := r.p.Systems - m.Footprints; step > 0 && step <= len(r.tree) {
		row[7] = r.tree[step-1].Kept / r.p.Total
	}
	return row
}

// mergedTable is merged.csv.
func (r *result) mergedTable() layer.Layer {
	var rows [][]any
	for s, id := range r.ids {
		rows = append(rows, []any{r.p.Name(int32(s)), id, layer.Nonempty(r.today.Names[s])})
	}
	return table("merged", []layer.Field{{Name: "system", Type: layer.Text}, {Name: "footprint", Type: layer.Text}, {Name: "system_name", Type: layer.Text}}, rows)
}

// codes are the codes of systems, with spaces between.
func (r *result) codes(systems []int32) string {
	list := make([]string, len(systems))
	for i, s := range systems {
		list[i] = r.p.Name(s)
	}
	return strings.Join(list, " ")
}

// proposedTable is proposed.csv: a row a merger, and one for all of it.
func (r *result) proposedTable() layer.Layer {
	fields := []layer.Field{
		{Name: "footprint", Type: layer.Text},
		{Name: "systems", Type: layer.Text},
		{Name: "inside_gain", Type: layer.Real},
		{Name: "patients_gained", Type: layer.Real},
		{Name: "rank", Type: layer.Integer},
		{Name: "of", Type: layer.Integer},
		{Name: "best_systems", Type: layer.Text},
		{Name: "best_gain", Type: layer.Real},
		{Name: "population", Type: layer.Real},
		{Name: "providers", Type: layer.Integer},
		{Name: "localisation_index", Type: layer.Real},
		{Name: "reason", Type: layer.Text},
	}
	var rows [][]any
	for i, m := range r.proposal.mergers {
		rows = append(rows, []any{
			r.proposal.names[i], r.codes(m.Systems), m.Gain, m.Patients, int64(m.Rank), int64(m.Of), layer.Nonempty(r.codes(m.Best)), layer.Known(m.BestGain),
			layer.Known(m.People), int64(m.Providers), layer.Known(m.Localisation), layer.Nonempty(m.Reason),
		})
	}
	w := r.weighed()
	whole := []any{"all", nil, layer.Known(w.share - w.today), layer.Known(r.p.Kept(r.proposal.groups) - r.p.Kept(nil)), nil, nil, nil, layer.Known(w.best - w.today), nil, nil, layer.Known(r.p.Weakest(r.proposal.groups)), layer.Nonempty(strings.Join(r.proposal.broken, "; "))}
	if w.rank > 0 {
		whole[4] = int64(w.rank)
	}
	return table("proposed", fields, append(rows, whole))
}

// weighed is the whole of a proposal against the best map with as many systems.
type weighed struct {
	today, share, best float64 // patients treated inside; best is NaN where not known
	rank               int     // among all maps with as many systems; 0 where not counted
	optimal            bool
}

func (r *result) weighed() weighed {
	today := make([][]int32, r.p.Systems)
	for s := range today {
		today[s] = []int32{int32(s)}
	}
	w := weighed{today: r.p.Share(today), share: r.p.Share(r.proposal.groups), best: math.NaN()}
	if m, ok := r.best(len(r.proposal.groups)); ok {
		w.best, w.optimal = m.Kept/r.p.Total, m.Optimal
	}
	if g := r.proposal.good; g != nil && g.Counted {
		w.rank = 1 + g.More
	}
	return w
}

// mergeJSON is merge --json.
type mergeJSON struct {
	Systems       int           `json:"systems"`
	Footprints    int           `json:"footprints"`
	Before        *float64      `json:"inside_share_before"`
	Inside        *float64      `json:"inside_share"`
	Localisation  *float64      `json:"min_localisation_index"`
	Optimal       bool          `json:"optimal"`
	Bound         *float64      `json:"bound"`
	Seconds       float64       `json:"seconds"`
	Good          goodJSON      `json:"good_maps"`
	NotNested     *int          `json:"not_nested,omitempty"`
	Proposed      *proposedJSON `json:"proposed,omitempty"`
	Notes         []string      `json:"notes"`
	Patients      float64       `json:"patients"`
	TodayWeakest  *float64      `json:"min_localisation_index_before"`
	PairsWeighed  int           `json:"pairs"`
	FewestSystems int           `json:"fewest"`
}

// goodJSON are the maps that are nearly as good.
type goodJSON struct {
	Within  float64    `json:"within"`
	Maps    int        `json:"maps"`
	Counted bool       `json:"counted"`
	Always  [][]string `json:"in_all"`
}

// proposedJSON is the proposal as a whole.
type proposedJSON struct {
	Footprints int      `json:"footprints"`
	Inside     *float64 `json:"inside_share"`
	Best       *float64 `json:"best_inside_share"`
	Rank       *int     `json:"rank"`
	Optimal    bool     `json:"best_optimal"`
	Breaches   []string `json:"breaches"`
}

// json is the answer as an object.
func (r *result) json() mergeJSON {
	m, today := r.chosen(), make([][]int32, r.p.Systems)
	for s := range today {
		today[s] = []int32{int32(s)}
	}
	j := mergeJSON{
		Systems: r.p.Systems, Footprints: m.Footprints, Before: stage.Nullable(r.p.Share(today)), Inside: stage.Nullable(m.Kept / r.p.Total),
		Localisation: stage.Nullable(r.p.Weakest(m.Groups)), Optimal: m.Optimal, Bound: stage.Nullable(m.Bound / r.p.Total), Seconds: r.seconds,
		Good:  goodJSON{Within: near, Maps: r.good.Maps, Counted: r.good.Counted, Always: [][]string{}},
		Notes: append([]string{}, r.notes...), Patients: r.p.Total, TodayWeakest: stage.Nullable(r.p.Weakest(today)), PairsWeighed: len(r.pairs), FewestSystems: r.fewest(),
	}
	for _, pair := range r.good.Always() {
		j.Good.Always = append(j.Good.Always, []string{r.p.Name(pair[0]), r.p.Name(pair[1])})
	}
	if r.options.Nest != "" {
		n := r.p.Unnested(m.Groups)
		j.NotNested = &n
	}
	if r.proposal != nil {
		w := r.weighed()
		j.Proposed = &proposedJSON{Footprints: len(r.proposal.groups), Inside: stage.Nullable(w.share), Best: stage.Nullable(w.best), Optimal: w.optimal, Breaches: append([]string{}, r.proposal.broken...)}
		if w.rank > 0 {
			j.Proposed.Rank = &w.rank
		}
	}
	return j
}
