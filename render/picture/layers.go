package picture

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// sizesOf gives the size of each feature's symbol, in millimetres on A4.
func sizesOf(l *layer.Layer) func(feature int) float64 {
	es := l.Entries()
	entry := l.Finder(es)
	at := l.SizeField()
	top := l.Largest(at)
	kind := layer.KindOf(l.Geometry)
	return func(i int) float64 {
		if at < 0 {
			return es[entry(i)].Size
		}
		x, _ := layer.Numeric(l.Features[i].Values[at])
		return l.Style.SizeOf(kind, x, top)
	}
}

// drawLayer draws a layer, whose geometries are on the plane, in a view.
func drawLayer(c canvas, l *layer.Layer, v *view, unit float64) {
	s, k := &l.Style, layer.KindOf(l.Geometry)
	es := l.Entries()
	entry := l.Finder(es)
	sizes := sizesOf(l)
	tip := tips(l)
	for i := range l.Features {
		f := &l.Features[i]
		if f.Geometry == nil || layer.Empty(f.Geometry) {
			continue
		}
		e := es[entry(i)]
		size := sizes(i)
		draw := shape{opacity: s.Alpha(), tip: tip(f)}
		switch k {
		case layer.AreaKind:
			draw.lines = v.rings(f.Geometry)
			drawArea(c, s, &e.Class, draw, unit)
		case layer.LineKind:
			draw.stroke, draw.width = layer.LineColour(&e.Class), size*unit
			draw.lines = v.rings(f.Geometry)
			if len(draw.lines) > 0 {
				c.shape(draw)
			}
		case layer.PointKind:
			layer.EachPoint(f.Geometry, func(q orb.Point) {
				q = v.place(q)
				if layer.Drawable(q) && (!v.clip || v.box.Holds(q)) {
					c.shape(symbolShape(s, &e, q, size*unit, draw.opacity, draw.tip))
				}
			})
		}
	}
}

// tips says what a feature is, for a pointer or a screen reader.
func tips(l *layer.Layer) func(f *layer.Feature) string {
	name := l.FieldIndex(l.NameField())
	return func(f *layer.Feature) string {
		if name >= 0 {
			if n := layer.ValueText(f.Values[name]); n != "" && n != f.ID {
				return strings.TrimSpace(f.ID + " " + n)
			}
		}
		return f.ID
	}
}

// drawArea fills rings, and hatches what is not known, under their outline.
func drawArea(c canvas, s *layer.Style, class *layer.Class, draw shape, unit float64) {
	if len(draw.lines) == 0 {
		return
	}
	if class.Overlay {
		drawOverlay(c, class, draw, unit)
		return
	}
	draw.closed, draw.fill = true, class.Colour
	draw.stroke, draw.width = s.Outline, s.Width*unit
	if draw.width <= 0 {
		draw.width = 0.2 * unit
	}
	if draw.stroke == "" {
		// A hair of its own colour closes the seam between neighbours.
		draw.stroke, draw.width = class.Colour, 0.05
	}
	if class.Hatched {
		outline := draw
		draw.stroke = ""
		c.shape(draw)
		c.shape(hatch(draw.lines, hatchGap, unit))
		outline.fill, outline.tip = "", ""
		draw = outline
	}
	c.shape(draw)
}

// drawOverlay draws lines over what lies under an area.
func drawOverlay(c canvas, class *layer.Class, draw shape, unit float64) {
	if class.Lines <= 0 {
		return
	}
	over := hatch(draw.lines, class.Lines, unit)
	over.stroke, over.tip = class.Colour, draw.tip
	if len(over.lines) > 0 {
		c.shape(over)
	}
}

// rings are a geometry's lines on the page, thinned to what can be seen: every
// vertex goes to the same fine grid, so that shared borders stay shared. A view
// that clips has what lies in its box.
func (v *view) rings(g orb.Geometry) [][]orb.Point {
	var out [][]orb.Point
	polygon := func(p orb.Polygon) {
		for i, r := range p {
			if len(r) > 1 && r[0] == r[len(r)-1] {
				r = r[:len(r)-1]
			}
			ring := v.thinned(r)
			if v.clip {
				ring = clipRing(ring, v.box)
			}
			if len(ring) < 3 {
				continue
			}
			// Shells turn one way on the page and holes the other.
			if turnsRight(ring) != (i == 0) {
				slices.Reverse(ring)
			}
			out = append(out, ring)
		}
	}
	line := func(l orb.LineString) {
		points := v.thinned(l)
		switch {
		case v.clip:
			out = append(out, clipLine(points, v.box)...)
		case len(points) > 1:
			out = append(out, points)
		}
	}
	switch g := g.(type) {
	case orb.Polygon:
		polygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			polygon(p)
		}
	case orb.LineString:
		line(g)
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	}
	return out
}

// thinned are points on the page without repeats; none where one has no place.
func (v *view) thinned(ps []orb.Point) []orb.Point {
	out := make([]orb.Point, 0, len(ps))
	for _, p := range ps {
		p = v.place(p)
		if !layer.Drawable(p) {
			return nil
		}
		p = orb.Point{math.Round(p[0]*50) / 50, math.Round(p[1]*50) / 50}
		if len(out) == 0 || p != out[len(out)-1] {
			out = append(out, p)
		}
	}
	return out
}

func turnsRight(ring []orb.Point) bool {
	sum := 0.0
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += float64((a[0]-ring[0][0])*(b[1]-ring[0][1])) - float64((b[0]-ring[0][0])*(a[1]-ring[0][1]))
	}
	return sum > 0
}
