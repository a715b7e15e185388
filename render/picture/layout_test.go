package picture

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// recorder keeps what is drawn, by group.
type recorder struct {
	group  string
	shapes map[string][]shape
	labels map[string][]label
}

func (r *recorder) begin(name string) { r.group = name }
func (r *recorder) end()              { r.group = "" }
func (r *recorder) shape(s shape)     { r.shapes[r.group] = append(r.shapes[r.group], s) }
func (r *recorder) text(t label)      { r.labels[r.group] = append(r.labels[r.group], t) }

func record(t *testing.T, p Map) (*recorder, page.Sheet) {
	t.Helper()
	s, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{shapes: map[string][]shape{}, labels: map[string][]label{}}
	s.draw(r)
	return r, s.sheet
}

// textBox is where a line of text stands.
func textBox(l label) page.Box {
	w := page.TextWidth(l.text, l.points, l.bold)
	x := l.x
	switch l.anchor {
	case middle:
		x -= w / 2
	case right:
		x -= w
	}
	h := l.points * page.Millimetre
	return page.Box{X: x, Y: l.y - 0.8*h, W: w, H: h}
}

func within(p orb.Point, b page.Box, slack float64) bool {
	return p[0] >= b.X-slack && p[0] <= b.X+b.W+slack && p[1] >= b.Y-slack && p[1] <= b.Y+b.H+slack
}

// randomMap is the sample's layers on any paper, some of them crowded with names.
func randomMap(seed uint64) Map {
	rng := rand.New(rand.NewPCG(seed, 101))
	layers := rendertest.Layers()
	rng.Shuffle(len(layers), func(i, j int) { layers[i], layers[j] = layers[j], layers[i] })
	layers = layers[:1+rng.IntN(len(layers))]
	if rng.IntN(2) == 0 {
		crowd := layer.Layer{Name: "crowd", Title: "A crowd of places with a long name for a legend of a map", Geometry: "Point", Fields: []layer.Field{{Name: "name"}}}
		crowd.Style = layer.Style{LabelField: "name", Colour: "#000000"}
		for i := range 200 {
			crowd.Features = append(crowd.Features, layer.Feature{
				ID: fmt.Sprint(i), Geometry: orb.Point{-2 + 1.2*rng.Float64(), 52 + 1.2*rng.Float64()}, Values: []any{fmt.Sprintf("Place number %d of many", i)},
			})
		}
		layers = append(layers, crowd)
	}
	m := Map{Title: "A map with a title", Layers: layers, Page: []page.Paper{page.A4, page.A3, page.Slide, page.Square}[rng.IntN(4)], About: layers[0].About}
	if rng.IntN(2) == 0 {
		m.Subtitle = "and a subtitle"
	}
	if rng.IntN(2) == 0 {
		m.Project = rendertest.PlaneMetres
	}
	return m
}

// What is drawn of the layers lies in the frame, and every text on the page.
func TestEverythingLiesInItsPlace(t *testing.T) {
	for seed := range uint64(60) {
		p := randomMap(seed)
		r, s := record(t, p)
		sheet := page.Box{W: s.W, H: s.H}
		for _, l := range p.Layers {
			for _, shape := range r.shapes[l.Name] {
				for _, line := range shape.lines {
					for _, q := range line {
						if !within(q, s.Frame, 4*s.Unit) { // half a large symbol
							t.Fatalf("seed %d: layer %s at %v, outside %+v", seed, l.Name, q, s.Frame)
						}
					}
				}
			}
		}
		for group, labels := range r.labels {
			for _, l := range labels {
				b := textBox(l)
				if !within(orb.Point{b.X, b.Y}, sheet, 1) || !within(orb.Point{b.X + b.W, b.Y + b.H}, sheet, 1) {
					t.Fatalf("seed %d: %s %q at %+v, on a page of %g × %g", seed, group, l.text, b, s.W, s.H)
				}
			}
		}
	}
}

// Names on the map lie in the frame and never over each other.
func TestNamesKeepApart(t *testing.T) {
	placed := 0
	for seed := range uint64(60) {
		r, s := record(t, randomMap(seed))
		labels := r.labels["labels"]
		placed += len(labels)
		for i, a := range labels {
			p := textBox(a)
			if !within(orb.Point{p.X + p.W/2, p.Y + p.H/2}, s.Frame, 0) {
				t.Errorf("seed %d: %q lies outside the frame", seed, a.text)
			}
			for _, b := range labels[:i] {
				q := textBox(b)
				if p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H {
					t.Fatalf("seed %d: %q lies over %q", seed, a.text, b.text)
				}
			}
		}
	}
	if placed < 100 {
		t.Errorf("%d names were placed", placed)
	}
}

// The key lists each layer that is shown, with its classes, inside its column.
func TestKeyListsWhatIsShown(t *testing.T) {
	for seed := range uint64(60) {
		p := randomMap(seed)
		r, s := record(t, p)
		var texts string
		for _, l := range r.labels["text"] {
			texts += l.text + "\n"
			if b := textBox(l); b.X >= s.Key.X-1 && b.Y > s.Key.Y && b.Y < s.Key.Y+s.Key.H && b.X+b.W > s.W {
				t.Errorf("seed %d: %q runs off the page", seed, l.text)
			}
		}
		if len(r.shapes["text"]) == 0 {
			t.Errorf("seed %d: the key has no symbol", seed)
		}
		if texts == "" {
			t.Errorf("seed %d: the page says nothing", seed)
		}
	}
}

// The same point of two layers is drawn at the same place, and hidden layers are
// not drawn.
func TestHiddenLayersAreNotDrawn(t *testing.T) {
	layers := rendertest.Layers()
	layers[0].Style.Hidden = true
	r, _ := record(t, Map{Title: "T", Layers: layers})
	if len(r.shapes[layers[0].Name]) > 0 || len(r.shapes[layers[1].Name]) == 0 {
		t.Errorf("%d shapes of a hidden layer, %d of a shown one", len(r.shapes[layers[0].Name]), len(r.shapes[layers[1].Name]))
	}
	if r, s := record(t, Map{}); len(r.shapes["frame"]) != 2 || len(r.labels["labels"]) != 0 || s.W+s.H != 297+210 {
		t.Errorf("an empty map has %d shapes", len(r.shapes["frame"]))
	}
}

// stretched is the test's plane, wider or narrower.
func stretched(dx float64) func(orb.Point) orb.Point {
	return func(p orb.Point) orb.Point {
		q := rendertest.PlaneMetres(p)
		return orb.Point{q[0] * dx, q[1]}
	}
}
