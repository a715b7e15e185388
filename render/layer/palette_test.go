package layer

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestBreaks(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name   string
		values []float64
		how    Classification
		n      int
		manual []float64
		want   []float64
	}{
		{"nothing", nil, Quantile, 5, nil, nil},
		{"only unknown", []float64{nan, inf}, Jenks, 5, nil, nil},
		{"one value", []float64{3, 3, nan}, Quantile, 5, nil, []float64{3, 3}},
		{"quartiles", []float64{8, 7, 6, 5, 4, 3, 2, 1}, Quantile, 4, nil, []float64{1, 2, 4, 6, 8}},
		{"ties merge classes", []float64{0, 0, 0, 0, 0, 0, 0, 9}, Quantile, 4, nil, []float64{0, 9}},
		{"fewer values than classes", []float64{1, 2}, Quantile, 5, nil, []float64{1, 2}},
		{"equal", []float64{0, 10, 3}, Equal, 4, nil, []float64{0, 2.5, 5, 7.5, 10}},
		{"jenks of three heaps", []float64{1, 1.1, 1.2, 5, 5.1, 9, 9.2}, Jenks, 3, nil, []float64{1, 1.2, 5.1, 9.2}},
		{"jenks of few", []float64{1, 2}, Jenks, 5, nil, []float64{1, 1, 2}},
		{"manual widened", []float64{-1, 7}, Manual, 0, []float64{0, 5}, []float64{-1, 0, 5, 7}},
		{"manual holds all", []float64{1, 2}, Manual, 0, []float64{0, 5}, []float64{0, 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Breaks(tt.values, tt.how, tt.n, tt.manual)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
	for _, bad := range []struct {
		how    Classification
		n      int
		manual []float64
	}{{Quantile, 0, nil}, {Quantile, 21, nil}, {"rainbow", 5, nil}, {Manual, 0, nil}, {Manual, 0, []float64{2, 1}}, {Manual, 0, []float64{nan}}} {
		if got, err := Breaks([]float64{1, 2, 3}, bad.how, bad.n, bad.manual); !errors.Is(err, ErrClasses) {
			t.Errorf("%q, %d, %v: got %v, %v", bad.how, bad.n, bad.manual, got, err)
		}
	}
}

// The divide and conquer must find what trying every cut finds.
func TestJenksIsOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	within := func(v, bounds []float64) float64 {
		sum := 0.0
		for k := 1; k < len(bounds); k++ {
			var in []float64
			for _, x := range v {
				if x <= bounds[k] && (x > bounds[k-1] || k == 1) {
					in = append(in, x)
				}
			}
			mean := 0.0
			for _, x := range in {
				mean += x / float64(len(in))
			}
			for _, x := range in {
				sum += (x - mean) * (x - mean)
			}
		}
		return sum
	}
	for range 50 {
		v := make([]float64, 12)
		for i := range v {
			v[i] = math.Round(r.NormFloat64() * 10)
		}
		got, err := Breaks(v, Jenks, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := slices.Compact(slices.Sorted(slices.Values(v)))
		if len(s) < 3 {
			continue
		}
		best := math.Inf(1)
		for i := 0; i < len(s)-2; i++ {
			for j := i + 1; j < len(s)-1; j++ {
				best = min(best, within(v, []float64{s[0], s[i], s[j], s[len(s)-1]}))
			}
		}
		// Breaks reports the top of each class, and the least value in front.
		if g := within(v, got); math.Abs(g-best) > 1e-9 {
			t.Errorf("%v: breaks %v leave %v, the best leave %v", s, got, g, best)
		}
	}
}

func TestGraduatedClasses(t *testing.T) {
	l := Layer{Name: "l", Fields: []Field{{"score", "Score", Real}}}
	for _, v := range []any{12.5, 3.0, 4.25, 88.0, 7.0, 7.0, 41.0, 19.5, nil} {
		l.Features = append(l.Features, Feature{Values: []any{v}})
	}
	classes, err := GraduatedClasses(l, "score", GraduatedOptions{Classes: 3})
	if err != nil {
		t.Fatal(err)
	}
	last := classes[len(classes)-1]
	if !last.Hatched || !last.ForUnknown() || last.Label != "Not known" {
		t.Errorf("what is unknown has no class: %+v", last)
	}
	s := Style{Kind: StyleGraduated, Field: "score", Classes: classes}
	class := s.classifier()
	for i, f := range l.Features {
		if class(f.Values[0]) < 0 {
			t.Errorf("feature %d with %v is in no class", i, f.Values[0])
		}
	}
	if k := class(nil); k != len(classes)-1 {
		t.Errorf("an unknown is in class %d", k)
	}
	if _, err := GraduatedClasses(l, "nothing", GraduatedOptions{}); !errors.Is(err, ErrClasses) {
		t.Errorf("a missing field: %v", err)
	}
	if _, err := GraduatedClasses(l, "score", GraduatedOptions{Ramp: "jet"}); err == nil {
		t.Error("an unknown ramp was taken")
	}
	percent, err := GraduatedClasses(Layer{Name: "l", Fields: []Field{{"v", "", Real}}, Features: []Feature{{Values: []any{0.539}}, {Values: []any{0.987}}}},
		"v", GraduatedOptions{Method: Equal, Classes: 2, Percent: true})
	if err != nil || percent[0].Label != "53.9% to 76.3%" {
		t.Errorf("got %+v, %v", percent, err)
	}
}

// eyes are how readers see linear RGB: Machado GM, Oliveira MM, Fernandes LAF
// (2009), doi:10.1109/TVCG.2009.113, at full severity; grey by luminance.
var eyes = map[string][3][3]float64{
	"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"grey":   {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seen is a colour in CIELAB (D65) as an eye sees it.
func seen(c string, eye [3][3]float64) [3]float64 {
	r, g, b := RGB(c)
	lin := func(v uint8) float64 {
		if x := float64(v) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	in := [3]float64{lin(r), lin(g), lin(b)}
	var v [3]float64
	for i, row := range eye {
		v[i] = min(max(row[0]*in[0]+row[1]*in[1]+row[2]*in[2], 0), 1)
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*v[0] + 0.3575761*v[1] + 0.1804375*v[2]) / 0.95047)
	y := f(0.2126729*v[0] + 0.7151522*v[1] + 0.0721750*v[2])
	z := f((0.0193339*v[0] + 0.1191920*v[1] + 0.9503041*v[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// apart is the CIE 1976 difference of two colours as an eye sees them.
func apart(a, b string, eye [3][3]float64) float64 {
	p, q := seen(a, eye), seen(b, eye)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

// Neighbouring classes differ by 15 or more for every reader and in grey; so do
// any two of the first four fills, which may stand for neighbours on the ground.
func TestNeighbouringClassesDiffer(t *testing.T) {
	ratings, bands, shares, gains := Ratings(), Bands(), Shares(), Gains()
	sets := map[string][]string{"ratings": ratings[:], "bands": bands[:], "shares": shares[:], "gains": gains[:]}
	for _, name := range Ramps() {
		for n := range MostClasses(name) + 1 {
			colours, err := Ramp(name, n)
			if err != nil || len(colours) != n {
				t.Fatal(name, n, colours, err)
			}
			sets[fmt.Sprint(n, " ", name)] = colours
		}
	}
	const least = 15
	for eye, m := range eyes {
		for name, set := range sets {
			for i := 1; i < len(set); i++ {
				if d := apart(set[i-1], set[i], m); d < least {
					t.Errorf("%s: %s and %s are %.1f apart for %s", name, set[i-1], set[i], d, eye)
				}
			}
		}
		for i := range 4 {
			for k := range i {
				if d := apart(Fills[i], Fills[k], m); d < least {
					t.Errorf("fills: %s and %s are %.1f apart for %s", Fills[i], Fills[k], d, eye)
				}
			}
		}
	}
	for i := 1; i < len(ratings); i++ {
		if a, b := seen(ratings[i-1], eyes["grey"])[0], seen(ratings[i], eyes["grey"])[0]; b >= a {
			t.Errorf("rating %d is lighter than rating %d", i+1, i)
		}
	}
}

// Fills that nothing is said by are quiet: none is as strong as a rating's red.
func TestFillsAreQuiet(t *testing.T) {
	for i, c := range Fills {
		p := seen(c, eyes["normal"])
		if chroma := math.Hypot(p[1], p[2]); chroma > 32 {
			t.Errorf("fill %d, %s, has a chroma of %.0f", i, c, chroma)
		}
		for k := range i {
			if d := apart(c, Fills[k], eyes["normal"]); d < 8 {
				t.Errorf("fills %s and %s are %.1f apart", c, Fills[k], d)
			}
		}
	}
}

func TestRamp(t *testing.T) {
	for _, name := range Ramps() {
		most := MostClasses(name)
		if most < 6 {
			t.Errorf("%s has %d colours", name, most)
		}
		if c, err := Ramp(name, most+1); !errors.Is(err, ErrClasses) {
			t.Errorf("%s gives more than %d colours: %v, %v", name, most, c, err)
		}
		for n := 2; n <= most; n++ {
			c, err := Ramp(name, n)
			if err != nil || len(c) != n {
				t.Fatal(name, n, c, err)
			}
			slices.Sort(c)
			if len(slices.Compact(c)) != n {
				t.Errorf("%s repeats a colour: %v", name, c)
			}
		}
	}
	if MostClasses("jet") != 0 {
		t.Error("a ramp that there is not has colours")
	}
	a, _ := Ramp("", 1)
	b, _ := Ramp("blues", 3)
	if a[0] != b[1] {
		t.Errorf("one class takes %s, not the middle %s", a[0], b[1])
	}
	if Qualitative(-1) != Qualitative(7) || Qualitative(8) != Qualitative(0) {
		t.Error("the qualitative colours do not wrap")
	}
}

func TestLegendNumbers(t *testing.T) {
	if got := legendSizes(1234567); !reflect.DeepEqual(got, []float64{1e6, 2e5, 5e4}) {
		t.Errorf("got %v", got)
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got := legendSizes(bad); got != nil {
			t.Errorf("%v: got %v", bad, got)
		}
	}
	for x, want := range map[float64]string{0: "0", -0.0001: "0.00", 1234567: "1,234,567", -12.5: "−12.5", 0.125: "0.12"} {
		if got := PlainNumber(x); got != want {
			t.Errorf("%v: got %q, want %q", x, got, want)
		}
	}
}
