package whatif

import (
	"fmt"
	"math"
	"slices"

	"stpmap/flow/portable"
)

// Opening is a provider that opens.
type Opening struct {
	Code string
	Size float64   // patients, in the time that the flows are of; above 0
	Cost []float64 // from each area; NaN where not known
}

// Moving is a provider that moves.
type Moving struct {
	Provider int
	Cost     []float64 // from each area to the new place
}

// Joining is a merger of providers: A and B become New. Each may be the code of
// an earlier merger.
type Joining struct{ A, B, New string }

// Scenario is what changes.
type Scenario struct {
	Close []int // providers
	Open  []Opening
	Move  []Moving
	Join  []Joining
	// Capacity is the most patients of each provider by code, those that open
	// among them. Headroom, above 0, is how far all others may grow, as a share of
	// their patients; 0 sets no limit.
	Capacity map[string]float64
	Headroom float64
}

// Changes reports whether anybody could move.
func (s *Scenario) Changes() bool { return len(s.Close)+len(s.Open)+len(s.Move) > 0 }

// NeedsPlaces reports whether the scenario is about places.
func (s *Scenario) NeedsPlaces() bool { return len(s.Open)+len(s.Move) > 0 }

// world is the providers before and after: those of the matrix, and then those
// that open.
type world struct {
	*Data
	*Scenario
	codes      []string
	shutBefore []bool // those that are not there yet
	shutAfter  []bool // those that close
	moved      []*Moving
}

func newWorld(d *Data, s *Scenario) *world {
	w := &world{Data: d, Scenario: s, codes: slices.Clone(d.Matrix.Providers())}
	for _, o := range s.Open {
		w.codes = append(w.codes, o.Code)
	}
	n := len(w.codes)
	w.shutBefore, w.shutAfter, w.moved = make([]bool, n), make([]bool, n), make([]*Moving, n)
	for j := len(d.Matrix.Providers()); j < n; j++ {
		w.shutBefore[j] = true
	}
	for _, j := range s.Close {
		w.shutAfter[j] = true
	}
	for i := range s.Move {
		w.moved[s.Move[i].Provider] = &s.Move[i]
	}
	return w
}

// costs sets the costs of an area before or after.
func (w *world) costs(a int, after bool, out []float64) {
	row := w.Costs.Row(a)
	old := len(w.Matrix.Providers())
	for j := range out {
		switch {
		case j >= old:
			out[j] = w.Open[j-old].Cost[a]
		case after && w.moved[j] != nil:
			out[j] = w.moved[j].Cost[a]
		case row != nil:
			out[j] = row[j]
		default:
			out[j] = math.NaN()
		}
	}
}

// shut are the providers that an area's patients cannot choose before or after.
func (w *world) shut(after bool) []bool {
	if after {
		return w.shutAfter
	}
	return w.shutBefore
}

// Model gives the probabilities by which patients choose.
type Model struct {
	Name string
	Fit  *Fit // nil for nearest and shares
}

// choose sets the probability of each provider for an area's patients. It is
// false where the model knows none.
func (m *Model) choose(w *world, a int, after bool, cost, out []float64) bool {
	shut := w.shut(after)
	if m.Name == SharesModel {
		w.Pools.shares(a, shut, out)
		return true
	}
	w.costs(a, after, cost)
	clear(out)
	if m.Name == Nearest {
		return nearest(cost, shut, out)
	}
	return m.Fit.probabilities(w, cost, shut, out)
}

// nearest gives all patients to the provider with the least cost; the first of
// several.
func nearest(cost []float64, shut []bool, out []float64) bool {
	best := -1
	for j, c := range cost {
		if !shut[j] && !math.IsNaN(c) && (best < 0 || c < cost[best]) {
			best = j
		}
	}
	if best < 0 {
		return false
	}
	out[best] = 1
	return true
}

// probabilities are those of gravity or, with a spread, of the mixed model.
func (f *Fit) probabilities(w *world, cost []float64, shut []bool, out []float64) bool {
	if f.Spread == 0 {
		return f.logit(w, f.Beta, cost, shut, 1, out)
	}
	mu := portable.Log(f.Beta)
	for q := range quadrature {
		b, _, weight := coefficient(mu, f.Spread, q)
		if !f.logit(w, b, cost, shut, weight, out) {
			return false
		}
	}
	return true
}

// logit adds the probabilities under one coefficient of cost, times a weight.
func (f *Fit) logit(w *world, beta float64, cost []float64, shut []bool, weight float64, out []float64) bool {
	top, sum := math.Inf(-1), 0.0
	utility := func(j int) float64 { return f.attractionOf(w, j) - float64(beta*f.Options.deterrent(cost[j])) }
	for j, c := range cost {
		if !shut[j] && !math.IsNaN(c) {
			top = max(top, utility(j))
		}
	}
	if math.IsInf(top, -1) {
		return false
	}
	e := make([]float64, len(cost))
	for j, c := range cost {
		if !shut[j] && !math.IsNaN(c) {
			if u := utility(j) - top; u > least {
				e[j] = portable.Exp(u)
				sum += e[j]
			}
		}
	}
	for j := range out {
		if e[j] > 0 {
			out[j] += float64(weight * e[j] / sum)
		}
	}
	return true
}

// attractionOf is α of a provider, or what its size promises of one that opens.
func (f *Fit) attractionOf(w *world, j int) float64 {
	if j < len(f.Alpha) {
		return f.Alpha[j]
	}
	return f.AlphaOfSize(w.Open[j-len(f.Alpha)].Size)
}

// AlphaOfSize is the attraction that a provider with so many patients is expected
// to have: by the regression of α on the logarithm of size over all providers, or
// by γ.
func (f *Fit) AlphaOfSize(size float64) float64 {
	if f.Options.BySize {
		return f.Gamma * portable.Log(size)
	}
	slope, level := f.regression()
	return level + float64(slope*portable.Log(size))
}

// regression is the line of α by the logarithm of size, by least squares.
func (f *Fit) regression() (slope, level float64) {
	var n, sx, sy, sxx, sxy float64
	for j, y := range f.Alpha {
		if math.IsInf(y, -1) {
			continue
		}
		x := f.LogSizes[j]
		n, sx, sy = n+1, sx+x, sy+y
		sxx, sxy = sxx+float64(x*x), sxy+float64(x*y)
	}
	under := float64(n*sxx) - float64(sx*sx)
	if !(under > 1e-9) {
		return 0, sy / max(n, 1)
	}
	slope = (float64(n*sxy) - float64(sx*sy)) / under
	return slope, (sy - float64(slope*sx)) / n
}

// check refuses a scenario that contradicts itself.
func (s *Scenario) check(d *Data) error {
	if s.NeedsPlaces() && d.Costs.Of == nil {
		return fmt.Errorf("whatif: places change, and there are no costs")
	}
	return nil
}

// logSum is ln Σ exp(α_j − β c_j) over the providers that are open.
func (f *Fit) logSum(w *world, cost []float64, shut []bool) float64 {
	top, sum := math.Inf(-1), 0.0
	u := make([]float64, len(cost))
	for j, c := range cost {
		u[j] = math.Inf(-1)
		if !shut[j] && !math.IsNaN(c) {
			u[j] = f.attractionOf(w, j) - float64(f.Beta*f.Options.deterrent(c))
			top = max(top, u[j])
		}
	}
	for _, x := range u {
		if x-top > least {
			sum += portable.Exp(x - top)
		}
	}
	return top + portable.Log(sum)
}
