package page

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// inside says whether a box lies on the sheet, and has an extent.
func inside(s *Sheet, b Box) bool {
	return b.W > 0 && b.H > 0 && b.X >= 0 && b.Y >= 0 && b.X+b.W <= s.W && b.Y+b.H <= s.H
}

func overlap(a, b Box) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// On every paper, with any text at the foot, the parts of a sheet lie on it and
// none over another.
func TestSheetsKeepTheirPartsApart(t *testing.T) {
	long := strings.Repeat("A source with a licence and a long name. ", 12)
	for _, paper := range []Paper{"", A4, A3, Slide} {
		for _, subtitled := range []bool{false, true} {
			for _, foot := range []string{"", "One line", long} {
				s, err := NewSheet(paper, subtitled, foot)
				if err != nil {
					t.Fatal(err)
				}
				parts := []Box{s.Title, s.Frame, s.Key, s.Foot}
				if subtitled {
					parts = append(parts, s.Subtitle)
				}
				for i, a := range parts {
					if !inside(&s, a) {
						t.Errorf("%q: part %d is %+v on %g × %g", paper, i, a, s.W, s.H)
					}
					for _, b := range parts[:i] {
						if overlap(a, b) {
							t.Errorf("%q: %+v lies over %+v", paper, a, b)
						}
					}
				}
			}
		}
	}
	if _, err := NewSheet("A5", false, ""); err == nil || err.Error() != `no page is called "A5"; there are A4, A3, 16:9 and square` {
		t.Errorf("A5: %v", err)
	}
}

// Upright pages and keys below the map keep their parts apart too, and the key has
// the height that was asked for.
func TestPlans(t *testing.T) {
	for _, paper := range []Paper{A4, A3, Slide, Square} {
		for _, plan := range []Plan{{Upright: paper.Turns()}, {Upright: paper.Turns(), Below: 40}, {Below: 25}, {Beside: 100}} {
			s, err := plan.Sheet(paper, true, "One line")
			if err != nil {
				t.Fatal(err)
			}
			w, h, _ := paper.Size()
			if plan.Upright {
				w, h = h, w
			}
			if s.W != w || s.H != h || plan.Below > 0 && s.Key.H != plan.Below {
				t.Errorf("%q, %+v: a sheet of %g × %g with a key of %g", paper, plan, s.W, s.H, s.Key.H)
			}
			parts := []Box{s.Title, s.Subtitle, s.Frame, s.Key, s.Foot}
			for i, a := range parts {
				if !inside(&s, a) {
					t.Errorf("%q, %+v: part %d is %+v", paper, plan, i, a)
				}
				for _, b := range parts[:i] {
					if overlap(a, b) {
						t.Errorf("%q, %+v: %+v lies over %+v", paper, plan, a, b)
					}
				}
			}
		}
	}
}

func TestPaperOf(t *testing.T) {
	for name, want := range map[string]Paper{"a4": A4, "A3": A3, "16:9": Slide, "SQUARE": Square, "Square": Square, "a5": "a5"} {
		if got := PaperOf(name); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	if Slide.Turns() || Square.Turns() || !A4.Turns() {
		t.Error("slides and squares stand upright")
	}
}

// A fitted bound has the frame's shape, the same middle, and room for what it
// held.
func TestFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 41))
	for range 500 {
		x, y := rng.Float64()*1e6, rng.Float64()*1e6
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + rng.Float64()*1e5, y + rng.Float64()*1e5}}
		w, h := 50+rng.Float64()*300, 50+rng.Float64()*200
		f := Fit(b, w, h)
		if !f.Contains(b.Min) || !f.Contains(b.Max) {
			t.Fatalf("%v does not hold %v", f, b)
		}
		if got := (f.Max[0] - f.Min[0]) / (f.Max[1] - f.Min[1]); math.Abs(got-w/h) > 1e-6*w/h {
			t.Fatalf("%v in %g × %g has shape %g", b, w, h, got)
		}
		if c, d := f.Center(), b.Center(); math.Hypot(c[0]-d[0], c[1]-d[1]) > 1e-6 {
			t.Fatalf("the middle went from %v to %v", d, c)
		}
	}
	if f := Fit(orb.Bound{Min: orb.Point{3, 4}, Max: orb.Point{3, 4}}, 2, 1); !(f.Max[0] > f.Min[0]) || !f.Contains(orb.Point{3, 4}) {
		t.Errorf("around one point: %v", f)
	}
}

// Lines are no wider than asked for, and hold the words in order; only a word that
// is too long by itself is cut.
func TestFlowText(t *testing.T) {
	text := "The quick brown fox jumps over the lazy dog.\nIncomprehensibilities of Llanfairpwllgwyngyllgogerychwyrndrobwll"
	for _, width := range []float64{15, 25, 40, 90, 1000} {
		lines := FlowText(text, width, 8, false)
		for _, l := range lines {
			if w := TextWidth(l, 8, false); w > width && l != "…" {
				t.Errorf("%q is %g mm wide, %g allowed", l, w, width)
			}
		}
		if all := strings.Join(lines, " "); width >= 90 && all != strings.ReplaceAll(text, "\n", " ") {
			t.Errorf("in %g mm: %q", width, lines)
		}
	}
	if got := FlowText("", 10, 8, false); got != nil {
		t.Errorf("nothing is %q", got)
	}
}

func TestTextWidth(t *testing.T) {
	one, two := TextWidth("m", 10, false), TextWidth("mm", 10, false)
	if one <= 0 || math.Abs(two-2*one) > 1e-9 {
		t.Errorf("m is %g mm, mm %g", one, two)
	}
	if double := TextWidth("m", 20, false); math.Abs(double-2*one) > 1e-9 {
		t.Errorf("twice the size is %g mm, not %g", double, 2*one)
	}
	if bold := TextWidth("Footprints", 10, true); bold <= TextWidth("Footprints", 10, false) {
		t.Errorf("bold is no wider: %g", bold)
	}
}

func TestClipText(t *testing.T) {
	for _, tt := range []struct {
		width float64
		want  string
	}{{100, "Kent and Medway"}, {18, "Kent and M…"}, {7, "Ken…"}, {0.1, "…"}} {
		got := ClipText("Kent and Medway", tt.width, 8, false)
		if w := TextWidth(got, 8, false); w > tt.width && got != "…" || got != tt.want && tt.width > 50 {
			t.Errorf("in %g mm: %q, %g wide", tt.width, got, w)
		}
		if got != "Kent and Medway" && !strings.HasSuffix(got, "…") {
			t.Errorf("%q does not say that it is cut", got)
		}
	}
}

func TestWrapText(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"", 5, ""},
		{"one two three", 7, "one two|three"},
		{"one two three", 3, "one|two|three"},
		{"incomprehensible", 4, "incomprehensible"},
		{"  spaced \n out  ", 20, "spaced out"},
		{"Łódź 医院 x", 7, "Łódź 医院|x"},
	} {
		if got := WrapText(tt.text, tt.n, "|"); got != tt.want {
			t.Errorf("%q in %d: got %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
}

// The scale bar is a round number of kilometres, near a third of the frame.
func TestScaleBar(t *testing.T) {
	for km := 0.3; km < 5000; km *= 1.37 {
		bar := ScaleBar(km)
		if bar > 0.31*km || bar < 0.1*km {
			t.Errorf("a bar of %g km in %g km", bar, km)
		}
		if first := fmt.Sprintf("%.0e", bar)[0]; first != '1' && first != '2' && first != '5' {
			t.Errorf("%g is no round number", bar)
		}
	}
	for _, odd := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got := ScaleBar(odd); got != 1 {
			t.Errorf("%g: got %g", odd, got)
		}
	}
}

// A legend that does not fit gets smaller letters, and where these do not do
// either its long lists are left out.
func TestFitLegend(t *testing.T) {
	l := layer.Layer{Name: "l", Title: "Footprints", Geometry: "Polygon", Fields: []layer.Field{{Name: "id"}}, Style: layer.Style{Kind: layer.StyleCategories, Field: "id"}}
	for i := range 30 {
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: fmt.Sprint(i), Label: fmt.Sprint("Footprint ", i)})
	}
	layers := []*layer.Layer{&l}
	roomy, long := FitLegend(layers, 1000)
	small, longStill := FitLegend(layers, roomy.Height(layers, true)-1)
	if !long || !longStill || small.Text >= roomy.Text {
		t.Errorf("%+v, then %+v", roomy, small)
	}
	if h := small.Height(layers, true); h >= roomy.Height(layers, true) {
		t.Errorf("small letters take %g mm of %g", h, roomy.Height(layers, true))
	}
	if _, long := FitLegend(layers, small.Height(layers, true)-1); long {
		t.Error("what fits in no letters is listed")
	}
}
