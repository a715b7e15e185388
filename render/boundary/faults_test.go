package boundary_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"stpmap/flow/fault"
	"stpmap/render/boundary"
)

const square = `[[[0,50],[1,50],[1,51],[0,51],[0,50]]]`

func feature(code, coordinates string) string {
	return `{"type":"Feature","properties":{"code":"` + code + `"},"geometry":{"type":"Polygon","coordinates":` + coordinates + `}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + "\n" + strings.Join(features, ",\n") + "\n]}"
}

func TestFaultsAreLocated(t *testing.T) {
	tests := []struct {
		name, in, want string
		is             error
	}{
		{"empty file", "", "x.geojson:1:1: no features: the file is empty", boundary.ErrNoFeatures},
		{"not JSON", "area,provider,count\n", `x.geojson:1:1: not JSON: want '{', found 'a'`, boundary.ErrSyntax},
		{"truncated", collection(feature("A", square))[:100], "x.geojson:2:57: ends too early", boundary.ErrTruncated},
		{"no features", collection(), "x.geojson: no features", boundary.ErrNoFeatures},
		{"another type", `{"type":"Topology","arcs":[]}`, `x.geojson:1:1: no features: type "Topology" is no FeatureCollection`, boundary.ErrNoFeatures},
		{"text after the end", collection(feature("A", square)) + "\n}", "x.geojson:4:1: not JSON: text after the end", boundary.ErrSyntax},
		{"duplicate code", collection(feature("A", square), feature("A", square)), `x.geojson:3:1: duplicate code: "A", as at line 2`, boundary.ErrDuplicateCode},
		{"missing code", collection(feature("A", square), feature("", square)), `x.geojson:3:1: missing code: property "code"`, boundary.ErrMissingCode},
		{"no code property", collection(strings.Replace(feature("A", square), `"code"`, `"shape_area"`, 1)), "x.geojson: no property holds the codes; it has shape_area (--boundary-code names it outright)", boundary.ErrNoCode},
		{"unclosed ring", collection(feature("A", `[[[0,50],[1,50],[1,51],[0,51]]]`)), "x.geojson:2:90: ring is not closed: begins at 0, 50 and ends at 0, 51", boundary.ErrUnclosed},
		{"short ring", collection(feature("A", `[[[0,50],[1,50],[0,50]]]`)), "x.geojson:2:90: ring has fewer than four positions: 3", boundary.ErrShortRing},
		{"NaN", collection(feature("A", `[[[0,50],[NaN,50],[1,51],[0,51],[0,50]]]`)), `x.geojson:2:98: bad coordinates: "NaN" is no finite number`, boundary.ErrCoordinates},
		{"infinite", collection(feature("A", `[[[0,50],[1e999,50],[1,51],[0,51],[0,50]]]`)), `x.geojson:2:98: bad coordinates: "1e999" is no finite number`, boundary.ErrCoordinates},
		{"text in coordinates", collection(feature("A", `[[[0,50],["1",50],[1,51],[0,51],[0,50]]]`)), `x.geojson:2:98: bad coordinates: text where a coordinate must stand`, boundary.ErrCoordinates},
		{"out of range", collection(feature("A", `[[[0,50],[190,50],[1,51],[0,51],[0,50]]]`)), "x.geojson:2:97: coordinate out of range: 190, 50 is no longitude and latitude", boundary.ErrOutOfRange},
		{"neither degrees nor grid", collection(feature("A", `[[[-311700,6700000],[-311600,6700000],[-311600,6700100],[-311700,6700000]]]`)), "x.geojson:2:90: coordinate out of range: -311700, 6.7e+06 is neither longitude and latitude nor on the British National Grid", boundary.ErrOutOfRange},
		{"wrong depth", collection(strings.Replace(feature("A", square), "Polygon", "MultiPolygon", 1)), "x.geojson:2:56: bad coordinates: coordinates of a MultiPolygon nested 3 deep, want 4", boundary.ErrCoordinates},
		{"a point", collection(`{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Point","coordinates":[0,50]}}`), `x.geojson:2:56: not a polygon: geometry type "Point"`, boundary.ErrGeometry},
		{"unknown crs", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:29902"}},"features":[` + feature("A", square) + `]}`, `x.geojson:1:35: unknown coordinate reference system: "EPSG:29902"; known are EPSG:4326, 4258, 4277, 27700 and 3857`, boundary.ErrUnknownCRS},
		{"polygons that overlap", collection(feature("A", square), feature("B", `[[[0.5,50],[1.5,50],[1.5,51],[0.5,51],[0.5,50]]]`)), "x.geojson:3:1: polygons overlap: A and B share 3.95e+03 km² about 0.75000, 50.5", boundary.ErrOverlap},
		{"one polygon within another", collection(feature("A", square), feature("B", `[[[0.2,50.2],[0.8,50.2],[0.8,50.8],[0.2,50.8],[0.2,50.2]]]`)), "x.geojson:3:1: polygons overlap: A and B share", boundary.ErrOverlap},
		{"the same polygon twice", collection(feature("A", square), feature("B", square)), "x.geojson:3:1: polygons overlap: A and B share", boundary.ErrOverlap},
		{"broken UTF-8", collection(feature("A\xff", square)), "x.geojson:2:40: not UTF-8 text", boundary.ErrEncoding},
		{"deep nesting", `{"type":"FeatureCollection","x":` + strings.Repeat("[", 100_000), "x.geojson:1:289: nested more than 256 deep: too large", boundary.ErrTooLarge},
		{"deep coordinates", collection(feature("A", strings.Repeat("[", 100_000))), "x.geojson:2:92: bad coordinates: arrays nested too deep", boundary.ErrCoordinates},
		{"no polygon at all", collection(`{"type":"Feature","properties":{"code":"A"},"geometry":null}`), "x.geojson: no features: no feature has a polygon", boundary.ErrNoFeatures},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(tt.in), boundary.Options{})
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if !errors.Is(err, tt.is) {
				t.Errorf("%v is not %v", err, tt.is)
			}
			var located *fault.Error
			if !errors.As(err, &located) || located.File != "x.geojson" {
				t.Errorf("%v is no fault.Error", err)
			}
		})
	}
}

func TestManyFaultsAreCounted(t *testing.T) {
	var fs []string
	for range 50 {
		fs = append(fs, feature("A", `[[[0,50],[1,50],[1,51],[0,51]]]`))
	}
	_, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(collection(fs...)), boundary.Options{})
	var many *fault.List
	if !errors.As(err, &many) {
		t.Fatalf("got %v", err)
	}
	if len(many.List) != 20 || many.More != 50+49-20 {
		t.Errorf("got %d faults and %d more", len(many.List), many.More)
	}
	if !strings.HasSuffix(err.Error(), "\nand 79 more faults") {
		t.Errorf("got %q", err)
	}
}

func TestTruncatedGzip(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write([]byte(collection(feature("A", square)))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole := z.Bytes()
	b, err := boundary.Read(context.Background(), "x.geojson.gz", bytes.NewReader(whole), boundary.Options{})
	if err != nil || len(b.Codes()) != 1 {
		t.Fatalf("got %v, %v", b, err)
	}
	for _, n := range []int{3, 12, len(whole) / 2, len(whole) - 9} {
		_, err := boundary.Read(context.Background(), "x.geojson.gz", bytes.NewReader(whole[:n]), boundary.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "x.geojson.gz:") {
			t.Errorf("cut at %d: got %v", n, err)
		}
	}
}

func TestCancelledReading(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	cancel(why)
	_, err := boundary.Read(ctx, "x.geojson", strings.NewReader(collection(feature("A", square))), boundary.Options{})
	if !errors.Is(err, why) {
		t.Errorf("got %v, want %v", err, why)
	}
}
