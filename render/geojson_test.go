package render_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
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
