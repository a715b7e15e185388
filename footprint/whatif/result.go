package whatif

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/flow/portable"
)

// Result is what one model says of a scenario. Slices by provider follow Codes.
type Result struct {
	Model *Model
	Codes []string // providers of the matrix, and then those that open
	Moves []Move   // by area, then from, then to; each pair once
	// Before and Loads are the patients of each provider before and after; mergers
	// are not yet in them.
	Before, Loads []flow.Count
	Diversion     []Diversion
	// Prices are the factors, at most 1, by which full providers are chosen less;
	// nil without limits. Welfare is what −ln of them costs.
	Prices   []float64
	Fallback int // areas without a cost, for which shares stood in
	Moved    flow.Count

	world   *world
	leaving []leaving
}

// Diversion is the share of those who leave a provider that another one gets: the
// model's own, before patients are made whole.
type Diversion struct {
	From, To int32
	Share    float64 // above 0; those of one From add up to 1
}

// Run applies a scenario under a model. The error is a *CapacityError where the
// patients do not fit.
func Run(d *Data, s *Scenario, m *Model) (*Result, error) {
	if err := s.check(d); err != nil {
		return nil, err
	}
	w := newWorld(d, s)
	limit := w.limits()
	out := &outcome{}
	w.leave(m, out, w.overfull(limit))
	if err := w.fit(out, limit); err != nil {
		return nil, err
	}
	out.settle()
	if err := w.repair(out, limit); err != nil {
		return nil, err
	}
	r := &Result{Model: m, Codes: w.codes, Moves: joinMoves(out.moves), Prices: out.prices, Fallback: out.fallback, world: w, leaving: out.leaving}
	r.addUp()
	r.divert(out)
	return r, nil
}

// joinMoves puts moves of one pair together.
func joinMoves(moves []Move) []Move {
	slices.SortStableFunc(moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	var out []Move
	for _, m := range moves {
		if n := len(out); n > 0 && out[n-1].Area == m.Area && out[n-1].From == m.From && out[n-1].To == m.To {
			out[n-1].Patients = out[n-1].Patients.Plus(m.Patients)
		} else if m.Patients.Upper > 0 {
			out = append(out, m)
		}
	}
	return out
}

// addUp sets the loads.
func (r *Result) addUp() {
	n, old := len(r.Codes), len(r.world.Matrix.Providers())
	r.Before, r.Loads = make([]flow.Count, n), make([]flow.Count, n)
	for j := range old {
		r.Before[j] = r.world.Matrix.ColumnCount(j)
	}
	copy(r.Loads, r.Before)
	for _, m := range r.Moves {
		r.Loads[m.From] = minus(r.Loads[m.From], m.Patients)
		r.Loads[m.To] = r.Loads[m.To].Plus(m.Patients)
		r.Moved = r.Moved.Plus(m.Patients)
	}
}

// minus takes a part of a count away, bound by bound; the part was split off it.
func minus(c, part flow.Count) flow.Count {
	return flow.Count{
		Value: max(0, c.Value-part.Value), Published: max(0, c.Published-part.Published),
		Lower: max(0, c.Lower-part.Lower), Upper: max(0, c.Upper-part.Upper),
	}
}

// divert sets the diversion from each provider that patients leave.
func (r *Result) divert(out *outcome) {
	n := len(r.Codes)
	rows := map[int32][]float64{}
	var from []int32
	for i := range out.leaving {
		l := &out.leaving[i]
		row := rows[l.from]
		if row == nil {
			row = make([]float64, n)
			rows[l.from] = row
			from = append(from, l.from)
		}
		shares, sum := out.priced(&l.odds), 0.0
		for _, x := range shares {
			sum += x
		}
		for k, j := range l.odds.to {
			row[j] += float64(l.patients.Value * shares[k] / sum)
		}
	}
	slices.Sort(from)
	for _, k := range from {
		sum := 0.0
		for _, x := range rows[k] {
			sum += x
		}
		for j, x := range rows[k] {
			if x > 0 {
				r.Diversion = append(r.Diversion, Diversion{k, int32(j), x / sum})
			}
		}
	}
}

// cell is an area's patients at one place of care.
type cell struct {
	provider int32
	patients flow.Count
}

// each goes over the areas with their cells before and after, by provider.
func (r *Result) each(do func(a int, before, after []cell) error) error {
	at := 0
	for a := range r.world.Matrix.Areas() {
		from := at
		for at < len(r.Moves) && int(r.Moves[at].Area) == a {
			at++
		}
		before := r.cellsBefore(a)
		if err := do(a, before, r.cellsAfter(before, r.Moves[from:at])); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) cellsBefore(a int) []cell {
	m := r.world.Matrix
	to, _ := m.Row(a)
	off := m.RowOffset(a)
	out := make([]cell, len(to))
	for i, j := range to {
		out[i] = cell{j, m.Cell(off + i)}
	}
	return out
}

func (r *Result) cellsAfter(before []cell, moves []Move) []cell {
	if len(moves) == 0 {
		return before
	}
	byProvider := func(c cell, j int32) int { return cmp.Compare(c.provider, j) }
	after := slices.Clone(before)
	for _, m := range moves {
		k, _ := slices.BinarySearchFunc(after, m.From, byProvider)
		after[k].patients = minus(after[k].patients, m.Patients)
		k, found := slices.BinarySearchFunc(after, m.To, byProvider)
		if !found {
			after = slices.Insert(after, k, cell{provider: m.To})
		}
		after[k].patients = after[k].patients.Plus(m.Patients)
	}
	return slices.DeleteFunc(after, func(c cell) bool { return !(c.patients.Upper > 0) })
}

// FinalCodes are the codes of Codes once mergers are made, such as NEW for A and B.
func (r *Result) FinalCodes() []string {
	out := slices.Clone(r.Codes)
	for _, j := range r.world.Join {
		for i, code := range out {
			if code == j.A || code == j.B {
				out[i] = j.New
			}
		}
	}
	return out
}

// After is the flows after the scenario, mergers of providers included.
func (r *Result) After() (*flow.Matrix, error) {
	m := r.world.Matrix
	b := flow.NewBuilder()
	if m.OneMode() {
		b = flow.NewOneModeBuilder()
	}
	codes := r.FinalCodes()
	err := r.each(func(a int, _, after []cell) error {
		for _, c := range after {
			if err := b.Add(m.Areas()[a], codes[c.provider], c.patients); err != nil {
				return fmt.Errorf("whatif: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	after, _, err := b.Build()
	return after, err
}

// Travel is what an area's patients travel before and after, in km or minutes.
type Travel struct {
	Before, After float64 // means over patients; NaN where none is known
	// Within are the shares of patients no farther away than each of Thresholds.
	WithinBefore, WithinAfter [len(Thresholds)]float64
	Patients, Moved           flow.Count
	// Welfare is what the expected best choice loses, in km or minutes a patient:
	// (1/β) ln(Σ before / Σ after) of the attractions; below 0 for a gain. NaN without β.
	Welfare float64
}

// Thresholds are those of Travel.Within, in km or minutes.
var Thresholds = [...]float64{30, 45, 60}

// Travel gives the travel of each area.
func (r *Result) Travel() []Travel {
	w := r.world
	out := make([]Travel, len(w.Matrix.Areas()))
	cost := make([]float64, len(r.Codes))
	for _, m := range r.Moves {
		out[m.Area].Moved = out[m.Area].Moved.Plus(m.Patients)
	}
	_ = r.each(func(a int, before, after []cell) error {
		t := &out[a]
		t.Patients = w.Matrix.RowCount(a)
		t.Before, t.After, t.Welfare = math.NaN(), math.NaN(), math.NaN()
		if w.Costs.Of == nil {
			return nil
		}
		w.costs(a, false, cost)
		t.Before, t.WithinBefore = journey(before, cost)
		beforeSum := r.accessible(cost, w.shutBefore)
		w.costs(a, true, cost)
		t.After, t.WithinAfter = journey(after, cost)
		if f := r.Model.Fit; f != nil && f.Spread == 0 && !f.Options.Power {
			t.Welfare = (beforeSum - r.accessible(cost, w.shutAfter)) / f.Beta
		}
		return nil
	})
	return out
}

// journey is the mean cost of some patients, and the shares within the
// thresholds; those without a cost are left out.
func journey(cells []cell, cost []float64) (mean float64, within [len(Thresholds)]float64) {
	n := 0.0
	for _, c := range cells {
		x := cost[c.provider]
		if math.IsNaN(x) {
			continue
		}
		n += c.patients.Value
		mean += float64(c.patients.Value * x)
		for k, limit := range Thresholds {
			if x <= limit {
				within[k] += c.patients.Value
			}
		}
	}
	for k := range within {
		within[k] /= n // 0/0 is NaN, as wanted
	}
	return mean / n, within
}

// accessible is ln Σ exp(α_j − β c_j) over the providers that are open.
func (r *Result) accessible(cost []float64, shut []bool) float64 {
	f := r.Model.Fit
	if f == nil {
		return math.NaN()
	}
	return f.logSum(r.world, cost, shut)
}

// PriceOf is what a factor on a full provider's odds amounts to in km or minutes:
// −ln(factor)/β. NaN without β.
func (r *Result) PriceOf(factor float64) float64 {
	if r.Model.Fit == nil {
		return math.NaN()
	}
	return -portable.Log(factor) / r.Model.Fit.Beta
}
