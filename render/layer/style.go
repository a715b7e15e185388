package layer

import "math"

// Style says how a layer is drawn by clients that can be told.
type Style struct {
	Kind       StyleKind
	Field      string // what colours it
	LabelField string // empty: no labels
	LabelOnly  any    // pictures label only features whose Field is this; nil for all
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
	// Overlay areas are not filled, so that what lies under them stays in sight: they
	// have Lines alone, so many millimetres apart, or nothing where that is 0.
	Overlay bool
	Lines   float64
	Icon    Icon // points: the shape
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

// ForUnknown tells the class of a graduated style that takes what has no number.
func (c *Class) ForUnknown() bool {
	return c.Hatched || math.IsNaN(c.Lower) || math.IsNaN(c.Upper)
}

// Alpha is the opacity of fills and lines, in (0, 1].
func (s *Style) Alpha() float64 {
	if s.Opacity > 0 && s.Opacity <= 1 {
		return s.Opacity
	}
	return 1
}
