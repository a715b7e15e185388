package ensemble

import (
	"math"
	"slices"

	"stpmap/footprint/internal/grouping"
)

// Statistic is one figure of a map.
type Statistic struct {
	Name  string // of its column
	Title string // for people
	// Better is 1 where a higher value is better, −1 where a lower one is, and 0
	// where neither is.
	Better int8
}

// The statistics, in the order of columns.
var statistics = []Statistic{
	{"cut_borders", "Borders that are cut", -1},
	{"min_population", "People of the smallest footprint", 0},
	{"max_population", "People of the largest footprint", 0},
	{"mean_compactness", "Compactness (mean of footprints)", 1},
	{"population_spread", "Spread of people between footprints", 0},
	{"inside_share", "Patients treated inside their footprint", 1},
	{"min_localisation_index", "Localisation index of the weakest footprint", 1},
	{"median_localisation_index", "Localisation index of the median footprint", 1},
	{"median_market_share_index", "Market share index of the median footprint", 1},
}

// withoutFlows is how many of the statistics need no flows.
const withoutFlows = 5

// Geometry measures areas on the ground, for compactness.
type Geometry struct {
	KM2, PerimeterKM []float64 // of each area
	BorderKM         []float64 // of each of the Problem's Pairs; 0 for a link over water
}

// Figures computes the statistics of maps by area. It serves one goroutine.
type Figures struct {
	s        *Space
	geometry *Geometry
	people   []float64 // of each area; nil where not known
	flows    *unitFlows
}

// NewFigures makes what measures maps of a space; geometry may be nil.
func NewFigures(s *Space, geometry *Geometry) *Figures {
	f := &Figures{s: s, geometry: geometry, people: s.Demands.Population}
	if slices.ContainsFunc(f.people, math.IsNaN) {
		f.people = nil
	}
	if s.Matrix != nil {
		f.flows = flowsOf(s.Matrix, grouping.Sequence(s.Areas), s.Areas)
	}
	return f
}

// Statistics are those that the figures are of.
func (f *Figures) Statistics() []Statistic {
	if f.flows == nil {
		return statistics[:withoutFlows]
	}
	return statistics
}

// Of computes the statistics of a map; NaN is for what is not known.
func (f *Figures) Of(label []int32) []float64 {
	parts := int(slices.Max(label)) + 1
	out := []float64{f.cutBorders(label), math.NaN(), math.NaN(), f.compactness(label, parts), math.NaN()}
	if f.people != nil {
		sum := make([]float64, parts)
		for a, p := range label {
			sum[p] += f.people[a]
		}
		mean, variance := meanAndVariance(sum)
		out[1], out[2], out[4] = slices.Min(sum), slices.Max(sum), math.Sqrt(variance)/mean
		if parts == 1 {
			out[4] = 0
		}
	}
	if f.flows != nil {
		out = append(out, f.ofFlows(label, parts)...)
	}
	return out
}

// cutBorders counts neighbouring areas in different parts.
func (f *Figures) cutBorders(label []int32) float64 {
	n := 0
	for _, e := range f.s.Pairs {
		if label[e[0]] != label[e[1]] {
			n++
		}
	}
	return float64(n)
}

// compactness is the mean over parts of 4πA/P² (Polsby and Popper 1991).
func (f *Figures) compactness(label []int32, parts int) float64 {
	g := f.geometry
	if g == nil {
		return math.NaN()
	}
	km2, perimeter := make([]float64, parts), make([]float64, parts)
	for a, p := range label {
		km2[p] += g.KM2[a]
		perimeter[p] += g.PerimeterKM[a]
	}
	for i, e := range f.s.Pairs {
		if p := label[e[0]]; p == label[e[1]] {
			perimeter[p] -= float64(2 * g.BorderKM[i])
		}
	}
	sum := 0.0
	for p := range parts {
		if perimeter[p] > 0 {
			sum += float64(4*math.Pi*km2[p]) / float64(perimeter[p]*perimeter[p])
		}
	}
	return sum / float64(parts)
}

// ofFlows are the statistics of patients: the share treated inside, the weakest
// and the median localisation index, and the median market share index.
func (f *Figures) ofFlows(label []int32, parts int) []float64 {
	st := newFlowState(f.flows, parts)
	st.reset(label)
	treated := make([]float64, parts)
	for j, p := range st.at {
		if p >= 0 {
			for q := range parts {
				treated[p] += st.sum[j*parts+q]
			}
		}
	}
	inside := 0.0
	var local, market []float64
	for p := range parts {
		inside += st.inside[p]
		if st.resident[p] > 0 {
			local = append(local, st.inside[p]/st.resident[p])
		}
		if treated[p] > 0 {
			market = append(market, st.inside[p]/treated[p])
		}
	}
	least := math.NaN()
	if len(local) > 0 {
		least = slices.Min(local)
	}
	return []float64{inside / f.flows.total, least, median(local), median(market)}
}

func median(x []float64) float64 {
	slices.Sort(x)
	if len(x) == 0 {
		return math.NaN()
	}
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
