package boundary

import (
	"context"
	"database/sql"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"stpmap/render/internal/dbase"
	"stpmap/render/internal/refsys"
	"stpmap/render/internal/sqlitefile"
)

// smallGeoPackage is the bytes of a GeoPackage with one square.
func smallGeoPackage(f testing.TB) []byte {
	f.Helper()
	path := filepath.Join(f.TempDir(), "a.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		f.Fatal(err)
	}
	blob := []byte("GP\x00\x01\x00\x00\x00\x00\x01\x03\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x00")
	for _, v := range []float64{0, 50, 1, 50, 1, 51, 0, 51, 0, 50} {
		blob = append(blob, floatBytes(v)...)
	}
	for _, s := range []string{
		"PRAGMA page_size=512",
		"CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id)",
		"INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326)",
		"CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id)",
		"INSERT INTO gpkg_geometry_columns VALUES ('a', 'g', 'POLYGON', 4326)",
		"CREATE TABLE a (g, code, name)",
	} {
		if _, err := db.Exec(s); err != nil {
			f.Fatal(err)
		}
	}
	if _, err := db.Exec("INSERT INTO a VALUES (?, 'A', 'Name')", blob); err != nil {
		f.Fatal(err)
	}
	if err := db.Close(); err != nil {
		f.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	return content
}

// A database of any bytes, with any bytes beside it, is read or refused with its
// name.
func FuzzGeoPackage(f *testing.F) {
	good := smallGeoPackage(f)
	f.Add(good, []byte(nil), "")
	f.Add(good[:len(good)/2], []byte(nil), "a")
	f.Add(good, []byte("\x37\x7f\x06\x82"+strings.Repeat("\x00", 60)), "")
	f.Add(good, []byte(sqlitefile.JournalMagic), "")
	path := filepath.Join(f.TempDir(), "fuzz.gpkg") // a folder an input would cost more than its reading
	f.Fuzz(func(t *testing.T, database, beside []byte, layer string) {
		suffix := "-wal"
		if strings.HasPrefix(string(beside), sqlitefile.JournalMagic) {
			suffix = "-journal"
		}
		for _, left := range []string{"-wal", "-journal", "-shm"} {
			if err := os.Remove(path + left); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		for name, content := range map[string][]byte{path: append([]byte("SQLite format 3\x00"), database[min(16, len(database)):]...), path + suffix: beside} {
			if len(content) > 0 {
				if err := os.WriteFile(name, content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		b, err := Open(context.Background(), path, Options{Layer: layer})
		if err != nil {
			expected(t, err)
			return
		}
		sane(t, b)
	})
}

// Any text names one system that is known, or is refused; what is known gives
// places on earth.
func FuzzReferenceSystem(f *testing.F) {
	f.Add(`GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`)
	f.Add(`PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936"]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000],PARAMETER["False_Northing",-100000],UNIT["Meter",1]]`)
	f.Add(`COMPD_CS["x",GEOGCRS("WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble"],ID["EPSG",4326])]`)
	f.Add(`A["""",-1e5,B(C,"]")]`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := refsys.OfPrj(text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(c.Code, "EPSG:") || c.Name == "" {
			t.Fatalf("got %+v", c)
		}
		if c.ToWGS84 != nil {
			if x, y := c.ToWGS84(1, 51); math.IsNaN(x) || math.IsNaN(y) {
				t.Fatalf("%s: 1, 51 lies at %g, %g", c.Code, x, y)
			}
		}
	})
}

// Text of any bytes in any set is text, or an error.
func FuzzCharacterSet(f *testing.F) {
	for _, s := range []string{"UTF-8", "CP850", "ISO-8859-2", "LDID/87", "Big5", "utf-16le", "iso-2022-jp", "", "KAMENICKY"} {
		f.Add(s, byte(87), []byte("Gen\x8ave  "))
		f.Add(s, byte(0), []byte("\xe2\x82"))
	}
	f.Fuzz(func(t *testing.T, cpg string, ldid byte, raw []byte) {
		d := dbase.NewText(cpg, ldid)
		text, err := d.Decode(raw)
		if err == nil && !utf8.ValidString(text) {
			t.Fatalf("%q in %q is %q", raw, cpg, text)
		}
	})
}
