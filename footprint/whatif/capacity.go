package whatif

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
)

// CapacityError says that the patients do not fit: so many of them are left over.
type CapacityError struct {
	Left float64 // patients, above 0
	Full []string
}

// Error says how many patients are left over.
func (e *CapacityError) Error() string {
	return fmt.Sprintf("%.0f patients fit nowhere: every provider is full", math.Ceil(e.Left))
}

// limits are the most patients of each provider, whole; +Inf for no limit. nil
// where there is no limit at all.
func (w *world) limits() []float64 {
	if len(w.Capacity) == 0 && !(w.Headroom > 0) {
		return nil
	}
	limit := make([]float64, len(w.codes))
	for j, code := range w.codes {
		limit[j] = math.Inf(1)
		if w.Headroom > 0 {
			limit[j] = w.sizeOf(j) * (1 + w.Headroom)
			if w.shutBefore[j] {
				limit[j] = w.sizeOf(j)
			}
		}
		if n, ok := w.Capacity[code]; ok {
			limit[j] = n
		}
		if w.shutAfter[j] {
			limit[j] = 0
		}
		limit[j] = math.Floor(limit[j] + 1e-9)
	}
	return limit
}

// sizeOf is the number of patients of a provider today, or what one that opens is
// meant for.
func (w *world) sizeOf(j int) float64 {
	if n := len(w.Matrix.Providers()); j >= n {
		return w.Open[j-n].Size
	}
	return w.Matrix.ColumnTotal(j)
}

// overfull are the patients, by area and provider, whom a provider treats above
// its limit today: they must leave it, in proportion to all of its patients. nil
// where there are none.
func (w *world) overfull(limit []float64) map[[2]int32]float64 {
	out := map[[2]int32]float64{}
	if limit == nil {
		return nil
	}
	for j := range w.Matrix.Providers() {
		load := w.Matrix.ColumnTotal(j)
		if load <= limit[j] || w.shutAfter[j] {
			continue
		}
		areas, _ := w.Matrix.Column(j)
		known := make([]float64, len(areas))
		for i, a := range areas {
			known[i] = w.Matrix.At(int(a), j).Published
		}
		for i, n := range apportion(math.Ceil(load-limit[j]), known) {
			if n = min(n, known[i]); n > 0 {
				out[[2]int32{areas[i], int32(j)}] = n
			}
		}
	}
	return out
}

// fit finds shadow prices, as factors of at most 1 on the odds of full providers,
// under which expected loads keep within limits. Each is the exact answer to the
// others, in turn, until they change no more: with the areas' own factors these
// are the balancing factors of a doubly constrained model.
func (w *world) fit(out *outcome, limit []float64) error {
	if limit == nil {
		return nil
	}
	room := w.room(out, limit)
	if left := w.leftOver(out, room); left > 0.5 {
		return &CapacityError{Left: left, Full: w.codes}
	}
	w.widen(out, room)
	out.prices = slices.Repeat([]float64{1}, len(room))
	demand := make([]float64, len(room))
	for range 20_000 {
		clear(demand)
		for i := range out.leaving {
			l := &out.leaving[i]
			sum := 0.0
			for k, j := range l.odds.to {
				sum += float64(l.odds.share[k] * out.prices[j])
			}
			for k, j := range l.odds.to {
				demand[j] += float64(l.patients.Value * l.odds.share[k] / sum)
			}
		}
		if !reprice(out.prices, demand, room) {
			break
		}
	}
	return nil
}

// reprice answers a demand with new prices; false where none changed much.
func reprice(prices, demand, room []float64) (changed bool) {
	for j, d := range demand {
		p := 1.0
		if d > 0 {
			p = min(1, max(room[j], 1e-9)/d)
		}
		if math.Abs(p-prices[j]) > 1e-9*prices[j] {
			changed = true
		}
		prices[j] = p
	}
	return changed
}

// room is how many more patients each provider can take once those who leave are
// gone.
func (w *world) room(out *outcome, limit []float64) []float64 {
	room := slices.Clone(limit)
	for j := range w.Matrix.Providers() {
		room[j] -= w.Matrix.ColumnTotal(j)
	}
	for _, l := range out.leaving {
		room[l.from] += l.patients.Value
	}
	for j := range room {
		if w.shutAfter[j] {
			room[j] = 0
		}
		room[j] = max(0, room[j])
	}
	return room
}

// leftOver is how many of those who leave fit nowhere.
func (w *world) leftOver(out *outcome, room []float64) float64 {
	left := 0.0
	for _, l := range out.leaving {
		left += l.patients.Value
	}
	for _, r := range room {
		left -= math.Floor(r)
	}
	return left
}

// widen gives every provider with room a little of everybody's odds, so that the
// last patients find a place however far.
func (w *world) widen(out *outcome, room []float64) {
	const little = 1e-12
	for i := range out.leaving {
		l := &out.leaving[i]
		all := make([]float64, len(room))
		for k, j := range l.odds.to {
			all[j] = l.odds.share[k]
		}
		for j, r := range room {
			if r >= 1 && !w.shutAfter[j] && j != int(l.from) {
				all[j] += little
			}
		}
		l.odds = oddsOf(all, int(l.from))
	}
}

// repair moves the few patients that rounding put above a limit to the likeliest
// provider of their area with room.
func (w *world) repair(out *outcome, limit []float64) error {
	if limit == nil {
		return nil
	}
	load := make([]float64, len(limit))
	for j := range w.Matrix.Providers() {
		load[j] = w.Matrix.ColumnTotal(j)
	}
	for _, m := range out.moves {
		load[m.From] -= m.Patients.Value
		load[m.To] += m.Patients.Value
	}
	odds := map[[2]int32]*leaving{}
	for i := range out.leaving {
		l := &out.leaving[i]
		odds[[2]int32{l.area, l.from}] = l
	}
	order := make([]int, len(out.moves))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(out.moves[y].Patients.Published, out.moves[x].Patients.Published)
	})
	for _, i := range order {
		m := out.moves[i]
		for load[m.To] > limit[m.To] && out.moves[i].Patients.Published >= 1 {
			l := odds[[2]int32{m.Area, m.From}]
			to := next(l, out.prices, load, limit)
			if to < 0 {
				break
			}
			out.shift(i, to, load)
		}
	}
	return w.full(load, limit)
}

// next is the likeliest provider with room for one patient more; −1 for none.
func next(l *leaving, prices, load, limit []float64) int32 {
	best, most := int32(-1), 0.0
	for k, j := range l.odds.to {
		if x := l.odds.share[k] * prices[j]; load[j]+1 <= limit[j] && x > most {
			best, most = j, x
		}
	}
	return best
}

// shift takes one patient of a move to another provider.
func (o *outcome) shift(i int, to int32, load []float64) {
	m := &o.moves[i]
	one := flow.Exactly(1)
	load[m.To]--
	load[to]++
	p := m.Patients
	m.Patients = flow.Count{Value: p.Value - 1, Published: p.Published - 1, Lower: p.Lower - 1, Upper: p.Upper - 1}
	o.moves = append(o.moves, Move{m.Area, m.From, to, one})
}

// full refuses loads that are still above a limit.
func (w *world) full(load, limit []float64) error {
	left := 0.0
	for j := range load {
		if !w.shutAfter[j] {
			left += max(0, load[j]-limit[j])
		}
	}
	if left > 1e-6 {
		return &CapacityError{Left: left, Full: w.codes}
	}
	return nil
}
