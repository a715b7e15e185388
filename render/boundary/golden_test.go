package boundary_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/geojson"
	"stpmap/render/layer"
)

var update = flag.Bool("update", false, "write the golden maps anew")

func readDrawn(t testing.TB) *boundary.Set {
	t.Helper()
	b, err := boundary.Open(context.Background(), "testdata/areas.geojson", boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func footprintLayer(b *boundary.Set, ids []string, groups []int32) layer.Layer {
	l := layer.Layer{
		Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon",
		Fields: []layer.Field{{Name: "footprint"}, {Name: "areas", Type: layer.Integer}, {Name: "area_km2", Type: layer.Real}, {Name: "whole", Type: layer.Boolean}, {Name: "score", Type: layer.Real}},
		About:  layer.About{Version: "test", Seed: 7, Sources: []string{"drawn by hand"}},
	}
	for i, m := range b.Dissolve(groups, len(ids)) {
		n := int64(0)
		for _, g := range groups {
			if int(g) == i {
				n++
			}
		}
		l.Features = append(l.Features, layer.Feature{ID: ids[i], Geometry: m, Values: []any{ids[i], n, float64(int(boundary.AreaKM2(m))), len(m) == 1, nil}})
	}
	return l
}

// indent breaks a map into lines that a person can compare.
func indent(b []byte) []byte {
	s := strings.NewReplacer("]],", "]],\n    ", `"geometry":`, "\n  \"geometry\":", `"properties":`, "\n  \"properties\":").Replace(string(b))
	return []byte(s)
}

func TestGoldenMaps(t *testing.T) {
	b := readDrawn(t)
	tests := []struct {
		name   string
		groups []int32 // of A01 to A12
		ids    []string
	}{
		{"two_footprints", []int32{0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0}, []string{"F01", "F02"}},
		{"enclave_joined", []int32{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}, []string{"F01", "F02"}},
		{"corner_only", []int32{0, -1, -1, -1, 1, -1, -1, -1, -1, -1, -1, 0}, []string{"F01", "F02"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := geojson.Write(&out, footprintLayer(b, tt.ids, tt.groups)); err != nil {
				t.Fatal(err)
			}
			got := indent(out.Bytes())
			path := "testdata/" + tt.name + ".golden.geojson"
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestDrawnBoundaries(t *testing.T) {
	b := readDrawn(t)
	if got := b.Codes(); len(got) != 12 || got[0] != "A01" || got[11] != "A12" {
		t.Errorf("got codes %v", got)
	}
	if got := b.Names()[9]; got != "The enclave" {
		t.Errorf("got name %q", got)
	}
	if p := b.Populations(); p[0] != 100 || p[9] == p[9] {
		t.Errorf("got populations %v, want 100 first and NaN for the enclave", p)
	}
	if b.CRS() != "EPSG:4326" || len(b.Notices()) > 0 || len(b.Mismatches()) > 0 {
		t.Errorf("got %s, %v, %v", b.CRS(), b.Notices(), b.Mismatches())
	}
	if b.Vertices() != 74 {
		t.Errorf("got %d vertices, want 74", b.Vertices())
	}
	neighbours := map[string]string{
		"A01": "A02 A04", "A02": "A01 A03 A05", "A05": "A02 A04 A06 A08 A10",
		"A09": "A06 A08", "A10": "A05", "A11": "", "A12": "",
	}
	for code, want := range neighbours {
		i, ok := b.Index(code)
		if !ok {
			t.Fatalf("no %s", code)
		}
		var got []string
		for j := range b.Neighbours(i) {
			got = append(got, b.Codes()[j])
			if b.BorderKM(i, j) <= 0 || b.BorderKM(i, j) != b.BorderKM(j, i) {
				t.Errorf("border %s-%s: %g and %g km", code, b.Codes()[j], b.BorderKM(i, j), b.BorderKM(j, i))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("neighbours of %s: got %v, want %s", code, got, want)
		}
	}
	// A tenth of a degree of latitude at 52.05 is 11.126 km (PROJ).
	i, _ := b.Index("A07")
	j, _ := b.Index("A08")
	if got := b.BorderKM(i, j); got < 11.125 || got > 11.127 {
		t.Errorf("border A07-A08: got %g km, want 11.126", got)
	}
	if k, _ := b.Index("A12"); b.BorderKM(0, k) != 0 {
		t.Error("areas that touch at a corner have a border")
	}
}

func TestAdjacencyRenumbers(t *testing.T) {
	b := readDrawn(t)
	// In a matrix's order, with a code that has no polygon and without A05.
	codes := []string{"A04", "nowhere", "A10", "A01", "A02"}
	adj := b.Adjacency(codes)
	want := [][]int{{3}, nil, nil, {0, 4}, {3}}
	for k := range codes {
		var got []int
		for j := range adj.Neighbours(k) {
			got = append(got, j)
		}
		if !slices.Equal(got, want[k]) {
			t.Errorf("neighbours of %s: got %v, want %v", codes[k], got, want[k])
		}
	}
	for range adj.Neighbours(99) {
		t.Error("an area that is not there has a neighbour")
	}
}

// The order of features in the file does not matter.
func TestRowOrderDoesNotMatter(t *testing.T) {
	text, err := os.ReadFile("testdata/areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	features := lines[1 : len(lines)-1]
	groups := []int32{0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0}
	var want []byte
	for shift := range len(features) {
		turned := append(slices.Clone(features[shift:]), features[:shift]...)
		for i := range turned {
			turned[i] = strings.TrimSuffix(turned[i], ",")
		}
		in := lines[0] + "\n" + strings.Join(turned, ",\n") + "\n]}"
		b, err := boundary.Read(context.Background(), "areas.geojson", strings.NewReader(in), boundary.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := geojson.Write(&out, footprintLayer(b, []string{"F01", "F02"}, groups)); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = out.Bytes()
		} else if !bytes.Equal(out.Bytes(), want) {
			t.Fatalf("shifted by %d: other bytes", shift)
		}
	}
}

func TestPolygonsOfOneArea(t *testing.T) {
	b := readDrawn(t)
	all := b.All()
	for i := range all {
		if !orb.Equal(all[i], b.Polygons(i)) {
			t.Errorf("area %s: All and Polygons differ", b.Codes()[i])
		}
	}
	i, _ := b.Index("A09")
	if m := b.Polygons(i); len(m) != 2 || boundary.AreaKM2(m[:1]) < boundary.AreaKM2(m[1:]) {
		t.Errorf("got %v, want the large polygon and then the rock", m)
	}
}
