package datum_test

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow/fault"
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

func TestToNationalGridByShifts(t *testing.T) {
	g := smallGrid(t)
	p := g.ToNationalGrid(orb.Point{-1.5 - 3.0/3600, 51 + 1.0/3600})
	if q := g.GeometryToNationalGrid(orb.Point{-1.5 - 3.0/3600, 51 + 1.0/3600}).(orb.Point); q != p {
		t.Errorf("got %v and %v", p, q)
	}
	if math.Hypot(p[0]-435081.343, p[1]-122469.004) > 5 {
		t.Errorf("got %v", p)
	}
	// Outside of it, as without one.
	far := orb.Point{-3.2, 55.9}
	if g.ToNationalGrid(far) != boundary.PointToNationalGrid(far) {
		t.Error("a point outside the grid is not where it is without one")
	}
}

func TestNoGrid(t *testing.T) {
	_, err := datum.ReadGrid("x.gsb", strings.NewReader("area,lon,lat\n"))
	var f *fault.Error
	if !errors.As(err, &f) || f.File != "x.gsb" || !strings.Contains(err.Error(), "NTv2") {
		t.Errorf("got %v", err)
	}
}

func TestNilGridIsNone(t *testing.T) {
	var g *datum.Grid
	p := orb.Point{-1.5, 51}
	if g.ToNationalGrid(p) != boundary.PointToNationalGrid(p) {
		t.Error("without a grid the point is not where EPSG:1314 puts it")
	}
	if g.GeometryToNationalGrid(nil) != nil {
		t.Error("nothing became something")
	}
}
