package picture

import (
	"bytes"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

func samplePicture() Map {
	layers := rendertest.Layers()
	return Map{
		Title: "Nine squares " + rendertest.Nasty, Subtitle: "A test", Layers: []layer.Layer{layers[2], layers[3], layers[0]},
		Project: rendertest.PlaneMetres, About: layers[0].About,
	}
}

func TestWriteSVG(t *testing.T) {
	var a, b bytes.Buffer
	p := samplePicture()
	if err := errors.Join(WriteSVG(&a, p), WriteSVG(&b, p)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	root := rendertest.ParseXML(t, a.Bytes())
	if root.Attr("width") != "210mm" || root.Attr("viewBox") != "0 0 210 297" {
		t.Errorf("the page is %s, %s", root.Attr("width"), root.Attr("viewBox"))
	}
	var layers []string
	for _, g := range root.All("g") {
		layers = append(layers, g.Attr("id"))
	}
	if got := strings.Join(layers, " "); got != "frame footprints flows providers labels text" {
		t.Errorf("groups are %q: the first layer must lie on top", got)
	}
	if n := len(root.All("script")); n > 0 {
		t.Error("a name became a script")
	}
	var texts []string
	for _, e := range root.All("text") {
		texts = append(texts, e.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{"Nine squares <script>", "A test", "F05", "Synthetic data: no real place or organisation.", "A source & licence", " km", "Footprints <of> the test"} {
		if !strings.Contains(all, want) {
			t.Errorf("the picture does not say %q:\n%s", want, all)
		}
	}
	if n := len(root.All("title")); n != 1+9+5 { // flows have no name
		t.Errorf("%d titles and tooltips", n)
	}
}

func TestWritePNG(t *testing.T) {
	var a, b bytes.Buffer
	p := samplePicture()
	p.Layers = p.Layers[2:]
	p.Layers[0].Style.LabelField = ""
	p.Page = page.Slide
	if err := errors.Join(WritePNG(&a, p, 72), WritePNG(&b, p, 72)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	img, err := png.Decode(&a)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got.X != 960 || got.Y != 540 {
		t.Fatalf("the picture is %v, want 960 by 540", got)
	}
	scene, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	s := scene.sheet
	box, _ := layer.ProjectedBound(rendertest.PlaneMetres, &p.Layers[0])
	box = page.Fit(box, s.Frame.W, s.Frame.H)
	at := func(lon, lat float64) color.Color {
		q := rendertest.PlaneMetres(orb.Point{lon, lat})
		k := s.Frame.W / (box.Max[0] - box.Min[0])
		x, y := s.Frame.X+(q[0]-box.Min[0])*k, s.Frame.Y+(box.Max[1]-q[1])*k
		return img.At(int(x*72/25.4), int(y*72/25.4))
	}
	same := func(c color.Color, want string) bool {
		r, g, b, _ := c.RGBA()
		wr, wg, wb := layer.RGB(want)
		d := func(x uint32, y uint8) float64 { return math.Abs(float64(x>>8) - float64(y)) }
		return d(r, wr) < 3 && d(g, wg) < 3 && d(b, wb) < 3
	}
	for _, tt := range []struct {
		where    string
		lon, lat float64
		want     string
	}{
		{"first footprint", -1.6, 52.3, layer.Qualitative(0)},
		{"its hole", -1.85, 52.15, page.SeaColour},
		{"second footprint", -1.3, 52.3, layer.Qualitative(1)},
		{"the second's island", -1.35, 51.75, layer.Qualitative(1)},
		{"outside", -2.3, 52.2, page.SeaColour},
	} {
		if c := at(tt.lon, tt.lat); !same(c, tt.want) {
			t.Errorf("%s is %v, want %s", tt.where, c, tt.want)
		}
	}
	for _, dpi := range []int{-1, 19, 401} {
		if err := WritePNG(io.Discard, p, dpi); !errors.Is(err, ErrPicture) {
			t.Errorf("%d dots to the inch: got %v", dpi, err)
		}
	}
	p.Page = "A5"
	if err := WritePNG(io.Discard, p, 0); err == nil {
		t.Error("an unknown page was drawn")
	}
}

func TestPictureEdges(t *testing.T) {
	odd := rendertest.Scores()
	odd.Features[0].Geometry = nil
	odd.Features[1].Geometry = orb.MultiPolygon{}
	odd.Features[2].Geometry = orb.MultiPolygon{{{{math.NaN(), 52}, {1, 52}, {1, 53}, {math.NaN(), 52}}}}
	long := rendertest.Providers()
	long.Title = strings.Repeat("Wordswithoutspaces", 20)
	long.Features = long.Features[:1]
	for name, p := range map[string]Map{
		"nothing":       {},
		"empty layer":   {Layers: []layer.Layer{{Name: "x", Geometry: "Polygon"}}},
		"odd geometry":  {Layers: []layer.Layer{odd}},
		"one point":     {Layers: []layer.Layer{long}, Title: strings.Repeat("Long ", 200), About: layer.About{Sources: []string{strings.Repeat("Long ", 900)}}},
		"hidden":        {Layers: []layer.Layer{{Name: "x", Geometry: "Polygon", Style: layer.Style{Hidden: true}}}},
		"no geometries": {Layers: []layer.Layer{{Name: "x"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteSVG(&b, p); err != nil {
				t.Fatal(err)
			}
			rendertest.ParseXML(t, b.Bytes())
			if bytes.Contains(b.Bytes(), []byte("NaN")) {
				t.Error("a place is NaN")
			}
			if err := WritePNG(io.Discard, p, 30); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestHatchStaysInside(t *testing.T) {
	ring := [][]orb.Point{{{0, 0}, {20, 0}, {20, 10}, {0, 10}}, {{5, 2}, {5, 8}, {15, 8}, {15, 2}}}
	h := hatch(ring, hatchGap, 1)
	if len(h.lines) < 10 {
		t.Fatalf("%d lines", len(h.lines))
	}
	for _, l := range h.lines {
		m := orb.Point{(l[0][0] + l[1][0]) / 2, (l[0][1] + l[1][1]) / 2}
		if m[0] < 0 || m[0] > 20 || m[1] < 0 || m[1] > 10 || m[0] > 5 && m[0] < 15 && m[1] > 2 && m[1] < 8 {
			t.Errorf("a line passes %v, outside", m)
		}
	}
}

// Overlays are lines alone, so that what lies under them stays in sight; the key
// shows them on white.
func TestOverlaysHideNothing(t *testing.T) {
	under, over := rendertest.Footprints(), rendertest.Footprints()
	over.Name, over.Style = "over", layer.Style{Kind: layer.StyleCategories, Field: "footprint", Classes: []layer.Class{
		{Value: "F01", Label: "close", Colour: "#3c3c3c", Overlay: true, Lines: 1}, {Value: "F02", Label: "far", Colour: "#3c3c3c", Overlay: true, Lines: 3},
	}}
	for _, f := range over.Features[2:] {
		over.Style.Classes = append(over.Style.Classes, layer.Class{Value: f.ID, Label: "bare", Colour: "#3c3c3c", Overlay: true})
	}
	r, _ := record(t, Map{Title: "T", Layers: []layer.Layer{over, under}, Project: rendertest.PlaneMetres})
	shapes := r.shapes["over"]
	if len(shapes) != 2 || len(shapes[0].lines) < 2*len(shapes[1].lines) {
		t.Fatalf("%d shapes over the map", len(shapes))
	}
	for _, s := range shapes {
		if s.fill != "" || s.stroke != "#3c3c3c" || s.tip == "" {
			t.Errorf("a shape over the map: %+v", s)
		}
	}
}
