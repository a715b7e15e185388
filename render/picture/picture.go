package picture

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"stpmap/render/layer"
	"stpmap/render/page"
)

// Picture is a map for a slide or a page: title, legend, scale bar, sources
// and notice around the layers.
type Map struct {
	Title, Subtitle string
	// Layers are drawn with the first on top; those that Style.Hidden hides are
	// left out, and so are layers without geometry.
	Layers []layer.Layer
	Page   page.Paper
	// Project takes a point from WGS84 degrees to metres, as the national grid;
	// nil is a plane that is true to scale in the middle of the map.
	Project func(orb.Point) orb.Point
	About   layer.About
}

// ErrPicture is a picture that cannot be drawn at the size asked for.
var ErrPicture = errors.New("picture cannot be drawn")

// WriteSVG draws the picture as SVG 1.1, in millimetres, with a group for each
// layer and a tooltip for each feature. It names no font by file and needs no
// network. The same picture gives the same bytes. The error wraps ErrLayerName
// or ErrLayerShape, or is the writer's.
func WriteSVG(w io.Writer, p Map) error {
	s, err := p.sheet()
	if err != nil {
		return err
	}
	c := newSVG(w, s, p.Title)
	p.draw(c, s)
	return c.close()
}

// WritePNG draws the same picture in pixels, dpi to the inch; 0 means 144,
// which makes a 16:9 page 1920 pixels wide. dpi may be 20 to 400, or the error
// wraps ErrPicture.
func WritePNG(w io.Writer, p Map, dpi int) error {
	scale, err := pixels(dpi)
	if err != nil {
		return err
	}
	s, err := p.sheet()
	if err != nil {
		return err
	}
	c := newRaster(s, scale)
	p.draw(c, s)
	return c.encode(w)
}

// pixels to a millimetre.
func pixels(dpi int) (float64, error) {
	if dpi == 0 {
		dpi = 144
	}
	if dpi < 20 || dpi > 400 {
		return 0, fmt.Errorf("%d dots to the inch: %w: 20 to 400 can be", dpi, ErrPicture)
	}
	return float64(dpi) / 25.4, nil
}

func (p *Map) sheet() (page.Sheet, error) {
	for i := range p.Layers {
		if err := p.Layers[i].Check(); err != nil {
			return page.Sheet{}, err
		}
	}
	return page.NewSheet(p.Page, p.Subtitle != "", p.About.Foot())
}

// canvas takes shapes in millimetres, y down. Later shapes lie on top.
type canvas interface {
	// begin and end bracket the shapes of one layer.
	begin(name string)
	end()
	shape(s shape)
	text(t label)
}

// shape is a set of rings or lines with how to paint them.
type shape struct {
	lines   [][]orb.Point
	closed  bool
	fill    string // empty: none
	stroke  string // empty: none
	width   float64
	opacity float64
	tip     string // what the shape is, for a pointer or a screen reader
}

type anchor int8

const (
	left anchor = iota
	middle
	right
)

// label is a line of text with its baseline's left, middle or right at a place.
type label struct {
	x, y   float64
	points float64
	bold   bool
	anchor anchor
	colour string
	halo   bool
	text   string
}

func (p *Map) shown() []*layer.Layer {
	var out []*layer.Layer
	for i := range p.Layers {
		if l := &p.Layers[i]; !l.Style.Hidden && layer.KindOf(l.Geometry) != layer.NoKind {
			out = append(out, l)
		}
	}
	return out
}

func (p *Map) draw(c canvas, s page.Sheet) {
	layers := p.shown()
	onPlane := p.Project
	if onPlane == nil {
		onPlane = plane(layers)
	}
	// Projecting takes longer than all the rest, so it is done once.
	flat := make([]*layer.Layer, len(layers))
	for i, l := range layers {
		flat[i] = projected(l, onPlane)
	}
	b, ok := layer.ProjectedBound(func(q orb.Point) orb.Point { return q }, flat...)
	if !ok {
		b = orb.Bound{Max: orb.Point{1000, 1000}}
	}
	b = page.Fit(b, s.Frame.W, s.Frame.H)
	k := s.Frame.W / (b.Max[0] - b.Min[0]) // millimetres to a metre
	place := func(q orb.Point) orb.Point {
		return orb.Point{s.Frame.X + (q[0]-b.Min[0])*k, s.Frame.Y + (b.Max[1]-q[1])*k}
	}

	c.begin("frame")
	c.shape(shape{lines: [][]orb.Point{{{0, 0}, {s.W, 0}, {s.W, s.H}, {0, s.H}}}, closed: true, fill: "#ffffff"})
	c.shape(shape{lines: s.Frame.Ring(), closed: true, fill: page.SeaColour, stroke: "#9aa0a6", width: 0.2})
	c.end()
	for i := len(layers) - 1; i >= 0; i-- {
		c.begin(layers[i].Name)
		drawLayer(c, flat[i], place, s.Unit)
		c.end()
	}
	c.begin("labels")
	drawLabels(c, layers, func(q orb.Point) orb.Point { return place(onPlane(q)) }, s)
	c.end()
	c.begin("text")
	drawHeadings(c, p, s)
	drawLegend(c, layers, s)
	if ok {
		drawScaleBar(c, s, s.Frame.W/k/1000)
	}
	c.end()
}

// projected is the layer with its geometries on a plane.
func projected(l *layer.Layer, by func(orb.Point) orb.Point) *layer.Layer {
	out := *l
	out.Features = slices.Clone(l.Features)
	for i := range out.Features {
		if g := l.Features[i].Geometry; g != nil {
			out.Features[i].Geometry = project.Geometry(orb.Clone(g), by)
		}
	}
	return &out
}

// plane is the equirectangular projection with the middle latitude of the
// layers true to scale, in metres on a sphere.
func plane(layers []*layer.Layer) func(orb.Point) orb.Point {
	const degree = 111194.93 // metres, on a sphere of 6,371,009 m
	lat := 0.0
	if b, ok := layer.ProjectedBound(func(p orb.Point) orb.Point { return p }, layers...); ok {
		lat = (b.Min[1] + b.Max[1]) / 2
	}
	c := math.Cos(lat * math.Pi / 180)
	return func(p orb.Point) orb.Point { return orb.Point{p[0] * degree * c, p[1] * degree} }
}

func drawLayer(c canvas, l *layer.Layer, place func(orb.Point) orb.Point, unit float64) {
	s, k := &l.Style, layer.KindOf(l.Geometry)
	es := l.Entries()
	entry := l.Finder(es)
	at := l.SizeField()
	top := l.Largest(at)
	tip := tips(l)
	for i := range l.Features {
		f := &l.Features[i]
		if f.Geometry == nil || layer.Empty(f.Geometry) {
			continue
		}
		e := es[entry(i)]
		size := e.Size
		if at >= 0 {
			x, _ := layer.Numeric(f.Values[at])
			size = s.SizeOf(k, x, top)
		}
		draw := shape{opacity: s.Alpha(), tip: tip(f)}
		switch k {
		case layer.AreaKind:
			draw.lines = rings(f.Geometry, place)
			drawArea(c, s, &e.Class, draw, unit)
		case layer.LineKind:
			draw.stroke, draw.width = layer.LineColour(&e.Class), size*unit
			draw.lines = rings(f.Geometry, place)
			if len(draw.lines) > 0 {
				c.shape(draw)
			}
		case layer.PointKind:
			layer.EachPoint(f.Geometry, func(q orb.Point) {
				q = place(q)
				if layer.Drawable(q) {
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
		c.shape(hatch(draw.lines, unit))
		outline.fill, outline.tip = "", ""
		draw = outline
	}
	c.shape(draw)
}

// rings are a geometry's lines on the page, thinned to what can be seen: every
// vertex goes to the same fine grid, so that shared borders stay shared.
func rings(g orb.Geometry, place func(orb.Point) orb.Point) [][]orb.Point {
	var out [][]orb.Point
	add := func(ps []orb.Point, least int) {
		line := make([]orb.Point, 0, len(ps))
		for _, p := range ps {
			p = place(p)
			if !layer.Drawable(p) {
				return
			}
			p = orb.Point{math.Round(p[0]*50) / 50, math.Round(p[1]*50) / 50}
			if len(line) == 0 || p != line[len(line)-1] {
				line = append(line, p)
			}
		}
		if len(line) >= least {
			out = append(out, line)
		}
	}
	polygon := func(p orb.Polygon) {
		for i, r := range p {
			if len(r) > 1 && r[0] == r[len(r)-1] {
				r = r[:len(r)-1]
			}
			n := len(out)
			add(r, 3)
			// Shells turn one way on the page and holes the other.
			if len(out) > n && turnsRight(out[n]) != (i == 0) {
				slices.Reverse(out[n])
			}
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
		add(g, 2)
	case orb.MultiLineString:
		for _, l := range g {
			add(l, 2)
		}
	}
	return out
}

func turnsRight(ring []orb.Point) bool {
	sum := 0.0
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += (a[0]-ring[0][0])*(b[1]-ring[0][1]) - (b[0]-ring[0][0])*(a[1]-ring[0][1])
	}
	return sum > 0
}

// symbolShape is a point's symbol, about as large in area whatever its icon.
func symbolShape(s *layer.Style, e *layer.Entry, at orb.Point, size, opacity float64, tip string) shape {
	out := shape{closed: true, fill: e.Class.Colour, stroke: s.Outline, width: s.Width, opacity: opacity, tip: tip}
	if out.stroke == "" {
		out.stroke = "#ffffff"
	}
	if out.width <= 0 {
		out.width = 0.2
	}
	if e.Class.Hatched {
		out.fill, out.stroke = "#ffffff", page.HatchInk
	}
	r := size / 2
	regular := func(n int, r, turn float64) {
		ring := make([]orb.Point, n)
		for i := range ring {
			a := turn + 2*math.Pi*float64(i)/float64(n)
			ring[i] = orb.Point{at[0] + r*math.Sin(a), at[1] - r*math.Cos(a)}
		}
		out.lines = [][]orb.Point{ring}
	}
	switch e.Class.Icon {
	case layer.IconSquare:
		regular(4, r*1.25, math.Pi/4)
	case layer.IconDiamond:
		regular(4, r*1.25, 0)
	case layer.IconTriangle:
		regular(3, r*1.45, 0)
	case layer.IconStar:
		regular(10, r*1.3, 0)
		for i := 1; i < 10; i += 2 {
			p := &out.lines[0][i]
			p[0], p[1] = at[0]+(p[0]-at[0])*0.5, at[1]+(p[1]-at[1])*0.5
		}
	case layer.IconCross:
		a, b := r*1.15, r*0.42
		out.lines = [][]orb.Point{nil}
		for _, d := range [...][2]float64{{-b, -a}, {b, -a}, {b, -b}, {a, -b}, {a, b}, {b, b}, {b, a}, {-b, a}, {-b, b}, {-a, b}, {-a, -b}, {-b, -b}} {
			out.lines[0] = append(out.lines[0], orb.Point{at[0] + d[0], at[1] + d[1]})
		}
	default:
		regular(32, r, 0)
	}
	return out
}

// hatch is the diagonal hatching of rings under the even-odd rule: the same
// lines across the whole page, so that neighbours' hatching meets.
func hatch(lines [][]orb.Point, unit float64) shape {
	step := 1.6 * unit * math.Sqrt2 // between lines, along an axis
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range lines {
		for _, p := range r {
			lo, hi = math.Min(lo, p[0]+p[1]), math.Max(hi, p[0]+p[1])
		}
	}
	out := shape{stroke: page.HatchInk, width: 0.22 * unit}
	var cuts []float64
	for c := math.Ceil(lo/step) * step; c < hi; c += step { // the line x + y = c
		cuts = cuts[:0]
		for _, r := range lines {
			for i, a := range r {
				b := r[(i+1)%len(r)]
				da, db := a[0]+a[1]-c, b[0]+b[1]-c
				if (da < 0) != (db < 0) {
					cuts = append(cuts, a[0]+(b[0]-a[0])*da/(da-db))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			if cuts[i+1]-cuts[i] > 0.02 {
				out.lines = append(out.lines, []orb.Point{{cuts[i], c - cuts[i]}, {cuts[i+1], c - cuts[i+1]}})
			}
		}
	}
	return out
}
