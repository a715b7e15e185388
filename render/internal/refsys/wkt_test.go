package refsys

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"stpmap/render/internal/geojsonread"
)

// texts calls visit with each line of testdata/wkt.tsv.
func texts(t *testing.T, visit func(number, form, want, text string)) {
	t.Helper()
	raw, err := os.ReadFile("testdata/wkt.tsv")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(cells) != 4 {
			t.Fatalf("line %q", line)
		}
		if cells[2] == "-" {
			cells[2] = ""
		}
		visit(cells[0], cells[1], cells[2], cells[3])
		seen++
	}
	if seen < 100 {
		t.Fatalf("only %d texts", seen)
	}
}

// What GDAL writes of a system, in every form, is taken for that system, with its
// number or without, or for none where none is known.
func TestOfPrjAsGDALWritesIt(t *testing.T) {
	texts(t, func(number, form, want, text string) {
		for name, text := range map[string]string{"as it is": text, "without numbers": withoutNumbers(text), "with spaces": strings.ReplaceAll(text, "[", " [\n\t")} {
			got, err := OfPrj(text)
			if want == "" {
				if !errors.Is(err, ErrUnknown) {
					t.Errorf("EPSG:%s in %s %s is taken for %s", number, form, name, got.Code)
				}
				continue
			}
			if err != nil || got.Code != want {
				t.Errorf("EPSG:%s in %s %s is %q (%v), want %s", number, form, name, got.Code, err, want)
			}
		}
	})
}

// withoutNumbers takes the references to EPSG's list out of a text, as software
// that knows no list writes it.
func withoutNumbers(text string) string {
	for _, start := range []string{",AUTHORITY[", ",ID["} {
		for {
			i := strings.Index(text, start)
			if i < 0 {
				break
			}
			depth, j := 0, i
			for ; j < len(text); j++ {
				if text[j] == '[' {
					depth++
				}
				if text[j] == ']' {
					if depth--; depth == 0 {
						break
					}
				}
			}
			text = text[:i] + text[j+1:]
		}
	}
	return text
}

// A grid that is not quite the national one, degrees from another meridian and
// feet are nobody's guess.
func TestOfPrjRefusesWhatIsNearlyKnown(t *testing.T) {
	grid := `PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],` +
		`PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]`
	degrees := `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	for _, text := range []string{grid, degrees} {
		if _, err := OfPrj(text); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"another false easting":  strings.Replace(grid, "400000.0", "200000.0", 1),
		"another origin":         strings.Replace(grid, "-2.0", "-8.0", 1),
		"another scale":          strings.Replace(grid, "0.9996012717", "1.0", 1),
		"feet":                   strings.Replace(grid, `UNIT["Meter",1.0]`, `UNIT["Foot",0.3048]`, 1),
		"another datum":          strings.Replace(grid, "D_OSGB_1936", "D_Ireland_1965", 1),
		"another projection":     strings.Replace(grid, "Transverse_Mercator", "Mercator", 1),
		"no parameters":          grid[:strings.Index(grid, ",PARAMETER")] + `,UNIT["Meter",1.0]]`,
		"another meridian":       strings.Replace(degrees, `"Greenwich",0.0`, `"Paris",2.33722917`, 1),
		"grads":                  strings.Replace(degrees, "0.0174532925199433", "0.01570796326794897", 1),
		"no datum that is known": strings.NewReplacer("D_WGS_1984", "D_Moon_2000", "GCS_WGS_1984", "GCS_Moon_2000").Replace(degrees),
		"a local system":         `LOCAL_CS["the school's field",UNIT["Meter",1.0]]`,
		"an unknown keyword":     `PLANETCRS["x"]`,
	} {
		if got, err := OfPrj(text); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: taken for %q (%v)", name, got.Code, err)
		}
	}
}

func TestParseWKT(t *testing.T) {
	n, err := parseWKT("\ufeff GEOGCS ( \"a \"\"quoted\"\" name\" , DATUM[\"d\"],UNIT[\"Degree\",1.5e-2] , AXIS[\"Lat\",NORTH] )\x00")
	if err != nil {
		t.Fatal(err)
	}
	if n.keyword != "GEOGCS" || n.name() != `a "quoted" name` || len(n.parts) != 3 {
		t.Errorf("got %+v", n)
	}
	unit, ok := n.part("ANGLEUNIT", "UNIT")
	if !ok || unit.number(1) != 0.015 || !math.IsNaN(unit.number(0)) || !math.IsNaN(unit.number(9)) {
		t.Errorf("unit %+v", unit)
	}
	axis, _ := n.part("AXIS")
	if len(axis.values) != 2 || axis.values[1] != "NORTH" {
		t.Errorf("axis %+v", axis)
	}
	if _, ok := n.part("PRIMEM"); ok {
		t.Error("a part that is not there is found")
	}
	if (wktNode{}).name() != "" || (wktNode{}).epsg() != "" {
		t.Error("an empty node has a name")
	}
	for _, text := range []string{
		"", " ", "[", `"a"`, "GEOGCS[", `GEOGCS["a"`, `GEOGCS["a`, `GEOGCS["a" "b"]`, `GEOGCS["a"]]`, `GEOGCS["a"] more`, `GEOGCS["a",]`, `GEOGCS[,"a"]`, `GEOGCS["a"}`,
		strings.Repeat("A[", 40) + "1" + strings.Repeat("]", 40),
	} {
		if n, err := parseWKT(text); !errors.Is(err, geojsonread.ErrSyntax) {
			t.Errorf("%q is read as %+v (%v)", text, n, err)
		}
	}
}

// No text, however broken, stops the reader, and what it knows it knows again
// from the same text.
func FuzzOfPrj(f *testing.F) {
	f.Add(`GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]`)
	f.Add(`PROJCRS["x",BASEGEOGCRS["OSGB36",DATUM["Ordnance Survey of Great Britain 1936"]],CONVERSION["y",METHOD["Transverse Mercator"],PARAMETER["False easting",400000]]]`)
	f.Add(`COMPD_CS["a",GEOGCS["b"],VERT_CS["c"]]`)
	f.Fuzz(func(t *testing.T, text string) {
		first, err := OfPrj(text)
		again, err2 := OfPrj(text)
		if first.Code != again.Code || (err == nil) != (err2 == nil) || (err == nil) == (first.Code == "") {
			t.Fatalf("%q and %q, %v", first.Code, again.Code, err)
		}
		if err != nil && !errors.Is(err, ErrUnknown) {
			t.Fatal(err)
		}
	})
}
