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
	// Numerator and Denominator add up to the input's totals. They are fractions
	// where a provider's figures are shared out, so that no rounding enters a
	// value. NaN where there are none, as for values without a denominator.
	Numerator, Denominator []float64
	// WholeNumerator and WholeDenominator are what is published: the same, but
	// whole numbers that add up exactly where the input's are whole.
	WholeNumerator, WholeDenominator []float64
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
	ptr   []int32
	fp    []int32
	flow  []float64
	total []float64 // Σ flow by provider

	People    []float64 // weight of each area
	residents []float64 // Σ patients living in each footprint
	treated   []float64 // Σ patients of the providers in each footprint
	peopleIn  []float64 // Σ people of each footprint
}

// NewAttributor gives figures to the footprints of p. population is by area, and
// may be nil: patients take its place.
func NewAttributor(m *flow.Matrix, p footprint.Partition, population []float64) *Attributor {
	n := len(p.IDs)
	a := &Attributor{
		m: m, n: n, area: places(p.Areas, n), People: population,
		residents: make([]float64, n+1), treated: make([]float64, n+1), peopleIn: make([]float64, n+1),
	}
	if a.prov = a.area; p.Providers != nil {
		a.prov = places(p.Providers, n)
	}
	if a.People == nil {
		a.People = make([]float64, len(a.area))
		for i := range a.People {
			a.People[i] = m.RowTotal(i)
		}
	}
	for i, f := range a.area {
		a.peopleIn[f] += a.People[i]
	}
	a.listFlows()
	return a
}

// places are labels with n in place of Unplaced.
func places(label []int32, n int) []int32 {
	out := slices.Clone(label)
	for i, f := range out {
		if f < 0 {
			out[i] = int32(n)
		}
	}
	return out
}

// listFlows lists the footprints that each provider's patients live in.
func (a *Attributor) listFlows() {
	sum := make([]float64, a.n+1)
	a.ptr = make([]int32, 1, len(a.prov)+1)
	var touched []int32
	for j := range a.prov {
		areas, counts := a.m.Column(j)
		touched = touched[:0]
		for i, area := range areas {
			f := a.area[area]
			if sum[f] == 0 {
				touched = append(touched, f)
			}
			sum[f] += counts[i]
		}
		slices.Sort(touched)
		total := 0.0
		for _, f := range touched {
			total += sum[f]
			a.fp = append(a.fp, f)
			a.flow = append(a.flow, sum[f])
			a.residents[f] += sum[f]
			sum[f] = 0
		}
		a.ptr = append(a.ptr, int32(len(a.fp)))
		a.total = append(a.total, total)
		a.treated[a.prov[j]] += a.m.ColumnTotal(j)
	}
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
		total := a.total[entity]
		for k := a.ptr[entity]; k < a.ptr[entity+1]; k++ {
			put(a.fp[k], a.flow[k]/total, a.flow[k])
		}
	}
}

// base is the weight of everything in a footprint that could report.
func (a *Attributor) base(level definition.Level, view View) []float64 {
	switch {
	case level == definition.FootprintLevel:
		return slices.Repeat([]float64{1}, a.n+1)
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
func (a *Attributor) Attribute(ind *definition.Indicator, level definition.Level, figs []Figure, view View) *Attributed {
	view = ViewOf(ind, view)
	out := &Attributed{Value: nans(a.n), StandardError: nans(a.n), Coverage: make([]float64, a.n)}
	reported, judged := make([]float64, a.n+1), make([]float64, a.n+1)
	for _, f := range figs {
		a.Split(level, view, f.Entity, func(at int32, _, weight float64) {
			reported[at] += weight
			judged[at] += float64(weight * f.share) // of a provider that is judged on part of its patients
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
	case slices.ContainsFunc(figs, func(f Figure) bool {
		return math.IsNaN(f.Numerator) || ind.Kind != definition.Money && ind.Kind != definition.Rate && math.IsNaN(f.Denominator)
	}):
		a.weigh(ind, level, figs, view, out)
	default:
		a.pool(ind, level, figs, view, out)
	}
	return out
}

// pool adds up numerators and denominators. Without denominators a rate is per
// patient of the flow matrix.
func (a *Attributor) pool(ind *definition.Indicator, level definition.Level, figs []Figure, view View, out *Attributed) {
	p := a.poolFigures(level, figs, view)
	if ind.Kind == definition.Proportion && !p.byFlow {
		for f := range p.nums {
			p.nums[f] = min(p.nums[f], p.dens[f]) // they may differ by a rounding error
		}
	}
	out.Weighted = p.byFlow && ind.Kind != definition.Money
	out.Numerator, out.Denominator = p.nums, p.dens
	out.WholeNumerator, out.WholeDenominator = p.whole(ind.Kind == definition.Proportion)
	if p.byFlow {
		out.Denominator, out.WholeDenominator = nans(a.n+1), nans(a.n+1)
	}
	for f := range out.Value {
		switch {
		case !p.touched[f]:
			for _, list := range [][]float64{out.Numerator, out.Denominator, out.WholeNumerator, out.WholeDenominator} {
				list[f] = math.NaN()
			}
		case p.byFlow && ind.Kind == definition.Money:
			out.Value[f] = p.nums[f]
		case p.dens[f] > 0:
			out.Value[f] = p.nums[f] / p.dens[f] * ind.EffectivePer()
			if ind.Kind == definition.Mean && p.variance[f] > 0 {
				out.StandardError[f] = math.Sqrt(p.variance[f]) / p.dens[f]
			}
		}
	}
}

// pooled are figures added up by footprint.
type pooled struct {
	nums, dens, variance []float64
	touched              []bool  // it has a figure
	byFlow               bool    // dens are patients of the flow matrix
	num, den             float64 // of all figures
	wholeNum, wholeDen   bool    // all are whole numbers
}

func (a *Attributor) poolFigures(level definition.Level, figs []Figure, view View) *pooled {
	n := a.n + 1
	p := &pooled{
		nums: make([]float64, n), dens: make([]float64, n), variance: make([]float64, n), touched: make([]bool, n),
		byFlow:   slices.ContainsFunc(figs, func(f Figure) bool { return math.IsNaN(f.Denominator) }),
		wholeNum: true, wholeDen: true,
	}
	for _, f := range figs {
		p.num += f.Numerator
		p.wholeNum = p.wholeNum && f.Numerator == math.Trunc(f.Numerator)
		se := (f.upper - f.lower) / (2 * interval.Z95)
		if !p.byFlow {
			p.den += f.Denominator
			p.wholeDen = p.wholeDen && f.Denominator == math.Trunc(f.Denominator)
		}
		a.Split(level, view, f.Entity, func(at int32, share, weight float64) {
			p.touched[at] = true
			p.nums[at] += float64(share * f.Numerator)
			if p.byFlow {
				p.dens[at] += weight
				return
			}
			p.dens[at] += float64(share * f.Denominator)
			p.variance[at] += float64(share * f.Denominator * share * f.Denominator * se * se)
		})
	}
	return p
}

// whole gives whole numbers for what is shared out of whole numbers; the
// numerators of a proportion stay within the denominators.
func (p *pooled) whole(proportion bool) (nums, dens []float64) {
	const exact = 1 << 53
	nums, dens = slices.Clone(p.nums), slices.Clone(p.dens)
	if !p.byFlow && p.wholeDen && p.den < exact {
		dens = apportion(p.dens, p.den, nil)
	}
	if p.wholeNum && math.Abs(p.num) < exact {
		var caps []float64
		if proportion && p.wholeDen && !p.byFlow {
			caps = dens
		}
		nums = apportion(p.nums, p.num, caps)
	}
	return nums, dens
}

// weigh averages values by flow.
func (a *Attributor) weigh(ind *definition.Indicator, level definition.Level, figs []Figure, view View, out *Attributed) {
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
			sum[at] += float64(weight * v)
			weights[at] += weight
			variance[at] += float64(weight * weight * se * se)
		})
	}
	out.Weighted = level != definition.FootprintLevel
	out.blank(a.n + 1)
	for f := range out.Value {
		if weights[f] > 0 {
			out.Value[f] = sum[f] / weights[f]
			out.StandardError[f] = math.Sqrt(variance[f]) / weights[f]
		}
	}
}

// blank says that there are no numerators and denominators.
func (out *Attributed) blank(n int) {
	out.Numerator, out.Denominator = nans(n), nans(n)
	out.WholeNumerator, out.WholeDenominator = out.Numerator, out.Denominator
}

// bands gives the share of care in each band.
func (a *Attributor) bands(ind *definition.Indicator, level definition.Level, figs []Figure, view View, reported []float64, out *Attributed) {
	out.blank(a.n + 1)
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
