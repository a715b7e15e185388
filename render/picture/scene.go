package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"stpmap/flow/portable"
	"stpmap/render/internal/lettering"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// scene is a picture whose parts have their places.
type scene struct {
	*Map
	sheet   page.Sheet
	key     *key
	layers  []*layer.Layer   // as they are
	flat    []*layer.Layer   // with their geometries on the plane
	perTile float64          // people; 0 without tiles
	edges   []orb.LineString // between tiles
	main    view
	insets  []*view
	drawn   bool     // something is
	bar     page.Box // of the scale; no width where there is none
	names   Names
	how     wording
}

// view is a part of the page that shows the layers.
type view struct {
	box    lettering.Box
	place  func(orb.Point) orb.Point // from the plane to the page
	scale  float64                   // millimetres to a metre
	clip   bool
	labels []placed
	from   lettering.Box // the part of the main view that an inset shows
}

// scene works out where everything stands.
func (p *Map) scene() (*scene, error) {
	for i := range p.Layers {
		if err := p.Layers[i].Check(); err != nil {
			return nil, err
		}
	}
	s := &scene{Map: p, layers: p.shown()}
	onPlane := p.Project
	if onPlane == nil {
		onPlane = plane(s.layers)
	}
	if p.Tiles {
		s.tile(onPlane)
	}
	// Projecting takes longer than all the rest, so it is done once.
	for i := len(s.flat); i < len(s.layers); i++ {
		s.flat = append(s.flat, projected(s.layers[i], onPlane))
	}
	bound, ok := layer.ProjectedBound(func(q orb.Point) orb.Point { return q }, s.flat...)
	if !ok {
		bound = orb.Bound{Max: orb.Point{1000, 1000}}
	}
	about := p.About
	if e := strings.TrimSuffix(about.Evidence, "."); strings.Contains(p.Subtitle, e) {
		about.Evidence = "" // it stands under the title
	}
	foot := about.Foot()
	if err := s.word(bound, ok, foot, onPlane); err != nil {
		return nil, err
	}
	if len(s.names.Missing) == 0 {
		return s, nil
	}
	// The page says which names it lacks, and lies as that line leaves room.
	said := strings.TrimPrefix(foot+"\n", "\n")
	if err := s.fit(bound, ok, said+s.names.missing(), onPlane); err != nil {
		return nil, err
	}
	if len(s.names.Missing) > 0 {
		foot = said + s.names.missing()
	}
	s.sheet.FootLines = s.sheet.FootText(foot)
	return s, nil
}

// fit arranges the page with so much at its foot, and places the names.
func (s *scene) fit(bound orb.Bound, some bool, foot string, onPlane func(orb.Point) orb.Point) error {
	if err := s.arrange(bound, foot); err != nil {
		return err
	}
	s.look(bound, some)
	s.letter(onPlane)
	return nil
}

// look sets the main view and the place of the scale bar.
func (s *scene) look(bound orb.Bound, some bool) {
	f := s.sheet.Frame
	b := page.Fit(bound, f.W, f.H)
	k := f.W / (b.Max[0] - b.Min[0])
	s.main = view{box: lettering.Box{X0: f.X, Y0: f.Y, X1: f.X + f.W, Y1: f.Y + f.H}, scale: k}
	s.main.place = func(q orb.Point) orb.Point {
		return orb.Point{f.X + float64((q[0]-b.Min[0])*k), f.Y + float64((b.Max[1]-q[1])*k)}
	}
	s.drawn = some
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
	c := portable.Cos(lat * math.Pi / 180)
	return func(p orb.Point) orb.Point { return orb.Point{p[0] * degree * c, p[1] * degree} }
}

// draw draws the scene.
func (s *scene) draw(c canvas) {
	w, h := s.sheet.W, s.sheet.H
	c.begin("frame")
	c.shape(shape{lines: [][]orb.Point{{{0, 0}, {w, 0}, {w, h}, {0, h}}}, closed: true, fill: "#ffffff"})
	c.shape(shape{lines: s.sheet.Frame.Ring(), closed: true, fill: page.SeaColour, stroke: "#9aa0a6", width: 0.2})
	c.end()
	for i := len(s.layers) - 1; i >= 0; i-- {
		c.begin(s.layers[i].Name)
		drawLayer(c, s.flat[i], &s.main, s.sheet.Unit)
		c.end()
	}
	for _, e := range s.edges {
		c.shape(shape{lines: s.main.rings(e), stroke: page.InkColour, width: 0.35 * s.sheet.Unit})
	}
	for i, v := range s.insets {
		c.begin(fmt.Sprintf("inset%d", i+1))
		s.drawInset(c, v)
		c.end()
	}
	c.begin("labels")
	s.main.drawLabels(c, s.sheet.Unit)
	for _, v := range s.insets {
		v.drawLabels(c, s.sheet.Unit)
	}
	c.end()
	c.begin("text")
	drawHeadings(c, s.Map, s.sheet)
	s.key.draw(c, s.sheet)
	if s.bar.W > 0 {
		s.drawScaleBar(c)
	}
	c.end()
}

// drawInset draws the crowded part again, in its own frame, and marks it on the
// map.
func (s *scene) drawInset(c canvas, v *view) {
	u := s.sheet.Unit
	frame := boxOf(v.box)
	c.shape(shape{lines: frame.Ring(), closed: true, fill: page.SeaColour})
	for i := len(s.layers) - 1; i >= 0; i-- {
		drawLayer(c, s.flat[i], v, u)
	}
	c.shape(shape{lines: frame.Ring(), closed: true, stroke: page.InkColour, width: 0.5 * u})
	c.shape(shape{lines: boxOf(v.from).Ring(), closed: true, stroke: page.InkColour, width: 0.5 * u})
	times := fmt.Sprintf("%.1f times as large", v.scale/s.main.scale)
	c.text(label{x: frame.X + float64(1*u), y: frame.Y + frame.H + float64(3*u), points: 7 * u, colour: page.PaleColour, text: times})
}

func boxOf(b lettering.Box) page.Box { return page.Box{X: b.X0, Y: b.Y0, W: b.W(), H: b.H()} }
