package layer

import (
	"math"

	"github.com/paulmach/orb"
)

// FieldType is the type that all values of a field have, besides nil.
type FieldType int8

// The types of fields. Values are string, int64, float64 and bool; nil is an
// unknown, in every type.
const (
	Text FieldType = iota
	Integer
	Real
	Boolean
)

// Field is a column of a layer. Name is [a-z][a-z0-9_]*; Alias is for people,
// with its unit.
type Field struct {
	Name  string
	Alias string
	Type  FieldType
}

// Feature is one row of a layer.
type Feature struct {
	ID       string       // unique in the layer, or empty
	Geometry orb.Geometry // in WGS84 degrees, longitude first; nil if it has none
	Values   []any        // one for each field
}

// Layer is what every format writes: rows of one geometry type with named,
// typed columns in a fixed order.
type Layer struct {
	Name     string // [a-z][a-z0-9_]*: table name, file stem
	Title    string // for people
	Geometry string // "MultiPolygon", "Point", "LineString", …: the widest type in the layer
	Fields   []Field
	Features []Feature
	Style    Style
	Group    Group // where a project lists it
	// Views show the layer once more each, in other styles, where clients can
	// choose what they see.
	Views []View
	// About goes with the layer wherever the format has a place for it.
	About About
}

// FieldIndex is the place of a field by name, or −1.
func (l *Layer) FieldIndex(name string) int {
	for i, f := range l.Fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

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

// Group is where a project lists a layer.
type Group int8

// The groups. The zero value goes by the layer's geometry: polygons stand with
// the footprints, all else with providers and flows.
const (
	ByGeometry     Group = iota
	OverFootprints       // with the footprints, on top of them
	WithAreas            // below the footprints, unticked beside them
	InChecks             // over everything, unticked beside other polygons
)
