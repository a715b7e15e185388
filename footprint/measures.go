package footprint

import (
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
)

// FootprintMeasures are the figures of one footprint.
type FootprintMeasures struct {
	ID               string
	Areas, Providers int
	Population       float64 // people; NaN unless known for every member area
	flow.Containment
	LocalisationIndex float64 // in [0, 1]; NaN where undefined
	MarketShareIndex  float64 // in [0, 1]; NaN where undefined
	NetFlow           float64 // inflow for each patient who leaves; NaN where nobody does
	Conductance       float64 // in [0, 1]; NaN where undefined
	Connected         bool    // one piece in the flow network
	Contiguous        bool    // one piece on the ground; false where no adjacency was given
}

// Coverage is how much got a footprint, as shares in [0, 1].
type Coverage struct {
	Flow   float64 // of patients, those whose area and provider both have one; NaN without flow
	Areas  float64 // NaN without areas
	People float64 // NaN unless known for every area
}

// Measures are the figures of a partition, from wherever it came.
type Measures struct {
	Footprints, Areas, Providers int // areas and providers that are placed
	UnplacedAreas                int
	UnplacedProviders            int
	Coverage                     Coverage
	Patients                     flow.Count // all patients of the matrix
	InsideShare                  float64    // patients inside their footprint over all patients
	// Modularity is Newman's, weighted, of the network with both kinds of
	// node at γ = 1 (doi:10.1103/PhysRevE.70.056131). An unplaced node counts
	// as a community by itself.
	Modularity float64
	// BipartiteModularity is Barber's, which expects flow only between an area
	// and a provider (doi:10.1103/PhysRevE.76.066102); NaN in a one-mode matrix.
	BipartiteModularity float64
	MinLocalisation     float64 // of the footprints where it is defined; NaN if none
	MedianLocalisation  float64
	MinPopulation       float64 // NaN where populations are not known
	MaxPopulation       float64
	LargestShare        float64 // the largest footprint's share of resident patients
	SizeHHI             float64 // Herfindahl-Hirschman index of those shares
	NormalisedCut       float64 // Σ cut(c)/vol(c) (Shi and Malik 2000, doi:10.1109/34.868688)
	Contiguous          int     // footprints in one piece on the ground; −1 where no adjacency was given
	Disconnected        int     // footprints that are not connected in the flow network
	ByFootprint         []FootprintMeasures
}

// Measure computes the figures of p on m. population gives the people of each
// area by index, NaN where not known, and may be nil; adjacency may be nil.
func Measure(m *flow.Matrix, p Partition, population []float64, adjacency Adjacency) Measures {
	ms := Measures{Footprints: p.Len(), Patients: m.Total(), Contiguous: -1, Coverage: coverage(m, p, population)}
	ms.reset()
	cs := m.Containments(p.Areas, p.Providers, p.Len())
	ms.ByFootprint = footprintMeasures(m, p, cs, population != nil)
	ms.countMembers(p, population)
	inside := ms.addFootprints()
	ms.Modularity, ms.BipartiteModularity = modularities(m, p, cs, inside)
	ms.countConnected(m, p)
	ms.countContiguous(p, adjacency)
	return ms
}

// footprintMeasures are the figures that follow from the flows of each
// footprint.
func footprintMeasures(m *flow.Matrix, p Partition, cs []flow.Containment, people bool) []FootprintMeasures {
	list := make([]FootprintMeasures, p.Len())
	for f := range list {
		fm := &list[f]
		fm.ID, fm.Containment = p.IDs[f], cs[f]
		if !people {
			fm.Population = math.NaN()
		}
		fm.setIndices(m.Total().Value)
	}
	return list
}

// setIndices sets the shares that follow from the flows of a footprint; total is
// the number of patients of the whole matrix.
func (fm *FootprintMeasures) setIndices(total float64) {
	fm.LocalisationIndex = orNaN(fm.Containment.LocalisationIndex())
	fm.MarketShareIndex = orNaN(fm.Containment.MarketShareIndex())
	fm.NetFlow = orNaN(fm.Containment.NetFlow())
	fm.Conductance = orNaN(fm.Containment.Conductance(total))
}

// reset makes the figures of all footprints together unknown, before they are
// added up.
func (ms *Measures) reset() {
	ms.MinLocalisation, ms.MedianLocalisation = math.NaN(), math.NaN()
	ms.MinPopulation, ms.MaxPopulation = math.NaN(), math.NaN()
}

// countMembers counts areas, providers and people.
func (ms *Measures) countMembers(p Partition, population []float64) {
	for a, f := range p.Areas {
		if f < 0 {
			ms.UnplacedAreas++
			continue
		}
		ms.Areas++
		ms.ByFootprint[f].Areas++
		if population != nil {
			ms.ByFootprint[f].Population += population[a]
		}
	}
	for _, f := range p.Providers {
		if f < 0 {
			ms.UnplacedProviders++
			continue
		}
		ms.Providers++
		ms.ByFootprint[f].Providers++
	}
}

// addFootprints puts the footprints' figures together, and gives the patients
// who are treated inside.
func (ms *Measures) addFootprints() (inside float64) {
	total := ms.Patients.Value
	var lis []float64
	for f := range ms.ByFootprint {
		fm := &ms.ByFootprint[f]
		inside += fm.Inside.Value
		if !math.IsNaN(fm.LocalisationIndex) {
			lis = append(lis, fm.LocalisationIndex)
		}
		ms.addPeople(fm)
		if total > 0 {
			share := fm.Resident.Value / total
			ms.LargestShare = max(ms.LargestShare, share)
			ms.SizeHHI += float64(share * share)
		}
		if vol := fm.Resident.Value + fm.Treated.Value; vol > 0 {
			ms.NormalisedCut += (vol - float64(2*fm.Inside.Value)) / vol
		}
	}
	if total > 0 {
		ms.InsideShare = inside / total
	}
	if len(lis) > 0 {
		slices.Sort(lis)
		ms.MinLocalisation = lis[0]
		ms.MedianLocalisation = (lis[(len(lis)-1)/2] + lis[len(lis)/2]) / 2
	}
	return inside
}

// addPeople widens the range of people by those of one footprint.
func (ms *Measures) addPeople(fm *FootprintMeasures) {
	if math.IsNaN(fm.Population) || fm.Areas == 0 {
		return
	}
	if !(fm.Population >= ms.MinPopulation) {
		ms.MinPopulation = fm.Population
	}
	if !(fm.Population <= ms.MaxPopulation) {
		ms.MaxPopulation = fm.Population
	}
}

// countConnected says which footprints are in one piece in flow.
func (ms *Measures) countConnected(m *flow.Matrix, p Partition) {
	for f, ok := range connectedFootprints(m, p) {
		ms.ByFootprint[f].Connected = ok
		if !ok {
			ms.Disconnected++
		}
	}
}

// countContiguous says which footprints are in one piece on the ground.
func (ms *Measures) countContiguous(p Partition, adjacency Adjacency) {
	if adjacency == nil {
		return
	}
	ms.Contiguous = 0
	for f, ok := range ContiguousFootprints(p, adjacency) {
		ms.ByFootprint[f].Contiguous = ok
		if ok {
			ms.Contiguous++
		}
	}
}

// coverage is the share of flow, areas and people in footprints.
func coverage(m *flow.Matrix, p Partition, population []float64) Coverage {
	providers := p.Providers
	if m.OneMode() {
		providers = p.Areas
	}
	c := Coverage{People: math.NaN()}
	placed, people, all := 0, 0.0, 0.0
	for a, f := range p.Areas {
		if population != nil {
			all += population[a]
		}
		if f < 0 {
			continue
		}
		placed++
		if population != nil {
			people += population[a]
		}
		ps, ws := m.Row(a)
		for i, j := range ps {
			if providers[j] >= 0 {
				c.Flow += ws[i]
			}
		}
	}
	c.Flow /= m.Total().Value // 0/0 is NaN, as wanted
	c.Areas = float64(placed) / float64(len(p.Areas))
	if population != nil {
		c.People = people / all
	}
	if placed == len(p.Areas) && !slices.ContainsFunc(providers, func(f int32) bool { return f < 0 }) && c.Flow > 0 {
		c.Flow = 1 // whatever the sum's last digit
	}
	return c
}

func orNaN(x float64, ok bool) float64 {
	if !ok {
		return math.NaN()
	}
	return x
}

// modularities computes Newman's and Barber's modularity at γ = 1 from the
// containments: with W patients in all, a two-mode network has 2m = 2W, and a
// footprint's degree is its resident plus its treated patients. A = F + Fᵀ makes
// the same true of a one-mode network.
func modularities(m *flow.Matrix, p Partition, cs []flow.Containment, inside float64) (newman, barber float64) {
	w := m.Total().Value
	if !(w > 0) {
		return math.NaN(), math.NaN()
	}
	null, bnull := 0.0, 0.0
	for _, c := range cs {
		d := (c.Resident.Value + c.Treated.Value) / (2 * w)
		null += float64(d * d)
		bnull += float64((c.Resident.Value / w) * (c.Treated.Value / w))
	}
	for a, f := range p.Areas {
		if f >= 0 {
			continue
		}
		s := m.RowTotal(a)
		if m.OneMode() {
			s += m.ColumnTotal(a)
			inside += m.At(a, a).Value
		}
		null += float64(s / (2 * w) * (s / (2 * w)))
	}
	for j, f := range p.Providers {
		if f < 0 {
			s := m.ColumnTotal(j) / (2 * w)
			null += float64(s * s)
		}
	}
	newman = inside/w - null
	if m.OneMode() {
		return newman, math.NaN()
	}
	return newman, inside/w - bnull
}

// connectedFootprints reports for each footprint whether its members are
// connected through flows inside it.
func connectedFootprints(m *flow.Matrix, p Partition) []bool {
	nA := len(m.Areas())
	providers, first := p.Providers, int32(nA) // the first node of a provider
	if m.OneMode() {
		providers, first = p.Areas, 0
	}
	sets := grouping.NewSets(graph.Nodes(m))
	graph.EachPair(m, func(_, a int, j int32) {
		if f := p.Areas[a]; f >= 0 && providers[j] == f {
			sets.Union(int32(a), first+j)
		}
	})
	pieces := make([]int, p.Len())
	for v, f := range slices.Concat(p.Areas, p.Providers) {
		if f >= 0 && sets.Find(int32(v)) == int32(v) {
			pieces[f]++
		}
	}
	ok := make([]bool, p.Len())
	for f, n := range pieces {
		ok[f] = n <= 1
	}
	return ok
}
