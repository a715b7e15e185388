package page

import (
	"math"

	"stpmap/render/layer"
)

// Lettering is the type of a legend: sizes in points and millimetres on A4,
// and how many characters make a line.
type Lettering struct {
	Title, Text             float64
	Above, Space            float64
	SymbolWidth, SymbolHigh float64
	WrapTitle, Wrap         int
}

var (
	roomyLegend   = Lettering{9, 8, 4, 1.2, 6, 3.6, 34, 38}
	compactLegend = Lettering{8, 7, 3, 0.4, 4, 2.5, 38, 44}
)

// Height is how much a legend of layers takes up on A4, in millimetres; long lists
// are left out unless long.
func (t *Lettering) Height(layers []*layer.Layer, long bool) float64 {
	h := 0.0
	for _, l := range layers {
		title, listed := l.LegendTitle(long)
		h += t.Above + float64(0.42*t.Title*float64(lineCount(title, t.WrapTitle)))
		if listed {
			for _, e := range l.Entries() {
				h += t.Space + math.Max(t.SymbolHigh, 0.38*t.Text*float64(lineCount(e.Class.Label, t.Wrap)))
			}
		}
	}
	return h
}

// FitLegend chooses a type in which a legend fits its place; false where none
// does, and long lists are left out.
func FitLegend(layers []*layer.Layer, height float64) (t Lettering, long bool) {
	for _, t := range [...]Lettering{roomyLegend, compactLegend} {
		if t.Height(layers, true) <= height {
			return t, true
		}
	}
	return roomyLegend, false
}
