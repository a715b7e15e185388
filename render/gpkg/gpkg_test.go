package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func openOurs(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "mode=ro"}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func one[T any](t *testing.T, db *sql.DB, query string, args ...any) T {
	t.Helper()
	var v T
	if err := db.QueryRow(query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func TestWrite(t *testing.T) {
	// A question mark would start the options of a database's address.
	dir := filepath.Join(t.TempDir(), "what? 100% #1")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path, again := filepath.Join(dir, "a.gpkg"), filepath.Join(dir, "b.gpkg")
	for _, p := range []string{path, again} {
		if err := Write(t.Context(), p, rendertest.Layers(), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	a, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(again); err != nil || !bytes.Equal(a, b) {
		t.Error("two runs differ", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("%d files in the folder, want 2", len(left))
	}
	db := openOurs(t, path)
	if got := one[int](t, db, "PRAGMA application_id"); got != 0x47504B47 {
		t.Errorf("application_id is %#x", got)
	}
	if got := one[int](t, db, "PRAGMA user_version"); got != 10300 {
		t.Errorf("user_version is %d", got)
	}
	if got := one[string](t, db, "PRAGMA integrity_check"); got != "ok" {
		t.Error(got)
	}
	for _, l := range rendertest.Layers() {
		if got := one[int](t, db, `SELECT count(*) FROM "`+l.Name+`"`); got != len(l.Features) {
			t.Errorf("%s has %d rows, want %d", l.Name, got, len(l.Features))
		}
		if got := one[int](t, db, `SELECT count(*) FROM "rtree_`+l.Name+`_geom"`); got != len(l.Features) {
			t.Errorf("the index of %s has %d rows", l.Name, got)
		}
		if got := one[string](t, db, "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", l.Name); got != strings.ToUpper(l.Geometry) {
			t.Errorf("%s is a %s", l.Name, got)
		}
		qml := one[string](t, db, "SELECT styleQML FROM layer_styles WHERE f_table_name = ? AND f_table_catalog = '' AND f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault = 1", l.Name)
		rendertest.ParseXML(t, []byte(qml))
	}
	if got := one[string](t, db, "SELECT name FROM gpkg_data_columns WHERE table_name = 'footprints' AND column_name = 'population'"); got != "Population (people)" {
		t.Errorf("alias is %q", got)
	}
	if got := one[string](t, db, "SELECT name FROM footprints WHERE footprint = 'F04'"); got != rendertest.Nasty {
		t.Errorf("name is %q", got)
	}
	if got := one[int](t, db, "SELECT count(*) FROM footprints WHERE score IS NULL"); got != 2 {
		t.Errorf("%d scores are null, want the unknown and the NaN", got)
	}
	if got := one[int](t, db, "SELECT sum(contiguous) FROM footprints"); got != 5 {
		t.Errorf("%d footprints are in one piece, want 5", got)
	}
	if got := one[string](t, db, "SELECT DISTINCT last_change FROM gpkg_contents"); got[:10] != "1980-01-01" {
		t.Errorf("last_change is %s", got)
	}
	var about map[string]any
	if err := json.Unmarshal([]byte(one[string](t, db, "SELECT metadata FROM gpkg_metadata WHERE id = 1")), &about); err != nil || about["flow_sha256"] != "0123456789abcdef" {
		t.Errorf("metadata is %v, %v", about, err)
	}
	first := rendertest.Layers()[0]
	want, _ := first.Bound()
	got := orb.Bound{
		Min: orb.Point{one[float64](t, db, "SELECT min_x FROM gpkg_contents WHERE table_name = 'footprints'"), one[float64](t, db, "SELECT min_y FROM gpkg_contents WHERE table_name = 'footprints'")},
		Max: orb.Point{one[float64](t, db, "SELECT max_x FROM gpkg_contents WHERE table_name = 'footprints'"), one[float64](t, db, "SELECT max_y FROM gpkg_contents WHERE table_name = 'footprints'")},
	}
	if got != want {
		t.Errorf("extent is %v, want %v", got, want)
	}

	// A blob, by hand: OGC 12-128r17, 2.1.3.
	blob := one[[]byte](t, db, "SELECT geom FROM footprints WHERE fid = 2")
	if string(blob[:3]) != "GP\x00" || blob[3] != 0b011 || binary.LittleEndian.Uint32(blob[4:]) != 4326 {
		t.Fatalf("header is % x", blob[:8])
	}
	var env [4]float64
	for i := range env {
		env[i] = math.Float64frombits(binary.LittleEndian.Uint64(blob[8+8*i:]))
	}
	b := rendertest.Layers()[0].Features[1].Geometry.Bound()
	if env != [4]float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
		t.Errorf("envelope is %v, want %v", env, b)
	}
	g, err := wkb.Unmarshal(blob[40:])
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := g.(*geom.MultiPolygon); !ok || m.NumPolygons() != 2 {
		t.Errorf("geometry is a %T", g)
	}
}

func TestEdges(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.gpkg")
	empty := rendertest.Footprints()
	empty.Features = nil
	table := layer.Layer{Name: "indicators", Title: "Indicators", Fields: []layer.Field{{Name: "value", Alias: "", Type: layer.Real}, {Name: "other", Alias: "", Type: layer.Text}}, Features: []layer.Feature{{Values: []any{int64(3), nil}}}}
	odd := rendertest.Footprints()
	odd.Name = "odd"
	odd.Fields[1].Alias = odd.Fields[0].Alias // the same for people, not for the table
	odd.Features[0].Geometry = nil
	odd.Features[1].Geometry = orb.MultiPolygon{}
	odd.Features[2].Geometry = odd.Features[2].Geometry.(orb.MultiPolygon)[0] // promoted
	if err := Write(t.Context(), path, []layer.Layer{empty, table, odd}, Options{}); err != nil {
		t.Fatal(err)
	}
	db := openOurs(t, path)
	if got := one[int](t, db, "SELECT count(*) FROM gpkg_contents WHERE table_name = 'footprints' AND min_x IS NULL"); got != 1 {
		t.Error("an empty layer has an extent")
	}
	if got := one[string](t, db, "SELECT data_type FROM gpkg_contents WHERE table_name = 'indicators'"); got != "attributes" {
		t.Errorf("a table without geometry is %s", got)
	}
	if got := one[int](t, db, "SELECT count(*) FROM odd WHERE geom IS NULL"); got != 1 {
		t.Errorf("%d rows have no geometry", got)
	}
	if got := one[int](t, db, "SELECT count(*) FROM rtree_odd_geom"); got != 7 {
		t.Errorf("%d rows are indexed, want 7", got)
	}
	if blob := one[[]byte](t, db, "SELECT geom FROM odd WHERE fid = 2"); blob[3] != 0b010001 {
		t.Errorf("flags of an empty geometry are %b", blob[3])
	}
	if err := Write(t.Context(), path, nil, Options{}); err != nil {
		t.Errorf("no layers: %v", err)
	}

	for name, tt := range map[string]struct {
		layers []layer.Layer
		o      Options
		want   error
	}{
		"twice":            {[]layer.Layer{empty, empty}, Options{}, layer.ErrLayerName},
		"a reserved table": {[]layer.Layer{{Name: "gpkg_contents"}}, Options{}, layer.ErrLayerName},
		"a reserved field": {[]layer.Layer{{Name: "x", Fields: []layer.Field{{Name: "fid", Alias: "", Type: layer.Text}}}}, Options{}, layer.ErrLayerName},
		"mercator":         {nil, Options{CRS: 3857}, layer.ErrCRS},
		"no transform":     {nil, Options{CRS: 27700}, layer.ErrCRS},
		"no number":        {[]layer.Layer{{Name: "x", Geometry: "Point", Features: []layer.Feature{{Geometry: orb.Point{math.NaN(), 1}}}}}, Options{}, layer.ErrLayerShape},
	} {
		if err := Write(t.Context(), path, tt.layers, tt.o); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	before, _ := os.ReadFile(path)
	ctx, stop := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	stop(cause)
	if err := Write(ctx, path, rendertest.Layers(), Options{}); !errors.Is(err, cause) {
		t.Errorf("cancelled: got %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) || len(before) == 0 {
		t.Error("a cancelled run touched the file")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files in the folder, want 1", len(left))
	}
}
