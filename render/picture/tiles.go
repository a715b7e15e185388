package picture

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/internal/lettering"
	"stpmap/render/layer"
)

// aboutTiles is how many tiles a map gets.
const aboutTiles = 320

// tile draws the first layer of areas that knows its people as tiles of equal
// numbers of people, each near its ground; other layers are left out.
func (s *scene) tile(onPlane func(orb.Point) orb.Point) {
	i := slices.IndexFunc(s.layers, func(l *layer.Layer) bool {
		return layer.KindOf(l.Geometry) == layer.AreaKind && peopleOf(l) != nil
	})
	if i < 0 {
		return
	}
	s.layers = s.layers[i : i+1]
	l := projected(s.layers[0], onPlane)
	people := peopleOf(l)
	total := 0.0
	for _, n := range people {
		total += n
	}
	s.perTile = layer.RoundDown(total / aboutTiles)
	var seeds []seed
	for k := range l.Features {
		if g := l.Features[k].Geometry; g != nil && !layer.Empty(g) {
			n := max(1, int(math.Round(people[k]/s.perTile)))
			for _, p := range spread(g, n) {
				seeds = append(seeds, seed{k, p})
			}
		}
	}
	cells, side := cellsOf(l, len(seeds))
	b := newBoard(side)
	match(seeds, cells, b.put)
	b.gather()
	l.Style = b.colours(l)
	s.edges = b.edges()
	for k, tiles := range b.tiles(len(l.Features)) {
		if l.Features[k].Geometry = nil; tiles != nil {
			l.Features[k].Geometry = tiles
		}
	}
	l.Style.Outline, l.Style.Width, l.Style.Opacity = "#ffffff", 0.3, 1
	s.flat = append(s.flat, l)
}

// peopleOf are the people of a layer's features, or else their patients; nil where
// neither is known of each.
func peopleOf(l *layer.Layer) []float64 {
	for _, field := range []string{"population", "patients_resident", "patients"} {
		at := l.FieldIndex(field)
		var out []float64
		for k := range l.Features {
			if at >= 0 {
				if x, ok := layer.Numeric(l.Features[k].Values[at]); ok && x >= 0 {
					out = append(out, x)
				}
			}
		}
		if len(out) > 0 && len(out) == len(l.Features) {
			return out
		}
	}
	return nil
}

// seed is a tile that wants a place near a point.
type seed struct {
	feature int
	at      orb.Point
}

// grid lists the middles of squares of a side that lie in a geometry.
func grid(g orb.Geometry, side float64) []orb.Point {
	var rings [][]orb.Point
	for _, p := range united(orb.Collection{g}) {
		for _, r := range p {
			rings = append(rings, r)
		}
	}
	return lettering.Grid(rings, side)
}

// spread are n points that lie evenly in a geometry.
func spread(g orb.Geometry, n int) []orb.Point {
	b := g.Bound()
	side := math.Max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	var points []orb.Point
	for k := 8.0; len(points) < 4*n && k < 4096; k *= 2 {
		points = grid(g, side/k)
	}
	if len(points) == 0 {
		points = []orb.Point{b.Center()}
	}
	out := make([]orb.Point, 0, n)
	halve(points, n, func(part []orb.Point) { out = append(out, meanOf(part)) })
	return out
}

// halve cuts points into n parts of equal numbers, each time across the longer
// side.
func halve(points []orb.Point, n int, use func(part []orb.Point)) {
	if n == 1 || len(points) == 0 {
		use(points)
		return
	}
	sortAcross(points)
	cut := len(points) * (n / 2) / n
	halve(points[:cut], n/2, use)
	halve(points[cut:], n-n/2, use)
}

// sortAcross sorts points along the longer side of their bound.
func sortAcross(points []orb.Point) {
	axis := longer(points)
	slices.SortFunc(points, func(p, q orb.Point) int {
		return cmp.Or(cmp.Compare(p[axis], q[axis]), cmp.Compare(p[1-axis], q[1-axis]))
	})
}

// longer is 0 where points lie wider than high, else 1.
func longer(points []orb.Point) int {
	b := orb.MultiPoint(points).Bound()
	if b.Max[0]-b.Min[0] >= b.Max[1]-b.Min[1] {
		return 0
	}
	return 1
}

func meanOf(points []orb.Point) (m orb.Point) {
	for _, p := range points {
		m[0] += p[0] / float64(len(points))
		m[1] += p[1] / float64(len(points))
	}
	return m
}

// cellsOf are as many squares as there are tiles, on the ground of a layer, and
// their side: the smallest grid that has so many, without those farthest out.
func cellsOf(l *layer.Layer, n int) ([]orb.Point, float64) {
	var all orb.Collection
	area := 0.0
	for k := range l.Features {
		if g := l.Features[k].Geometry; g != nil && !layer.Empty(g) {
			all = append(all, g)
			b := g.Bound()
			area += float64((b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1]))
		}
	}
	var cells []orb.Point
	side := math.Sqrt(area / float64(max(n, 1)))
	for range 400 {
		if cells = grid(united(all), side); len(cells) >= n {
			break
		}
		side *= 0.985
	}
	m := meanOf(cells)
	away := func(p orb.Point) float64 {
		return float64((p[0]-m[0])*(p[0]-m[0])) + float64((p[1]-m[1])*(p[1]-m[1]))
	}
	slices.SortFunc(cells, func(p, q orb.Point) int {
		return cmp.Or(cmp.Compare(away(p), away(q)), cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]))
	})
	return cells[:min(n, len(cells))], side
}

// united is all polygons as one geometry; where two share ground, as neighbours
// that overlap a little, a square may count in none.
func united(all orb.Collection) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, g := range all {
		switch g := g.(type) {
		case orb.Polygon:
			out = append(out, g)
		case orb.MultiPolygon:
			out = append(out, g...)
		}
	}
	return out
}

// match gives each seed a cell: both are cut in two across the cells' longer side,
// with as many seeds as cells on either side, until one is left.
func match(seeds []seed, cells []orb.Point, use func(feature int, at orb.Point)) {
	if len(seeds) == 0 || len(cells) == 0 {
		return
	}
	if len(cells) == 1 || len(seeds) == 1 {
		use(seeds[0].feature, cells[0])
		return
	}
	axis := longer(cells)
	sortAcross(cells)
	slices.SortFunc(seeds, func(p, q seed) int {
		return cmp.Or(cmp.Compare(p.at[axis], q.at[axis]), cmp.Compare(p.at[1-axis], q.at[1-axis]), cmp.Compare(p.feature, q.feature))
	})
	cut := min(len(cells), len(seeds)) / 2
	match(seeds[:cut], cells[:cut], use)
	match(seeds[cut:], cells[cut:], use)
}

// middleTile is the tile nearest to the middle of a geometry's tiles.
func middleTile(g orb.Geometry) orb.Point {
	m, ok := g.(orb.MultiPolygon)
	if !ok {
		return g.Bound().Center()
	}
	var at []orb.Point
	for _, p := range m {
		at = append(at, p.Bound().Center())
	}
	c := meanOf(at)
	return slices.MinFunc(at, func(p, q orb.Point) int {
		away := func(r orb.Point) float64 {
			return float64((r[0]-c[0])*(r[0]-c[0])) + float64((r[1]-c[1])*(r[1]-c[1]))
		}
		return cmp.Compare(away(p), away(q))
	})
}

// saying adds what a tile stands for.
func (k *key) saying(s *scene, unit float64) *key {
	if s.perTile == 0 {
		return k
	}
	what := "people"
	if s.layers[0].FieldIndex("population") < 0 {
		what = "patients"
	}
	k.say(fmt.Sprintf("One tile is about %s %s, near where they live.", layer.PlainNumber(s.perTile), what), unit)
	last := len(k.rows) - 1
	k.rows = slices.Insert(k.rows[:last], 0, k.rows[last])
	k.high = k.needs()
	return k
}
