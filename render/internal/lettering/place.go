package lettering

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
)

// Label is a text that wants a place.
type Label struct {
	W, H float64   // of the text
	At   orb.Point // in the middle of what it names
	// Shape is what it names: rings by the even-odd rule; nil for a point.
	Shape [][]orb.Point
	// Needed labels stand beside their place, with a line to it, where they do not
	// fit. Others are left out.
	Needed bool
}

// Place is where a label stands.
type Place struct {
	Placed bool
	Box    Box
	// Line leads from what is named to the text; nil where the text lies on it.
	Line []orb.Point
	// Fits says that the text lies wholly in the shape.
	Fits bool
}

// Page is what labels are placed on.
type Page struct {
	Frame Box
	Taken []Box // nothing may lie here
	Dots  []Box // better left in sight
}

// gap is kept between texts, in millimetres.
const gap = 0.25

// arranger holds what has been placed.
type arranger struct {
	page   Page
	labels []Label
	bounds []Box // of the shapes
	places []Place
	boxes  []Box
	lines  [][2]orb.Point
}

// Arrange places labels: no two boxes overlap, none lies over what is taken, all
// lie in the frame. First come those that fit in their shapes, the smallest shapes
// before others, each where it covers fewest dots. Then come needed ones that are
// larger than their shape: on its middle, or as near as there is room, with a line
// that crosses nothing. Only where that cannot be do lines cross each other, and
// only where that does not help either do they pass under a text.
func Arrange(page Page, labels []Label) []Place {
	a := &arranger{page: page, labels: labels, bounds: make([]Box, len(labels)), places: make([]Place, len(labels)), boxes: slices.Clone(page.Taken)}
	size := make([]float64, len(labels))
	order := make([]int, len(labels))
	for i, l := range labels {
		a.bounds[i], _ = boundOf(l.Shape)
		size[i], order[i] = areaOf(l.Shape), i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(size[i], size[j]), cmp.Compare(i, j)) })
	for _, pass := range []func(i int){a.inIt, a.onIt, func(i int) { a.beside(i, alone) }, func(i int) { a.beside(i, overLines) }, func(i int) { a.beside(i, underTexts) }} {
		for _, i := range order {
			if labels[i].Needed && !a.places[i].Placed {
				pass(i)
			}
		}
	}
	for _, pass := range []func(i int){a.inIt, a.onIt} {
		for _, i := range order {
			if !labels[i].Needed && !a.places[i].Placed {
				pass(i)
			}
		}
	}
	return a.places
}

// hides says whether a box for label i lies over the middle of another needed
// label that still waits.
func (a *arranger) hides(i int, b Box) bool {
	grown := b.Grown(0.4)
	for k := range a.labels {
		if k != i && a.labels[k].Needed && !a.places[k].Placed && grown.Holds(a.labels[k].At) {
			return true
		}
	}
	return false
}

// free says whether a box may be used.
func (a *arranger) free(b Box) bool {
	if !b.Within(a.page.Frame) {
		return false
	}
	grown := b.Grown(gap)
	for _, o := range a.boxes {
		if grown.Over(o) {
			return false
		}
	}
	for _, l := range a.lines {
		if grown.cuts(l[0], l[1]) {
			return false
		}
	}
	return true
}

// covered is the number of dots under a box.
func (a *arranger) covered(b Box) int {
	n := 0
	for _, d := range a.page.Dots {
		if b.Over(d) {
			n++
		}
	}
	return n
}

// chooser keeps the box that covers fewest dots, the first of equals.
type chooser struct {
	a     *arranger
	best  Place
	least int
}

func (a *arranger) chooser() *chooser { return &chooser{a: a, least: math.MaxInt} }

func (c *chooser) try(b Box, fits bool) {
	if c.least == 0 || !c.a.free(b) {
		return
	}
	if n := c.a.covered(b); n < c.least {
		c.best, c.least = Place{Placed: true, Box: b, Fits: fits}, n
	}
}

// inIt places a label wholly in its shape, if there is room.
func (a *arranger) inIt(i int) {
	l := &a.labels[i]
	if l.Shape == nil || l.W > a.bounds[i].W() || l.H > a.bounds[i].H() {
		return
	}
	c := a.chooser()
	try := func(b Box) {
		if c.least > 0 && a.free(b) && a.fits(i, b) {
			c.try(b, true)
		}
	}
	try(Around(l.At, l.W, l.H))
	a.around(i, try)
	a.take(i, c.best)
}

// onIt places a label over the middle of its shape, or beside its point, if there
// is room.
func (a *arranger) onIt(i int) {
	l := &a.labels[i]
	c := a.chooser()
	if l.Shape == nil {
		for _, d := range [...]orb.Point{{0, -1}, {1, 0}, {-1, 0}, {0, 1}} {
			c.try(Around(orb.Point{l.At[0] + float64(d[0]*(l.W/2+1.2)), l.At[1] + float64(d[1]*(l.H/2+1.2))}, l.W, l.H), true)
		}
	} else if at := Around(l.At, l.W, l.H); !a.hides(i, at) {
		c.try(at, false)
	}
	a.take(i, c.best)
}

// around lists boxes near the middle of a shape, the nearest first.
func (a *arranger) around(i int, use func(b Box)) {
	l := &a.labels[i]
	reach := math.Max(a.bounds[i].W(), a.bounds[i].H()) / 2
	for r := 1.5; r < reach && r <= 24; r += 1.5 {
		for k := range 16 {
			sin, cos := portable.Sincos(2 * math.Pi * float64(k) / 16)
			use(Around(orb.Point{l.At[0] + float64(r*cos), l.At[1] + float64(r*sin)}, l.W, l.H))
		}
	}
}

// fits says whether a box lies in the shape of a label.
func (a *arranger) fits(i int, b Box) bool {
	if !b.Within(a.bounds[i]) {
		return false
	}
	m := b.Middle()
	for _, p := range [...]orb.Point{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X1, b.Y1}, {b.X0, b.Y1}, m, {b.X0, m[1]}, {b.X1, m[1]}} {
		if !inside(a.labels[i].Shape, p) {
			return false
		}
	}
	return true
}

func (a *arranger) take(i int, p Place) {
	a.places[i] = p
	if p.Placed {
		a.boxes = append(a.boxes, p.Box)
	}
	if p.Line != nil {
		a.lines = append(a.lines, [2]orb.Point{p.Line[0], p.Line[1]})
	}
}

// The steps of the search beside a shape, and what a place over land or a dot
// costs, in millimetres of line.
const (
	step     = 2.5
	landCost = 7
	dotCost  = 5
)

// crossing is what a line to a label may cross.
type crossing int8

const (
	alone      crossing = iota // nothing
	overLines                  // other lines
	underTexts                 // other lines and texts
)

// textCost is what passing under a text costs, in millimetres of line.
const textCost = 12

// beside places a label with a line.
func (a *arranger) beside(i int, may crossing) {
	l := &a.labels[i]
	f := a.page.Frame
	best, least := Place{}, math.Inf(1)
	for r := 3 + l.H; r < f.W()+f.H() && r-step < least; r += step {
		for k := range 32 {
			sin, cos := portable.Sincos(2 * math.Pi * float64(k) / 32)
			b := Around(orb.Point{l.At[0] + float64((r+l.W/2)*cos), l.At[1] + float64(r*sin)}, l.W, l.H)
			end := b.nearest(l.At)
			length := portable.Hypot(end[0]-l.At[0], end[1]-l.At[1])
			if length < 1 || length >= least || !b.Within(f) || !a.free(b) || a.hides(i, b) {
				continue
			}
			texts, lines := a.passed(l.At, end)
			if texts > 0 && may < underTexts || lines > 0 && may < overLines {
				continue
			}
			cost := length + float64(dotCost*float64(a.covered(b))) + float64(textCost*float64(texts))
			if a.onLand(b) {
				cost += landCost
			}
			if cost < least {
				best, least = Place{Placed: true, Box: b, Line: []orb.Point{l.At, end}}, cost
			}
		}
	}
	a.take(i, best)
}

// passed counts the texts and lines that a line crosses.
func (a *arranger) passed(p, q orb.Point) (texts, lines int) {
	for _, b := range a.boxes {
		if b.cuts(p, q) {
			texts++
		}
	}
	for _, l := range a.lines {
		if cross(p, q, l[0], l[1]) {
			lines++
		}
	}
	return texts, lines
}

// onLand says whether the middle of a box lies in any shape.
func (a *arranger) onLand(b Box) bool {
	m := b.Middle()
	for i := range a.labels {
		if a.bounds[i].Holds(m) && inside(a.labels[i].Shape, m) {
			return true
		}
	}
	return false
}
