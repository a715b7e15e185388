package maps

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Grouping is a partition of boundaries where no flows are known: any official
// map. What only flows could say is empty in its layers.
type Grouping struct {
	Boundaries *boundary.Set
	Of         []int32   // the group of each boundary, from 0; negative for none
	IDs, Names []string  // of the groups; Names may be nil
	Population []float64 // of each boundary, NaN where not known; nil: the boundaries' own
	// Providers are the places to draw in it; nil for none.
	Providers []GroupedProvider
	// Reference is another grouping of the same boundaries, of which Of and IDs
	// count; nil for none.
	Reference *Grouping
	Areas     bool // ask for the layer of areas, which has far more positions than the footprints
	About     layer.About
}

// GroupedProvider is a place of care in a grouping.
type GroupedProvider struct {
	Code, Name, Type string
	At               orb.Point // NaN: not known
	Group            int32     // negative for none
}

// Layers are the layers of a grouping in the order of those of a Case:
// footprints, areas where asked for, providers where there are any, and areas
// moved where there is a reference. Simplified boundaries may stand in for the
// grouping's own.
func (g *Grouping) Layers(shapes *boundary.Set) []layer.Layer {
	people := g.Population
	if people == nil {
		people = g.Boundaries.Populations()
	}
	layers := []layer.Layer{dissolvedLayer(shapes, g.Of, g.IDs, g.Names, people, g.About)}
	if g.Areas {
		layers = append(layers, g.areaLayer(shapes, people, layers[0].Style.Classes))
	}
	if g.Providers != nil {
		layers = append(layers, g.providerLayer())
	}
	if g.Reference != nil {
		all := shapes.All()
		geometries := make([]orb.Geometry, len(all))
		for i, m := range all {
			geometries[i] = m
		}
		l := movedKind.empty(g.About, movedKind.columns(nil))
		movedRows(&l, shapes.Codes(), shapes.Names(), geometries, membership{g.Of, g.IDs}, membership{g.Reference.Of, g.Reference.IDs})
		styleMoved(&l)
		layers = append(layers, l)
	}
	for i := range layers {
		layers[i].About = g.About
		if shapes.Approximate() && layer.KindOf(layers[i].Geometry) == layer.AreaKind {
			layers[i].Title += " (approximate)"
		}
	}
	return layers
}

func (g *Grouping) areaLayer(shapes *boundary.Set, people []float64, classes []layer.Class) layer.Layer {
	l := areasKind.empty(g.About, areaFields())
	in := membership{g.Of, g.IDs}
	for i, m := range shapes.All() {
		l.Features = append(l.Features, layer.Feature{ID: shapes.Codes()[i], Geometry: m, Values: unknownFrom([]any{
			shapes.Codes()[i], layer.Nonempty(shapes.Names()[i]), in.id(g.Of[i]), layer.Known(atOrNaN(people, i)),
		}, len(l.Fields))})
	}
	wholeNumbers(&l, "population")
	l.Style = areaStyle(withUnplaced(&l, classes))
	return l
}

func (g *Grouping) providerLayer() layer.Layer {
	list := slices.Clone(g.Providers)
	slices.SortFunc(list, func(a, b GroupedProvider) int { return cmp.Compare(a.Code, b.Code) })
	types := make([]string, len(list))
	for i, p := range list {
		types[i] = p.Type
	}
	l := providersKind.empty(g.About, providerFields(types))
	known := len(providerFields(nil))
	in := membership{g.Of, g.IDs}
	for i, p := range list {
		f := layer.Feature{ID: p.Code, Values: unknownFrom([]any{p.Code, layer.Nonempty(p.Name), in.id(p.Group)}, known)}
		if !math.IsNaN(p.At[0]) {
			f.Geometry = p.At
		}
		f.Values = withType(f.Values, types, i)
		l.Features = append(l.Features, f)
	}
	styleProviders(&l, types)
	return l
}

// GroupBy makes groups of the values of each boundary, in their order; an empty
// value is no group.
func GroupBy(values []string) (of []int32, ids []string) {
	ids = slices.Clone(values)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 0 && ids[0] == "" {
		ids = ids[1:]
	}
	of = make([]int32, len(values))
	for i, v := range values {
		of[i] = footprint.Unplaced
		if k, ok := slices.BinarySearch(ids, v); ok {
			of[i] = int32(k)
		}
	}
	return of, ids
}
