package raster

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/paulmach/orb"
	"golang.org/x/image/font/sfnt"
)

var black = color.NRGBA{A: 255}

// ink is how many pixels' worth of black an image has.
func ink(m *Image) float64 {
	sum := 0.0
	for i := 0; i < len(m.pixels.Pix); i += 4 {
		sum += float64(255-m.pixels.Pix[i]) / 255
	}
	return sum
}

func TestFill(t *testing.T) {
	square := []orb.Point{{2, 2}, {8, 2}, {8, 8}, {2, 8}}
	hole := []orb.Point{{4, 4}, {4, 6}, {6, 6}, {6, 4}}
	for _, c := range []struct {
		name  string
		rings [][]orb.Point
		want  float64
	}{
		{"nothing", nil, 0},
		{"a square", [][]orb.Point{square}, 36},
		{"a square with a hole", [][]orb.Point{square, hole}, 32},
		{"the same square twice", [][]orb.Point{square, square}, 36},
		{"half a pixel", [][]orb.Point{{{2, 2}, {2.5, 2}, {2.5, 3}, {2, 3}}}, 0.5},
		{"partly outside", [][]orb.Point{{{-5, -5}, {1, -5}, {1, 1}, {-5, 1}}}, 1},
		{"all outside", [][]orb.Point{{{-5, -5}, {-1, -5}, {-1, -1}}}, 0},
	} {
		m := New(10, 10)
		m.Fill(c.rings, black)
		if got := ink(m); math.Abs(got-c.want) > 0.02 {
			t.Errorf("%s: %.3f pixels, want %v", c.name, got, c.want)
		}
	}
}

// A shape over several tiles is as one, and shapes in one tile leave the others.
func TestTiles(t *testing.T) {
	disc := moved(circle(700), orb.Point{750, 750})
	m := New(1500, 1500)
	m.Fill([][]orb.Point{disc}, black)
	if got, want := ink(m), math.Pi*700*700; math.Abs(got-want) > 0.001*want {
		t.Errorf("%.0f pixels, want %.0f", got, want)
	}
	for _, at := range [][2]int{{0, 0}, {1499, 0}, {0, 1499}, {1499, 1499}, {511, 20}, {512, 1480}} {
		if r := m.pixels.RGBAAt(at[0], at[1]).R; r != 255 {
			t.Errorf("the pixel at %v is %d", at, r)
		}
	}
	for _, at := range [][2]int{{750, 750}, {511, 511}, {512, 512}, {1023, 700}, {1024, 700}} {
		if r := m.pixels.RGBAAt(at[0], at[1]).R; r != 0 {
			t.Errorf("the pixel at %v is %d", at, r)
		}
	}
}

func TestStrokes(t *testing.T) {
	line := [][]orb.Point{{{10, 10}, {30, 10}, {30, 30}}}
	disc := math.Pi * 2 * 2
	for _, c := range []struct {
		name string
		pen  Pen
		want float64
	}{
		{"cut ends", Pen{Width: 4, Flat: true}, 160 + disc/4 - 4},
		{"round ends", Pen{Width: 4}, 160 + disc/4 - 4 + disc},
		{"closed", Pen{Width: 4, Closed: true, Flat: true}, 160 + 4*20*math.Sqrt2 - 16},
		{"thin", Pen{Width: 1, Flat: true}, 40},
	} {
		m := New(40, 40)
		m.Fill(Strokes(line, c.pen), black)
		if got := ink(m); math.Abs(got-c.want) > 0.05*c.want {
			t.Errorf("%s: %.1f pixels, want %.1f", c.name, got, c.want)
		}
	}
	if out := Strokes([][]orb.Point{{{1, 1}, {1, 1}}}, Pen{Width: 1}); len(out) != 0 {
		t.Errorf("a line without length has the outline %v", out)
	}
}

// A line of many parts looks as one of two ends.
func TestSmoothLine(t *testing.T) {
	var parts []orb.Point
	for i := range 101 {
		parts = append(parts, orb.Point{5 + 0.3*float64(i), 10.3})
	}
	pen := Pen{Width: 2.5, Flat: true}
	whole, many := New(40, 20), New(40, 20)
	whole.Fill(Strokes([][]orb.Point{{parts[0], parts[100]}}, pen), black)
	many.Fill(Strokes([][]orb.Point{parts}, pen), black)
	for i := range whole.pixels.Pix {
		if d := int(whole.pixels.Pix[i]) - int(many.pixels.Pix[i]); d < -2 || d > 2 {
			t.Fatalf("byte %d is %d in one piece and %d in many", i, whole.pixels.Pix[i], many.pixels.Pix[i])
		}
	}
}

func TestLetters(t *testing.T) {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	m := New(100, 40)
	letters := m.Letters(f, "il", 10, 30, 20)
	if len(letters) != 3 { // the dot of the i, and two strokes
		t.Fatalf("%d rings", len(letters))
	}
	for _, ring := range letters {
		for _, p := range ring {
			if p[0] < 10 || p[0] > 20 || p[1] < 14 || p[1] > 30.5 {
				t.Errorf("a corner at %v", p)
			}
		}
	}
	if twice := m.Letters(f, "il", 10, 30, 40); twice[0][0][1]-30 != 2*(letters[0][0][1]-30) {
		t.Errorf("at twice the size %v, at one %v", twice[0][0], letters[0][0])
	}
}

func TestCurves(t *testing.T) {
	from, to := orb.Point{0, 0}, orb.Point{10, 0}
	for name, got := range map[string][]orb.Point{
		"quadratic": Quadratic(from, orb.Point{5, 6}, to, 4),
		"cubic":     Cubic(from, orb.Point{10. / 3, 4}, orb.Point{20. / 3, 4}, to, 4),
	} {
		if len(got) != 4 || got[3] != to || math.Abs(got[1][0]-5) > 1e-12 || math.Abs(got[1][1]-3) > 1e-12 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEncode(t *testing.T) {
	var b bytes.Buffer
	if err := New(7, 5).Encode(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds().Dx() != 7 || img.Bounds().Dy() != 5 {
		t.Fatalf("%v, %v", img, err)
	}
	if r, _, _, a := img.At(3, 3).RGBA(); r != 0xffff || a != 0xffff {
		t.Error("it does not begin white")
	}
}
