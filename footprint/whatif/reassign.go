package whatif

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow"
)

// Move is patients of an area who go to another provider. To and From index the
// codes of a result's providers.
type Move struct {
	Area, From, To int32
	Patients       flow.Count
}

// odds are the probabilities, above 0, by which patients choose providers; they
// add up to 1.
type odds struct {
	to    []int32
	share []float64
}

// leaving is an area's patients of one provider who leave it, and where to.
type leaving struct {
	area, from int32
	patients   flow.Count
	odds       odds
}

// outcome is what one model says.
type outcome struct {
	leaving  []leaving
	moves    []Move
	prices   []float64 // shadow price of each provider as a factor, at most 1
	fallback int       // areas for which shares stood in
}

// areasOf lists the areas that a scenario can change: all where places change,
// and otherwise those of the providers that close or are too full.
func (w *world) areasOf(overfull map[[2]int32]float64) []int {
	var list []int
	if w.NeedsPlaces() {
		for a := range w.Matrix.Areas() {
			list = append(list, a)
		}
		return list
	}
	for _, j := range w.Close {
		as, _ := w.Matrix.Column(j)
		for _, a := range as {
			list = append(list, int(a))
		}
	}
	for pair := range overfull {
		list = append(list, int(pair[0]))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// leave finds who leaves in every area, and the odds by which they choose.
func (w *world) leave(m *Model, out *outcome, overfull map[[2]int32]float64) {
	n := len(w.codes)
	r := &ruling{world: w, model: m, before: make([]float64, n), after: make([]float64, n), cost: make([]float64, n), out: out, overfull: overfull}
	for _, a := range w.areasOf(overfull) {
		r.area(a)
	}
}

// ruling is the rule by which an area's patients leave and choose.
type ruling struct {
	*world
	model               *Model
	before, after, cost []float64
	out                 *outcome
	overfull            map[[2]int32]float64 // those who must leave, by area and provider
}

// area finds who leaves in one area. All patients of what closes leave. Of the
// others, the share leaves that the model takes away; they go where it adds.
func (r *ruling) area(a int) {
	if !r.model.choose(r.world, a, true, r.cost, r.after) || !r.model.choose(r.world, a, false, r.cost, r.before) {
		r.out.fallback++
		shares := &Model{Name: SharesModel}
		shares.choose(r.world, a, true, nil, r.after)
		shares.choose(r.world, a, false, nil, r.before)
	}
	gain := make([]float64, len(r.codes))
	sum := 0.0
	for j := range gain {
		gain[j] = max(0, r.after[j]-r.before[j])
		sum += gain[j]
	}
	to, _ := r.Matrix.Row(a)
	off := r.Matrix.RowOffset(a)
	shares := make([]float64, len(to))
	for i, j := range to {
		shares[i] = r.leaves(int(j))
	}
	published := r.publishedLeaving(to, off, shares)
	r.addOverfull(a, to, published, shares)
	var common odds // of those that leave a provider to which none are added
	for i, j := range to {
		if shares[i] == 0 {
			continue
		}
		goes, _ := split(r.Matrix.Cell(off+i), published[i], shares[i])
		if !(goes.Upper > 0) {
			continue
		}
		mine := common
		if mine.to == nil || gain[j] > 0 || r.after[j] > 0 {
			mine = r.odds(a, int(j), gain, sum)
		}
		if gain[j] == 0 && r.after[j] == 0 {
			common = mine
		}
		r.out.leaving = append(r.out.leaving, leaving{int32(a), j, goes, mine})
	}
}

// leaves is the share of a provider's patients from an area who leave it.
func (r *ruling) leaves(j int) float64 {
	if r.shutAfter[j] {
		return 1
	}
	share := 0.0
	if r.before[j] > 0 {
		share = max(0, 1-r.after[j]/r.before[j])
	}
	if share < 1e-12 {
		share = 0
	}
	return share
}

// addOverfull adds those whom full providers cannot keep.
func (r *ruling) addOverfull(a int, to []int32, published, shares []float64) {
	if len(r.overfull) == 0 {
		return
	}
	for i, j := range to {
		if n := r.overfull[[2]int32{int32(a), j}]; n > published[i] {
			published[i] = n
			shares[i] = max(shares[i], 1e-9) // of what is known within bounds only, nobody
		}
	}
}

// publishedLeaving divides those of an area who leave over its providers, in
// whole patients where the counts are whole.
func (r *ruling) publishedLeaving(to []int32, off int, shares []float64) []float64 {
	out := make([]float64, len(to))
	part, sum, whole := make([]float64, len(to)), 0.0, true
	for i := range to {
		c := r.Matrix.Cell(off + i).Published
		whole = whole && c == math.Trunc(c)
		switch {
		case shares[i] == 1:
			out[i] = c
		case shares[i] > 0:
			part[i] = shares[i] * c
			sum += part[i]
		}
	}
	if sum == 0 {
		return out
	}
	if !whole {
		for i := range part {
			out[i] += part[i]
		}
		return out
	}
	for i, n := range apportion(math.Round(sum), part) {
		if part[i] > 0 {
			out[i] = min(n, r.Matrix.Cell(off+i).Published)
		}
	}
	return out
}

// odds are the probabilities by which those who leave a provider choose another
// one: in proportion to what the model adds, or else to what it gives.
func (r *ruling) odds(a, from int, gain []float64, sum float64) odds {
	if sum > 1e-12 {
		if o := oddsOf(gain, from); o.to != nil {
			return o
		}
	}
	if o := oddsOf(r.after, from); o.to != nil {
		return o
	}
	// The model knows one place only, which cannot take them: shares say more.
	shut, out := slices.Clone(r.shutAfter), make([]float64, len(r.codes))
	shut[from] = true
	r.Pools.shares(a, shut, out)
	return oddsOf(out, from)
}

// oddsOf makes odds of weights, without one place; none where nothing is left.
func oddsOf(weights []float64, from int) (o odds) {
	sum := 0.0
	for j, w := range weights {
		if w > 0 && j != from {
			o.to, o.share = append(o.to, int32(j)), append(o.share, w)
			sum += w
		}
	}
	for k := range o.share {
		o.share[k] /= sum
	}
	return o
}

// settle makes whole moves of those who leave.
func (o *outcome) settle() {
	o.moves = o.moves[:0]
	for i := range o.leaving {
		l := &o.leaving[i]
		weights := o.priced(&l.odds)
		for k, n := range apportionCount(l.patients, weights) {
			if n.Upper > 0 {
				o.moves = append(o.moves, Move{l.area, l.from, l.odds.to[k], n})
			}
		}
	}
	slices.SortStableFunc(o.moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
}

// priced are the shares of odds after the shadow prices of full providers; they
// need not add up to 1.
func (o *outcome) priced(of *odds) []float64 {
	if o.prices == nil {
		return of.share
	}
	out := make([]float64, len(of.share))
	for k, j := range of.to {
		out[k] = of.share[k] * o.prices[j]
	}
	return out
}
