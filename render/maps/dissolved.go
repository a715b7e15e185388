package maps

import (
	"iter"

	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// dissolvedLayer is the footprint layer of any grouping of boundaries where no
// flows are known: group[i] is the group of boundary i, from 0, or negative for
// none; ids and names (nil: none) are of the groups, populations (nil: not
// known) of the boundaries. What only flows could say is empty. Neighbours never
// share a colour.
func dissolvedLayer(b *boundary.Set, group []int32, ids, names []string, populations []float64, about layer.About) layer.Layer {
	l := footprintsKind.empty(about, footprintFields())
	n := len(ids)
	areas, people := make([]int64, n), make([]float64, n)
	for i, g := range group {
		if g < 0 {
			continue
		}
		areas[g]++
		people[g] += atOrNaN(populations, i)
	}
	onePiece := footprint.ContiguousFootprints(footprint.Partition{Areas: group, IDs: ids}, ownOrder{b})
	l.Style = footprintStyle(nil)
	colours := layer.Colouring(b.GroupAdjacency(group, n), n)
	for g, shape := range b.Dissolve(group, n) {
		if len(shape) == 0 {
			continue
		}
		var contiguous any
		if areas[g] > 0 {
			contiguous = onePiece[g]
		}
		label := ids[g]
		if names != nil && names[g] != "" && names[g] != ids[g] {
			label += " " + names[g]
		}
		km2 := boundary.AreaKM2(shape)
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: ids[g], Label: label, Colour: layer.Qualitative(colours[g])})
		l.Features = append(l.Features, layer.Feature{ID: ids[g], Geometry: shape, Values: unknownFrom([]any{
			ids[g], layer.Nonempty(at(names, g)), areas[g], nil, layer.Known(people[g]), nil, nil, nil, nil, nil, nil, contiguous,
			layer.Known(km2), layer.Known(boundary.PolsbyPopper(km2, boundary.PerimeterKM(shape))), nil, layer.Known(boundary.ReockOf(shape, km2)),
		}, len(l.Fields))})
	}
	wholeNumbers(&l, "population")
	return l
}

// ownOrder is the adjacency of boundaries by their own index.
type ownOrder struct{ b *boundary.Set }

func (o ownOrder) Neighbours(i int) iter.Seq[int] { return o.b.Neighbours(i) }
