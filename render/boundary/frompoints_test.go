package boundary_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"stpmap/render/boundary"
)

func somePlaces(n int) []boundary.Place {
	rng := rand.New(rand.NewPCG(1, 1))
	out := make([]boundary.Place, n)
	for i := range out {
		out[i] = boundary.Place{Code: fmt.Sprintf("P%03d", n-i), At: orb.Point{-2 + 2*rng.Float64(), 51 + rng.Float64()}, Population: math.NaN()}
	}
	return out
}

func TestFromPoints(t *testing.T) {
	outline := orb.MultiPolygon{{{{-2.5, 51}, {0.5, 51}, {0, 52.5}, {-1, 51.5}, {-2, 52.5}, {-2.5, 51}}}}
	for _, mask := range []orb.MultiPolygon{nil, outline} {
		places := somePlaces(150)
		b, err := boundary.FromPoints(context.Background(), places, mask)
		if err != nil {
			t.Fatal(err)
		}
		if !b.Approximate() || len(b.Codes()) != 150 || b.Codes()[0] != "P001" || b.Populations() != nil {
			t.Errorf("got %v, %v", b.Codes(), b.Populations())
		}
		if !strings.HasPrefix(b.Notices()[0], "boundaries are approximate: the cells around 150 points") {
			t.Errorf("got %v", b.Notices())
		}
		var sum float64
		for _, m := range b.All() {
			sum += boundary.AreaKM2(m)
		}
		whole := b.Dissolve(make([]int32, 150), 1)[0]
		if math.Abs(sum-boundary.AreaKM2(whole)) > 1e-3*sum { // edges cut in two are other geodesics
			t.Errorf("cells have %g km², all together %g", sum, boundary.AreaKM2(whole))
		}
		if got := planar.Area(whole); mask != nil && math.Abs(got-planar.Area(mask)) > 1e-5*got {
			t.Errorf("cells have %g square degrees, the outline %g", got, planar.Area(mask))
		}
		for _, p := range places {
			if mask == nil || planar.MultiPolygonContains(mask, p.At) {
				i, _ := b.Index(p.Code)
				if !planar.MultiPolygonContains(b.Polygons(i), p.At) {
					t.Errorf("%s lies outside its cell", p.Code)
				}
			}
		}
	}
}

func TestFewPoints(t *testing.T) {
	for n := 1; n < 5; n++ {
		b, err := boundary.FromPoints(context.Background(), somePlaces(n), nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range b.All() {
			if len(m) != 1 || boundary.AreaKM2(m) < 1 {
				t.Errorf("%d points: cell %d is %v", n, i, m)
			}
		}
	}
	row := []boundary.Place{{Code: "a", At: orb.Point{0, 50}}, {Code: "b", At: orb.Point{0, 51}}, {Code: "c", At: orb.Point{0, 52}}}
	b, err := boundary.FromPoints(context.Background(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.BorderKM(0, 1); got <= 0 || b.BorderKM(0, 2) != 0 {
		t.Errorf("points in a row: border of %g km", got)
	}
}

func TestBadPoints(t *testing.T) {
	tests := []struct {
		name   string
		places []boundary.Place
		is     error
	}{
		{"none", nil, boundary.ErrNoFeatures},
		{"no code", []boundary.Place{{}}, boundary.ErrMissingCode},
		{"code twice", []boundary.Place{{Code: "a"}, {Code: "a", At: orb.Point{1, 1}}}, boundary.ErrDuplicateCode},
		{"same place", []boundary.Place{{Code: "a"}, {Code: "b"}}, boundary.ErrSamePlace},
		{"no place", []boundary.Place{{Code: "a", At: orb.Point{math.NaN(), 0}}}, boundary.ErrOutOfRange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := boundary.FromPoints(context.Background(), tt.places, nil); !errors.Is(err, tt.is) {
				t.Errorf("got %v, want %v", err, tt.is)
			}
		})
	}
}

func TestNationalGrid(t *testing.T) {
	// PROJ 9.1.1: −2, 52 on WGS84 and the grid by EPSG:1314.
	g := boundary.ToNationalGrid(orb.MultiPoint{{-2, 52}}).(orb.MultiPoint)
	if math.Abs(g[0][0]-400096.83) > 0.01 || math.Abs(g[0][1]-233506.47) > 0.01 {
		t.Errorf("got %v", g)
	}
	back := boundary.FromNationalGrid(g).(orb.MultiPoint)
	if back[0] != (orb.Point{-2, 52}) {
		t.Errorf("there and back: %v", back)
	}
	if boundary.ToNationalGrid(nil) != nil || boundary.FromNationalGrid(nil) != nil {
		t.Error("nothing became something")
	}
}
