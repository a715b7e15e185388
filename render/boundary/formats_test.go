package boundary_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow/fault"
	"stpmap/flow/flowtest"
	"stpmap/render/boundary"
	"stpmap/render/geojson"
	"stpmap/render/layer"
)

var le = binary.LittleEndian

func appendFloats(b []byte, v ...float64) []byte {
	for _, f := range v {
		b = le.AppendUint64(b, math.Float64bits(f))
	}
	return b
}

// wkb is a geometry's well-known binary, little-endian.
func wkb(m orb.MultiPolygon) []byte {
	b := le.AppendUint32([]byte{1}, 6)
	b = le.AppendUint32(b, uint32(len(m)))
	for _, p := range m {
		b = append(b, 1)
		b = le.AppendUint32(b, 3)
		b = le.AppendUint32(b, uint32(len(p)))
		for _, r := range p {
			b = le.AppendUint32(b, uint32(len(r)))
			for _, q := range r {
				b = appendFloats(b, q[0], q[1])
			}
		}
	}
	return b
}

func blob(m orb.MultiPolygon) []byte { return append([]byte("GP\x00\x01\x00\x00\x00\x00"), wkb(m)...) }

// writeGeoPackage writes one layer with a code for each geometry.
func writeGeoPackage(t testing.TB, path, table string, srs int, codes []string, blobs [][]byte) {
	t.Helper()
	at := url.URL{Scheme: "file", Path: path}
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	quoted := `"` + strings.ReplaceAll(table, `"`, `""`) + `"`
	for _, q := range []string{
		"CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT)",
		"INSERT INTO gpkg_spatial_ref_sys VALUES ('a', 4326, 'EPSG', 4326, ''), ('b', 27700, 'EPSG', 27700, ''), ('c', 100000, 'EPSG', 2157, ''), ('d', -1, 'NONE', -1, '')",
		"CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER)",
		"CREATE TABLE " + quoted + " (fid INTEGER PRIMARY KEY, geom BLOB, CCG17CD TEXT, CCG17NM TEXT, population REAL)",
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", table, srs); err != nil {
		t.Fatal(err)
	}
	for i, c := range codes {
		if _, err := db.Exec("INSERT INTO "+quoted+" (geom, CCG17CD, CCG17NM, population) VALUES (?, ?, ?, ?)", blobs[i], c, "Name of "+c, 1000*i); err != nil {
			t.Fatal(err)
		}
	}
}

func drawnBlobs(b *boundary.Set, turn func(orb.Geometry) orb.Geometry) (blobs [][]byte) {
	for _, m := range b.All() {
		if turn != nil {
			m = turn(m).(orb.MultiPolygon)
		}
		blobs = append(blobs, blob(m))
	}
	return blobs
}

// near fails unless two boundaries are the same within a millionth of a degree
// or so.
func near(t *testing.T, got, want *boundary.Set) {
	t.Helper()
	if !slices.Equal(got.Codes(), want.Codes()) {
		t.Fatalf("got codes %v", got.Codes())
	}
	for i, m := range want.All() {
		g := got.Polygons(i)
		if len(g) != len(m) || math.Abs(boundary.AreaKM2(g)-boundary.AreaKM2(m)) > 1e-4*boundary.AreaKM2(m) {
			t.Errorf("area %s: got %v, want %v", want.Codes()[i], g, m)
			continue
		}
		for d, x := range [4]float64{g.Bound().Min[0], g.Bound().Min[1], g.Bound().Max[0], g.Bound().Max[1]} {
			w := [4]float64{m.Bound().Min[0], m.Bound().Min[1], m.Bound().Max[0], m.Bound().Max[1]}[d]
			if math.Abs(x-w) > 2e-6 {
				t.Errorf("area %s: got box %v, want %v", want.Codes()[i], g.Bound(), m.Bound())
			}
		}
	}
	for i := range want.Codes() {
		if g, w := slices.Collect(got.Neighbours(i)), slices.Collect(want.Neighbours(i)); !slices.Equal(g, w) {
			t.Errorf("area %s: got neighbours %v, want %v", want.Codes()[i], g, w)
		}
	}
}

func TestGeoPackage(t *testing.T) {
	want := readDrawn(t)
	for _, tt := range []struct {
		name   string
		srs    int
		turn   func(orb.Geometry) orb.Geometry
		crs    string
		notice string
	}{
		{"degrees", 4326, nil, "EPSG:4326", ""},
		{"grid", 27700, boundary.ToNationalGrid, "EPSG:27700", "in EPSG:27700 (British National Grid); turned into WGS 84"},
		{"grid, unsaid", -1, boundary.ToNationalGrid, "EPSG:27700", "though the file does not say so"},
		{"degrees, unsaid", -1, nil, "EPSG:4326", "taken for longitude and latitude"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a b?#%.gpkg")
			writeGeoPackage(t, path, `odd "../name"; DROP`, tt.srs, want.Codes(), drawnBlobs(want, tt.turn))
			got, err := boundary.Open(context.Background(), path, boundary.Options{})
			if err != nil {
				t.Fatal(err)
			}
			near(t, got, want)
			if got.CRS() != tt.crs || !strings.Contains(strings.Join(got.Notices(), "\n"), tt.notice) || (tt.notice == "") != (len(got.Notices()) == 0) {
				t.Errorf("got %s, %v", got.CRS(), got.Notices())
			}
			if got.Names()[0] != "Name of A01" || got.Populations()[2] != 2000 {
				t.Errorf("got %v, %v", got.Names(), got.Populations())
			}
		})
	}
}

func TestBadGeoPackages(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := filepath.Join(dir, "good.gpkg")
	drawn := readDrawn(t)
	writeGeoPackage(t, good, "areas", 4326, drawn.Codes(), drawnBlobs(drawn, nil))
	bytesOf, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	badBlob := filepath.Join(dir, "blob.gpkg")
	writeGeoPackage(t, badBlob, "areas", 4326, []string{"A", "B"}, [][]byte{blob(orb.MultiPolygon{}), blob(drawn.Polygons(0))[:60]})
	irish := filepath.Join(dir, "irish.gpkg")
	writeGeoPackage(t, irish, "areas", 100000, []string{"A"}, [][]byte{blob(drawn.Polygons(0))})
	plain := filepath.Join(dir, "plain.gpkg")
	db, err := sql.Open("sqlite", plain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE a (b)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path, layer, want string
		is                      error
	}{
		{"no database", write("text.gpkg", []byte("hello, I am text")), "", "text.gpkg: not a boundary file: a GeoPackage is an SQLite database, this is none", boundary.ErrFormat},
		{"empty", write("empty.gpkg", nil), "", "empty.gpkg: not a boundary file: a GeoPackage is an SQLite database, this is none", boundary.ErrFormat},
		{"header alone", write("head.gpkg", bytesOf[:100]), "", "head.gpkg: not a boundary file: no GeoPackage: ", boundary.ErrFormat},
		{"half a database", write("half.gpkg", bytesOf[:len(bytesOf)/2]), "", "half.gpkg: ", nil},
		{"no GeoPackage", plain, "", "plain.gpkg: not a boundary file: no GeoPackage: ", boundary.ErrFormat},
		{"no such layer", good, "../areas", `good.gpkg: no features: no layer "../areas"; there are areas`, boundary.ErrNoFeatures},
		{"truncated blob", badBlob, "", "blob.gpkg:2:1: bad geometry blob: ends too early", boundary.ErrTruncated},
		{"unknown system", irish, "", `irish.gpkg: unknown coordinate reference system: "EPSG:2157"`, boundary.ErrUnknownCRS},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := boundary.Open(context.Background(), tt.path, boundary.Options{Layer: tt.layer})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			var located *fault.Error
			if !errors.As(err, &located) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %#v", err)
			}
		})
	}
}

// shapefile is the .shp and .dbf of polygons with a code each; shells run
// clockwise, holes follow.
func shapefile(codes []string, ms []orb.MultiPolygon) (shp, dbf []byte) {
	be := binary.BigEndian
	var records []byte
	for i, m := range ms {
		var rings []orb.Ring
		for _, p := range m {
			rings = append(rings, p...)
		}
		var parts, points []byte
		n := 0
		for _, r := range rings {
			parts = le.AppendUint32(parts, uint32(n))
			for k := range r {
				q := r[len(r)-1-k]
				points = appendFloats(points, q[0], q[1])
			}
			n += len(r)
		}
		content := le.AppendUint32(nil, 5)
		content = appendFloats(content, 0, 0, 0, 0)
		content = le.AppendUint32(content, uint32(len(rings)))
		content = le.AppendUint32(content, uint32(n))
		content = append(append(content, parts...), points...)
		records = be.AppendUint32(records, uint32(i+1))
		records = be.AppendUint32(records, uint32(len(content)/2))
		records = append(records, content...)
	}
	head := make([]byte, 100)
	be.PutUint32(head, 9994)
	be.PutUint32(head[24:], uint32((100+len(records))/2))
	le.PutUint32(head[28:], 1000)
	le.PutUint32(head[32:], 5)

	dbf = make([]byte, 32)
	dbf[0] = 3
	le.PutUint32(dbf[4:], uint32(len(codes)))
	le.PutUint16(dbf[8:], 32+2*32+1)
	le.PutUint16(dbf[10:], 1+9+12)
	field := func(name string, kind byte, length byte) {
		f := make([]byte, 32)
		copy(f, name)
		f[11], f[16] = kind, length
		dbf = append(dbf, f...)
	}
	field("LAD20CD", 'C', 9)
	field("LAD20NM", 'C', 12)
	dbf = append(dbf, 0x0d)
	for _, c := range codes {
		dbf = append(dbf, ' ')
		dbf = append(dbf, (c + strings.Repeat(" ", 9))[:9]...)
		dbf = append(dbf, "Caf\xe9 "+(c + strings.Repeat(" ", 7))[:7]...)
	}
	return append(head, records...), dbf
}

const gridPRJ = `PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],UNIT["Meter",1.0]]`

func writeShapefile(t testing.TB, stem string, b *boundary.Set, turn func(orb.Geometry) orb.Geometry, prj string) string {
	t.Helper()
	ms := b.All()
	for i := range ms {
		if turn != nil {
			ms[i] = turn(ms[i]).(orb.MultiPolygon)
		}
	}
	shp, dbf := shapefile(b.Codes(), ms)
	files := map[string][]byte{".shp": shp, ".dbf": dbf}
	if prj != "" {
		files[".prj"] = []byte(prj)
	}
	for suffix, content := range files {
		if err := os.WriteFile(stem+suffix, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return stem + ".shp"
}

func TestShapefile(t *testing.T) {
	want := readDrawn(t)
	for _, tt := range []struct {
		name string
		turn func(orb.Geometry) orb.Geometry
		prj  string
		crs  string
	}{
		{"degrees", nil, `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]`, "EPSG:4326"},
		{"grid", boundary.ToNationalGrid, gridPRJ, "EPSG:27700"},
		{"grid by authority", boundary.ToNationalGrid, `PROJCS["OSGB36 / British National Grid",AUTHORITY["EPSG","27700"]]`, "EPSG:27700"},
		{"grid, unsaid", boundary.ToNationalGrid, "", "EPSG:27700"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeShapefile(t, filepath.Join(t.TempDir(), "areas"), want, tt.turn, tt.prj)
			got, err := boundary.Open(context.Background(), path, boundary.Options{})
			if err != nil {
				t.Fatal(err)
			}
			near(t, got, want)
			if got.CRS() != tt.crs {
				t.Errorf("got %s", got.CRS())
			}
			if got.Names()[0] != "Café A01" {
				t.Errorf("got name %q", got.Names()[0])
			}
		})
	}
}

func TestBadShapefiles(t *testing.T) {
	want := readDrawn(t)
	dir := t.TempDir()
	path := writeShapefile(t, filepath.Join(dir, "a"), want, nil, "")
	shp, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := func() error {
		_, err := boundary.Open(context.Background(), path, boundary.Options{})
		return err
	}
	check := func(want string) {
		t.Helper()
		if err := open(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	put := func(content []byte) {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(shp[:len(shp)-30])
	check("a.shp:12:1: ends too early")
	put(shp[:40])
	check("a.shp: not a boundary file: ends too early")
	long := slices.Clone(shp)
	binary.BigEndian.PutUint32(long[104:], 0x7fffffff)
	put(long)
	check("a.shp:1:1: ends too early")
	points := slices.Clone(shp)
	le.PutUint32(points[100+8+40:], 0xffffffff)
	put(points)
	check("a.shp:1:1: ends too early: 1 parts and 4294967295 points")
	put([]byte("PK no shapefile at all"))
	check("a.shp: not a boundary file: a Shapefile begins with 00 00 27 0a")
	put(shp)
	if err := os.WriteFile(filepath.Join(dir, "a.prj"), []byte(`PROJCS["TM65_Irish_Grid",GEOGCS["GCS_TM65"]]`), 0o644); err != nil {
		t.Fatal(err)
	}
	check(`a.shp: unknown coordinate reference system: "PROJCS[\"TM65_Irish_Grid\" in the .prj file"`)
	if err := os.Remove(filepath.Join(dir, "a.dbf")); err != nil {
		t.Fatal(err)
	}
	check("a.shp: no property holds the codes: the .dbf file, which has the codes, is not beside it")
}

// The Shapefile as the ONS ships it.
func TestShapefileOfONS(t *testing.T) {
	path := flowtest.Path(t, "samples/hpdm139_geo/SICBL_APR_2023_EN_BGC.shp")
	b, err := boundary.Open(context.Background(), path, boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Codes()) != 106 || b.CRS() != "EPSG:27700" || len(b.Mismatches()) > 0 {
		t.Errorf("got %d areas in %s, %d mismatches", len(b.Codes()), b.CRS(), len(b.Mismatches()))
	}
	if b.Names()[0] == "" || !strings.HasPrefix(b.Codes()[0], "E38") {
		t.Errorf("got %s %q", b.Codes()[0], b.Names()[0])
	}
	var km2 float64
	for _, m := range b.All() {
		km2 += boundary.AreaKM2(m)
	}
	if km2 < 130_000 || km2 > 131_000 { // England: 130,279 km² (ONS standard area measurements)
		t.Errorf("got %.0f km²", km2)
	}
}

func TestFolderAndArchive(t *testing.T) {
	dir := t.TempDir()
	zip := filepath.Join(dir, "a.zip")
	if err := os.WriteFile(zip, []byte("PK\x03\x04rest"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, zip} {
		if _, err := boundary.Open(context.Background(), path, boundary.Options{}); !errors.Is(err, boundary.ErrFormat) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	if _, err := boundary.Open(context.Background(), filepath.Join(dir, "none"), boundary.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestCRSInGeoJSON(t *testing.T) {
	grid := `[[[400000,300000],[410000,300000],[410000,310000],[400000,310000],[400000,300000]]]`
	mercator := `[[[-222638,6800000],[-222000,6800000],[-222000,6801000],[-222638,6800000]]]`
	with := func(crs, body string) string {
		return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"` + crs + `"}},"features":[` + body + `]}`
	}
	after := `{"type":"FeatureCollection","features":[` + feature("A", grid) + `],"crs":{"type":"name","properties":{"name":"EPSG:27700"}}}`
	tests := []struct{ name, in, crs, notice string }{
		{"grid unsaid", collection(feature("A", grid)), "EPSG:27700", "though the file does not say so"},
		{"grid said", with("urn:ogc:def:crs:EPSG::27700", feature("A", grid)), "EPSG:27700", "the crs member says EPSG:27700"},
		{"grid said afterwards", after, "EPSG:27700", "the crs member says EPSG:27700"},
		{"mercator", with("urn:ogc:def:crs:EPSG::3857", feature("A", mercator)), "EPSG:3857", "the crs member says EPSG:3857"},
		{"CRS84", with("urn:ogc:def:crs:OGC:1.3:CRS84", feature("A", square)), "EPSG:4326", ""},
		{"ETRS89", with("http://www.opengis.net/def/crs/EPSG/0/4258", feature("A", square)), "EPSG:4258", ""},
		{"OSGB36 degrees", with("EPSG:4277", feature("A", square)), "EPSG:4277", "the crs member says EPSG:4277"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(tt.in), boundary.Options{})
			if err != nil {
				t.Fatal(err)
			}
			notices := strings.Join(b.Notices(), "\n")
			if b.CRS() != tt.crs || !strings.Contains(notices, tt.notice) || tt.notice == "" && notices != "" {
				t.Errorf("got %s, %s", b.CRS(), notices)
			}
			if c := b.Polygons(0).Bound().Center(); c[0] < -3 || c[0] > 1 || c[1] < 50 || c[1] > 53 {
				t.Errorf("lies at %v", c)
			}
		})
	}
	_, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(with("EPSG:4326", feature("A", grid))), boundary.Options{})
	if !errors.Is(err, boundary.ErrOutOfRange) {
		t.Errorf("grid numbers said to be degrees: got %v", err)
	}
}

func TestSpellingsOfGeoJSON(t *testing.T) {
	plain := collection(feature("A", square))
	tests := []struct{ name, in string }{
		{"geometry first", `{"features":[{"geometry":{"coordinates":` + square + `,"type":"Polygon"},"properties":{"code":"A"},"type":"Feature"}],"type":"FeatureCollection"}`},
		{"a single feature", feature("A", square)},
		{"BOM", "\xef\xbb\xbf" + plain},
		{"spaces", strings.NewReplacer("[", " [ ", "]", " ]\r\n", ",", "\t, ", ":", " : ").Replace(plain)},
		{"heights and measures", collection(feature("A", `[[[0,50,7],[1,50,7,8],[1,51,7],[0,51,7],[0,50,7]]]`))},
		{"exponents", collection(feature("A", `[[[0e0,5e1],[1.0,50.0],[1E0,510e-1],[-0,51],[0,50]]]`))},
		{"many decimals", collection(feature("A", `[[[0.00000000000000000001,50],[1.00000000000000000000,50],[1,51.0000000000001],[0,51],[0.00000000000000000001,50]]]`))},
		{"bbox and other members", strings.Replace(plain, `"features"`, `"bbox":[0,50,1,51],"x":{"a":[1,{"b":null}]},"features"`, 1)},
		{"a collection of geometries", strings.Replace(strings.Replace(plain, `{"type":"Polygon"`, `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[3,3]},{"type":"Polygon"`, 1), `}}`, `}]}}`, 1)},
		{"escapes", strings.Replace(plain, `"A"`, `"\u0041"`, 1)},
		{"clockwise shell", collection(feature("A", `[[[0,50],[0,51],[1,51],[1,50],[0,50]]]`))},
		{"positions given twice", collection(feature("A", `[[[0,50],[1,50],[1,50],[1,51],[0,51],[0,51],[0,50]]]`))},
		{"a code that is a number", strings.Replace(plain, `"A"`, `1.50`, 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(tt.in), boundary.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := orb.MultiPolygon{{{{0, 50}, {1, 50}, {1, 51}, {0, 51}, {0, 50}}}}
			if got := b.Polygons(0); !orb.Equal(got, want) {
				t.Errorf("got %v", got)
			}
			if c := b.Codes()[0]; c != "A" && c != "1.50" {
				t.Errorf("got code %q", c)
			}
		})
	}
}

func TestPropertiesAreRecognised(t *testing.T) {
	tests := []struct{ properties, code, name string }{
		{`"CCG17CD":"E38000001","CCG17NM":"NHS A","st_areashape":1`, "E38000001", "NHS A"},
		{`"objectid":1,"ccg16cd":"E1","ccg16nm":"a"`, "E1", "a"},
		{`"FID":3,"LSOA11CD":"E01","LSOA11NM":"l","CCG21CD":"E38","CCG21NM":"c"`, "E01", "l"},
		{`"SICBL23CD":"E38","SICBL23NM":"s","BNG_E":1,"LONG":2`, "E38", "s"},
		{`"icb22_name":"Sussex","icb22_code":"E54"`, "E54", "Sussex"},
		{`"geo_code":"E06","geo_name":"Hartlepool"`, "E06", "Hartlepool"},
		{`"name":"Area 0","Area Code":"7"`, "7", "Area 0"},
		{`"stp17nm":"S","stp17cd":"E54"`, "E54", "S"},
		{`"nhser22cdh":"Y56","nhser22nm":"London"`, "Y56", "London"},
	}
	for _, tt := range tests {
		in := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{` + tt.properties + `},"geometry":{"type":"Polygon","coordinates":` + square + `}}]}`
		b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(in), boundary.Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.properties, err)
			continue
		}
		if b.Codes()[0] != tt.code || b.Names()[0] != tt.name {
			t.Errorf("%s: got %q, %q", tt.properties, b.Codes()[0], b.Names()[0])
		}
	}
	in := collection(strings.Replace(feature("A", square), `"code"`, `"grp":"G","other":7,"code"`, 1))
	b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(in), boundary.Options{CodeProperty: "Other", NameProperty: "GRP"})
	if err != nil || b.Codes()[0] != "7" || b.Names()[0] != "G" {
		t.Fatalf("named outright: %v, %v", b, err)
	}
	if got, ok := b.Property("code"); !ok || got[0] != "A" || !slices.Equal(b.Properties(), []string{"grp", "other", "code"}) {
		t.Errorf("got %v among %v", got, b.Properties())
	}
	if _, ok := b.Property("none"); ok {
		t.Error("a property that is not there")
	}
	_, err = boundary.Read(context.Background(), "x.geojson", strings.NewReader(in), boundary.Options{CodeProperty: "ccg"})
	if !errors.Is(err, boundary.ErrNoCode) || !strings.Contains(err.Error(), `no property "ccg"; it has grp, other, code`) {
		t.Errorf("got %v", err)
	}
}

func TestFeaturesWithoutPolygon(t *testing.T) {
	in := collection(feature("A", square), `{"type":"Feature","properties":{"code":"B"},"geometry":null}`, feature("C", `[]`))
	b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(in), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Codes()) != 1 || len(b.Notices()) != 1 || b.Notices()[0] != "x.geojson: 2 features without a polygon: B, C" {
		t.Errorf("got %v, %v", b.Codes(), b.Notices())
	}
}

func TestGeoJSONRoundTrip(t *testing.T) {
	b := readDrawn(t)
	l := layer.Layer{Name: "areas", Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "code"}}}
	for i, m := range b.All() {
		l.Features = append(l.Features, layer.Feature{ID: b.Codes()[i], Geometry: m, Values: []any{b.Codes()[i]}})
	}
	var out bytes.Buffer
	if err := geojson.Write(&out, l); err != nil {
		t.Fatal(err)
	}
	again, err := boundary.Read(context.Background(), "y", &out, boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range b.All() {
		if !orb.Equal(m, again.Polygons(i)) {
			t.Errorf("area %s differs", b.Codes()[i])
		}
	}
}
