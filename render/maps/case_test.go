package maps

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/csv"
	"stpmap/render/layer"
	"stpmap/render/qgis"
)

// stripCase is four areas in a row, E1 to E4 from the west, with a provider in
// E1 and one in E4: the first two form F01, the last two F02. A fifth polygon,
// E5, has no flow.
func stripCase(t *testing.T) *Case {
	t.Helper()
	var features []string
	for i := range 5 {
		x, y := -2+0.2*float64(i), 52.0
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":"E%d","name":"Place %d","population":%d000},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			i+1, i+1, 100+i, x, y, x+0.2, y, x+0.2, y+0.1, x, y+0.1, x, y))
	}
	b, err := boundary.Read(context.Background(), "strip.geojson", strings.NewReader(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fb := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		count          float64
	}{{"E1", "X", 300}, {"E2", "X", 200}, {"E2", "Y", 10}, {"E3", "Y", 250}, {"E4", "Y", 250}, {"E4", "X", 20}} {
		if err := fb.Add(f.area, f.provider, flow.Exactly(f.count)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := fb.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 1, 1}, Providers: []int32{0, 1}}
	people := []float64{100_000, 101_000, 102_000, 103_000}
	return &Case{
		Matrix: m, Partition: p, Boundaries: b, Population: people, Measures: footprint.Measure(m, p, people, b.Adjacency(m.Areas())),
		AreaNames: []string{"Place 1", "Place 2", "Place 3", ""}, ProviderNames: []string{"Ex", "Why"},
		Points: []orb.Point{{-1.9, 52.05}, {-1.3, 52.05}}, About: layer.About{Title: "Strip"},
	}
}

// layerNamed gives the layer of that name as text: the values of each feature.
func layerNamed(t *testing.T, layers []layer.Layer, name string) (layer.Layer, []string) {
	t.Helper()
	i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("no layer %q", name)
	}
	l := layers[i]
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, f := range l.Features {
		row := make([]string, len(f.Values))
		for k, v := range f.Values {
			row[k] = csv.Cell(v)
		}
		rows = append(rows, strings.Join(row, ","))
	}
	return l, rows
}

func TestBorderLayer(t *testing.T) {
	c := stripCase(t)
	layers, _ := New(*c).Layers()
	if slices.ContainsFunc(layers, func(l layer.Layer) bool { return l.Name == "borders" }) {
		t.Error("borders without a share")
	}
	c.Borders = []BorderShare{{A: 0, B: 1, Share: 0}, {A: 2, B: 1, Share: 0.75}, {A: 2, B: 3, Share: 0.25}}
	layers, _ = New(*c).Layers()
	l, rows := layerNamed(t, layers, "borders")
	at := l.FieldIndex("length_km")
	for i, f := range l.Features {
		// A tenth of a degree of a meridian at 52 degrees north.
		if km := f.Values[at].(float64); math.Abs(km-11.126) > 0.02 {
			t.Errorf("border of %v km", km)
		}
		rows[i] = rows[i][:strings.LastIndex(rows[i], ",")]
	}
	want := []string{"E1,Place 1,E2,Place 2,0,false", "E2,Place 2,E3,Place 3,0.75,true", "E3,Place 3,E4,,0.25,false"}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q", rows)
	}
	// An area in no footprint is parted from its neighbours.
	c.Partition.Areas = []int32{-1, 0, 1, 1}
	layers, _ = New(*c).Layers()
	if _, rows = layerNamed(t, layers, "borders"); !strings.Contains(rows[0], ",0,true,") {
		t.Errorf("border of an unplaced area: %q", rows[0])
	}
	groups := qgis.Arrange(layers, "x.gpkg", 4326)
	for _, g := range groups {
		if g.Title == "Footprints" && (g.Layers[0].Layer.Name != "borders" || !g.Layers[0].Layer.Style.Hidden || g.Layers[1].Layer.Style.Hidden) {
			t.Errorf("borders lie over footprints and are unticked: %+v", g.Layers)
		}
	}
	c.Boundaries = nil
	layers, _ = New(*c).Layers()
	if slices.ContainsFunc(layers, func(l layer.Layer) bool { return l.Name == "borders" }) {
		t.Error("borders without boundaries")
	}
}

func TestMovedLayer(t *testing.T) {
	c := stripCase(t)
	// The reference has three groups: G2 is the counterpart of F02, G1 of F01,
	// and none stands for G3.
	c.Reference = &footprint.Partition{IDs: []string{"G1", "G2", "G3"}, Areas: []int32{0, 2, 1, 1}}
	layers, _ := New(*c).Layers()
	l, rows := layerNamed(t, layers, "moved")
	want := []string{"E1,Place 1,F01,G1,F01,false", "E2,Place 2,F01,G3,,true", "E3,Place 3,F02,G2,F02,false", "E4,,F02,G2,F02,false"}
	if !slices.Equal(rows, want) || len(l.Style.Classes) != 2 {
		t.Errorf("got %q, %d classes", rows, len(l.Style.Classes))
	}
	// G1 takes E3 as well, which lies in F02; the partition leaves E4 out, and
	// the reference E2.
	c.Reference.Areas = []int32{0, -1, 0, 1}
	c.Partition.Areas = []int32{0, 0, 1, -1}
	layers, _ = New(*c).Layers()
	l, rows = layerNamed(t, layers, "moved")
	want = []string{"E1,Place 1,F01,G1,F01,false", "E2,Place 2,F01,,,", "E3,Place 3,F02,G1,F01,true", "E4,,,G2,,"}
	if !slices.Equal(rows, want) || !l.Style.Classes[2].Hatched {
		t.Errorf("got %q, classes %+v", rows, l.Style.Classes)
	}
	c.Boundaries, c.AreaPoints = nil, []orb.Point{{-1.9, 52}, {-1.7, 52}, {-1.5, 52}, {math.NaN(), math.NaN()}}
	layers, _ = New(*c).Layers()
	if l, _ = layerNamed(t, layers, "moved"); l.Geometry != "Point" || l.Features[0].Geometry != orb.Point(c.AreaPoints[0]) || l.Features[3].Geometry != nil {
		t.Errorf("areas as points: %+v", l.Features)
	}
}

// Worked by hand: both footprints are 0.4 by 0.1 degrees at 52 degrees north,
// 27.46 by 11.13 km; care inside is given at the far end's provider.
func TestFigures(t *testing.T) {
	c := stripCase(t)
	f := New(*c).Figures()
	near := func(what string, got, want, off float64) {
		if !(math.Abs(got-want) <= off) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	near("compactness", f.Compactness, 4*math.Pi*27.46*11.13/math.Pow(2*(27.46+11.13), 2), 0.002)
	near("Reock", f.Reock, 27.46*11.13/(math.Pi/4*(27.46*27.46+11.13*11.13)), 0.004)
	// E2's 200 and E3's 250 travel an area's width inside, 10 of E2 two widths
	// and 20 of E4 three widths elsewhere; E1 and E4 live around theirs.
	const width = 0.2 * math.Pi / 180 * 6391 * 0.61495 // the ellipsoid's radius and cos 52.05°
	near("inside", f.DistanceInsideKM, 450*width/1000, 0.05)
	near("outside", f.DistanceOutsideKM, (10*2+20*3)*width/30, 0.1)
	// By footprint it is the same care.
	inside, outside := New(*c).measured().distances()
	near("F01 inside", inside[0], 200*width/500, 0.05)
	near("F02 outside", outside[1], 3*width, 0.1)
	c.Boundaries, c.Points = nil, nil
	f = New(*c).Figures()
	for _, x := range []float64{f.Compactness, f.Reock, f.DistanceInsideKM, f.DistanceOutsideKM} {
		if !math.IsNaN(x) {
			t.Errorf("%v without any place: %+v", x, f)
		}
	}
}

// Cells around points draw the same layers, marked in title, and flow lines
// start at the points.
func TestApproximateLayers(t *testing.T) {
	c := stripCase(t)
	layers, _ := New(*c).Layers()
	if l, _ := layerNamed(t, layers, "areas"); l.Title != "Areas" {
		t.Errorf("true boundaries called %q", l.Title)
	}
	var places []boundary.Place
	for i, code := range c.Matrix.Areas() {
		at := orb.Point{-1.95 + 0.2*float64(i), 52.02}
		places = append(places, boundary.Place{Code: code, At: at, Population: math.NaN()})
		c.AreaPoints = append(c.AreaPoints, at)
	}
	var err error
	if c.Boundaries, err = boundary.FromPoints(context.Background(), places, nil); err != nil {
		t.Fatal(err)
	}
	c.Borders = []BorderShare{{A: 0, B: 1, Share: 0.5}}
	layers, _ = New(*c).Layers()
	for name, want := range map[string]string{"areas": "Areas (approximate)", "footprints": "Footprints (approximate)", "borders": "Strength of borders (approximate)", "providers": "Providers"} {
		if l, _ := layerNamed(t, layers, name); l.Title != want {
			t.Errorf("%s called %q", name, l.Title)
		}
	}
	l, _ := layerNamed(t, layers, "flows")
	if line := l.Features[0].Geometry.(orb.LineString); line[0] != c.AreaPoints[0] {
		t.Errorf("flow of the first area starts at %v", line[0])
	}
}
