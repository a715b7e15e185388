package layer

import (
	"errors"
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

// Source: Viénot F, Brettel H, Mollon JD (1999), Color Research and
// Application 24:243, matrices of protanopia and deuteranopia on linear RGB.
func TestPalettesSurviveColourBlindness(t *testing.T) {
	see := map[string][3][3]float64{
		"protan": {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
		"deutan": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
		"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	}
	lin := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	as := func(c string, m [3][3]float64) [3]float64 {
		r, g, b := RGB(c)
		in := [3]float64{lin(r), lin(g), lin(b)}
		var out [3]uint8
		for i := range m {
			v := m[i][0]*in[0] + m[i][1]*in[1] + m[i][2]*in[2]
			out[i] = uint8(math.Round(255 * math.Pow(min(max(v, 0), 1), 1/2.2)))
		}
		return toLab("#" + hex2(out[0]) + hex2(out[1]) + hex2(out[2]))
	}
	ratings := Ratings()
	for name, set := range map[string][]string{
		"first six": {Qualitative(0), Qualitative(1), Qualitative(2), Qualitative(3), Qualitative(4), Qualitative(5)},
		"ratings":   ratings[:],
	} {
		for eye, m := range see {
			for i := range set {
				for j := range i {
					a, b := as(set[i], m), as(set[j], m)
					d := math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
					if d < 0.04 {
						t.Errorf("%s: %s and %s are %.3f apart for %s", name, set[i], set[j], d, eye)
					}
				}
			}
		}
	}
}

func hex2(v uint8) string { const d = "0123456789abcdef"; return string([]byte{d[v>>4], d[v&15]}) }

func TestRamp(t *testing.T) {
	for _, name := range Ramps() {
		c, err := Ramp(name, 7)
		if err != nil || len(c) != 7 {
			t.Fatal(name, c, err)
		}
		slices.Sort(c)
		if len(slices.Compact(c)) != 7 {
			t.Errorf("%s repeats a colour: %v", name, c)
		}
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
