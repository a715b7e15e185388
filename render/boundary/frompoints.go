package boundary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"stpmap/flow/plaintext"
	"stpmap/flow/portable"
	"stpmap/render/internal/refsys"
	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// ErrSamePlace says that two areas' points are the same.
var ErrSamePlace = errors.New("areas at the same place")

// Place is an area of which only a point is known.
type Place struct {
	Code, Name string
	At         orb.Point // degrees, longitude first
	Population float64   // NaN where unknown
}

// FromPoints makes boundaries where there are none: the Voronoi cells of the
// areas' points, clipped to an outline, or to their hull with a margin if
// outline is nil. Such boundaries are Approximate.
func FromPoints(ctx context.Context, places []Place, outline orb.MultiPolygon) (*Set, error) {
	places = slices.Clone(places)
	slices.SortStableFunc(places, func(p, q Place) int { return cmp.Compare(p.Code, q.Code) })
	b := &Set{file: "points", crs: refsys.WGS84.Code, approximate: true}
	points := make([][2]float64, len(places))
	at := make(map[[2]float64]string, len(places))
	for i, p := range places {
		switch {
		case p.Code == "":
			return nil, fmt.Errorf("%w: of the place at %g, %g", ErrMissingCode, p.At[0], p.At[1])
		case i > 0 && places[i-1].Code == p.Code:
			return nil, fmt.Errorf("%w: %q", ErrDuplicateCode, p.Code)
		case !(math.Abs(p.At[0]) <= 180 && math.Abs(p.At[1]) <= 90):
			return nil, fmt.Errorf("%w: %s at %g, %g", ErrOutOfRange, p.Code, p.At[0], p.At[1])
		}
		points[i] = [2]float64{math.Round(p.At[0]*1e6) / 1e6, math.Round(p.At[1]*1e6) / 1e6}
		if other, ok := at[points[i]]; ok {
			return nil, fmt.Errorf("%w: %s and %s", ErrSamePlace, other, p.Code)
		}
		at[points[i]] = p.Code
		b.codes = append(b.codes, p.Code)
		b.names = append(b.names, plaintext.Name(p.Name))
		b.populations = append(b.populations, p.Population)
	}
	if len(places) == 0 {
		return nil, fmt.Errorf("%w: no points", ErrNoFeatures)
	}
	if !slices.ContainsFunc(b.populations, func(v float64) bool { return !math.IsNaN(v) }) {
		b.populations = nil
	}
	b.lines = make([]int32, len(places))
	if outline == nil {
		outline = orb.MultiPolygon{{hullAround(points)}}
	} else if !slices.ContainsFunc(points, func(p [2]float64) bool { return planar.MultiPolygonContains(outline, orb.Point(p)) }) {
		return nil, ErrNotUnder
	}
	mask, err := maskOf(outline)
	if err != nil {
		return nil, err
	}
	if b.cover, err = topology.Cells(ctx, points, mask); err != nil {
		return nil, err
	}
	b.vertices = b.cover.RingPositions()
	b.note("boundaries are approximate: the cells around %s", words.Counted(len(places), "point"))
	var outside []string
	for i, m := range b.All() {
		if len(m) == 0 {
			outside = append(outside, b.codes[i])
		}
	}
	if len(outside) > 0 {
		b.note("%s outside the outline without a cell: %s", words.Counted(len(outside), "point"), words.Some(outside))
	}
	return b, nil
}

// Approximate says that the polygons are no true boundaries but cells around
// points.
func (b *Set) Approximate() bool { return b.approximate }

func maskOf(m orb.MultiPolygon) (*topology.Rings, error) {
	r := &topology.Rings{}
	r.Start()
	for _, p := range m {
		for _, ring := range p {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return nil, fmt.Errorf("outline: %w", ErrUnclosed)
			}
			for _, q := range ring[:len(ring)-1] {
				if !(math.Abs(q[0]) <= 180 && math.Abs(q[1]) <= 90) {
					return nil, fmt.Errorf("outline: %w: %g, %g", ErrOutOfRange, q[0], q[1])
				}
				r.XY = append(r.XY, int32(math.Round(q[0]*1e6)), int32(math.Round(q[1]*1e6)))
			}
			r.EndRing()
		}
		r.EndPolygon()
	}
	r.EndArea()
	return r, nil
}

// hullAround is the convex hull of discs about points, each as wide as the
// points lie apart on average.
func hullAround(points [][2]float64) orb.Ring {
	box := orb.Bound{Min: orb.Point(points[0]), Max: orb.Point(points[0])}
	for _, p := range points {
		box = box.Extend(orb.Point(p))
	}
	shrink := math.Max(0.01, portable.Cos(box.Center()[1]*math.Pi/180))
	area := (box.Max[0] - box.Min[0]) * shrink * (box.Max[1] - box.Min[1])
	apart := math.Sqrt(area/float64(len(points))) / 2
	if apart == 0 {
		apart = math.Max((box.Max[0]-box.Min[0])*shrink, box.Max[1]-box.Min[1]) / float64(len(points)) / 2
	}
	apart = math.Max(apart, 0.01)
	var around []orb.Point
	const corners = 16
	for _, p := range points {
		for k := range corners {
			sin, cos := portable.Sincos(2 * math.Pi * float64(k) / corners)
			around = append(around, orb.Point{
				max(-180, min(180, p[0]+apart*cos/shrink)),
				max(-90, min(90, p[1]+float64(apart*sin))),
			})
		}
	}
	return convexHull(around)
}

// convexHull is the hull of points, closed, anticlockwise (Andrew 1979,
// doi:10.1016/0020-0190(79)90072-3).
func convexHull(points []orb.Point) orb.Ring {
	slices.SortFunc(points, func(p, q orb.Point) int { return slices.Compare(p[:], q[:]) })
	var hull orb.Ring
	chain := func(p orb.Point, from int) {
		for len(hull) >= from+2 {
			a, b := hull[len(hull)-2], hull[len(hull)-1]
			if float64((b[0]-a[0])*(p[1]-a[1]))-float64((b[1]-a[1])*(p[0]-a[0])) > 0 {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	for _, p := range points {
		chain(p, 0)
	}
	lower := len(hull) - 1
	for i := len(points) - 2; i >= 0; i-- {
		chain(points[i], lower)
	}
	return hull
}
