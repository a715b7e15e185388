package render

import (
	"iter"
	"math"

	"stpmap/footprint"
)

// Dissolved is the footprint layer of any grouping of boundaries where no flows
// are known: group[i] is the group of boundary i, from 0, or negative for none;
// ids and names (nil: none) are of the groups. What only flows could say is
// empty. Neighbours never share a colour.
func (b *Boundaries) Dissolved(group []int32, ids, names []string, about About) Layer {
	return b.dissolved(group, ids, names, b.populations, about)
}

// dissolved takes the people of each boundary, nil where they are not known.
func (b *Boundaries) dissolved(group []int32, ids, names []string, populations []float64, about About) Layer {
	l := Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", About: about, Fields: footprintFields()}
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
	l.Style = Style{Kind: StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.7}
	colours := Colouring(b.GroupAdjacency(group, n), n)
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
		km2 := AreaKM2(shape)
		l.Style.Classes = append(l.Style.Classes, Class{Value: ids[g], Label: label, Colour: Qualitative(colours[g])})
		l.Features = append(l.Features, Feature{ID: ids[g], Geometry: shape, Values: unknownFrom([]any{
			ids[g], text(at(names, g)), areas[g], nil, number(people[g]), nil, nil, nil, nil, nil, nil, contiguous,
			number(km2), number(compactness(km2, PerimeterKM(shape))), nil, number(reock(shape, km2)),
		}, len(l.Fields))})
	}
	wholeNumbers(&l, "population")
	return l
}

// ownOrder is the adjacency of boundaries by their own index.
type ownOrder struct{ b *Boundaries }

func (o ownOrder) Neighbours(i int) iter.Seq[int] { return o.b.Neighbours(i) }

// TotalAreaKM2 is the area of all features of a layer in square kilometres.
func (l *Layer) TotalAreaKM2() float64 {
	i := l.FieldIndex("area_km2")
	sum := 0.0
	for _, f := range l.Features {
		if x, ok := f.Values[i].(float64); ok && !math.IsNaN(x) {
			sum += x
		}
	}
	return sum
}
