package boundary_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"stpmap/flow/flowtest"
	"stpmap/render/boundary"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
)

// Two fields whose border differs by a few metres, in a file.
const mismatched = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"W"},"geometry":{"type":"Polygon","coordinates":[[[0,52],[0.2,52],[0.2003,52.1],[0.2,52.2],[0,52.2],[0,52]]]}},
{"type":"Feature","properties":{"code":"E"},"geometry":{"type":"Polygon","coordinates":[[[0.2,52],[0.4,52],[0.4,52.2],[0.2,52.2],[0.2002,52.15],[0.1998,52.05],[0.2,52]]]}}]}`

func TestMismatches(t *testing.T) {
	ctx := context.Background()
	read := func(o boundary.Options) *boundary.Set {
		t.Helper()
		b, err := boundary.Read(ctx, "x.geojson", strings.NewReader(mismatched), o)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	as := read(boundary.Options{})
	kinds := map[boundary.MismatchKind]int{}
	for _, m := range as.Mismatches() {
		kinds[m.Kind]++
		if !slices.Equal(m.Areas, []int{0, 1}) || m.Closed || !(m.AreaKM2 > 0 && m.AreaKM2 < 1) || m.LengthKM <= 0 || !m.Geometry.Bound().Contains(m.At) {
			t.Errorf("got %+v", m)
		}
	}
	if kinds[boundary.Overlap] != 1 || kinds[boundary.Gap] != 1 {
		t.Errorf("got %v", kinds)
	}
	if n := as.Notices(); len(n) != 1 || !strings.HasPrefix(n[0], "x.geojson: borders do not match: 1 gap (") || !strings.HasSuffix(n[0], "left as they are; in 2 areas, most in E, W") {
		t.Errorf("got %v", n)
	}
	if as.BorderKM(0, 1) <= 0 {
		t.Error("areas that overlap along their border are no neighbours")
	}

	clean := read(boundary.Options{Clean: true})
	var km2 float64
	for _, m := range clean.All() {
		km2 += boundary.AreaKM2(m)
	}
	whole := clean.Dissolve([]int32{0, 0}, 1)[0]
	if len(whole) != 1 || len(whole[0]) != 1 {
		t.Errorf("cleaned and dissolved: %v", whole)
	}
	if d := km2 - boundary.AreaKM2(whole); d < -1e-3 || d > 1e-3 {
		t.Errorf("cleaned areas and their union differ by %g km²", d)
	}
	for _, m := range clean.Mismatches() {
		if !m.Closed {
			t.Errorf("left open: %+v", m)
		}
	}

	snapped := read(boundary.Options{Snap: 50})
	if len(snapped.Mismatches()) > 0 {
		t.Errorf("snapped: %+v", snapped.Mismatches())
	}

	var out bytes.Buffer
	if err := geojson.Write(&out, maps.Mismatches(as, layer.About{})); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Count(s, `"areas":"E W"`) != 2 || strings.Count(s, `"kind":"gap"`) != 1 {
		t.Errorf("got %s", s)
	}

	for _, snap := range []float64{-1, 1e9} {
		if _, err := boundary.Read(ctx, "x.geojson", strings.NewReader(mismatched), boundary.Options{Snap: snap}); err == nil {
			t.Errorf("snapping by %g m was taken", snap)
		}
	}
}

// A gap that is open to the sea at both ends is no mismatch, being like coast, but
// cleaning names it, and snapping closes it.
func TestGapOpenToTheSea(t *testing.T) {
	const text = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"W"},"geometry":{"type":"Polygon","coordinates":[[[0,52],[0.1,52],[0.1,52.05],[0.1,52.1],[0,52.1],[0,52]]]}},
{"type":"Feature","properties":{"code":"E"},"geometry":{"type":"Polygon","coordinates":[[[0.1002,52],[0.2,52],[0.2,52.1],[0.1002,52.1],[0.1002,52.03],[0.1002,52]]]}}]}`
	for _, tc := range []struct {
		o     boundary.Options
		note  string
		parts int
	}{
		{boundary.Options{}, "", 2},
		{boundary.Options{Clean: true}, "x.geojson: borders of 1 pair run beside each other without touching, which --clean takes for coast and --snap 21 would draw together: E and W for 11.1 km about 0.1", 2},
		{boundary.Options{Clean: true, Snap: 21}, "", 1},
	} {
		b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(text), tc.o)
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(b.Notices(), "; ")
		if tc.note == "" && notes != "" || !strings.HasPrefix(notes, tc.note) {
			t.Errorf("%+v: %q", tc.o, notes)
		}
		if got := len(b.Dissolve([]int32{0, 0}, 1)[0]); got != tc.parts || len(b.Mismatches()) > 0 {
			t.Errorf("%+v: %d parts, %v", tc.o, got, b.Mismatches())
		}
	}
}

// Local authorities as an R package has them, drawn one by one: thousands of
// slivers.
func TestCleaningRealBoundaries(t *testing.T) {
	path := flowtest.Path(t, "samples/epiforecasts_covid19_nhs_data/england_ltla_shape_27700.geojson")
	b, err := boundary.Open(context.Background(), path, boundary.Options{Clean: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Mismatches()) < 1000 || b.CRS() != "EPSG:27700" {
		t.Errorf("got %d mismatches in %s", len(b.Mismatches()), b.CRS())
	}
	var sum float64
	for _, m := range b.All() {
		sum += boundary.AreaKM2(m)
	}
	whole := boundary.AreaKM2(b.Dissolve(make([]int32, b.Len()), 1)[0])
	if d := sum - whole; d < -1e-3 || d > 1e-3 {
		t.Errorf("areas have %.3f km², all together %.3f", sum, whole)
	}
	if sum < 130_000 || sum > 131_000 {
		t.Errorf("England has %.0f km²", sum)
	}
}
