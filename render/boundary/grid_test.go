package boundary_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/datum"
)

// smallGrid moves everything in southern England by 3 seconds of arc to the west
// and 1 to the north.
func smallGrid(t *testing.T) *datum.Grid {
	t.Helper()
	f, err := os.Open("../internal/geodesy/testdata/small.gsb")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, err := datum.ReadGrid("small.gsb", f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// oneArea is a GeoJSON of one area.
func oneArea(crs string, x, y, size float64) string {
	member := ""
	if crs != "" {
		member = fmt.Sprintf(`"crs":{"type":"name","properties":{"name":%q}},`, crs)
	}
	return fmt.Sprintf(`{"type":"FeatureCollection",%s"features":[{"type":"Feature","properties":{"area_code":"A"},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}]}`,
		member, x, y, x+size, y, x+size, y+size, x, y+size, x, y)
}

func corner(t *testing.T, text string, g *datum.Grid) (orb.Point, []string) {
	t.Helper()
	b, err := boundary.Read(t.Context(), "a.geojson", strings.NewReader(text), boundary.Options{Grid: g})
	if err != nil {
		t.Fatal(err)
	}
	if b.Grid() != g {
		t.Error("the areas do not know their grid")
	}
	return b.Polygons(0).Bound().Min, b.Notices()
}

func TestGridOfShifts(t *testing.T) {
	g := smallGrid(t)
	degrees, _ := corner(t, oneArea("EPSG:4277", -1.5, 51, 0.1), g)
	if want := (orb.Point{-1.500833, 51.000278}); math.Abs(degrees[0]-want[0]) > 1e-6 || math.Abs(degrees[1]-want[1]) > 1e-6 {
		t.Errorf("OSGB36: got %v, want %v", degrees, want)
	}
	// The same place in metres, which PROJ 9.1.1 gives for −1.5, 51 on Airy's
	// ellipsoid.
	metres, notes := corner(t, oneArea("EPSG:27700", 435081.343, 122469.004, 10), g)
	if math.Abs(metres[0]-degrees[0]) > 2e-6 || math.Abs(metres[1]-degrees[1]) > 2e-6 {
		t.Errorf("national grid: got %v, want %v", metres, degrees)
	}
	if all := strings.Join(notes, "\n"); !strings.Contains(all, "brought to WGS 84 by the shifts of small.gsb") {
		t.Errorf("notes: %s", all)
	}
	without, _ := corner(t, oneArea("EPSG:27700", 435081.343, 122469.004, 10), nil)
	if math.Abs(without[0]-metres[0]) < 1e-4 {
		t.Error("the grid changes nothing")
	}
}

func TestGridThatIsNotNeeded(t *testing.T) {
	p, notes := corner(t, oneArea("", -1.5, 51, 0.1), smallGrid(t))
	if p != (orb.Point{-1.5, 51}) {
		t.Errorf("got %v", p)
	}
	if all := strings.Join(notes, "\n"); !strings.Contains(all, "EPSG:4326, for which small.gsb is not needed") {
		t.Errorf("notes: %s", all)
	}
}

func TestOutsideTheGrid(t *testing.T) {
	// Scotland, where the small grid has no shifts.
	_, err := boundary.Read(t.Context(), "a.geojson", strings.NewReader(oneArea("EPSG:27700", 300_000, 700_000, 1000)), boundary.Options{Grid: smallGrid(t)})
	if !errors.Is(err, boundary.ErrOutOfRange) || !strings.Contains(err.Error(), "of EPSG:27700 or of small.gsb") {
		t.Errorf("got %v", err)
	}
}
