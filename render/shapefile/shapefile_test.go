package shapefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// put writes a layer into a folder and gives the name of its .shp.
func put(t *testing.T, l layer.Layer) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range Parts(l) {
		var b bytes.Buffer
		if err := part.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "x"+part.Suffix), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "x.shp")
}

// Our own reader finds the polygons, their holes, and their codes.
func TestOwnReader(t *testing.T) {
	l := rendertest.Footprints()
	set, err := boundary.Open(t.Context(), put(t, l), boundary.Options{CodeProperty: "footprint"})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != len(l.Features) {
		t.Fatalf("%d polygons, want %d", set.Len(), len(l.Features))
	}
	for i, f := range l.Features {
		at, ok := set.Index(f.ID)
		if !ok {
			t.Fatalf("no %s", f.ID)
		}
		if got, want := shoelace(set.All()[at]), shoelace(f.Geometry.(orb.MultiPolygon)); math.Abs(got-want) > 1e-5 {
			t.Errorf("feature %d covers %v square degrees, want %v", i, got, want)
		}
	}
}

// shoelace is the size in square degrees; holes wind the other way.
func shoelace(m orb.MultiPolygon) (sum float64) {
	for _, p := range m {
		for _, r := range p {
			for k := 1; k < len(r); k++ {
				sum += (float64(r[k-1][0]*r[k][1]) - float64(r[k][0]*r[k-1][1])) / 2
			}
		}
	}
	return sum
}

// GDAL reads every kind of layer: the places and the values.
func TestGDAL(t *testing.T) {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	for _, l := range rendertest.Layers() {
		in := put(t, l)
		out := filepath.Join(t.TempDir(), "out.geojson")
		if text, err := exec.Command(ogr, out, in).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", l.Name, err, text)
		}
		raw, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var fc struct {
			Features []struct {
				Properties map[string]any
				Geometry   *struct{ Coordinates any }
			}
		}
		if err := json.Unmarshal(raw, &fc); err != nil || len(fc.Features) != len(l.Features) {
			t.Fatalf("%s: %d features, %v", l.Name, len(fc.Features), err)
		}
		names := Names(&l)
		for i, f := range fc.Features {
			if (f.Geometry == nil) != (l.Features[i].Geometry == nil || layer.Empty(l.Features[i].Geometry)) {
				t.Errorf("%s, feature %d: the place is %v", l.Name, i, f.Geometry)
			}
			for k, v := range l.Features[i].Values {
				if got := f.Properties[names[k]]; !alike(got, layer.Known(v)) {
					t.Errorf("%s, feature %d, %s: %v (%T), want %v", l.Name, i, names[k], got, got, v)
				}
			}
		}
	}
}

// alike says whether GDAL's value is ours. It gives flags as text or as numbers.
func alike(got, want any) bool {
	switch v := want.(type) {
	case nil:
		return got == nil
	case bool:
		return slices.Contains([]any{v, "T", "F", 1.0, 0.0}, got) && (got == v || (got == "T" || got == 1.0) == v)
	case string:
		return got == strings.TrimRight(v, " ") || v == "" && got == nil
	}
	return fmt.Sprint(got) == fmt.Sprint(want) || got == number(want)
}

func number(v any) any {
	x, _ := strconv.ParseFloat(fmt.Sprint(v), 64)
	return x
}

// Names are ten letters at most, each once; text and numbers fit their columns.
func TestTable(t *testing.T) {
	l := layer.Layer{Name: "l", Geometry: "Point", Fields: []layer.Field{
		{Name: "localisation_index", Type: layer.Real},
		{Name: "localisation_index_lower", Type: layer.Real},
		{Name: "localisation_index_upper", Type: layer.Real},
		{Name: "name"},
		{Name: "n", Type: layer.Integer},
		{Name: "ok", Type: layer.Boolean},
	}}
	if got, want := Names(&l), []string{"localisati", "localisa_2", "localisa_3", "name", "n", "ok"}; !slices.Equal(got, want) {
		t.Errorf("names are %q, want %q", got, want)
	}
	long := strings.Repeat("é", 200)
	l.Features = []layer.Feature{{Values: []any{0.1, -math.MaxFloat64, math.SmallestNonzeroFloat64, long, int64(math.MinInt64), nil}}}
	for _, c := range columns(&l) {
		if c.width > longestText || c.width < 1 {
			t.Errorf("%s is %d wide", c.name, c.width)
		}
	}
	for _, x := range []float64{0.1, -math.MaxFloat64, math.SmallestNonzeroFloat64, 1e15, 123456789012345, 1.0 / 3, -2.2250738585072014e-308} {
		s := decimal(x)
		if got, err := strconv.ParseFloat(s, 64); err != nil || got != x || len(s) > numberWidth {
			t.Errorf("%v is written %s", x, s)
		}
	}
	if s := cell(long, longestText); len(s) != 254 || !strings.HasPrefix(long, s) {
		t.Errorf("%d bytes of text are kept", len(s))
	}
	var b bytes.Buffer
	if err := writeNames(&b, &l); err != nil || !strings.Contains(b.String(), "localisa_3  localisation_index_upper") {
		t.Errorf("%v: %s", err, b.String())
	}
}

func TestKindsAndRefusals(t *testing.T) {
	for geometry, want := range map[string]int32{"Point": 1, "MultiPoint": 8, "LineString": 3, "MultiLineString": 3, "Polygon": 5, "MultiPolygon": 5, "": 0} {
		if got := shapeOf(geometry); got != want {
			t.Errorf("%q is shape %d, want %d", geometry, got, want)
		}
	}
	if s := shape(orb.MultiPoint{{1, 2}, {3, 4}}, manyPoints); len(s) != 4+32+4+32 {
		t.Errorf("two points have %d bytes", len(s))
	}
	l := rendertest.Providers()
	l.Features[0].Geometry = orb.Point{math.NaN(), 1}
	if err := writeShapes(io.Discard, &l, false); !errors.Is(err, layer.ErrLayerShape) {
		t.Errorf("no number: %v", err)
	}
	l.Features[0].Values = nil
	for _, err := range []error{writeShapes(io.Discard, &l, true), writeTable(io.Discard, &l)} {
		if !errors.Is(err, layer.ErrLayerShape) {
			t.Errorf("too few values: %v", err)
		}
	}
}
