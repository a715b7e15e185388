package study

import (
	"math"
	"slices"
)

// AreasWithoutBoundary are the areas of the flows that no polygon is of; none
// without boundaries.
func (in *Study) AreasWithoutBoundary() (codes []string) {
	if in.Boundaries == nil {
		return nil
	}
	for _, code := range in.Matrix.Areas() {
		if _, ok := in.Boundaries.Index(code); !ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// BoundariesWithoutFlow are the codes of polygons that the flows do not have.
func (in *Study) BoundariesWithoutFlow() (codes []string) {
	for _, code := range in.Boundaries.Codes() {
		if _, ok := in.Matrix.AreaIndex(code); !ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// ProvidersWithoutLocation are the providers of the flows whose point is not
// known.
func (in *Study) ProvidersWithoutLocation() (codes []string) {
	if in.Matrix.OneMode() {
		return nil
	}
	for j, code := range in.Matrix.Providers() {
		if in.Points == nil || math.IsNaN(in.Points[j][0]) {
			codes = append(codes, code)
		}
	}
	return codes
}

// AreasWithoutPopulation are the areas of the flows whose people are not known.
func (in *Study) AreasWithoutPopulation() (codes []string) {
	if in.Population == nil {
		return slices.Clone(in.Matrix.Areas())
	}
	for a, n := range in.Population {
		if math.IsNaN(n) {
			codes = append(codes, in.Matrix.Areas()[a])
		}
	}
	return codes
}

// KnownCodes are those of places and providers that exist without flow: their
// figures are placed nowhere, and are no fault.
func (in *Study) KnownCodes() []string {
	codes := slices.Concat(in.OtherCodes, in.MatrixReport.AreasWithoutFlow, in.MatrixReport.ProvidersWithoutFlow)
	if in.Boundaries != nil {
		codes = append(codes, in.BoundariesWithoutFlow()...)
	}
	return codes
}

// NumberingPopulation is the people of each area, 0 where not known; nil where
// they are known for none, so that patients take their place.
func (in *Study) NumberingPopulation() []float64 {
	if in.Population == nil {
		return nil
	}
	people := slices.Clone(in.Population)
	for i, n := range people {
		if math.IsNaN(n) {
			people[i] = 0
		}
	}
	return people
}

// Hosts finds the area in which each provider lies by its point, negative where
// none does; nil without boundaries and points.
func (in *Study) Hosts() []int32 {
	if in.Boundaries == nil || in.Points == nil {
		return nil
	}
	hosts := make([]int32, len(in.Points))
	located := in.Boundaries.Locate(in.Points)
	for j, i := range located {
		hosts[j] = -1
		if i < 0 {
			continue
		}
		if a, ok := in.Matrix.AreaIndex(in.Boundaries.Codes()[i]); ok {
			hosts[j] = int32(a)
		}
	}
	return hosts
}
