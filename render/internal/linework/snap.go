package linework

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow/portable"
)

// Snap draws unmatched borders of different areas together where they miss
// each other by at most a distance in metres: first positions to positions,
// then positions into edges.
func Snap(sides []Side, metres float64) []Side {
	s := &snapper{metres: metres, cells: make(map[[2]int32][]int32)}
	s.collect(sides)
	s.join()
	moved := make([]Side, len(sides))
	for i, e := range sides {
		x1, y1 := s.moved(e.x1, e.y1)
		x2, y2 := s.moved(e.x2, e.y2)
		moved[i] = NewSide(x1, y1, x2, y2, e.area, e.delta)
	}
	return s.insert(Combine(moved))
}

type knot struct {
	x, y  int32
	areas []int32
	to    int32 // the knot it moves to; itself if it stays
}

type snapper struct {
	metres float64
	knots  []knot // of unmatched edges, sorted by x and y
	cells  map[[2]int32][]int32
}

// unmatchedEdges marks the edges with more areas on one side.
func unmatchedEdges(sides []Side, begin []int32) []bool {
	out := make([]bool, len(begin)-1)
	for e := range out {
		sum := int32(0)
		for _, s := range sides[begin[e]:begin[e+1]] {
			sum += s.delta
		}
		out[e] = sum != 0
	}
	return out
}

func (s *snapper) collect(sides []Side) {
	segments, begin := edgeList(sides)
	type end struct{ x, y, area int32 }
	var ends []end
	for e, open := range unmatchedEdges(sides, begin) {
		if !open {
			continue
		}
		for _, o := range sides[begin[e]:begin[e+1]] {
			ends = append(ends, end{segments[4*e], segments[4*e+1], o.area}, end{segments[4*e+2], segments[4*e+3], o.area})
		}
	}
	slices.SortFunc(ends, func(a, b end) int {
		if c := cmp.Compare(a.x, b.x); c != 0 {
			return c
		}
		if c := cmp.Compare(a.y, b.y); c != 0 {
			return c
		}
		return cmp.Compare(a.area, b.area)
	})
	for i, e := range slices.Compact(ends) {
		if i == 0 || s.knots[len(s.knots)-1].x != e.x || s.knots[len(s.knots)-1].y != e.y {
			s.knots = append(s.knots, knot{x: e.x, y: e.y, to: int32(len(s.knots))})
		}
		k := &s.knots[len(s.knots)-1]
		k.areas = append(k.areas, e.area)
	}
}

// span is the distance in millionths of a degree of latitude.
func (s *snapper) span() float64 { return float64(s.metres / MetresPerDegree * 1e6) }

func (s *snapper) cell(x, y int32) [2]int32 {
	w := s.span() + 1
	// A degree of longitude is shorter than one of latitude: wider cells.
	lat := math.Floor(float64(y)/1e6) + 0.5
	return [2]int32{int32(math.Floor(float64(x) * portable.Cos(lat*math.Pi/180) / w)), int32(math.Floor(float64(y) / w))}
}

// distance is in millionths of a degree of latitude.
func distance(x1, y1, x2, y2 int32) float64 {
	c := portable.Cos((float64(y1) + float64(y2)) / 2e6 * math.Pi / 180)
	return portable.Hypot((float64(x1)-float64(x2))*c, float64(y1)-float64(y2))
}

// join moves each knot to the nearest anchor of another area. Knots where
// several areas meet are anchors first, then those of the lowest area.
func (s *snapper) join() {
	order := make([]int32, len(s.knots))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		a, b := &s.knots[i], &s.knots[j]
		if c := cmp.Compare(min(2, len(b.areas)), min(2, len(a.areas))); c != 0 {
			return c
		}
		return cmp.Compare(a.areas[0], b.areas[0])
	})
	for _, i := range order {
		k := &s.knots[i]
		best, nearest := int32(-1), s.span()
		for _, j := range s.near(k.x, k.y) {
			a := &s.knots[j]
			if subset(a.areas, k.areas) {
				continue
			}
			if d := distance(k.x, k.y, a.x, a.y); d < nearest || d == nearest && best < 0 {
				best, nearest = j, d
			}
		}
		if best >= 0 {
			k.to = best
			continue
		}
		c := s.cell(k.x, k.y)
		s.cells[c] = append(s.cells[c], i)
	}
}

// near lists the anchors about a position, rising.
func (s *snapper) near(x, y int32) []int32 {
	var out []int32
	c := s.cell(x, y)
	for dx := int32(-2); dx <= 2; dx++ {
		for dy := int32(-1); dy <= 1; dy++ {
			out = append(out, s.cells[[2]int32{c[0] + dx, c[1] + dy}]...)
		}
	}
	slices.Sort(out)
	return out
}

func subset(a, b []int32) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}

func (s *snapper) moved(x, y int32) (int32, int32) {
	i, ok := slices.BinarySearchFunc(s.knots, [2]int32{x, y}, func(k knot, p [2]int32) int {
		if c := cmp.Compare(k.x, p[0]); c != 0 {
			return c
		}
		return cmp.Compare(k.y, p[1])
	})
	if !ok {
		return x, y
	}
	k := s.knots[s.knots[i].to]
	return k.x, k.y
}

// insert puts anchors into unmatched edges of other areas that pass them.
func (s *snapper) insert(sides []Side) []Side {
	segments, begin := edgeList(sides)
	open := unmatchedEdges(sides, begin)
	t := NewTree(segments)
	var cuts []split
	reach := s.span()
	for i := range s.knots {
		k := &s.knots[i]
		if k.to != int32(i) {
			continue
		}
		wide := int32(math.Ceil(reach / math.Max(0.01, portable.Cos(float64(k.y)/1e6*math.Pi/180))))
		high := int32(math.Ceil(reach))
		t.Search(Box{k.x - wide, k.y - high, k.x + wide, k.y + high}, func(e int32) bool {
			if !open[e] || !s.passes(segments[4*e:4*e+4], k) {
				return true
			}
			of := sides[begin[e]:begin[e+1]]
			foreign := slices.ContainsFunc(k.areas, func(a int32) bool {
				return !slices.ContainsFunc(of, func(o Side) bool { return o.area == a })
			})
			if foreign {
				cuts = append(cuts, split{e, k.x, k.y})
			}
			return true
		})
	}
	if len(cuts) == 0 {
		return sides
	}
	return cutEdges(sides, segments, begin, cuts)
}

// passes says whether an edge passes a knot within reach, between its ends.
func (s *snapper) passes(e []int32, k *knot) bool {
	c := portable.Cos(float64(k.y) / 1e6 * math.Pi / 180)
	dx, dy := (float64(e[2])-float64(e[0]))*c, float64(e[3])-float64(e[1])
	px, py := float64((float64(k.x)-float64(e[0]))*c), float64(k.y)-float64(e[1])
	length := float64(dx*dx) + float64(dy*dy)
	if length == 0 {
		return false
	}
	u := (float64(px*dx) + float64(py*dy)) / length
	return u > 0 && u < 1 && portable.Hypot(px-float64(u*dx), py-float64(u*dy)) <= s.span()
}
