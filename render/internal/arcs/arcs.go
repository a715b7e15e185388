package arcs

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Cutter are the lines of layers on a grid of whole numbers, cut where borders
// meet, each stored once however many features and layers share it (Bostock
// 2013, TopoJSON).
type Cutter struct {
	Scale, Origin orb.Point // degrees to a step, and of the step 0
	ids           map[Point]int32
	points        []Point
	near          []Pair // the two neighbours with which a point was first seen
	junction      []bool
	List          [][]int32      // points of each arc
	starts        map[Pair]int32 // by first and second point: arc i, or ^i backwards
}

// Point is a place on the grid.
type Point struct{ X, Y int32 }

// Pair is two points, or two areas, by their numbers.
type Pair struct{ A, B int32 }

// New cuts the lines of layers. The grid has steps+1 places each way over
// the layers' envelope.
func New(layers []*layer.Layer, steps int) *Cutter {
	t := &Cutter{ids: map[Point]int32{}, starts: map[Pair]int32{}, Scale: orb.Point{1, 1}}
	if b, ok := layer.ProjectedBound(func(p orb.Point) orb.Point { return p }, layers...); ok {
		t.Origin = b.Min
		for d := range 2 {
			if w := b.Max[d] - b.Min[d]; w > 0 {
				t.Scale[d] = w / float64(steps)
			}
		}
	}
	// 1. Every point where two lines part or one ends is a junction.
	for _, l := range layers {
		for i := range l.Features {
			t.each(l.Features[i].Geometry, func(ids []int32, closed bool) {
				n := len(ids)
				for k, id := range ids {
					if !closed && (k == 0 || k == n-1) {
						t.junction[id] = true
						continue
					}
					p := Pair{ids[(k+n-1)%n], ids[(k+1)%n]}
					if p.A > p.B {
						p.A, p.B = p.B, p.A
					}
					if t.near[id].A < 0 {
						t.near[id] = p
					} else if t.near[id] != p {
						t.junction[id] = true
					}
				}
			})
		}
	}
	return t
}

// Grid is the place on the grid that is nearest to a position in degrees.
func (t *Cutter) Grid(p orb.Point) Point {
	return Point{int32(math.Round((p[0] - t.Origin[0]) / t.Scale[0])), int32(math.Round((p[1] - t.Origin[1]) / t.Scale[1]))}
}

// snap puts a line on the grid, without repeats; a ring without its last point.
func (t *Cutter) snap(line []orb.Point, closed bool) []int32 {
	ids := make([]int32, 0, len(line))
	for _, p := range line {
		if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
			continue
		}
		g := t.Grid(p)
		id, ok := t.ids[g]
		if !ok {
			id = int32(len(t.points))
			t.ids[g] = id
			t.points = append(t.points, g)
			t.near = append(t.near, Pair{-1, -1})
			t.junction = append(t.junction, false)
		}
		if n := len(ids); n == 0 || ids[n-1] != id {
			ids = append(ids, id)
		}
	}
	if closed && len(ids) > 1 && ids[0] == ids[len(ids)-1] {
		ids = ids[:len(ids)-1]
	}
	return ids
}

// each visits the snapped lines of a geometry that still have an extent.
func (t *Cutter) each(g orb.Geometry, visit func(ids []int32, closed bool)) {
	line := func(l []orb.Point, closed bool) {
		ids := t.snap(l, closed)
		if closed && len(ids) >= 3 || !closed && len(ids) >= 2 {
			visit(ids, closed)
		}
	}
	switch g := g.(type) {
	case orb.LineString:
		line(g, false)
	case orb.MultiLineString:
		for _, l := range g {
			line(l, false)
		}
	case orb.Polygon:
		for _, r := range g {
			line(r, true)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				line(r, true)
			}
		}
	}
}

// Cut gives the arcs that make up a line or ring: index i, or ^i backwards.
func (t *Cutter) Cut(line []orb.Point, closed bool) []int32 {
	ids := t.snap(line, closed)
	if closed {
		if len(ids) < 3 {
			return nil
		}
		// Start at a junction, or where there is none, at the first point that any
		// ring had: a ring is then cut the same way wherever it began.
		at := -1
		for k, id := range ids {
			if t.junction[id] {
				at = k
				break
			}
			if at < 0 || id < ids[at] {
				at = k
			}
		}
		turned := make([]int32, 0, len(ids)+1)
		turned = append(turned, ids[at:]...)
		turned = append(turned, ids[:at]...)
		ids = append(turned, turned[0])
	} else if len(ids) < 2 {
		return nil
	}
	var out []int32
	from := 0
	for k := 1; k < len(ids); k++ {
		if k == len(ids)-1 || t.junction[ids[k]] {
			out = append(out, t.arc(ids[from:k+1]))
			from = k
		}
	}
	return out
}

// arc finds or stores an arc: between junctions, two points tell which it is.
func (t *Cutter) arc(ids []int32) int32 {
	n := len(ids)
	if i, ok := t.starts[Pair{ids[0], ids[1]}]; ok {
		return i
	}
	i := int32(len(t.List))
	t.List = append(t.List, ids)
	t.starts[Pair{ids[0], ids[1]}] = i
	if back := (Pair{ids[n-1], ids[n-2]}); back != (Pair{ids[0], ids[1]}) {
		t.starts[back] = ^i
	}
	return i
}

// Polygon gives the arcs of each ring. A shell that the grid swallowed takes
// its holes with it.
func (t *Cutter) Polygon(p orb.Polygon) [][]int32 {
	var out [][]int32
	for i, r := range p {
		a := t.Cut(r, true)
		if a == nil {
			if i == 0 {
				return nil
			}
			continue
		}
		out = append(out, a)
	}
	return out
}

// Polygons gives the arcs of each ring of each polygon.
func (t *Cutter) Polygons(g orb.Geometry) [][][]int32 {
	var out [][][]int32
	add := func(p orb.Polygon) {
		if a := t.Polygon(p); a != nil {
			out = append(out, a)
		}
	}
	switch g := g.(type) {
	case orb.Polygon:
		add(g)
	case orb.MultiPolygon:
		for _, p := range g {
			add(p)
		}
	}
	return out
}

// Deltas writes an arc as TopoJSON does: its first point, then steps.
func (t *Cutter) Deltas(i int) []Point {
	out := make([]Point, len(t.List[i]))
	var last Point
	for k, id := range t.List[i] {
		p := t.points[id]
		out[k] = Point{p.X - last.X, p.Y - last.Y}
		last = p
	}
	return out
}
