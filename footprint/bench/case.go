package bench

import (
	"iter"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
)

// Case is everything that a page has but the drawing: flows as they may be
// published, people, borders, demands, and the map to begin with. Slices by area
// and by provider follow the matrix.
type Case struct {
	Version       string // of the tool
	Matrix        *flow.Matrix
	FlowSHA256    string   // of the matrix; "" has it computed
	AreaNames     []string // "" where not known
	ProviderNames []string // nil in a one-mode matrix
	NameMark      string   // ends every name of synthetic data
	Population    []float64
	Neighbours    Neighbours // nil without boundaries
	Demands       Demands

	Start     footprint.Partition
	Names     []string // of Start's footprints, as a table has them; nil: made of areas' names
	Reference *footprint.Partition
	// ReferenceNames are the names of its footprints; nil where none is known.
	ReferenceNames []string
	Scoring        *Scoring // nil without indicators
}

// Neighbours are the areas that count as next to each area, rising.
type Neighbours [][]int32

// Neighbours implements footprint.Adjacency.
func (n Neighbours) Neighbours(area int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, b := range n[area] {
			if !yield(int(b)) {
				return
			}
		}
	}
}

// NeighboursOf copies an adjacency of so many areas; nil gives nil.
func NeighboursOf(a footprint.Adjacency, areas int) Neighbours {
	if a == nil {
		return nil
	}
	out := make(Neighbours, areas)
	for v := range out {
		for b := range a.Neighbours(v) {
			out[v] = append(out[v], int32(b))
		}
		slices.Sort(out[v])
	}
	return out
}

// Demands are what footprints must be, as footprint.Constraints has them.
type Demands struct {
	Footprints                   int // the number to begin with; 0 where none is asked
	Contiguous                   bool
	MinPopulation, MaxPopulation float64
	MinLocalisation, MaxShare    float64
	MinProviders                 int
	CountedProviders             []bool
	AllowSingleKind              bool
	AllowDegenerate              bool
	Together, Apart              [][]int32
	KeepWhole                    []footprint.Unit
	Quality                      footprint.Quality
	Restarts, Effort             int
}

// Constraints are the demands, ready for a method.
func (c *Case) Constraints() footprint.Constraints {
	d := &c.Demands
	cs := footprint.Constraints{
		MinPopulation: d.MinPopulation, MaxPopulation: d.MaxPopulation, MinLocalisation: d.MinLocalisation, MaxShare: d.MaxShare,
		MinProviders: d.MinProviders, CountedProviders: d.CountedProviders, AllowSingleKind: d.AllowSingleKind, AllowDegenerate: d.AllowDegenerate,
		Together: d.Together, Apart: d.Apart, KeepWhole: d.KeepWhole,
	}
	if d.Contiguous {
		cs.Contiguous = c.Neighbours
	}
	if c.Population != nil {
		cs.Population = slices.Clone(c.Population)
		for a, n := range cs.Population {
			if math.IsNaN(n) {
				cs.Population[a] = 0
			}
		}
	}
	return cs
}

// adjacency is that of the areas; nil without boundaries.
func (c *Case) adjacency() footprint.Adjacency {
	if c.Neighbours == nil {
		return nil
	}
	return c.Neighbours
}

// Places lists the areas and then the providers.
func (c *Case) Places() []Place {
	var out []Place
	for a, code := range c.Matrix.Areas() {
		out = append(out, Place{Kind: Area, Code: code, Name: c.AreaNames[a]})
	}
	if c.Matrix.OneMode() {
		return out
	}
	for j, code := range c.Matrix.Providers() {
		out = append(out, Place{Kind: Provider, Code: code, Name: c.ProviderNames[j]})
	}
	return out
}
