package lettering

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// square is one ring around a box.
func square(b Box) [][]orb.Point {
	return [][]orb.Point{{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X1, b.Y1}, {b.X0, b.Y1}}}
}

// chequers are n × n squares that fill a box, each with a label of a size.
func chequers(b Box, n int, w, h float64) []Label {
	var out []Label
	side := b.W() / float64(n)
	for y := range n {
		for x := range n {
			s := Box{b.X0 + float64(x)*side, b.Y0 + float64(y)*side, b.X0 + float64(x+1)*side, b.Y0 + float64(y+1)*side}
			out = append(out, Label{W: w, H: h, At: s.Middle(), Shape: square(s), Needed: true})
		}
	}
	return out
}

// checkApart fails where a place breaks what Arrange promises.
func checkApart(t *testing.T, page Page, labels []Label, places []Place) (missing int) {
	t.Helper()
	for i, p := range places {
		if !p.Placed {
			missing++
			continue
		}
		if !p.Box.Within(page.Frame) {
			t.Errorf("label %d at %+v leaves the frame", i, p.Box)
		}
		if math.Abs(p.Box.W()-labels[i].W) > 1e-9 || math.Abs(p.Box.H()-labels[i].H) > 1e-9 {
			t.Errorf("label %d has a box of %g × %g", i, p.Box.W(), p.Box.H())
		}
		for _, b := range page.Taken {
			if p.Box.Over(b) {
				t.Errorf("label %d lies over what is taken", i)
			}
		}
		for k := range i {
			if q := places[k]; q.Placed && p.Box.Over(q.Box) {
				t.Errorf("labels %d and %d overlap: %+v, %+v", i, k, p.Box, q.Box)
			}
		}
		if p.Line != nil && p.Line[0] != labels[i].At {
			t.Errorf("the line of label %d begins at %v", i, p.Line[0])
		}
	}
	return missing
}

// A hundred labels, each wider than what it names, all find a place.
func TestCrowdedLabelsStandAside(t *testing.T) {
	page := Page{Frame: Box{0, 0, 150, 150}, Taken: []Box{{0, 0, 20, 10}}}
	labels := chequers(Box{50, 50, 100, 100}, 8, 8, 3)
	places := Arrange(page, labels)
	if n := checkApart(t, page, labels, places); n > 0 {
		t.Errorf("%d of %d labels have no place", n, len(labels))
	}
	lines, passes := 0, 0
	for _, p := range places {
		if p.Line == nil {
			continue
		}
		lines++
		for _, q := range places {
			if q.Box != p.Box && q.Box.cuts(p.Line[0], p.Line[1]) {
				passes++
				break
			}
		}
	}
	if lines < 10 || passes > lines/2 {
		t.Errorf("%d labels have a line, %d of them under a text", lines, passes)
	}
}

// Where labels fit they stand on what they name, without a line.
func TestRoomyLabelsStandInside(t *testing.T) {
	page := Page{Frame: Box{0, 0, 100, 100}}
	labels := chequers(Box{0, 0, 100, 100}, 5, 9, 3)
	places := Arrange(page, labels)
	checkApart(t, page, labels, places)
	for i, p := range places {
		if !p.Placed || !p.Fits || p.Line != nil || p.Box.Middle() != labels[i].At {
			t.Errorf("label %d: %+v", i, p)
		}
	}
}

// A label moves within its shape to leave a dot in sight.
func TestLabelsLeaveDotsInSight(t *testing.T) {
	shape := Box{0, 0, 40, 40}
	page := Page{Frame: shape, Dots: []Box{Around(orb.Point{20, 20}, 3, 3)}}
	p := Arrange(page, []Label{{W: 8, H: 3, At: shape.Middle(), Shape: square(shape), Needed: true}})[0]
	if !p.Fits || p.Box.Over(page.Dots[0]) {
		t.Errorf("the label stands at %+v", p.Box)
	}
}

// Random labels of any kind keep every promise; the same ones always lie alike.
func TestRandomLabels(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 9))
		page := Page{Frame: Box{0, 0, 120, 90}}
		var labels []Label
		for range 10 + rng.IntN(60) {
			at := orb.Point{10 + 100*rng.Float64(), 10 + 70*rng.Float64()}
			l := Label{W: 4 + 8*rng.Float64(), H: 3, At: at, Needed: rng.IntN(3) > 0}
			if rng.IntN(4) > 0 {
				l.Shape = square(Around(at, 2+10*rng.Float64(), 2+10*rng.Float64()))
			}
			labels = append(labels, l)
		}
		for range 20 {
			page.Dots = append(page.Dots, Around(orb.Point{120 * rng.Float64(), 90 * rng.Float64()}, 2, 2))
		}
		places := Arrange(page, labels)
		checkApart(t, page, labels, places)
		again := Arrange(page, labels)
		for i := range places {
			if places[i].Box != again[i].Box {
				t.Fatalf("seed %d: label %d lies at %+v, then at %+v", seed, i, places[i].Box, again[i].Box)
			}
		}
	}
}

func TestDense(t *testing.T) {
	var crowd []Crowded
	add := func(x, y, weight float64) {
		crowd = append(crowd, Crowded{Around(orb.Point{x, y}, 2, 2), weight})
	}
	add(10, 10, 1)
	add(14, 10, 1)
	add(50, 50, 1)
	add(53, 50, 1)
	add(56, 50, 1)
	b, ok := Dense(crowd, 5, 3)
	if want := (Box{49, 49, 57, 51}); !ok || b != want {
		t.Errorf("got %+v, %v, want %+v", b, ok, want)
	}
	if _, ok := Dense(crowd, 5, 3.5); ok {
		t.Error("three things weigh more than three")
	}
	if _, ok := Dense(crowd, 2, 3); ok {
		t.Error("things out of reach hang together")
	}
	if _, ok := Dense(nil, 5, 0.1); ok {
		t.Error("nothing is crowded")
	}
}

// Room is free, of the shape asked for, and as large as the grid allows.
func TestRoom(t *testing.T) {
	frame := Box{0, 0, 100, 100}
	land := square(Box{0, 0, 60, 100})
	g := NewGround(frame, 2, [][][]orb.Point{land})
	if g.Free(Box{50, 50, 70, 60}) || !g.Free(Box{64, 50, 90, 60}) || g.Free(Box{90, 90, 110, 99}) {
		t.Error("what is free is not told")
	}
	b, ok := g.Room(1, 50, 10, nil)
	if !ok || !g.Free(b) || math.Abs(b.W()-b.H()) > 1e-9 || b.W() < 30 {
		t.Errorf("got %+v, %v", b, ok)
	}
	second, ok := g.Room(1, 50, 10, []Box{b})
	if !ok || second.Over(b) || !g.Free(second) {
		t.Errorf("a second room is %+v, %v", second, ok)
	}
	if b, ok := g.Room(1, 90, 60, nil); ok {
		t.Errorf("60 wide beside land: %+v", b)
	}
}

// The grid's squares lie in the rings, and their number is the area.
func TestGrid(t *testing.T) {
	rings := [][]orb.Point{square(Box{0, 0, 40, 20})[0], square(Box{10, 5, 20, 15})[0]}
	points := Grid(rings, 1)
	if len(points) != 700 {
		t.Errorf("%d squares, want 700", len(points))
	}
	for _, p := range points {
		if !inside(rings, p) {
			t.Fatalf("%v lies outside", p)
		}
	}
	if Grid(nil, 1) != nil || Grid(rings, 0) != nil {
		t.Error("nothing has squares")
	}
}

func TestCross(t *testing.T) {
	for _, c := range []struct {
		a, b, c, d orb.Point
		want       bool
	}{
		{orb.Point{0, 0}, orb.Point{4, 4}, orb.Point{0, 4}, orb.Point{4, 0}, true},
		{orb.Point{0, 0}, orb.Point{1, 1}, orb.Point{0, 4}, orb.Point{4, 0}, false},
		{orb.Point{0, 0}, orb.Point{4, 0}, orb.Point{5, 0}, orb.Point{9, 0}, false},
		{orb.Point{0, 0}, orb.Point{4, 0}, orb.Point{2, 0}, orb.Point{2, 3}, true},
	} {
		if got := cross(c.a, c.b, c.c, c.d); got != c.want {
			t.Errorf("%v–%v and %v–%v: %v", c.a, c.b, c.c, c.d, got)
		}
	}
	b := Box{1, 1, 3, 2}
	if !b.cuts(orb.Point{0, 0}, orb.Point{4, 3}) || b.cuts(orb.Point{0, 3}, orb.Point{4, 3}) || !b.cuts(orb.Point{2, 1.5}, orb.Point{9, 9}) {
		t.Error("a line through a box is not told")
	}
	if a := areaOf(square(Box{0, 0, 3, 2})); a != 6 {
		t.Errorf("an area of %g", a)
	}
}
