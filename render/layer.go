package render

import "github.com/paulmach/orb"

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
	// Views show the layer once more each, in other styles, where clients can
	// choose what they see.
	Views []View
	// About goes with the layer wherever the format has a place for it.
	About About
}

// View is a layer under another name and style, over the same rows.
type View struct {
	Name, Title string
	Style       Style
}

// StyleKind says how a layer is coloured.
type StyleKind int8

// The kinds of style.
const (
	StyleSingle      StyleKind = iota // one symbol
	StyleCategories                   // a symbol for each value of Style.Field
	StyleGraduated                    // a symbol for each class of a number in Style.Field
	StyleSizedPoints                  // points or lines sized by the number in Style.Field
)

// Class is one entry of a legend.
type Class struct {
	Value        any     // StyleCategories: the value
	Lower, Upper float64 // StyleGraduated: from Lower (or above it, after the first class) to Upper inclusive
	Label        string
	Colour       string // #rrggbb
	Hatched      bool   // drawn with hatching: not rated, unknown
	Icon         Icon   // points: the shape
}

// Icon is the shape of a point symbol.
type Icon string

// The icons. The zero value is a circle.
const (
	IconCircle   Icon = ""
	IconSquare   Icon = "square"
	IconDiamond  Icon = "diamond"
	IconTriangle Icon = "triangle"
	IconCross    Icon = "cross"
	IconStar     Icon = "star"
)

// Style says how a layer is drawn by clients that can be told.
type Style struct {
	Kind       StyleKind
	Field      string // what colours it
	LabelField string // empty: no labels
	Colour     string // fill or line, for StyleSingle and StyleSizedPoints
	Outline    string // #rrggbb, empty for none
	Width      float64
	Opacity    float64 // 0 means 1
	Classes    []Class
	Hidden     bool // off when the project opens
	// SizeField sizes points (area in proportion to the number) and lines (width
	// in proportion) in any kind of style; empty for StyleSizedPoints means Field.
	SizeField string
	// MinSize and MaxSize are the diameters or widths, in millimetres, of the
	// smallest symbol drawn and of the layer's largest number; 0 means 1.2 and 6
	// for points, 0.15 and 2.4 for lines.
	MinSize, MaxSize float64
	// LegendTitle stands above the classes; empty means the layer's title.
	LegendTitle string
}

// About is where a layer comes from: it goes with every output.
type About struct {
	Title      string
	Version    string // of stpmap
	Parameters string // the run's flags in canonical order
	Seed       uint64
	FlowSHA256 string   // of the canonical flow matrix
	Sources    []string // attributions and licences
	Notice     string   // "Synthetic data: no real place or organisation"
}
