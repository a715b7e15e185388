package gpkg

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom/encoding/wkb"

	"stpmap/render/internal/gogeom"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// checkIndex asks SQLite's R*Tree module whether it finds a layer's index sound.
func checkIndex(t *testing.T, db *sql.DB, layer, when string) {
	t.Helper()
	if got := one[string](t, db, "SELECT rtreecheck(?)", "rtree_"+layer+"_geom"); got != "ok" {
		t.Errorf("%s: the index of %s: %s", when, layer, got)
	}
}

// A packed index is what the module would have read and written: it is sound,
// finds the same rows as a look at each, and stays so when rows come and go.
func TestPackedIndex(t *testing.T) {
	for _, n := range []int{0, 1, 2, 51, 52, 53, 102, 2601, 2602, 7000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(n), 1))
			l := layer.Layer{Name: "lines", Title: "Lines", Geometry: "LineString", Fields: []layer.Field{{Name: "n", Alias: "", Type: layer.Integer}}}
			for i := range n {
				f := layer.Feature{Values: []any{int64(i)}}
				switch {
				case i%17 == 3: // no geometry
				case i%17 == 5:
					f.Geometry = orb.LineString{}
				case i%17 == 7: // many in one place
					f.Geometry = orb.LineString{{0, 51}, {0, 51}}
				default:
					x, y := -6+8*r.Float64(), 50+6*r.Float64()
					f.Geometry = orb.LineString{{x, y}, {x + r.NormFloat64()/10, y + r.NormFloat64()/10}}
				}
				l.Features = append(l.Features, f)
			}
			path := filepath.Join(t.TempDir(), "out.gpkg")
			if err := Write(t.Context(), path, []layer.Layer{l}, Options{}); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1) // for the pragmas
			checkIndex(t, db, "lines", "as written")
			if got := one[string](t, db, "PRAGMA integrity_check"); got != "ok" {
				t.Error(got)
			}
			for range 20 {
				x, y := -6+8*r.Float64(), 50+6*r.Float64()
				window := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + r.Float64(), y + r.Float64()}}
				want := 0
				for _, f := range l.Features {
					if g, ok := f.Geometry.(orb.LineString); ok && len(g) > 0 && g.Bound().Intersects(window) {
						want++
					}
				}
				got := one[int](t, db, "SELECT count(*) FROM rtree_lines_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?",
					window.Min[0], window.Max[0], window.Min[1], window.Max[1])
				if got != want {
					t.Errorf("%d lines in %v, want %d", got, window, want)
				}
			}
			exec := func(query string, args ...any) {
				t.Helper()
				if _, err := db.Exec(query, args...); err != nil {
					t.Fatalf("%s: %v", query, err)
				}
			}
			exec("PRAGMA synchronous = OFF")
			exec("PRAGMA journal_mode = MEMORY")
			for i := range 200 {
				x, y := -6+8*r.Float64(), 50+6*r.Float64()
				exec("INSERT INTO rtree_lines_geom VALUES (?,?,?,?,?)", n+1+i, x, x+0.1, y, y+0.1)
			}
			checkIndex(t, db, "lines", "200 rows more")
			exec("DELETE FROM lines WHERE fid % 3 > 0") // goes through the trigger
			checkIndex(t, db, "lines", "a third left")
			left := one[int](t, db, "SELECT count(*) FROM lines WHERE geom NOT NULL AND length(geom) > 17")
			if got := one[int](t, db, "SELECT count(*) FROM rtree_lines_geom"); got != left+200 {
				t.Errorf("%d rows in the index, want %d", got, left+200)
			}
		})
	}
}

func TestFloatBelow(t *testing.T) {
	for _, x := range []float64{0, 1, -1, 0.1, -0.1, 51.123456, -1e-50, 1e-50, 1e300, -1e300, math.MaxFloat32} {
		b := newRTreeBox(1, orb.Bound{Min: orb.Point{x, x}, Max: orb.Point{x, x}})
		low, high := b.box[0], b.box[1]
		if float64(low) > x || float64(high) < x {
			t.Errorf("%v lies outside %v to %v", x, low, high)
		}
		if float64(low) == x != (float64(high) == x) {
			t.Errorf("%v is a float32, but its box is %v to %v", x, low, high)
		}
		if high != low && math.Nextafter32(low, high) != high {
			t.Errorf("the box of %v is wide: %v to %v", x, low, high)
		}
	}
}

// The blobs are those of go-geom's encoder.
func TestBlobs(t *testing.T) {
	square := rendertest.Square(-1, 52, 0.5)
	line := orb.LineString{{-1, 52}, {-1.5, 53}, {2, 51}}
	geometries := []orb.Geometry{
		orb.Point{-1.25, 52},
		orb.MultiPoint{{1, 2}, {3, 4}},
		orb.MultiPoint{},
		line,
		orb.LineString{},
		orb.MultiLineString{line, {}, line},
		orb.MultiLineString{{}},
		square,
		orb.Polygon{},
		orb.Polygon{{}},
		append(square, rendertest.Square(-0.9, 52.1, 0.1)[0]),
		orb.MultiPolygon{square, {}, {{}}, rendertest.Square(0, 52, 1)},
		orb.MultiPolygon{},
		orb.MultiPolygon{{}},
		rendertest.Layers()[0].Features[0].Geometry,
	}
	shift := func(p orb.Point) orb.Point { return orb.Point{p[0]*1000 + 1, -p[1]} }
	for _, project := range []func(orb.Point) orb.Point{nil, shift} {
		w := blobWriter{crs: 27700, project: project}
		for i, g := range geometries {
			for _, multi := range []bool{false, true} {
				name := fmt.Sprintf("%d, a %s, multi %v", i, g.GeoJSONType(), multi)
				if i%5 == 0 {
					w.start()
				}
				before := len(w.b)
				blob, box, some, err := w.append(g, multi)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if len(w.b)-before != len(blob) {
					t.Errorf("%s: %d bytes in the buffer for %d", name, len(w.b)-before, len(blob))
				}
				converted, err := gogeom.Convert(g, multi, project)
				if err != nil {
					t.Fatal(err)
				}
				want, err := wkb.Marshal(converted, wkb.NDR)
				if err != nil {
					t.Fatal(err)
				}
				_, point := g.(orb.Point)
				head := 8
				if some && !point {
					head = 40
				}
				if string(blob[head:]) != string(want) {
					t.Errorf("%s: well-known binary is\n% x, want\n% x", name, blob[head:], want)
				}
				if empty := len(converted.FlatCoords()) == 0; some == empty || blob[3]&blobEmpty != 0 != empty {
					t.Errorf("%s: empty is %v", name, !some)
				}
				if b := converted.Bounds(); some && (box != orb.Bound{Min: orb.Point{b.Min(0), b.Min(1)}, Max: orb.Point{b.Max(0), b.Max(1)}}) {
					t.Errorf("%s: box is %v", name, box)
				}
			}
		}
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, p := range []orb.Point{{x, 1}, {1, x}} {
				if _, _, _, err := w.append(orb.LineString{{1, 1}, p, {2, 2}}, false); err == nil {
					t.Errorf("%v passes", p)
				}
			}
		}
	}
	if _, _, _, err := new(blobWriter).append(orb.Collection{}, false); err == nil {
		t.Error("a collection passes")
	}
}

// A file of many points has larger pages, and the same rows.
func TestPages(t *testing.T) {
	few, many := rendertest.Neighbourhoods(300, 100), rendertest.Neighbourhoods(8000, 100)
	for _, tt := range []struct {
		layers []layer.Layer
		page   int
	}{{few, 4096}, {many, 32768}} {
		path := filepath.Join(t.TempDir(), "out.gpkg")
		if err := Write(t.Context(), path, tt.layers, Options{}); err != nil {
			t.Fatal(err)
		}
		db := openOurs(t, path)
		if got := one[int](t, db, "PRAGMA page_size"); got != tt.page {
			t.Errorf("pages of %d bytes, want %d", got, tt.page)
		}
		for _, l := range tt.layers {
			checkIndex(t, db, l.Name, "as written")
			for i := 0; i < len(l.Features); i += 97 {
				f := l.Features[i]
				blob, _, _, err := new(blobWriter).append(f.Geometry, false)
				if err != nil {
					t.Fatal(err)
				}
				got := one[[]byte](t, db, fmt.Sprintf("SELECT geom FROM %q WHERE fid = ? AND %q = ?", l.Name, l.Fields[0].Name), i+1, f.Values[0])
				if string(got[8:]) != string(blob[8:]) {
					t.Errorf("%s: row %d has another geometry", l.Name, i+1)
				}
			}
		}
	}
}
