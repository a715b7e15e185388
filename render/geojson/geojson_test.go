package geojson_test

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

	"stpmap/render/geojson"
	"stpmap/render/layer"
)

func TestWrite(t *testing.T) {
	l := layer.Layer{
		Name: "areas", Title: "Areas & <places>", Geometry: "MultiPolygon",
		Fields: []layer.Field{{Name: "zulu"}, {Name: "alpha", Type: layer.Integer}, {Name: "real", Type: layer.Real}, {Name: "yes", Type: layer.Boolean}},
		Features: []layer.Feature{
			// Clockwise, with too many decimals.
			{ID: "F01", Geometry: orb.Polygon{{{0, 0}, {0, 1.23456789}, {1, 1}, {0, 0}}}, Values: []any{"a \"b\" é", int64(1) << 60, 0.1, true}},
			{Geometry: nil, Values: []any{nil, nil, math.NaN(), false}},
			{ID: "3", Geometry: orb.Point{-0.0000001, -12.5}, Values: []any{"00123", int64(-3), 1e-9, nil}},
			{ID: "4", Geometry: orb.MultiLineString{{{1, 2}, {3, 4}}}, Values: []any{"", int64(0), 5.0, nil}},
		},
		About: layer.About{Notice: "Synthetic data: no real place or organisation", Parameters: "--seed 7", Seed: 7, FlowSHA256: "abc", Sources: []string{"OS"}},
	}
	var out bytes.Buffer
	if err := geojson.Write(&out, l); err != nil {
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
	if err := geojson.Write(&out, layer.Layer{}); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) || strings.Contains(out.String(), "bbox") || strings.Contains(out.String(), "crs") {
		t.Errorf("got %s", out.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFails(t *testing.T) {
	l := layer.Layer{Name: "x", Features: []layer.Feature{{Values: []any{1}}}}
	if err := geojson.Write(&bytes.Buffer{}, l); err == nil || err.Error() != "layer x, feature 1: 1 values for 0 fields" {
		t.Errorf("got %v", err)
	}
	l.Fields = []layer.Field{{Name: "f"}}
	l.Features[0].Values[0] = []string{"a"}
	if err := geojson.Write(&bytes.Buffer{}, l); err == nil || err.Error() != "layer x, feature 1: field f: value of type []string" {
		t.Errorf("got %v", err)
	}
	if err := geojson.Write(failing{}, layer.Layer{}); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

// Coordinates and text are those of strconv and encoding/json.
func TestNumbersAndText(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	numbers := []float64{0, math.Copysign(0, -1), 0.5e-6, -0.5e-6, 0.49999999999999994e-6, 1e-7, 9.9999995, -9.9999995, 10, 99.9999999, 100, -179.999999, 180, 1.1, 1.000001, 0.1, 1e6, 123456789.5, 9e8, 1e300, math.NaN(), math.Inf(-1)}
	for range 20_000 {
		numbers = append(numbers, (r.Float64()-0.5)*math.Pow(10, float64(r.IntN(10)-3)), float64(r.IntN(2e6)-1e6)/2e6)
	}
	texts := []string{"", "plain", "a\"b", "a\\b", "<b>", "&", "é", "\x7f", "\x00", "\n", "\xff", "\u2028", "~!'"}
	l := layer.Layer{Name: "x", Geometry: "Point", Fields: []layer.Field{{Name: "t"}}}
	for i, x := range numbers {
		l.Features = append(l.Features, layer.Feature{ID: texts[i%len(texts)], Geometry: orb.Point{x, -x}, Values: []any{texts[i%len(texts)]}})
	}
	var out bytes.Buffer
	if err := geojson.Write(&out, l); err != nil {
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
