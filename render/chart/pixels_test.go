package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// drawn is what a drawing gives on our canvas and on the plot library's.
func drawn(t *testing.T, draw func(c vg.Canvas)) (ours, theirs image.Image) {
	t.Helper()
	const size = 2 * vg.Inch
	p := newPixels(size, size, 100)
	draw(p)
	var b bytes.Buffer
	n, err := p.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("%d bytes of %d: %v", n, b.Len(), err)
	}
	ours, err = png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	other := vgimg.NewWith(vgimg.UseWH(size, size), vgimg.UseDPI(100))
	draw(other)
	return ours, other.Image()
}

// unlike is the mean difference of two images, from 0 to 1.
func unlike(a, b image.Image) float64 {
	sum, n := 0.0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r, _, _, _ := a.At(x, y).RGBA()
			s, _, _, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(r)-float64(s)) / 0xffff
			n++
		}
	}
	return sum / float64(n)
}

// Our canvas draws what the plot library's draws, but for the edges.
func TestPixelsLikeThePlotLibrary(t *testing.T) {
	faces := font.NewCache(liberation.Collection())
	line := func(points ...vg.Point) vg.Path {
		var p vg.Path
		p.Move(points[0])
		for _, q := range points[1:] {
			p.Line(q)
		}
		return p
	}
	arc := func() vg.Path {
		var p vg.Path
		p.Move(vg.Point{X: 100, Y: 70})
		p.Arc(vg.Point{X: 70, Y: 70}, 30, 0, 2*math.Pi)
		p.Close()
		return p
	}
	for name, draw := range map[string]func(c vg.Canvas){
		"fill": func(c vg.Canvas) {
			c.Fill(line(vg.Point{X: 20, Y: 20}, vg.Point{X: 120, Y: 30}, vg.Point{X: 60, Y: 110}))
		},
		"line": func(c vg.Canvas) {
			c.SetLineWidth(3)
			c.Stroke(line(vg.Point{X: 10, Y: 10}, vg.Point{X: 100, Y: 40}, vg.Point{X: 30, Y: 130}))
		},
		"dashes": func(c vg.Canvas) {
			c.SetLineWidth(2)
			c.SetLineDash([]vg.Length{6, 4}, 3)
			c.Stroke(line(vg.Point{X: 10, Y: 20}, vg.Point{X: 130, Y: 20}, vg.Point{X: 130, Y: 120}))
		},
		"circle": func(c vg.Canvas) { c.Fill(arc()) },
		"ring":   func(c vg.Canvas) { c.SetLineWidth(4); c.Stroke(arc()) },
		"hair": func(c vg.Canvas) {
			c.SetLineWidth(0.4)
			c.Stroke(line(vg.Point{X: 10, Y: 20}, vg.Point{X: 130, Y: 90}))
		},
		"no width": func(c vg.Canvas) { c.SetLineWidth(0); c.Stroke(arc()) },
		"grey and nil": func(c vg.Canvas) {
			c.SetColor(color.Gray{128})
			c.Fill(arc())
			c.SetColor(nil)
			c.SetLineWidth(2)
			c.Stroke(arc())
		},
		"turned": func(c vg.Canvas) {
			c.Push()
			c.Translate(vg.Point{X: 70, Y: 40})
			c.Rotate(math.Pi / 6)
			c.Scale(0.5, 0.8)
			c.Fill(line(vg.Point{}, vg.Point{X: 80}, vg.Point{X: 80, Y: 60}))
			c.Pop()
			c.Fill(line(vg.Point{X: 1, Y: 1}, vg.Point{X: 9, Y: 1}, vg.Point{X: 9, Y: 9}))
		},
		"curves": func(c vg.Canvas) {
			var p vg.Path
			p.Move(vg.Point{X: 10, Y: 10})
			p.QuadTo(vg.Point{X: 60, Y: 130}, vg.Point{X: 120, Y: 20})
			p.CubeTo(vg.Point{X: 130, Y: 60}, vg.Point{X: 60, Y: 140}, vg.Point{X: 20, Y: 120})
			c.Fill(p)
		},
		"text": func(c vg.Canvas) {
			face := faces.Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, 14)
			c.FillString(face, vg.Point{X: 10, Y: 60}, "Footprints")
			c.Rotate(math.Pi / 2)
			c.FillString(face, vg.Point{X: 10, Y: -130}, "γ = 1")
		},
	} {
		ours, theirs := drawn(t, draw)
		if d := unlike(ours, theirs); d > 0.012 {
			t.Errorf("%s: the images differ by %.4f", name, d)
		}
	}
}

func TestDashes(t *testing.T) {
	p := newPixels(vg.Inch, vg.Inch, 72)
	p.SetLineDash([]vg.Length{3, 2}, 0)
	var path vg.Path
	path.Move(vg.Point{X: 10, Y: 10})
	path.Line(vg.Point{X: 22, Y: 10})
	dashes := p.dashed(p.lines(path)[0])
	want := [][2]float64{{10, 13}, {15, 18}, {20, 22}}
	if len(dashes) != len(want) {
		t.Fatalf("%v, want %v", dashes, want)
	}
	for i, d := range dashes {
		if math.Abs(d[0][0]-want[i][0]) > 1e-9 || math.Abs(d[len(d)-1][0]-want[i][1]) > 1e-9 {
			t.Errorf("dash %d is %v, want %v", i, d, want[i])
		}
	}
}

// The ticks are those of the plot library, which on other processors may choose
// others where two choices are as good.
func TestTicks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	same := 0
	const n = 2000
	for range n {
		lo := (rng.Float64() - 0.3) * math.Pow(10, float64(rng.IntN(9)-3))
		hi := lo + rng.Float64()*math.Pow(10, float64(rng.IntN(9)-3))
		if sameTicks(niceTicks(lo, hi), plot.DefaultTicks{}.Ticks(lo, hi), hi-lo) {
			same++
		}
	}
	if same < n*99/100 {
		t.Errorf("%d of %d axes have the same ticks", same, n)
	}
}

func sameTicks(a, b []plot.Tick, span float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i].Value-b[i].Value) > 1e-9*span || (a[i].Label == "") != (b[i].Label == "") {
			return false
		}
	}
	return true
}

func TestLogScale(t *testing.T) {
	for _, c := range []struct{ lo, hi, x, want float64 }{{1, 100, 10, 0.5}, {1, 100, 1, 0}, {2, 8, 8, 1}, {1, 16, 2, 0.25}} {
		if got := (logScale{}).Normalize(c.lo, c.hi, c.x); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v from %v to %v lies at %v, want %v", c.x, c.lo, c.hi, got, c.want)
		}
	}
}
