package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func samplePicture() Picture {
	layers := sampleLayers()
	return Picture{
		Title: "Nine squares " + nasty, Subtitle: "A test", Layers: []Layer{layers[2], layers[3], layers[0]},
		Project: planeMetres, About: layers[0].About,
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
	root := parseXML(t, a.Bytes())
	if root.attr("width") != "297mm" || root.attr("viewBox") != "0 0 297 210" {
		t.Errorf("the page is %s, %s", root.attr("width"), root.attr("viewBox"))
	}
	var layers []string
	for _, g := range root.all("g") {
		layers = append(layers, g.attr("id"))
	}
	if got := strings.Join(layers, " "); got != "frame footprints flows providers labels text" {
		t.Errorf("groups are %q: the first layer must lie on top", got)
	}
	if n := len(root.all("script")); n > 0 {
		t.Error("a name became a script")
	}
	var texts []string
	for _, e := range root.all("text") {
		texts = append(texts, e.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{"Nine squares <script>", "A test", "F05", "Synthetic data: no real place or organisation.", "A source & licence", " km", "Footprints <of> the test"} {
		if !strings.Contains(all, want) {
			t.Errorf("the picture does not say %q:\n%s", want, all)
		}
	}
	if n := len(root.all("title")); n != 1+9+5 { // flows have no name
		t.Errorf("%d titles and tooltips", n)
	}
}

func TestWritePNG(t *testing.T) {
	var a, b bytes.Buffer
	p := samplePicture()
	p.Layers = p.Layers[2:]
	p.Layers[0].Style.LabelField = ""
	p.Page = Slide
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
	s, err := p.sheet()
	if err != nil {
		t.Fatal(err)
	}
	box, _ := projectedBound(planeMetres, &p.Layers[0])
	box = fitted(box, s.frame.w, s.frame.h)
	at := func(lon, lat float64) color.Color {
		q := planeMetres(orb.Point{lon, lat})
		k := s.frame.w / (box.Max[0] - box.Min[0])
		x, y := s.frame.x+(q[0]-box.Min[0])*k, s.frame.y+(box.Max[1]-q[1])*k
		return img.At(int(x*72/25.4), int(y*72/25.4))
	}
	same := func(c color.Color, want string) bool {
		r, g, b, _ := c.RGBA()
		wr, wg, wb := rgb(want)
		d := func(x uint32, y uint8) float64 { return math.Abs(float64(x>>8) - float64(y)) }
		return d(r, wr) < 3 && d(g, wg) < 3 && d(b, wb) < 3
	}
	for _, tt := range []struct {
		where    string
		lon, lat float64
		want     string
	}{
		{"first footprint", -1.6, 52.3, Qualitative(0)},
		{"its hole", -1.85, 52.15, seaColour},
		{"second footprint", -1.25, 52.2, Qualitative(1)},
		{"the second's island", -1.35, 51.75, Qualitative(1)},
		{"outside", -2.3, 52.2, seaColour},
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
	odd := sampleScores()
	odd.Features[0].Geometry = nil
	odd.Features[1].Geometry = orb.MultiPolygon{}
	odd.Features[2].Geometry = orb.MultiPolygon{{{{math.NaN(), 52}, {1, 52}, {1, 53}, {math.NaN(), 52}}}}
	long := sampleProviders()
	long.Title = strings.Repeat("Wordswithoutspaces", 20)
	long.Features = long.Features[:1]
	for name, p := range map[string]Picture{
		"nothing":       {},
		"empty layer":   {Layers: []Layer{{Name: "x", Geometry: "Polygon"}}},
		"odd geometry":  {Layers: []Layer{odd}},
		"one point":     {Layers: []Layer{long}, Title: strings.Repeat("Long ", 200), About: About{Sources: []string{strings.Repeat("Long ", 900)}}},
		"hidden":        {Layers: []Layer{{Name: "x", Geometry: "Polygon", Style: Style{Hidden: true}}}},
		"no geometries": {Layers: []Layer{{Name: "x"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteSVG(&b, p); err != nil {
				t.Fatal(err)
			}
			parseXML(t, b.Bytes())
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
	h := hatch(ring, 1)
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

func TestWriteKML(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(WriteKML(&a, "Test "+nasty, sampleLayers()), WriteKML(&b, "Test "+nasty, sampleLayers())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	root := parseXML(t, a.Bytes())
	if got := len(root.all("Placemark")); got != 9+9+5+4 {
		t.Errorf("%d placemarks", got)
	}
	styles := map[string]bool{}
	for _, s := range root.all("Style") {
		styles["#"+s.attr("id")] = true
	}
	for _, s := range root.all("styleUrl") {
		if !styles[s.Text] {
			t.Errorf("there is no style %s", s.Text)
		}
	}
	mark := root.all("Placemark")[3]
	if got := mark.text("name"); !strings.Contains(got, "<script>") || !strings.Contains(got, "医院") {
		t.Errorf("a name is %q", got)
	}
	if n := len(root.all("Placemark")[0].all("innerBoundaryIs")); n != 1 {
		t.Errorf("the first footprint has %d holes", n)
	}
	if err := WriteKML(io.Discard, "", []Layer{{Name: "a/b"}}); !errors.Is(err, ErrLayerName) {
		t.Errorf("a path as a name: %v", err)
	}
}

func TestWriteTopoJSON(t *testing.T) {
	fine, coarse := sampleFootprints(), sampleFootprints()
	coarse.Name = "regions" // one row of three as one, from the same vertices
	m := coarse.Features[:1]
	m[0].Geometry = orb.MultiPolygon{{{{-2, 52}, {-1.5, 52}, {-1, 52}, {-0.5, 52}, {-0.5, 52.4}, {-1, 52.4}, {-1.5, 52.4}, {-2, 52.4}, {-2, 52}}}}
	coarse.Features = m
	layers := []Layer{fine, coarse, sampleProviders(), sampleFlows()}
	var a, b bytes.Buffer
	if err := errors.Join(WriteTopoJSON(&a, layers, 0), WriteTopoJSON(&b, layers, 0)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	var topo struct {
		Objects map[string]struct {
			Geometries []struct {
				Type        string
				ID          string
				Properties  map[string]any
				Arcs        json.RawMessage
				Coordinates [2]int
			}
		}
		Arcs      [][][2]int
		Transform struct{ Scale, Translate [2]float64 }
	}
	if err := json.Unmarshal(a.Bytes(), &topo); err != nil {
		t.Fatal(err)
	}
	point := func(x, y int) orb.Point {
		return orb.Point{float64(x)*topo.Transform.Scale[0] + topo.Transform.Translate[0], float64(y)*topo.Transform.Scale[1] + topo.Transform.Translate[1]}
	}
	ring := func(arcs []int) orb.Ring {
		var out orb.Ring
		for _, i := range arcs {
			back := i < 0
			if back {
				i = ^i
			}
			var line []orb.Point
			x, y := 0, 0
			for _, d := range topo.Arcs[i] {
				x, y = x+d[0], y+d[1]
				line = append(line, point(x, y))
			}
			if back {
				for l, r := 0, len(line)-1; l < r; l, r = l+1, r-1 {
					line[l], line[r] = line[r], line[l]
				}
			}
			if len(out) > 0 {
				if out[len(out)-1] != line[0] {
					t.Errorf("arcs do not meet: %v, %v", out[len(out)-1], line[0])
				}
				line = line[1:]
			}
			out = append(out, line...)
		}
		return out
	}
	for k, g := range topo.Objects["footprints"].Geometries {
		var polys [][][]int
		if err := json.Unmarshal(g.Arcs, &polys); err != nil {
			t.Fatal(err)
		}
		want := fine.Features[k].Geometry.(orb.MultiPolygon)
		if len(polys) != len(want) {
			t.Fatalf("feature %d has %d parts, want %d", k, len(polys), len(want))
		}
		for i := range polys {
			if len(polys[i]) != len(want[i]) {
				t.Fatalf("feature %d, part %d has %d rings, want %d", k, i, len(polys[i]), len(want[i]))
			}
			for j := range polys[i] {
				got := ring(polys[i][j])
				if got[0] != got[len(got)-1] {
					t.Errorf("feature %d: ring is open", k)
				}
				if d := math.Abs(signed(got) - signed(want[i][j])); d > 1e-5 {
					t.Errorf("feature %d: ring's area is %v, want %v", k, signed(got), signed(want[i][j]))
				}
			}
		}
	}
	edges := map[[2]orb.Point]int{}
	for i := range topo.Arcs {
		r := ring([]int{i})
		for j := 1; j < len(r); j++ {
			p, q := r[j-1], r[j]
			if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
				p, q = q, p
			}
			if edges[[2]orb.Point{p, q}]++; edges[[2]orb.Point{p, q}] > 1 {
				t.Errorf("the border %v to %v is stored twice", p, q)
			}
		}
	}
	for _, q := range []int{1, 99, 1e9} {
		if err := WriteTopoJSON(io.Discard, layers, q); !errors.Is(err, ErrQuantisation) {
			t.Errorf("%d: got %v", q, err)
		}
	}
	if err := WriteTopoJSON(io.Discard, []Layer{fine, fine}, 0); !errors.Is(err, ErrLayerName) {
		t.Errorf("a name twice: got %v", err)
	}
	for _, l := range [][]Layer{nil, {{Name: "x", Geometry: "Polygon", Features: []Feature{{}}}}} {
		a.Reset()
		if err := WriteTopoJSON(&a, l, 0); err != nil || !json.Valid(a.Bytes()) {
			t.Errorf("%v\n%s", err, a.Bytes())
		}
	}
}

func signed(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum / 2
}
