package whatif

import (
	"math"

	"stpmap/flow"
)

// Costs are what it costs to get from each area to each provider: kilometres or
// minutes, not negative. NaN is a provider that cannot be reached or whose place
// is not known.
type Costs struct {
	Providers int
	Of        []float64 // by area, then provider
}

// Row gives the costs from one area to every provider; nil where there are none.
func (c Costs) Row(area int) []float64 {
	if c.Of == nil {
		return nil
	}
	return c.Of[area*c.Providers : (area+1)*c.Providers]
}

// flows are patients by area and provider, in compressed rows.
type flows struct {
	providers int
	start     []int32
	to        []int32
	count     []float64
	total     []float64 // by area
}

// flowsOf takes the counts of a matrix; what is known within bounds only counts
// with its middle.
func flowsOf(m *flow.Matrix) *flows {
	f := &flows{providers: len(m.Providers()), start: make([]int32, 1, len(m.Areas())+1)}
	for a := range m.Areas() {
		to, count := m.Row(a)
		f.to, f.count = append(f.to, to...), append(f.count, count...)
		f.start = append(f.start, int32(len(f.to)))
	}
	f.addUp()
	return f
}

// addUp sets the totals.
func (f *flows) addUp() {
	f.total = make([]float64, f.areas())
	for a := range f.total {
		_, count := f.row(a)
		for _, n := range count {
			f.total[a] += n
		}
	}
}

func (f *flows) areas() int { return len(f.start) - 1 }

func (f *flows) row(area int) (to []int32, count []float64) {
	lo, hi := f.start[area], f.start[area+1]
	return f.to[lo:hi], f.count[lo:hi]
}

// loads are the patients of each provider.
func (f *flows) loads() []float64 {
	load := make([]float64, f.providers)
	for k, j := range f.to {
		load[j] += f.count[k]
	}
	return load
}

// keep drops the pairs that are not wanted.
func (f *flows) keep(want func(area int, provider int32) bool) *flows {
	g := &flows{providers: f.providers, start: make([]int32, 1, len(f.start))}
	for a := range f.areas() {
		to, count := f.row(a)
		for i, j := range to {
			if want(a, j) {
				g.to, g.count = append(g.to, j), append(g.count, count[i])
			}
		}
		g.start = append(g.start, int32(len(g.to)))
	}
	g.addUp()
	return g
}

// reachable drops the pairs that have no cost: a model of distance says nothing
// of them.
func (f *flows) reachable(c Costs) *flows {
	return f.keep(func(a int, j int32) bool { return !math.IsNaN(c.Row(a)[j]) })
}
