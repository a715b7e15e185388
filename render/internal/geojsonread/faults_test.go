package geojsonread

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// one is a feature collection with one geometry.
func one(geometry string) string {
	return `{"type":"FeatureCollection","features":[{"geometry":` + geometry + `}]}`
}

func polygon(coordinates string) string {
	return `{"type":"Polygon","coordinates":` + coordinates + `}`
}

const square = `[[0,50],[1,50],[1,51],[0,50]]`

// A faulty geometry is noted with its place, and reading goes on.
func TestGeometryFaults(t *testing.T) {
	for _, tt := range []struct {
		name, geometry, want string
		is                   error
	}{
		{"not closed", polygon(`[[[0,50],[1,50],[1,51],[0,51]]]`), "1:87: ring is not closed: begins at 0, 50 and ends at 0, 51", ErrUnclosed},
		{"three positions", polygon(`[[[0,50],[1,50],[0,50]]]`), "1:87: ring has fewer than four positions: 3", ErrShortRing},
		{"one position", polygon(`[[[0,50]]]`), "1:87: ring has fewer than four positions: 1", ErrShortRing},
		{"longitude", polygon(`[[[0,50],[181,50],[1,51],[0,50]]]`), "1:94: coordinate out of range: 181, 50 is no longitude and latitude", ErrOutOfRange},
		{"latitude", polygon(`[[[0,50],[1,-90.5],[1,51],[0,50]]]`), "1:94: coordinate out of range: 1, -90.5 is no longitude and latitude", ErrOutOfRange},
		{"empty ring", polygon(`[[],` + square + `]`), "1:86: bad coordinates: empty array", ErrCoordinates},
		{"too shallow", polygon(square), "1:53: bad coordinates: coordinates of a Polygon nested 2 deep, want 3", ErrCoordinates},
		{"too deep", polygon(`[[` + square + `]]`), "1:53: bad coordinates: coordinates of a Polygon nested 4 deep, want 3", ErrCoordinates},
		{"a polygon as several", `{"coordinates":[` + square + `],"type":"MultiPolygon"}`, "1:53: bad coordinates: coordinates of a MultiPolygon nested 3 deep, want 4", ErrCoordinates},
		{"a point", `{"type":"Point","coordinates":[0,50]}`, `1:53: not a polygon: geometry type "Point"`, ErrGeometry},
		{"lines", `{"type":"LineString","coordinates":` + square + `}`, `1:53: not a polygon: geometry type "LineString"`, ErrGeometry},
		{"no type", `{"coordinates":[` + square + `]}`, `1:53: not a polygon: geometry type ""`, ErrGeometry},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(one(tt.geometry), `}]}`, `},{"geometry":`+polygon("["+square+"]")+`}]}`, 1)
			c, err := Read(context.Background(), strings.NewReader(text), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Faults) == 0 {
				t.Fatal("no fault was found")
			}
			if f := c.Faults[0]; !errors.Is(f, tt.is) || f.Error() != tt.want {
				t.Errorf("got %v, want %s", f, tt.want)
			}
			if len(c.Features) != 2 || len(areaOf(c, 1)) != 1 || len(areaOf(c, 1)[0][0]) != 4 {
				t.Errorf("the feature after it is read as %v of %d", areaOf(c, 1), len(c.Features))
			}
		})
	}
}

// What cannot be read on ends the reading, with its place.
func TestFatalFaults(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"nothing", "", "1:1: no features: the file is empty", ErrNoFeatures},
		{"another type", "\n {\"type\":\"Topology\"}", `2:2: no features: type "Topology" is no FeatureCollection`, ErrNoFeatures},
		{"no features", `{"type":"FeatureCollection"}`, `1:1: no features: type "FeatureCollection" is no FeatureCollection`, ErrNoFeatures},
		{"a list", `[]`, `1:1: not JSON: want '{', found '['`, ErrSyntax},
		{"text after the end", `{"type":"FeatureCollection","features":[]} {`, "1:44: not JSON: text after the end", ErrSyntax},
		{"a feature that is none", `{"type":"FeatureCollection","features":[7]}`, `1:41: not JSON: want a feature, found '7'`, ErrSyntax},
		{"a word", `{"type":"FeatureCollection","features":[{"properties":{"a":nil}}]}`, `1:60: not JSON: value "nil"`, ErrSyntax},
		{"a number", `{"type":"FeatureCollection","features":[{"properties":{"a":01}}]}`, `1:60: not JSON: value "01"`, ErrSyntax},
		{"an escape", `{"type":"FeatureCollection","features":[{"properties":{"a":"\x"}}]}`, `1:60: not JSON: string "\"\\x\""`, ErrSyntax},
		{"letters", "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"a\":\"\xff\"}}]}", "1:60: not UTF-8 text", ErrEncoding},
		{"line break", "{\"type\":\"Feature\nCollection\"}", "1:17: not JSON: line break in a string", ErrSyntax},
		{"no comma", `{"type":"FeatureCollection" "features":[]}`, `1:29: not JSON: want ',' or '}', found '"'`, ErrSyntax},
		{"no colon", `{"type" "FeatureCollection"}`, `1:9: not JSON: want ':', found '"'`, ErrSyntax},
		{"coordinates that are none", one(`{"type":"Polygon","coordinates":7}`), "1:85: bad coordinates: want an array", ErrCoordinates},
		{"text for a number", one(polygon(`[[["0",50]]]`)), "1:88: bad coordinates: text where a coordinate must stand", ErrCoordinates},
		{"an empty position", one(polygon(`[[[0,50],[]]]`)), "1:95: bad coordinates: empty position", ErrCoordinates},
		{"half a position", one(polygon(`[[[0,50],[1]]]`)), "1:97: bad coordinates: position of one number", ErrCoordinates},
		{"no number", one(polygon(`[[[0,5o]]]`)), `1:91: not JSON: want ',' or ']', found 'o'`, ErrSyntax},
		{"too large a number", one(polygon(`[[[0,1e999]]]`)), `1:90: bad coordinates: "1e999" is no finite number`, ErrCoordinates},
		{"mixed depths", one(polygon(`[` + square + `,[` + square + `]]`)), "1:147: bad coordinates: arrays of different depth", ErrCoordinates},
		{"five deep", one(polygon(`[[[` + square + `]]]`)), "1:89: bad coordinates: arrays nested too deep", ErrCoordinates},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Read(context.Background(), strings.NewReader(tt.text), 0)
			if err == nil {
				t.Fatalf("read as %+v", c)
			}
			if !errors.Is(err, tt.is) || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// The first faults are kept and the others counted.
func TestFaultsAreCounted(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range 50 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"geometry":{"type":"Point","coordinates":[0,0]}}`)
	}
	b.WriteString(`]}`)
	c, err := Read(context.Background(), strings.NewReader(b.String()), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Faults) != 20 || c.MoreFaults != 30 || len(c.Features) != 50 || c.EmptyGeometries != 50 {
		t.Errorf("%d faults and %d more of %d features, %d empty", len(c.Faults), c.MoreFaults, len(c.Features), c.EmptyGeometries)
	}
}

// Collections give their polygons; points and lines in them are counted, and so
// are heights.
func TestCollections(t *testing.T) {
	point, line := `{"type":"Point","coordinates":[0,0]}`, `{"type":"LineString","coordinates":[[0,0],[1,1]]}`
	inner := `{"type":"GeometryCollection","geometries":[` + polygon(`[[[0,50,7],[1,50,7],[1,51,7],[0,50,7]]]`) + `,` + line + `]}`
	c, err := Read(context.Background(), strings.NewReader(one(`{"type":"GeometryCollection","geometries":[`+point+`,`+polygon("["+square+"]")+`,`+inner+`,null]}`)), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := areaOf(c, 0); len(got) != 2 || !got[0].Equal(got[1]) || len(c.Faults) > 0 {
		t.Errorf("got %v, faults %v", got, c.Faults)
	}
	if c.SkippedGeometries != 2 || c.Heights != 4 {
		t.Errorf("%d geometries skipped, %d heights dropped", c.SkippedGeometries, c.Heights)
	}
}

// A file whose first position is out of the range of degrees is one of metres:
// its numbers come as they stand.
func TestPlanarCoordinates(t *testing.T) {
	text := one(polygon(`[[[530000.125,180000],[531000,180000],[531000,1.81e5],[530000.125,180000]],[[530100,180100],[530100,180200],[530200,180100],[530100,180100]]]`))
	text = strings.Replace(text, `{"type"`, "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:27700\"}},\n\"type\"", 1)
	c, err := Read(context.Background(), strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{530000.125, 180000, 531000, 180000, 531000, 181000, 530100, 180100, 530100, 180200, 530200, 180100}
	if !slices.Equal(c.Planar, want) || len(c.Rings.XY) > 0 || !slices.Equal(c.Rings.Rings, []int32{0, 3, 6}) {
		t.Errorf("got %v, rings %v", c.Planar, c.Rings.Rings)
	}
	if c.CRS != "EPSG:27700" || c.CRSLine != 1 || c.CRSColumn != 8 {
		t.Errorf("crs %q at %d:%d", c.CRS, c.CRSLine, c.CRSColumn)
	}
	if line, column := c.FirstPosition(); line != 2 || column != 86 {
		t.Errorf("the first position is at %d:%d", line, column)
	}
}

// A crs member is what it names, and "unnamed" where it names nothing.
func TestCRSMember(t *testing.T) {
	for member, want := range map[string]string{
		`null`:                           "",
		`{}`:                             "unnamed",
		`{"properties":null}`:            "unnamed",
		`{"properties":{"name":7}}`:      "",
		`{"properties":{"href":"x"}}`:    "unnamed",
		`{"properties":{"name":"a\"b"}}`: `a"b`,
	} {
		c, err := Read(context.Background(), strings.NewReader(`{"crs":`+member+`,"type":"FeatureCollection","features":[]}`), 0)
		if err != nil {
			t.Errorf("%s: %v", member, err)
		} else if c.CRS != want {
			t.Errorf("%s: got %q, want %q", member, c.CRS, want)
		}
	}
}

// A single feature is a collection of one.
func TestSingleFeature(t *testing.T) {
	c, err := Read(context.Background(), strings.NewReader(`{"id":7,"type":"Feature","properties":{"code":"A"},"geometry":`+polygon("["+square+"]")+`}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Features) != 1 || !slices.Equal(c.Keys, []string{"@id", "code"}) || len(areaOf(c, 0)) != 1 {
		t.Errorf("got %+v with keys %q", c.Features, c.Keys)
	}
}

// Reading stops when it is told to, with the reason it was given.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := fmt.Errorf("stopped by hand")
	n := 0
	r := readerFunc(func(p []byte) (int, error) {
		if n++; n == 3 {
			cancel(stopped)
		}
		return copy(p, strings.Repeat(" ", len(p))), nil
	})
	if _, err := Read(ctx, io.MultiReader(strings.NewReader(`{`), r), 0); !errors.Is(err, stopped) {
		t.Errorf("got %v", err)
	}
	if n > 4 {
		t.Errorf("read %d times more", n-3)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
