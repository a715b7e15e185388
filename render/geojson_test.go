package render_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render"
)

func TestWriteGeoJSON(t *testing.T) {
	l := render.Layer{
		Name: "areas", Title: "Areas & <places>", Geometry: "MultiPolygon",
		Fields: []render.Field{{Name: "zulu"}, {Name: "alpha", Type: render.Integer}, {Name: "real", Type: render.Real}, {Name: "yes", Type: render.Boolean}},
		Features: []render.Feature{
			// Clockwise, with too many decimals.
			{ID: "F01", Geometry: orb.Polygon{{{0, 0}, {0, 1.23456789}, {1, 1}, {0, 0}}}, Values: []any{"a \"b\" é", int64(1) << 60, 0.1, true}},
			{Geometry: nil, Values: []any{nil, nil, math.NaN(), false}},
			{ID: "3", Geometry: orb.Point{-0.0000001, -12.5}, Values: []any{"00123", int64(-3), 1e-9, nil}},
			{ID: "4", Geometry: orb.MultiLineString{{{1, 2}, {3, 4}}}, Values: []any{"", int64(0), 5.0, nil}},
		},
		About: render.About{Notice: "Synthetic data: no real place or organisation", Parameters: "--seed 7", Seed: 7, FlowSHA256: "abc", Sources: []string{"OS"}},
	}
	var out bytes.Buffer
	if err := render.WriteGeoJSON(&out, l); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"FeatureCollection","name":"areas","bbox":[0,-12.5,3,4],"stpmap":{"title":"Areas \u0026 \u003cplaces\u003e","notice":"Synthetic data: no real place or organisation","parameters":"--seed 7","seed":7,"flow_sha256":"abc","sources":["OS"]},"features":[
{"type":"Feature","id":"F01","properties":{"zulu":"a \"b\" é","alpha":1152921504606846976,"real":0.1,"yes":true},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,1],[0,1.234568],[0,0]]]]}},
{"type":"Feature","properties":{"zulu":null,"alpha":null,"real":null,"yes":false},"geometry":null},
{"type":"Feature","id":"3","properties":{"zulu":"00123","alpha":-3,"real":1e-09,"yes":null},"geometry":{"type":"Point","coordinates":[0,-12.5]}},
{"type":"Feature","id":"4","properties":{"zulu":"","alpha":0,"real":5,"yes":null},"geometry":{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}}
]}
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !json.Valid(out.Bytes()) {
		t.Error("not JSON")
	}
}

func TestWriteEmptyLayer(t *testing.T) {
	var out bytes.Buffer
	if err := render.WriteGeoJSON(&out, render.Layer{}); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) || strings.Contains(out.String(), "bbox") || strings.Contains(out.String(), "crs") {
		t.Errorf("got %s", out.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteGeoJSONFails(t *testing.T) {
	l := render.Layer{Name: "x", Features: []render.Feature{{Values: []any{1}}}}
	if err := render.WriteGeoJSON(&bytes.Buffer{}, l); err == nil || err.Error() != "layer x, feature 1: 1 values for 0 fields" {
		t.Errorf("got %v", err)
	}
	l.Fields = []render.Field{{Name: "f"}}
	l.Features[0].Values[0] = []string{"a"}
	if err := render.WriteGeoJSON(&bytes.Buffer{}, l); err == nil || err.Error() != "layer x, feature 1: field f: value of type []string" {
		t.Errorf("got %v", err)
	}
	if err := render.WriteGeoJSON(failing{}, render.Layer{}); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

// Coordinates and text are those of strconv and encoding/json.
func TestGeoJSONNumbersAndText(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	numbers := []float64{0, math.Copysign(0, -1), 0.5e-6, -0.5e-6, 0.49999999999999994e-6, 1e-7, 9.9999995, -9.9999995, 10, 99.9999999, 100, -179.999999, 180, 1.1, 1.000001, 0.1, 1e6, 123456789.5, 9e8, 1e300, math.NaN(), math.Inf(-1)}
	for range 20_000 {
		numbers = append(numbers, (r.Float64()-0.5)*math.Pow(10, float64(r.IntN(10)-3)), float64(r.IntN(2e6)-1e6)/2e6)
	}
	texts := []string{"", "plain", "a\"b", "a\\b", "<b>", "&", "é", "\x7f", "\x00", "\n", "\xff", "\u2028", "~!'"}
	l := render.Layer{Name: "x", Geometry: "Point", Fields: []render.Field{{Name: "t"}}}
	for i, x := range numbers {
		l.Features = append(l.Features, render.Feature{ID: texts[i%len(texts)], Geometry: orb.Point{x, -x}, Values: []any{texts[i%len(texts)]}})
	}
	var out bytes.Buffer
	if err := render.WriteGeoJSON(&out, l); err != nil {
		t.Fatal(err)
	}
	degrees := func(x float64) string {
		x = math.Round(x * 1e6)
		if !(math.Abs(x) < 1e15) {
			return "null"
		}
		s := strconv.FormatFloat(x/1e6, 'f', 6, 64)
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		if s == "-0" {
			return "0"
		}
		return s
	}
	lines := strings.Split(out.String(), "\n")[1:]
	for i, x := range numbers {
		text, err := json.Marshal(texts[i%len(texts)])
		if err != nil {
			t.Fatal(err)
		}
		id := `"id":` + string(text) + ","
		if texts[i%len(texts)] == "" {
			id = ""
		}
		want := `{"type":"Feature",` + id + `"properties":{"t":` + string(text) + `},"geometry":{"type":"Point","coordinates":[` + degrees(x) + "," + degrees(-x) + `]}}`
		if got := strings.TrimSuffix(lines[i], ","); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}

func TestLayerBound(t *testing.T) {
	box := func(a, b, c, d float64) orb.Bound { return orb.Bound{Min: orb.Point{a, b}, Max: orb.Point{c, d}} }
	for _, tt := range []struct {
		name string
		in   []orb.Geometry
		want orb.Bound
		some bool
	}{
		{"nothing", nil, orb.Bound{}, false},
		{"empty ones", []orb.Geometry{nil, orb.MultiPolygon{}, orb.LineString{}, orb.MultiPolygon{{}}}, orb.Bound{}, false},
		{"a point", []orb.Geometry{orb.Point{-3, 4}}, box(-3, 4, -3, 4), true},
		{"points", []orb.Geometry{nil, orb.MultiPoint{{1, 2}, {-1, 3}}, orb.Point{0, 0}}, box(-1, 0, 1, 3), true},
		{"lines", []orb.Geometry{orb.LineString{{5, 5}, {6, 4}}, orb.MultiLineString{{{7, 9}}, {}}}, box(5, 4, 7, 9), true},
		{"polygons", []orb.Geometry{orb.Polygon{{{0, 0}, {2, 0}, {2, 2}, {0, 0}}}, orb.MultiPolygon{{{{-8, 1}, {-7, 1}, {-7, 2}, {-8, 1}}}}}, box(-8, 0, 2, 2), true},
	} {
		var l render.Layer
		for _, g := range tt.in {
			l.Features = append(l.Features, render.Feature{Geometry: g})
		}
		if got, some := l.Bound(); got != tt.want || some != tt.some {
			t.Errorf("%s: got %v, %v; want %v, %v", tt.name, got, some, tt.want, tt.some)
		}
	}
}
