package attribution

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// View says how a provider's figures reach the footprints.
type View string

// The views. Residents answers what care the people of a footprint got,
// wherever they got it; Providers how the footprint's own providers did,
// whoever came to them.
const (
	Residents View = "residents"
	Providers View = "providers"
)

// Unattributed is the name of the row that holds what reaches no footprint.
const Unattributed = "unattributed"

// Attributed is one indicator of one period, brought to the footprints. The
// slices are by footprint, in the order of the partition's IDs; Numerator and
// Denominator have one entry more, for what is unattributed.
type Attributed struct {
	// Numerator and Denominator add up to the input's totals: exactly where the
	// input's are whole numbers, and then each is whole. NaN where there are
	// none, as for values without a denominator.
	Numerator, Denominator []float64
	// Value is in the indicator's own terms; NaN where nothing was reported.
	Value []float64
	// StandardError is that of Value where the input gave intervals instead of
	// denominators; NaN otherwise.
	StandardError []float64
	// Coverage is the share of the footprint's patients (people, for areas'
	// figures) whose provider (area) reported, in [0, 1].
	Coverage []float64
	// Shares are, for a Band, the shares of the footprint's care in each band.
	Shares [][]float64
	// Weighted marks values that were weighted by flow for want of denominators.
	Weighted bool
}

// Attributor knows how much of each entity's figures goes to each footprint,
// under one partition.
type Attributor struct {
	m    *flow.Matrix
	n    int // footprints; n itself stands for unattributed
	area []int32
	prov []int32
	// Patients of each provider by footprint of residence, in compressed rows.
	ptr  []int32
	fp   []int32
	flow []float64

	People    []float64 // weight of each area
	residents []float64 // Σ patients living in each footprint
	treated   []float64 // Σ patients of the providers in each footprint
	peopleIn  []float64 // Σ people of each footprint
}

func NewAttributor(m *flow.Matrix, p footprint.Partition, population []float64) *Attributor {
	n := len(p.IDs)
	a := &Attributor{
		m: m, n: n, area: make([]int32, len(m.Areas())), prov: make([]int32, len(m.Providers())),
		residents: make([]float64, n+1), treated: make([]float64, n+1), peopleIn: make([]float64, n+1),
	}
	place := func(f int32) int32 {
		if f < 0 {
			return int32(n)
		}
		return f
	}
	for i := range a.area {
		a.area[i] = place(p.Areas[i])
	}
	for j := range a.prov {
		if p.Providers == nil {
			a.prov[j] = a.area[j]
		} else {
			a.prov[j] = place(p.Providers[j])
		}
	}
	a.People = population
	if a.People == nil {
		a.People = make([]float64, len(a.area))
		for i := range a.People {
			a.People[i] = m.RowTotal(i)
		}
	}
	for i, f := range a.area {
		a.peopleIn[f] += a.People[i]
	}
	sum := make([]float64, n+1)
	a.ptr = make([]int32, 1, len(a.prov)+1)
	var touched []int32
	for j := range a.prov {
		areas, counts := m.Column(j)
		touched = touched[:0]
		for i, area := range areas {
			f := a.area[area]
			if sum[f] == 0 {
				touched = append(touched, f)
			}
			sum[f] += counts[i]
		}
		slices.Sort(touched)
		for _, f := range touched {
			a.fp = append(a.fp, f)
			a.flow = append(a.flow, sum[f])
			a.residents[f] += sum[f]
			sum[f] = 0
		}
		a.ptr = append(a.ptr, int32(len(a.fp)))
		a.treated[a.prov[j]] += m.ColumnTotal(j)
	}
	return a
}

// Split calls put for every footprint that a share of an entity's figures goes
// to, with the share, and the weight of the entity there: patients or people.
func (a *Attributor) Split(level definition.Level, view View, entity int32, put func(f int32, share, weight float64)) {
	switch {
	case entity < 0:
		put(int32(a.n), 1, 0)
	case level == definition.FootprintLevel:
		put(entity, 1, 1)
	case level == definition.AreaLevel:
		put(a.area[entity], 1, a.People[entity])
	case view == Providers:
		put(a.prov[entity], 1, a.m.ColumnTotal(int(entity)))
	default:
		total := a.m.ColumnTotal(int(entity))
		for k := a.ptr[entity]; k < a.ptr[entity+1]; k++ {
			put(a.fp[k], a.flow[k]/total, a.flow[k])
		}
	}
}

// base is the weight of everything in a footprint that could report.
func (a *Attributor) base(level definition.Level, view View) []float64 {
	switch {
	case level == definition.FootprintLevel:
		ones := make([]float64, a.n+1)
		for f := range ones {
			ones[f] = 1
		}
		return ones
	case level == definition.AreaLevel:
		return a.peopleIn
	case view == Providers:
		return a.treated
	}
	return a.residents
}

// ViewOf is the view an indicator is attributed by.
func ViewOf(ind *definition.Indicator, view View) View {
	switch ind.Attribution {
	case definition.ByResidents:
		return Residents
	case definition.ByProviders:
		return Providers
	}
	if view == "" {
		return Residents
	}
	return view
}

// Attribute brings the figures of one indicator and period to the footprints.
func (a *Attributor) Attribute(ind *definition.Indicator, level definition.Level, figs []figure, view View) *Attributed {
	view = ViewOf(ind, view)
	out := &Attributed{Value: nans(a.n), StandardError: nans(a.n), Coverage: make([]float64, a.n)}
	reported, judged := make([]float64, a.n+1), make([]float64, a.n+1)
	for _, f := range figs {
		a.Split(level, view, f.Entity, func(at int32, _, weight float64) {
			reported[at] += weight
			judged[at] += weight * f.share // of a provider that is judged on part of its patients
		})
	}
	base := a.base(level, view)
	for f := range out.Coverage {
		if base[f] > 0 {
			out.Coverage[f] = min(1, judged[f]/base[f])
		}
	}
	switch {
	case ind.Kind == definition.Band:
		a.bands(ind, level, figs, view, reported, out)
	case slices.ContainsFunc(figs, func(f figure) bool {
		return math.IsNaN(f.Numerator) || ind.Kind != definition.Money && ind.Kind != definition.Rate && math.IsNaN(f.Denominator)
	}):
		a.weigh(ind, level, figs, view, out)
	default:
		a.pool(ind, level, figs, view, out)
	}
	return out
}

// pool adds up numerators and denominators.
func (a *Attributor) pool(ind *definition.Indicator, level definition.Level, figs []figure, view View, out *Attributed) {
	nums, dens := make([]float64, a.n+1), make([]float64, a.n+1)
	variance := make([]float64, a.n+1)
	var num, den float64
	wholeNum, wholeDen := true, true
	byFlow := slices.ContainsFunc(figs, func(f figure) bool { return math.IsNaN(f.Denominator) })
	touched := make([]bool, a.n+1)
	for _, f := range figs {
		num += f.Numerator
		wholeNum = wholeNum && f.Numerator == math.Trunc(f.Numerator)
		se := (f.upper - f.lower) / (2 * interval.Z95)
		if !byFlow {
			den += f.Denominator
			wholeDen = wholeDen && f.Denominator == math.Trunc(f.Denominator)
		}
		a.Split(level, view, f.Entity, func(at int32, share, weight float64) {
			touched[at] = true
			nums[at] += share * f.Numerator
			if byFlow {
				dens[at] += weight
				return
			}
			dens[at] += share * f.Denominator
			variance[at] += share * f.Denominator * share * f.Denominator * se * se
		})
	}
	const exact = 1 << 53
	// Without denominators a rate is per patient of the flow matrix.
	if !byFlow && wholeDen && den < exact {
		dens = apportion(dens, den, nil)
	}
	if wholeNum && math.Abs(num) < exact {
		var caps []float64
		if ind.Kind == definition.Proportion && wholeDen {
			caps = dens
		}
		nums = apportion(nums, num, caps)
	}
	out.Weighted = byFlow && ind.Kind != definition.Money
	out.Numerator, out.Denominator = nums, dens
	if byFlow {
		out.Denominator = nans(a.n + 1)
	}
	for f := range out.Value {
		switch {
		case !touched[f]:
			out.Numerator[f], out.Denominator[f] = math.NaN(), math.NaN()
		case byFlow && ind.Kind == definition.Money:
			out.Value[f] = nums[f]
		case dens[f] > 0:
			out.Value[f] = nums[f] / dens[f] * ind.EffectivePer()
			if ind.Kind == definition.Mean && variance[f] > 0 {
				out.StandardError[f] = math.Sqrt(variance[f]) / dens[f]
			}
		}
	}
}

// weigh averages values by flow.
func (a *Attributor) weigh(ind *definition.Indicator, level definition.Level, figs []figure, view View, out *Attributed) {
	sum, weights, variance := make([]float64, a.n+1), make([]float64, a.n+1), make([]float64, a.n+1)
	for _, f := range figs {
		v := f.Value
		if math.IsNaN(v) && f.Denominator > 0 {
			v = f.Numerator / f.Denominator * ind.EffectivePer()
		}
		se := (f.upper - f.lower) / (2 * interval.Z95)
		if math.IsNaN(v) {
			continue
		}
		a.Split(level, view, f.Entity, func(at int32, _, weight float64) {
			sum[at] += weight * v
			weights[at] += weight
			variance[at] += weight * weight * se * se
		})
	}
	out.Weighted = level != definition.FootprintLevel
	out.Numerator, out.Denominator = nans(a.n+1), nans(a.n+1)
	for f := range out.Value {
		if weights[f] > 0 {
			out.Value[f] = sum[f] / weights[f]
			out.StandardError[f] = math.Sqrt(variance[f]) / weights[f]
		}
	}
}

// bands gives the share of care in each band.
func (a *Attributor) bands(ind *definition.Indicator, level definition.Level, figs []figure, view View, reported []float64, out *Attributed) {
	out.Numerator, out.Denominator = nans(a.n+1), nans(a.n+1)
	out.Weighted = level != definition.FootprintLevel
	out.Shares = make([][]float64, a.n)
	for f := range out.Shares {
		if reported[f] > 0 {
			out.Shares[f] = make([]float64, len(ind.Bands))
			out.Value[f] = 0
		}
	}
	for _, fig := range figs {
		b := int(fig.Value) - 1
		a.Split(level, view, fig.Entity, func(at int32, _, weight float64) {
			if int(at) < a.n && reported[at] > 0 {
				out.Shares[at][b] += weight / reported[at]
			}
		})
	}
	for f, shares := range out.Shares {
		for b := ind.FailingFrom - 1; b < len(shares); b++ {
			out.Value[f] += shares[b]
		}
		out.Value[f] = min(out.Value[f], 1)
	}
}

// apportion rounds quotas to whole numbers that add up to total, by largest
// remainder (Hamilton's method): every quota is rounded down, and what is left
// goes, one each, to the largest remainders; ties to the first. No entry goes
// over its cap, where caps are given and add up to at least the total.
func apportion(quotas []float64, total float64, caps []float64) []float64 {
	// Sums of shares carry rounding errors of about 1e-16 of their size; below
	// this two remainders are the same.
	const grain = 1e-6
	out := make([]float64, len(quotas))
	rest := make([]float64, len(quotas))
	left := total
	order := make([]int, len(quotas))
	for i, q := range quotas {
		out[i] = math.Floor(q + grain)
		if caps != nil {
			out[i] = min(out[i], caps[i])
		}
		rest[i] = math.Round((q - out[i]) / grain)
		left -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(rest[j], rest[i]) })
	for left < 0 && len(order) > 0 {
		i := order[len(order)-1]
		order = order[:len(order)-1]
		out[i]--
		left++
	}
	for left > 0 {
		before := left
		for _, i := range order {
			if left == 0 {
				break
			}
			if caps == nil || out[i] < caps[i] {
				out[i]++
				left--
			}
		}
		if left == before {
			break // the caps leave no room: not reached where numerators are within denominators
		}
	}
	return out
}

func nans(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}
