package gpkg

import (
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// randomGeometry is a geometry of a kind, or none, or one without any part.
func randomGeometry(rng *rand.Rand, kind string) orb.Geometry {
	point := func() orb.Point { return orb.Point{rng.Float64()*8 - 6, rng.Float64()*6 + 50} }
	line := func() (l orb.LineString) {
		for range 2 + rng.IntN(4) {
			l = append(l, point())
		}
		return l
	}
	square := func() orb.Polygon {
		p := point()
		return rendertest.Square(p[0], p[1], 0.01+rng.Float64())
	}
	none := rng.IntN(8)
	if none == 0 {
		return nil
	}
	switch kind {
	case "Point":
		return point()
	case "LineString":
		return line()
	case "Polygon":
		return square()
	case "MultiPoint":
		return orb.MultiPoint(line())
	case "MultiLineString":
		if none == 1 {
			return orb.MultiLineString{}
		}
		return orb.MultiLineString{line(), line()}
	}
	if none == 1 {
		return orb.MultiPolygon{}
	}
	return orb.MultiPolygon{square(), square()}
}

// randomTable has a column of every type, with values that text, SQL and JSON
// might trip over.
func randomTable(rng *rand.Rand, name, kind string, rows int) layer.Layer {
	texts := []string{"", "plain", "it's", `"quoted"`, "two\nlines", "%s?", rendertest.Nasty, "NULL"}
	l := layer.Layer{
		Name: name, Title: "Title of " + name, Geometry: kind,
		Fields: []layer.Field{{Name: "text", Alias: "A text"}, {Name: "whole", Type: layer.Integer}, {Name: "real", Type: layer.Real}, {Name: "select", Alias: "Yes or no", Type: layer.Boolean}},
	}
	for range rows {
		values := []any{texts[rng.IntN(len(texts))], rng.Int64() - rng.Int64(), rng.NormFloat64() * 1e6, rng.IntN(2) == 0}
		if rng.IntN(3) == 0 {
			values[rng.IntN(4)] = nil
		}
		f := layer.Feature{Values: values}
		if kind != "" {
			f.Geometry = randomGeometry(rng, kind)
		}
		l.Features = append(l.Features, f)
	}
	return l
}

// flat are the coordinates of a geometry, and how many parts it has.
func flat(g orb.Geometry) (xy []float64, parts int) {
	add := func(ps ...orb.Point) {
		for _, p := range ps {
			xy = append(xy, p[0], p[1])
		}
		parts++
	}
	switch g := g.(type) {
	case orb.Point:
		add(g)
	case orb.MultiPoint:
		for _, p := range g {
			add(p)
		}
	case orb.LineString:
		add(g...)
	case orb.MultiLineString:
		for _, l := range g {
			add(l...)
		}
	case orb.Polygon:
		for _, r := range g {
			add(r...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				add(r...)
			}
		}
	}
	return xy, parts
}

// Layers of every kind read back: each value, each geometry, the extent of
// those there are, and an index whose boxes hold their geometry.
func TestEveryKindReadsBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 71))
	var layers []layer.Layer
	for i, kind := range []string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", ""} {
		layers = append(layers, randomTable(rng, fmt.Sprintf("table_%d", i), kind, 150+rng.IntN(200)))
	}
	path := filepath.Join(t.TempDir(), "out.gpkg")
	if err := Write(t.Context(), path, layers, Options{}); err != nil {
		t.Fatal(err)
	}
	db := openOurs(t, path)
	for i := range layers {
		l := &layers[i]
		checkValues(t, db, l)
		if l.Geometry == "" {
			if got := one[int](t, db, "SELECT count(*) FROM gpkg_geometry_columns WHERE table_name = ?", l.Name); got != 0 {
				t.Errorf("%s: a table without geometry is listed with one", l.Name)
			}
			continue
		}
		checkGeometries(t, db, l)
		checkIndex(t, db, l.Name, "as written")
	}
}

func checkValues(t *testing.T, db *sql.DB, l *layer.Layer) {
	t.Helper()
	rows, err := db.Query(fmt.Sprintf(`SELECT "text", "whole", "real", "select" FROM %q ORDER BY fid`, l.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var text sql.NullString
		var whole sql.NullInt64
		var real sql.NullFloat64
		var yes sql.NullBool
		if err := rows.Scan(&text, &whole, &real, &yes); err != nil {
			t.Fatal(err)
		}
		got := make([]any, 4)
		if text.Valid {
			got[0] = text.String
		}
		if whole.Valid {
			got[1] = whole.Int64
		}
		if real.Valid {
			got[2] = real.Float64
		}
		if yes.Valid {
			got[3] = yes.Bool
		}
		if want := l.Features[n].Values; !reflect.DeepEqual(got, want) {
			t.Fatalf("%s, row %d: got %v, want %v", l.Name, n+1, got, want)
		}
	}
	if err := rows.Err(); err != nil || n != len(l.Features) {
		t.Errorf("%s: %d rows of %d, %v", l.Name, n, len(l.Features), err)
	}
}

func checkGeometries(t *testing.T, db *sql.DB, l *layer.Layer) {
	t.Helper()
	rows, err := db.Query(fmt.Sprintf(`SELECT t.fid, t.geom, r.minx, r.maxx, r.miny, r.maxy FROM %q t LEFT JOIN "rtree_%s_geom" r ON r.id = t.fid ORDER BY t.fid`, l.Name, l.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	indexed := 0
	for rows.Next() {
		var fid int
		var blob []byte
		var box [4]sql.NullFloat64
		if err := rows.Scan(&fid, &blob, &box[0], &box[1], &box[2], &box[3]); err != nil {
			t.Fatal(err)
		}
		g := l.Features[fid-1].Geometry
		want, parts := flat(g)
		if (blob == nil) != (g == nil) || box[0].Valid != (parts > 0) {
			t.Fatalf("%s, row %d: a blob of %d bytes, indexed %v, for %v", l.Name, fid, len(blob), box[0].Valid, g)
		}
		if g == nil {
			continue
		}
		head := 8
		if blob[3]&blobEnvelope != 0 {
			head = 40
		}
		read, err := wkb.Unmarshal(blob[head:])
		if err != nil {
			t.Fatal(err)
		}
		if kind := reflect.TypeOf(read).Elem().Name(); kind != l.Geometry || !slices.Equal(read.FlatCoords(), want) || geomParts(read) != parts {
			t.Fatalf("%s, row %d: a %s of %d parts, want %v", l.Name, fid, kind, geomParts(read), g)
		}
		if parts > 0 {
			indexed++
			b := g.Bound()
			for i, x := range [4]float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
				if off := box[i].Float64 - x; math.Abs(off) > 1e-5 || off > 0 != (i%2 == 1) && off != 0 {
					t.Fatalf("%s, row %d: the index has %v for %v", l.Name, fid, box[i].Float64, x)
				}
				if head == 40 && math.Float64frombits(binary.LittleEndian.Uint64(blob[8+8*i:])) != x {
					t.Fatalf("%s, row %d: another envelope", l.Name, fid)
				}
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if got := one[int](t, db, fmt.Sprintf(`SELECT count(*) FROM "rtree_%s_geom"`, l.Name)); got != indexed || indexed == 0 {
		t.Errorf("%s: %d rows in the index, want %d", l.Name, got, indexed)
	}
	var e [4]float64
	if err := db.QueryRow("SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = ?", l.Name).Scan(&e[0], &e[1], &e[2], &e[3]); err != nil {
		t.Fatal(err)
	}
	if b, _ := l.Bound(); e != [4]float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
		t.Errorf("%s: extent %v, want %v", l.Name, e, b)
	}
}

// geomParts counts as flat does.
func geomParts(g geom.T) int {
	switch g := g.(type) {
	case *geom.MultiPoint:
		return g.NumPoints()
	case *geom.MultiLineString:
		return g.NumLineStrings()
	case *geom.Polygon:
		return g.NumLinearRings()
	case *geom.MultiPolygon:
		n := 0
		for i := range g.NumPolygons() {
			n += g.Polygon(i).NumLinearRings()
		}
		return n
	}
	return 1
}

// In grid metres everything is projected: blobs, index, extent and the numbers
// of the reference system in every table that has one.
func TestProjectedReadsBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 72))
	l := randomTable(rng, "grid", "LineString", 80)
	metres := func(p orb.Point) orb.Point { return orb.Point{4e5 + 7e4*(p[0]+2), -1e5 + 1.1e5*(p[1]-49)} }
	path := filepath.Join(t.TempDir(), "out.gpkg")
	if err := Write(t.Context(), path, []layer.Layer{l}, Options{CRS: 27700, Transform: metres}); err != nil {
		t.Fatal(err)
	}
	for i := range l.Features {
		if line, ok := l.Features[i].Geometry.(orb.LineString); ok {
			for k := range line {
				line[k] = metres(line[k])
			}
		}
	}
	db := openOurs(t, path)
	checkIndex(t, db, "grid", "as written")
	var e [4]float64
	if err := db.QueryRow("SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = 'grid'").Scan(&e[0], &e[1], &e[2], &e[3]); err != nil {
		t.Fatal(err)
	}
	if b, _ := l.Bound(); e != [4]float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
		t.Errorf("extent %v, want %v", e, b)
	}
	for i, f := range l.Features {
		blob := one[[]byte](t, db, "SELECT geom FROM grid WHERE fid = ?", i+1)
		if f.Geometry == nil {
			continue
		}
		read, err := wkb.Unmarshal(blob[40:])
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := flat(f.Geometry); !slices.Equal(read.FlatCoords(), want) || binary.LittleEndian.Uint32(blob[4:]) != 27700 {
			t.Fatalf("row %d: %v, want %v", i+1, read.FlatCoords(), want)
		}
	}
	for _, q := range []string{
		"SELECT srs_id FROM gpkg_contents WHERE table_name = 'grid'",
		"SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'grid'",
		"SELECT organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = 27700 AND organization = 'EPSG'",
	} {
		if got := one[int](t, db, q); got != 27700 {
			t.Errorf("%s: %d", q, got)
		}
	}
}

// Every reference from one table of the format to another leads somewhere, and
// what every reader needs is there once for each layer.
func TestTablesOfTheFormatAgree(t *testing.T) {
	layers := rendertest.Layers()
	layers = append(layers, randomTable(rand.New(rand.NewPCG(1, 73)), "plain", "", 3))
	layers[1].About.Notice = "Another notice"
	path := filepath.Join(t.TempDir(), "out.gpkg")
	if err := Write(t.Context(), path, layers, Options{}); err != nil {
		t.Fatal(err)
	}
	db := openOurs(t, path)
	for name, query := range map[string]string{
		"contents without a table":       "SELECT count(*) FROM gpkg_contents WHERE table_name NOT IN (SELECT name FROM sqlite_master WHERE type = 'table')",
		"contents without a system":      "SELECT count(*) FROM gpkg_contents WHERE srs_id IS NOT NULL AND srs_id NOT IN (SELECT srs_id FROM gpkg_spatial_ref_sys)",
		"geometry of no contents":        "SELECT count(*) FROM gpkg_geometry_columns WHERE table_name NOT IN (SELECT table_name FROM gpkg_contents WHERE data_type = 'features')",
		"features without geometry":      "SELECT count(*) FROM gpkg_contents WHERE data_type = 'features' AND table_name NOT IN (SELECT table_name FROM gpkg_geometry_columns)",
		"columns of no table":            "SELECT count(*) FROM gpkg_data_columns WHERE table_name NOT IN (SELECT table_name FROM gpkg_contents)",
		"styles of no layer":             "SELECT count(*) FROM layer_styles WHERE f_table_name NOT IN (SELECT table_name FROM gpkg_geometry_columns)",
		"layers without a style":         "SELECT count(*) FROM gpkg_geometry_columns WHERE table_name NOT IN (SELECT f_table_name FROM layer_styles WHERE useAsDefault)",
		"layers without an index":        "SELECT count(*) FROM gpkg_geometry_columns WHERE table_name NOT IN (SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index' AND column_name = 'geom')",
		"metadata of nothing":            "SELECT count(*) FROM gpkg_metadata WHERE id NOT IN (SELECT md_file_id FROM gpkg_metadata_reference)",
		"references to no metadata":      "SELECT count(*) FROM gpkg_metadata_reference WHERE md_file_id NOT IN (SELECT id FROM gpkg_metadata)",
		"times of this run":              "SELECT count(*) FROM gpkg_metadata_reference WHERE timestamp NOT LIKE '1980-%'",
		"styles with a time of this run": "SELECT count(*) FROM layer_styles WHERE update_time NOT LIKE '1980-%'",
	} {
		if got := one[int](t, db, query); got != 0 {
			t.Errorf("%s: %d", name, got)
		}
	}
	texts := map[string]bool{}
	for i := range layers {
		l := &layers[i]
		text := one[string](t, db, "SELECT m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id WHERE r.table_name = ?", l.Name)
		texts[text] = true
		var got map[string]any
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if notice, _ := got["notice"].(string); notice != l.About.Notice {
			t.Errorf("%s: notice %q, want %q", l.Name, notice, l.About.Notice)
		}
		if triggers := one[int](t, db, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", l.Name); triggers != map[bool]int{true: 0, false: 6}[l.Geometry == ""] {
			t.Errorf("%s: %d triggers keep its index", l.Name, triggers)
		}
	}
	if got := one[int](t, db, "SELECT count(*) FROM gpkg_metadata"); got != len(texts) || got < 2 {
		t.Errorf("%d texts of metadata, want %d", got, len(texts))
	}
}

// However aliases fall, every column has a name of its own for people.
func TestColumnNamesAreTheirOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.gpkg")
	l := layer.Layer{Name: "l", Fields: []layer.Field{{Name: "a", Alias: "X (c)"}, {Name: "b", Alias: "X"}, {Name: "c", Alias: "X"}, {Name: "d"}, {Name: "e", Alias: "d"}}}
	if err := Write(t.Context(), path, []layer.Layer{l}, Options{}); err != nil {
		t.Fatal(err)
	}
	got := one[string](t, openOurs(t, path), "SELECT group_concat(name, '|') FROM (SELECT name FROM gpkg_data_columns ORDER BY column_name)")
	if want := strings.Join([]string{"X (c)", "X", "X (c) (c)", "d", "d (e)"}, "|"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
