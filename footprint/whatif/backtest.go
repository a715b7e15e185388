package whatif

import (
	"context"
	"math"
	"math/rand/v2"

	"stpmap/flow"
)

// BacktestRow is how far one model was from the truth in one test.
type BacktestRow struct {
	Test  string // "pairs", "new providers" or "after"
	Model string
	// Error is the share of patients that the model puts wrongly: Σ|T − T̂| over ΣT,
	// halved where both have the same total. NaN where the model says nothing.
	Error float64
	// Bias is Σ(T̂ − T)/ΣT.
	Bias     float64
	Pairs    int
	Patients float64
}

// BacktestOptions say how to test.
type BacktestOptions struct {
	Gravity GravityOptions
	Models  []string
	Seed    uint64
}

// Tests of a back-test.
const (
	TestPairs = "pairs"
	TestNew   = "new providers"
	TestAfter = "after"
)

// Backtest holds the models against what they were not shown. In the first test
// a tenth of the pairs of area and provider, drawn at random, is taken away, and
// each model says how many patients they had. In the second every provider in
// turn is taken for one that is new.
func Backtest(ctx context.Context, d *Data, o BacktestOptions) ([]BacktestRow, error) {
	rows, err := d.testPairs(o)
	if err != nil {
		return nil, err
	}
	more, err := d.testNew(ctx, o)
	return append(rows, more...), err
}

// tally adds up how far predictions are from the truth.
type tally struct {
	off, bias, patients float64
	pairs               int
}

func (t *tally) add(truth, said float64) {
	t.off += math.Abs(truth - said)
	t.bias += said - truth
	t.patients += truth
	if truth > 0 {
		t.pairs++
	}
}

func (t *tally) row(test, model string) BacktestRow {
	return BacktestRow{Test: test, Model: model, Error: t.off / t.patients, Bias: t.bias / t.patients, Pairs: t.pairs, Patients: t.patients}
}

// testPairs takes a tenth of the pairs away.
func (d *Data) testPairs(o BacktestOptions) ([]BacktestRow, error) {
	rng := rand.New(rand.NewPCG(o.Seed, 7))
	hidden := map[[2]int32]bool{}
	shown := d.flows.keep(func(a int, j int32) bool {
		out := rng.IntN(10) == 0
		if out {
			hidden[[2]int32{int32(a), j}] = true
		}
		return !out
	})
	part := &Data{Matrix: d.Matrix, Costs: d.Costs, flows: shown}
	if d.Costs.Of != nil {
		part.Costs = d.Costs.without(hidden)
		part.reached = shown.reachable(part.Costs)
	}
	part.Pools = newPools(shown, nil)
	models, _, err := part.Models(o.Models, o.Gravity)
	if err != nil {
		return nil, err
	}
	part.Costs = d.Costs
	w := newWorld(part, &Scenario{})
	var rows []BacktestRow
	for _, m := range models {
		rows = append(rows, w.judgePairs(d, &m, hidden))
	}
	return rows, nil
}

// without are the costs without those of some pairs.
func (c Costs) without(pairs map[[2]int32]bool) Costs {
	of := append([]float64(nil), c.Of...)
	for p := range pairs {
		of[int(p[0])*c.Providers+int(p[1])] = math.NaN()
	}
	return Costs{c.Providers, of}
}

// judgePairs holds a model against the pairs that it was not shown.
func (w *world) judgePairs(d *Data, m *Model, hidden map[[2]int32]bool) BacktestRow {
	n := len(w.codes)
	cost, share := make([]float64, n), make([]float64, n)
	var t tally
	for a := range d.flows.areas() {
		to, count := d.flows.row(a)
		chosen := false
		for i, j := range to {
			if !hidden[[2]int32{int32(a), j}] {
				continue
			}
			if !chosen {
				if m.Name == SharesModel {
					w.Pools.alikeShares(a, w.shutBefore, share)
				} else if !m.choose(w, a, false, cost, share) {
					w.Pools.shares(a, w.shutBefore, share)
				}
				chosen = true
			}
			t.add(count[i], d.flows.total[a]*share[j])
		}
	}
	return t.row(TestPairs, m.Name)
}

// alikeShares are the shares of the ten areas that are most alike, the area itself
// left out: what shares know of a pair that they were not shown.
func (p *Pools) alikeShares(a int, shut []bool, out []float64) {
	clear(out)
	group := p.resembling(a)
	to, count, _ := p.flows.sum(group[:min(10, len(group))])
	if !spread(to, count, shut, out) {
		p.shares(a, shut, out)
	}
}

// testNew takes each provider in turn for one that is new.
func (d *Data) testNew(ctx context.Context, o BacktestOptions) ([]BacktestRow, error) {
	if d.Costs.Of == nil {
		return nil, nil
	}
	models, _, err := d.Models(o.Models, o.Gravity)
	if err != nil {
		return nil, err
	}
	tallies := make([]tally, len(models))
	for j := range d.Matrix.Providers() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		for k := range models {
			if models[k].Name != SharesModel {
				d.judgeNew(&models[k], j, &tallies[k])
			}
		}
	}
	var rows []BacktestRow
	for k, m := range models {
		rows = append(rows, tallies[k].row(TestNew, m.Name))
	}
	return rows, nil
}

// judgeNew says how many patients a provider would have if it were new: its
// attraction is that of its size, by the regression over the others, and the
// model of gravity is fitted without it.
func (d *Data) judgeNew(m *Model, j int, t *tally) {
	model := *m
	if f := m.Fit; f != nil {
		other := *f
		if f.Spread == 0 {
			shown := d.reached.keep(func(_ int, k int32) bool { return int(k) != j })
			if again, err := fitGravity(shown, d.Costs, f.Options, f); err == nil {
				other = *again
			}
		}
		other.Alpha = append([]float64(nil), other.Alpha...)
		other.Alpha[j] = math.Inf(-1)
		other.LogSizes = f.LogSizes
		other.Alpha[j] = other.AlphaOfSize(d.Matrix.ColumnTotal(j))
		model.Fit = &other
	}
	w := newWorld(d, &Scenario{})
	n := len(w.codes)
	cost, share := make([]float64, n), make([]float64, n)
	for a := range d.flows.areas() {
		truth := d.Matrix.At(a, j).Value
		if !model.choose(w, a, false, cost, share) {
			continue
		}
		if said := d.flows.total[a] * share[j]; truth > 0 || said > 0 {
			t.add(truth, said)
		}
	}
}

// HeldAgainst holds results against what happened: the flows of another year, in
// which each area's patients are brought to today's number. Pairs of areas and
// providers that only one of the two knows count too.
func HeldAgainst(results []*Result, after *flow.Matrix) ([]BacktestRow, error) {
	var rows []BacktestRow
	for _, r := range results {
		said, err := r.After()
		if err != nil {
			return nil, err
		}
		rows = append(rows, compareFlows(said, after, r.Model.Name))
	}
	if len(results) > 0 {
		rows = append(rows, compareFlows(results[0].world.Matrix, after, "no change"))
	}
	return rows, nil
}

// compareFlows holds flows against those of another year.
func compareFlows(said, after *flow.Matrix, name string) BacktestRow {
	var t tally
	for a, area := range said.Areas() {
		b, ok := after.AreaIndex(area)
		if !ok || !(after.RowTotal(b) > 0) {
			continue
		}
		scale := said.RowTotal(a) / after.RowTotal(b)
		to, count := said.Row(a)
		for i, j := range to {
			truth := 0.0
			if k, ok := after.ProviderIndex(said.Providers()[j]); ok {
				truth = after.At(b, k).Value
			}
			t.add(truth*scale, count[i])
		}
		to, count = after.Row(b)
		for i, k := range to {
			j, ok := said.ProviderIndex(after.Providers()[k])
			if !ok || said.At(a, j).Value == 0 {
				t.add(count[i]*scale, 0)
			}
		}
	}
	row := t.row(TestAfter, name)
	row.Error /= 2 // both have the same total: each patient who is elsewhere counts twice
	return row
}
