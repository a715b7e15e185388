package maps

import (
	"stpmap/footprint/sweep"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Sweep is a sweep with the boundaries of its areas: what the layers of
// borders and of levels are made of. Codes, names and populations are by area
// of the matrix; names and populations may be nil.
type Sweep struct {
	Comparison *sweep.Comparison
	Boundaries *boundary.Set
	Codes      []string
	Names      []string
	Reference  []int32 // group of each area in an official map, negative for none; nil if there is none
	About      layer.About
	// SuppressBelow hides patients under this number, and shares that would give
	// such a number away; 0 shows all.
	SuppressBelow float64
}
