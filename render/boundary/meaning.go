package boundary

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/internal/geodesy"
	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// Coordinates may be valid and yet not be meant: x and y in the wrong order, or
// the zeros that stand for a place that is not known. Such places lie far from
// the rest. What is found is said and not mended.

// Of places that belong to each other some lie within nearKM, and all within
// farKM kilometres.
const (
	nearKM = 50
	farKM  = 300
)

// gridOrigin is where the British National Grid's false origin lies, in the sea
// west of Scilly: what eastings and northings of 0 stand for.
var gridOrigin = func() orb.Point {
	lon, lat := geodesy.GridToWGS84(0, 0)
	return orb.Point{lon, lat}
}()

// britain is the box around the British Isles.
var britain = orb.Bound{Min: orb.Point{-11, 49}, Max: orb.Point{2.5, 61.5}}

var britishCode = regexp.MustCompile(`^[EWSN]\d{8}$`)

// sayMeaning notes what in the boundaries alone cannot be meant.
func (b *Set) sayMeaning() {
	boxes := b.boxes()
	for _, zero := range []struct {
		at   orb.Point
		what string
	}{{orb.Point{0, 0}, "longitude 0, latitude 0"}, {gridOrigin, "the false origin of the British National Grid (easting 0, northing 0)"}} {
		if codes := b.atZero(boxes, zero.at); len(codes) > 0 {
			b.note("%s: %s at %s, far from the rest: coordinates that were not known? %s", b.file, lies(len(codes)), zero.what, words.Some(codes))
		}
	}
	swapped, stray := strays(boxes)
	if len(swapped) > 0 {
		b.note("%s: %s far from the rest, where they would be with x and y the other way round: %s", b.file, lies(len(swapped)), words.Some(b.codesOf(swapped)))
	}
	if len(stray) > 0 {
		b.note("%s: %s thousands of kilometres from the rest: %s", b.file, lies(len(stray)), words.Some(b.codesOf(stray)))
	}
	b.sayElsewhere(boxes)
}

func lies(areas int) string { return countedVerb(areas, "area", "lies", "lie") }

func (b *Set) codesOf(areas []int) []string {
	out := make([]string, len(areas))
	for k, i := range areas {
		out[k] = b.codes[i]
	}
	return out
}

// boxes are those of the areas in degrees, empty for an area without a polygon.
func (b *Set) boxes() []orb.Bound {
	out := make([]orb.Bound, 0, len(b.codes))
	for _, box := range b.cover.Boxes() {
		out = append(out, orb.Bound{Min: topology.Degrees(box[0], box[1]), Max: topology.Degrees(box[2], box[3])})
	}
	return out
}

// atZero finds the areas with a position at a place, if most of the others lie
// far from it.
func (b *Set) atZero(boxes []orb.Bound, at orb.Point) (codes []string) {
	const near = 2e-6
	var found []int
	far := 0
	for i, box := range boxes {
		if boxKM(box, at) > farKM/3 {
			far++
		}
		if !box.IsEmpty() && box.Pad(near).Contains(at) {
			found = append(found, i)
		}
	}
	if len(found) == 0 || 2*far <= len(boxes) {
		return nil
	}
	for _, i := range found {
		if hasPosition(b.Polygons(i), at, near) {
			codes = append(codes, b.codes[i])
		}
	}
	return codes
}

func hasPosition(m orb.MultiPolygon, at orb.Point, near float64) bool {
	for _, p := range m {
		for _, r := range p {
			if slices.ContainsFunc(r, func(q orb.Point) bool { return math.Abs(q[0]-at[0]) <= near && math.Abs(q[1]-at[1]) <= near }) {
				return true
			}
		}
	}
	return false
}

// strays finds areas that lie far from the rest: those that would lie among them
// with x and y swapped, and those a continent away. The rest is told by the
// middle of all middles and the median distance from it.
func strays(boxes []orb.Bound) (swapped, stray []int) {
	var xs, ys []float64
	for _, box := range boxes {
		if !box.IsEmpty() {
			c := box.Center()
			xs, ys = append(xs, c[0]), append(ys, c[1])
		}
	}
	if len(xs) < 3 {
		return nil, nil
	}
	middle := orb.Point{median(xs), median(ys)}
	distances := make([]float64, 0, len(xs))
	for _, box := range boxes {
		if !box.IsEmpty() {
			distances = append(distances, pointsKM(middle, box.Center()))
		}
	}
	usual := median(distances)
	const continent = 2000
	for i, box := range boxes {
		if box.IsEmpty() {
			continue
		}
		c := box.Center()
		away := pointsKM(middle, c)
		back := pointsKM(middle, orb.Point{c[1], c[0]})
		switch {
		case away > max(farKM, 5*usual) && back <= max(farKM/3, 3*usual) && math.Abs(c[0]) <= 90:
			swapped = append(swapped, i)
		case away > max(continent, 10*usual):
			stray = append(stray, i)
		}
	}
	return swapped, stray
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// sayElsewhere notes boundaries that lie where nobody lives, or, with codes of
// the United Kingdom, nowhere near it.
func (b *Set) sayElsewhere(boxes []orb.Bound) {
	var all orb.Bound
	first := true
	for _, box := range boxes {
		if box.IsEmpty() {
			continue
		}
		if first {
			all, first = box, false
		}
		all = all.Union(box)
	}
	british := 0
	for _, code := range b.codes {
		if britishCode.MatchString(code) {
			british++
		}
	}
	turned := ""
	if c := all.Center(); britain.Contains(orb.Point{c[1], c[0]}) || all.Max[1] < -60 {
		turned = ": x and y look swapped"
	}
	switch {
	case first:
	case 2*british > len(b.codes) && !britain.Intersects(all):
		b.note("%s: the codes are of the United Kingdom, and the areas lie about %s%s", b.file, placeText(all.Center()), turned)
	case all.Max[1] < -60:
		b.note("%s: the areas lie about %s, where nobody lives%s", b.file, placeText(all.Center()), turned)
	}
}

// Meeting says in a sentence where places that belong to the areas, such as
// providers, do not lie with them: none within 300 km, or none within 50 km and
// most of them there with their coordinates swapped. It is empty if all is well.
// Points that are NaN count for nothing.
func (b *Set) Meeting(what string, points []orb.Point) string {
	var all orb.Bound
	first := true
	for _, box := range b.boxes() {
		if !box.IsEmpty() && first {
			all, first = box, false
		} else if !box.IsEmpty() {
			all = all.Union(box)
		}
	}
	known := slices.DeleteFunc(slices.Clone(points), func(p orb.Point) bool { return math.IsNaN(p[0]) || math.IsNaN(p[1]) })
	if first || len(known) == 0 || within(all, known, nearKM) > 0 {
		return ""
	}
	hint := ""
	for _, way := range []struct {
		turn func(orb.Point) orb.Point
		text string
	}{
		{func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }, "; longitude and latitude look swapped in one of the two"},
		{swappedOnGrid, "; eastings and northings look swapped in one of the two"},
	} {
		turned := make([]orb.Point, len(known))
		for i, p := range known {
			turned[i] = way.turn(p)
		}
		if 2*within(all, turned, nearKM) > len(known) {
			hint = way.text
			break
		}
	}
	if hint == "" && within(all, known, farKM) > 0 {
		return ""
	}
	xs, ys := make([]float64, len(known)), make([]float64, len(known))
	for i, p := range known {
		xs[i], ys[i] = p[0], p[1]
	}
	return fmt.Sprintf("%s: no point of the %s lies near an area: the areas lie about %s, the points about %s%s",
		b.file, what, placeText(all.Center()), placeText(orb.Point{median(xs), median(ys)}), hint)
}

// within counts the points that lie at most some kilometres from a box.
func within(all orb.Bound, points []orb.Point, km float64) (n int) {
	for _, p := range points {
		if boxKM(all, p) <= km {
			n++
		}
	}
	return n
}

// swappedOnGrid is a place with its eastings and northings swapped.
func swappedOnGrid(p orb.Point) orb.Point {
	e, n := geodesy.WGS84ToGrid(p[0], p[1])
	if !onGrid(e, n) || !onGrid(n, e) {
		return orb.Point{math.NaN(), math.NaN()}
	}
	lon, lat := geodesy.GridToWGS84(n, e)
	return orb.Point{lon, lat}
}

// boxKM is about how far a point lies from a box, in kilometres.
func boxKM(b orb.Bound, p orb.Point) float64 {
	return pointsKM(p, orb.Point{min(max(p[0], b.Min[0]), b.Max[0]), min(max(p[1], b.Min[1]), b.Max[1])})
}

// pointsKM is the distance of two points on a sphere.
func pointsKM(p, q orb.Point) float64 {
	const radius, degree = 6371.0088, math.Pi / 180
	dx, dy := portable.Sin((q[0]-p[0])*degree/2), portable.Sin((q[1]-p[1])*degree/2)
	h := float64(dy*dy) + float64(float64(portable.Cos(p[1]*degree)*portable.Cos(q[1]*degree))*float64(dx*dx))
	return 2 * radius * portable.Asin(math.Sqrt(min(1, h)))
}

// placeText writes a place in degrees east or west and north or south.
func placeText(p orb.Point) string {
	ew, ns := "E", "N"
	if p[0] < 0 {
		ew = "W"
	}
	if p[1] < 0 {
		ns = "S"
	}
	return fmt.Sprintf("%.1f° %s, %.1f° %s", math.Abs(p[1]), ns, math.Abs(p[0]), ew)
}

// swappedHint says of a position out of range that it would be in range with x
// and y swapped.
func swappedHint(x, y float64) string {
	if math.Abs(x) <= 90 && math.Abs(y) > 90 && math.Abs(y) <= 180 {
		return "; x and y look swapped"
	}
	return ""
}
