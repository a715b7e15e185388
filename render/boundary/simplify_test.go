package boundary_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"stpmap/flow/flowtest"
	"stpmap/render/boundary"
	"stpmap/render/internal/labelpoint"
)

func readEngland(t testing.TB) *boundary.Set {
	t.Helper()
	path := flowtest.Path(t, "england/areas.geojson")
	b, err := boundary.Open(context.Background(), path, boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEngland(t *testing.T) {
	b := readEngland(t)
	if len(b.Codes()) != 207 || b.CRS() != "EPSG:4326" || len(b.Notices()) > 0 {
		t.Fatalf("got %d areas in %s, %v", len(b.Codes()), b.CRS(), b.Notices())
	}
	stps, ok := b.Property("stp_code")
	if !ok {
		t.Fatal("no STPs")
	}
	codes := slices.Compact(slices.Sorted(slices.Values(stps)))
	group := make([]int32, len(stps))
	parts := make([]float64, len(codes))
	for i, m := range b.All() {
		k, _ := slices.BinarySearch(codes, stps[i])
		group[i] = int32(k)
		parts[k] += boundary.AreaKM2(m)
	}
	var total float64
	for k, m := range b.Dissolve(group, len(codes)) {
		km2 := boundary.AreaKM2(m)
		total += km2
		if math.Abs(km2-parts[k]) > 1e-9*km2 {
			t.Errorf("%s: %g km², its parts %g", codes[k], km2, parts[k])
		}
		if c := boundary.Compactness(m); !(c > 0 && c < 1) {
			t.Errorf("%s: compactness %g", codes[k], c)
		}
		if p := labelpoint.LabelPoint(m); !m.Bound().Contains(p) {
			t.Errorf("%s: label at %v", codes[k], p)
		}
	}
	if total < 130_000 || total > 131_000 {
		t.Errorf("England has %.0f km²", total)
	}
	// The Isle of Wight is the one area without a neighbour.
	var islands []string
	for i, name := range b.Names() {
		if len(slices.Collect(b.Neighbours(i))) == 0 {
			islands = append(islands, name)
		}
	}
	if !slices.Equal(islands, []string{"NHS Isle of Wight CCG"}) {
		t.Errorf("islands: %v", islands)
	}

	for _, o := range []boundary.SimplifyOptions{{Keep: 0.1}, {Tolerance: 1000}, {Tolerance: 1000, Method: boundary.DouglasPeucker}} {
		s := b.Simplify(o)
		if s.Vertices() > b.Vertices()/2 {
			t.Errorf("%+v: %d vertices of %d", o, s.Vertices(), b.Vertices())
		}
		for i, m := range s.All() {
			if len(m) != len(b.Polygons(i)) {
				t.Errorf("%+v: %s has %d polygons, had %d", o, b.Names()[i], len(m), len(b.Polygons(i)))
			}
			if before, after := slices.Collect(b.Neighbours(i)), slices.Collect(s.Neighbours(i)); !slices.Equal(before, after) {
				t.Errorf("%+v: %s has other neighbours", o, b.Names()[i])
			}
		}
	}
}

func TestSimplifyByNothing(t *testing.T) {
	b := readDrawn(t)
	if s := b.Simplify(boundary.SimplifyOptions{}); s != b {
		t.Error("the zero value simplifies")
	}
	s := b.Simplify(boundary.SimplifyOptions{Keep: 1})
	if s.Vertices() != b.Vertices() {
		t.Errorf("keeping all: %d vertices, want %d", s.Vertices(), b.Vertices())
	}
	if s := b.Simplify(boundary.SimplifyOptions{Tolerance: 1e7}); s.Vertices() >= b.Vertices() || len(s.All()[8]) != 2 {
		t.Errorf("an enormous tolerance: %d vertices, %v", s.Vertices(), s.All()[8])
	}
}

func BenchmarkEngland(b *testing.B) {
	readEngland(b)
	for b.Loop() {
		bounds := readEngland(b)
		bounds.Dissolve(make([]int32, 207), 1)
	}
}
