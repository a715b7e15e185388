package boundary_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
)

// notesOf reads GeoJSON and gives what is said of it.
func notesOf(t *testing.T, in string, o boundary.Options) (*boundary.Set, string) {
	t.Helper()
	b, err := boundary.Read(context.Background(), "x.geojson", strings.NewReader(in), o)
	if err != nil {
		t.Fatal(err)
	}
	return b, strings.Join(b.Notices(), "\n")
}

func squareAt(x, y, side float64) string {
	return fmt.Sprintf("[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%[1]g,%[2]g]]]", x, y, x+side, y, x+side, y+side, x, y+side)
}

func TestAnswersThatAreCutOff(t *testing.T) {
	whole := collection(feature("A", square), feature("B", squareAt(3, 50, 1)))
	with := func(member string) string { return strings.Replace(whole, `"features"`, member+`,"features"`, 1) }
	for _, tt := range []struct{ in, note string }{
		{with(`"properties":{"exceededTransferLimit":true}`), "(exceededTransferLimit): there are more areas than the 2 in it"},
		{with(`"exceededTransferLimit":true`), "(exceededTransferLimit)"},
		{strings.TrimSuffix(whole, "}") + `,"exceededTransferLimit":true}`, "(exceededTransferLimit)"},
		{with(`"numberMatched":326,"numberReturned":2`), "(numberMatched 326)"},
		{with(`"totalFeatures":3`), "(numberMatched 3)"},
		{with(`"links":[{"rel":"self","href":"x"},{"href":"y","rel":"next"}]`), `(a link to the "next" page)`},
		{with(`"exceededTransferLimit":false`), ""},
		{with(`"properties":{"exceededTransferLimit":false}`), ""},
		{with(`"numberMatched":2,"numberReturned":2`), ""},
		{with(`"totalFeatures":"unknown","links":[{"rel":"self"}]`), ""},
		{with(`"links":{"rel":"next"}`), ""},
		{whole, ""},
	} {
		_, notes := notesOf(t, tt.in, boundary.Options{})
		if !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%.90s…: notes %q", tt.in, notes)
		}
	}
}

func TestHolesThatTakeAll(t *testing.T) {
	shell := strings.TrimSuffix(strings.TrimPrefix(square, "["), "]")
	for _, tt := range []struct{ name, in, note string }{
		{"the shell itself", feature("A", "["+shell+","+shell+"]"), "nothing is left of 1 area, whose holes take the whole of it: A"},
		{"two halves", feature("A", "["+shell+",[[0,50],[0.5,50],[0.5,51],[0,51],[0,50]],[[0.5,50],[1,50],[1,51],[0.5,51],[0.5,50]]]"), "nothing is left of 1 area, whose holes take the whole of it: A"},
		{"one polygon of two", strings.Replace(feature("A", "[["+shell+","+shell+"],"+squareAt(5, 50, 1)+"]"), `"Polygon"`, `"MultiPolygon"`, 1), "holes take the whole of a polygon in 1 area: A"},
		{"a hole like others", feature("A", "["+shell+",[[0.2,50.2],[0.4,50.2],[0.4,50.4],[0.2,50.2]]]"), ""},
	} {
		b, notes := notesOf(t, collection(tt.in, feature("B", squareAt(1, 50, 1))), boundary.Options{})
		if !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
		if gone := len(b.Polygons(0)) == 0; gone != strings.HasPrefix(tt.note, "nothing") {
			t.Errorf("%s: got %v", tt.name, b.Polygons(0))
		}
	}
}

// Areas beside each other miss each other by some metres for a length.
func TestHairlines(t *testing.T) {
	const metre = 1 / 111_195.0
	pair := func(gap, side float64, touching bool) string {
		east := 1 + gap*metre/math.Cos(50.05*math.Pi/180)
		corner := ""
		if touching { // a strip of B reaches A in the north
			corner = fmt.Sprintf(",[1,%g],[1,%g]", 50+side, 50+side*0.9)
			return collection(feature("A", squareAt(1-side, 50, side)), feature("B", fmt.Sprintf("[[[%g,50],[%g,50],[%g,%g]%s,[%g,%g],[%g,50]]]", east, 1+side, 1+side, 50+side, corner, east, 50+side*0.9, east)))
		}
		return collection(feature("A", squareAt(1-side, 50, side)), feature("B", fmt.Sprintf("[[[%g,50],[%g,50],[%g,%g],[%g,%g],[%g,50]]]", east, 1+side, 1+side, 50+side, east, 50+side, east)))
	}
	for _, tt := range []struct {
		name string
		in   string
		note string
	}{
		{"1.4 m for 11 km", pair(1.4, 0.1, false), "--snap 3 would draw them together: A and B for 11.1 km"},
		{"5 m for 11 km", pair(5, 0.1, false), "--snap 8 would draw them together: A and B"},
		{"1 m for 330 m", pair(1, 0.003, false), "would draw them together: A and B for 0.33"},
		{"a river of 40 m", pair(40, 0.1, false), ""},
		{"6 m for 110 m", pair(6, 0.001, false), ""},
		{"touching elsewhere", pair(1.4, 0.1, true), ""},
	} {
		_, notes := notesOf(t, tt.in, boundary.Options{})
		if has := strings.Contains(notes, "would draw them together"); has != (tt.note != "") || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
	}
	b, notes := notesOf(t, pair(1.4, 0.1, false), boundary.Options{Snap: 3})
	n := 0
	for range b.Neighbours(0) {
		n++
	}
	if n != 1 || strings.Contains(notes, "would draw") {
		t.Errorf("drawn together: %d neighbours, notes %q", n, notes)
	}
}

func TestPlacesThatCannotBeMeant(t *testing.T) {
	town := func(x, y float64) (out []string) {
		for i := range 5 {
			out = append(out, feature(fmt.Sprint("E0600000", i), squareAt(x+0.1*float64(i), y, 0.1)))
		}
		return out
	}
	england := town(-1, 52)
	for _, tt := range []struct {
		name  string
		areas []string
		note  string
	}{
		{"all as they should be", england, ""},
		{"x and y swapped", town(52, -1), "the codes are of the United Kingdom, and the areas lie about 0.9° S, 52.2° E: x and y look swapped"},
		{"elsewhere, with British codes", town(20, 40), "the codes are of the United Kingdom, and the areas lie about 40.0° N, 20.2° E"},
		{"one swapped", append(england[:4:4], feature("Z", squareAt(52, -0.7, 0.1))), "1 area lies far from the rest, where they would be with x and y the other way round: Z"},
		{"one at null island", append(england[:4:4], feature("Z", squareAt(0, 0, 0.1))), "1 area lies at longitude 0, latitude 0, far from the rest"},
		{"one a continent away", append(england[:4:4], feature("Z", squareAt(100, 20, 0.1))), "1 area lies thousands of kilometres from the rest: Z"},
		{"the far south", []string{feature("A", squareAt(41, -74, 0.1)), feature("B", squareAt(41.1, -74, 0.1))}, "where nobody lives: x and y look swapped"},
		{"a world about 0, 0", []string{feature("A", squareAt(0, 0, 0.1)), feature("B", squareAt(0.1, 0, 0.1)), feature("C", squareAt(0.2, 0, 0.1))}, ""},
		{"France with an island in the Indian Ocean", []string{feature("A", squareAt(2, 48, 4)), feature("B", squareAt(6, 44, 4)), feature("C", squareAt(2, 44, 3)), feature("R", squareAt(55.3, -21.2, 0.4))}, "R"},
	} {
		_, notes := notesOf(t, collection(tt.areas...), boundary.Options{})
		if !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
	}
	grid := `[[[%[1]d,%[2]d],[%[3]d,%[2]d],[%[3]d,%[4]d],[%[1]d,%[2]d]]]`
	at := func(code string, x, y int) string { return feature(code, fmt.Sprintf(grid, x, y, x+9000, y+9000)) }
	_, notes := notesOf(t, collection(at("A", 450000, 300000), at("B", 460000, 310000), at("C", 480000, 300000), at("Z", 0, 0)), boundary.Options{})
	if !strings.Contains(notes, "1 area lies at the false origin of the British National Grid (easting 0, northing 0), far from the rest: coordinates that were not known? Z") {
		t.Errorf("false origin: notes %q", notes)
	}
	// Degrees beyond 90 to the north are no degrees.
	_, err := boundary.Read(context.Background(), "x", strings.NewReader(collection(feature("A", squareAt(40, -100, 1)))), boundary.Options{})
	if err == nil || !strings.Contains(err.Error(), "x and y look swapped") {
		t.Errorf("got %v", err)
	}
}

func TestProvidersFarFromTheAreas(t *testing.T) {
	at := func(x, y float64) *boundary.Set {
		b, _ := notesOf(t, collection(feature("A", squareAt(x, y, 0.5)), feature("B", squareAt(x+0.5, y, 0.5))), boundary.Options{})
		return b
	}
	nan := orb.Point{math.NaN(), math.NaN()}
	here := []orb.Point{{-1, 52}, {-0.5, 52.2}, nan}
	for _, tt := range []struct {
		name   string
		b      *boundary.Set
		points []orb.Point
		want   string
	}{
		{"beside each other", at(-1, 52), here, ""},
		{"areas swapped", at(52, -1), here, "longitude and latitude look swapped in one of the two"},
		{"providers swapped", at(-1, 52), []orb.Point{{52, -1}, {52.1, -0.9}}, "longitude and latitude look swapped in one of the two"},
		{"eastings and northings swapped", at(-1, 52), []orb.Point{swapOnGrid(-1, 52), swapOnGrid(-0.6, 52.3)}, "eastings and northings look swapped in one of the two"},
		{"another country", at(-1, 52), []orb.Point{{20, 40}, {21, 40}}, "no point of the providers lies near an area: the areas lie about 52.2° N, 0.5° W, the points about 40.0° N, 21.0° E"},
		{"one of three", at(-1, 52), []orb.Point{{20, 40}, {-1, 52}, {-1, 52.1}}, ""},
		{"a county and the country's hospitals", at(-5.5, 50), []orb.Point{{-5.2, 50.2}, {-1.5, 55}, {0, 51.5}, {-2, 53.5}, {-1, 54}}, ""},
		{"no points", at(-1, 52), []orb.Point{nan}, ""},
	} {
		got := tt.b.Meeting("providers", tt.points)
		if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func swapOnGrid(lon, lat float64) orb.Point {
	p := boundary.PointToNationalGrid(orb.Point{lon, lat})
	return boundary.FromNationalGrid(orb.Point{p[1], p[0]}).(orb.Point)
}

func TestSystemsOfAShapefile(t *testing.T) {
	geographic := func(name, datum, rest string) string {
		return `GEOGCS["` + name + `",DATUM["` + datum + `",SPHEROID["x",6378137,298.257]` + rest + `],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`
	}
	for _, tt := range []struct{ name, prj, crs, note string }{
		{"TIGER", geographic("GCS_North_American_1983", "D_North_American_1983", ""), "EPSG:4269", "in EPSG:4269 (NAD83), which lies within 2 m of WGS 84; taken for that"},
		{"NAD83(CSRS)", geographic("NAD83(CSRS)", "NAD83 Canadian Spatial Reference System", ""), "EPSG:4269", "within 2 m"},
		{"GDA2020", geographic("GDA2020", "Geocentric_Datum_of_Australia_2020", ""), "EPSG:7844", "within 2 m"},
		{"ETRS89", geographic("ETRS89", "European_Terrestrial_Reference_System_1989", `,TOWGS84[0,0,0,0,0,0,0]`), "EPSG:4258", ""},
		{"WGS 84 of 2019", `GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["x"]],CS[ellipsoidal,2],AXIS["lat",north],ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",4326]]`, "EPSG:4326", ""},
		{"OSGB36 degrees with a shift", geographic("OSGB 1936", "OSGB_1936", `,TOWGS84[446,-125,542,0,0,0,0]`), "EPSG:4277", "turned into WGS 84"},
		{"in brackets of another kind", `GEOGCS("NAD83", DATUM("North_American_Datum_1983", SPHEROID("GRS 1980", 6378137, 298.257)), PRIMEM("Greenwich", 0), UNIT("degree", 0.0174532925199433))`, "EPSG:4269", "within 2 m"},
		{"NAD27", geographic("GCS_North_American_1927", "D_North_American_1927", ""), "", ""},
		{"ED50 with a shift to WGS84", geographic("ED50", "European_Datum_1950", `,TOWGS84[-87,-98,-121,0,0,0,0]`), "", ""},
		{"Tokyo with WGS84 in a remark", `GEOGCS["Tokyo",DATUM["Tokyo",SPHEROID["x",6377397,299.15],TOWGS84[-146,507,680]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],REMARK["near WGS84"]]`, "", ""},
		{"from Paris", `GEOGCS["RGF93",DATUM["RGF93",SPHEROID["x",6378137,298]],PRIMEM["Paris",2.337],UNIT["degree",0.0174532925199433]]`, "", ""},
		{"in grads", `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["x",6378137,298]],PRIMEM["Greenwich",0],UNIT["grad",0.0157079632679]]`, "", ""},
		{"UTM on NAD83", `PROJCS["NAD83 / UTM zone 18N",` + geographic("NAD83", "North_American_Datum_1983", "") + `,PROJECTION["Transverse_Mercator"],PARAMETER["false_easting",500000],UNIT["metre",1]]`, "", ""},
		{"the grid in feet", strings.Replace(gridPRJ, `UNIT["Meter",1.0]`, `UNIT["Foot",0.3048]`, 1), "", ""},
		{"another grid on its datum", strings.Replace(gridPRJ, `400000.0`, `200000.0`, 1), "", ""},
		{"no well-known text", `this is [not "one`, "", ""},
	} {
		files := shapeOf(boxRing(0, 50, 1))
		files[".prj"] = []byte(tt.prj)
		b, err := openShape(t, files)
		if tt.crs == "" {
			if err == nil || !strings.Contains(err.Error(), "unknown coordinate reference system") {
				t.Errorf("%s: got %v, %v", tt.name, b, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if notes := strings.Join(b.Notices(), "\n"); b.CRS() != tt.crs || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: got %s, notes %q", tt.name, b.CRS(), notes)
		}
	}
}
