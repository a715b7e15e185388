package boundary_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
)

func openGPKG(t *testing.T, path, layer string) (*boundary.Set, error) {
	t.Helper()
	return boundary.Open(context.Background(), path, boundary.Options{Layer: layer})
}

// alter runs statements on a database, which stays open until the test ends if
// that is asked: its changes then lie beside it.
func alter(t *testing.T, path string, stayOpen bool, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if stayOpen {
		t.Cleanup(func() { _ = db.Close() })
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if !stayOpen {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func drawnGeoPackage(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.gpkg")
	drawn := readDrawn(t)
	writeGeoPackage(t, path, "areas", 4326, drawn.Codes(), drawnBlobs(drawn, nil))
	return path
}

func TestGeoPackageWithChangesBesideIt(t *testing.T) {
	for _, suffix := range []string{"-wal", "-journal"} {
		t.Run(suffix, func(t *testing.T) {
			path := drawnGeoPackage(t)
			change := "UPDATE areas SET CCG17NM = 'New' WHERE CCG17CD = 'A01'"
			want := "New"
			if suffix == "-wal" {
				alter(t, path, true, "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0", change)
			} else {
				// A writer that spills into the file and is then gone: what it did is undone.
				want = "Name of A01"
				crashed := filepath.Join(t.TempDir(), "a.gpkg")
				alter(t, path, true, "PRAGMA cache_size=1", "PRAGMA cache_spill=1", "BEGIN IMMEDIATE", change,
					"CREATE TABLE big (x)", "INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300) SELECT randomblob(4000) FROM n")
				for _, s := range []string{"", suffix} {
					content, err := os.ReadFile(path + s)
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(crashed+s, content, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				path = crashed
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b, err := openGPKG(t, path, "")
			if err != nil {
				t.Fatal(err)
			}
			if b.Names()[0] != want {
				t.Errorf("got %q, want %q", b.Names()[0], want)
			}
			if notes := strings.Join(b.Notices(), "\n"); !strings.Contains(notes, "read together with a.gpkg"+suffix) {
				t.Errorf("notes %q", notes)
			}
			if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
				t.Errorf("the file was changed, %v", err)
			}
		})
	}
	path := drawnGeoPackage(t)
	if err := os.WriteFile(path+"-wal", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := openGPKG(t, path, ""); err != nil || len(b.Notices()) > 0 {
		t.Errorf("an empty -wal file: %v, %v", b.Notices(), err)
	}
}

func TestLayersOfAGeoPackage(t *testing.T) {
	layer := func(name, kind, columns string) []string {
		return []string{
			"CREATE TABLE " + name + " (fid INTEGER PRIMARY KEY, geom BLOB" + columns + ")",
			"INSERT INTO gpkg_geometry_columns VALUES ('" + name + "', 'geom', '" + kind + "', 4326, 0, 0)",
		}
	}
	copied := func(name, code string) string {
		return "INSERT INTO " + name + " (geom, " + code + ") SELECT geom, 'X' || CCG17CD FROM areas"
	}
	for _, tt := range []struct {
		name       string
		statements []string
		layer      string
		first      string // code
		note, err  string
	}{
		{"an empty layer first", layer("a_empty", "MULTIPOLYGON", ", code TEXT"), "", "A01", "no features in layer a_empty", ""},
		{"points first", layer("a_points", "POINT", ", code TEXT"), "", "A01", "", ""},
		{"two alike", append(layer("b", "POLYGON", ", CCG18CD TEXT"), copied("b", "CCG18CD")), "", "", "", "2 layers of polygons, areas, b; --layer names the one to read"},
		{"two alike, one named", append(layer("b", "POLYGON", ", CCG18CD TEXT"), copied("b", "CCG18CD")), "b", "XA01", "", ""},
		{"named in another case", append(layer("b", "POLYGON", ", CCG18CD TEXT"), copied("b", "CCG18CD")), "B", "XA01", "", ""},
		{"one with a more telling column", append(layer("zz", "POLYGON", ", area_code TEXT"), copied("zz", "area_code")), "", "XA01", "layer zz is read; there are polygons in areas too", ""},
		{"one without codes", append(layer("aa", "POLYGON", ", colour TEXT"), copied("aa", "colour")), "", "A01", "layer areas is read; there are polygons in aa too", ""},
		{"all empty", append(layer("b", "POLYGON", ""), "DELETE FROM areas"), "", "", "", "no features in layers areas, b"},
		{"none of that name", nil, "wards", "", "", `no layer "wards"; there are areas`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := drawnGeoPackage(t)
			alter(t, path, false, tt.statements...)
			b, err := openGPKG(t, path, tt.layer)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(b.Notices(), "\n"); b.Codes()[0] != tt.first || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("got %s, notes %q", b.Codes()[0], notes)
			}
		})
	}
	if _, err := boundary.Open(context.Background(), "testdata/areas.geojson", boundary.Options{Layer: "x"}); !errors.Is(err, boundary.ErrNoFeatures) {
		t.Errorf("a layer of GeoJSON: %v", err)
	}
}

func head(kind uint32, n int) []byte {
	return le.AppendUint32(le.AppendUint32([]byte{1}, kind), uint32(n))
}

func points(r orb.Ring) (b []byte) {
	for _, q := range r {
		b = appendFloats(b, q[0], q[1])
	}
	return b
}

func TestKindsOfGeometryInAGeoPackage(t *testing.T) {
	ring := boxRing(0, 50, 1)
	plain := slices.Concat(head(3, 1), le.AppendUint32(nil, 5), points(ring))
	line := func(r orb.Ring) []byte { return append(head(2, len(r)), points(r)...) }
	arc := append(head(8, 5), points(ring)...)
	point := appendFloats(le.AppendUint32([]byte{1}, 1), 7, 7)
	for _, tt := range []struct {
		name     string
		geometry []byte
		err      string
	}{
		{"multisurface of polygons", append(head(12, 1), plain...), ""},
		{"multisurface of a curve polygon of lines", slices.Concat(head(12, 1), head(10, 1), line(ring)), ""},
		{"curve polygon of lines", append(head(10, 1), line(ring)...), ""},
		{"curve polygon of a compound of lines", slices.Concat(head(10, 1), head(9, 2), line(ring[:3]), line(ring[2:])), ""},
		{"collection with points and lines", slices.Concat(head(7, 4), point, plain, line(ring), append(head(4, 1), point...)), ""},
		{"curve polygon of arcs", append(head(10, 1), arc...), "a ring of arcs (CircularString); turn the arcs into lines first"},
		{"compound with arcs", slices.Concat(head(10, 1), head(9, 1), arc), "a ring of arcs (CircularString)"},
		{"a line", line(ring), "not a polygon: LineString"},
		{"a surface of faces", append(head(15, 1), plain...), "not a polygon: PolyhedralSurface"},
		{"a line in a multisurface", append(head(12, 1), line(ring)...), "not a polygon: LineString"},
		{"a line that ends too early", append(head(7, 1), line(ring)[:40]...), "ends too early"},
	} {
		path := filepath.Join(t.TempDir(), "a.gpkg")
		writeGeoPackage(t, path, "areas", 4326, []string{"A"}, [][]byte{append([]byte("GP\x00\x01\x00\x00\x00\x00"), tt.geometry...)})
		b, err := openGPKG(t, path, "")
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if want := (orb.MultiPolygon{{turned(ring)}}); boundary.AreaKM2(b.Polygons(0)) != boundary.AreaKM2(want) {
			t.Errorf("%s: got %v", tt.name, b.Polygons(0))
		}
	}
}

func TestGeoPackagesWithoutBound(t *testing.T) {
	for _, tt := range []struct{ name, statement, want string }{
		{"a text of megabytes", "UPDATE areas SET CCG17CD = CAST(zeroblob(30000000) AS TEXT)", "texts of 30000"},
		{"a view that never ends", "CREATE VIEW areas AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) SELECT a.* FROM a, x", "is a view that calls itself"},
	} {
		path := drawnGeoPackage(t)
		if strings.HasPrefix(tt.statement, "CREATE") {
			alter(t, path, false, "ALTER TABLE areas RENAME TO a")
		}
		alter(t, path, false, tt.statement)
		if _, err := openGPKG(t, path, ""); err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 300 {
			t.Errorf("%s: got %.300v", tt.name, err)
		}
	}
	path := drawnGeoPackage(t)
	alter(t, path, false, "ALTER TABLE areas RENAME TO a", "CREATE VIEW areas AS SELECT * FROM a")
	if _, err := openGPKG(t, path, ""); err != nil {
		t.Errorf("a plain view: %v", err)
	}
}
