package layer

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// randomValues has ties, tails and values that are not finite.
func randomValues(rng *rand.Rand) (all, finite []float64) {
	scale := math.Pow(10, float64(rng.IntN(9)-4))
	for range 1 + rng.IntN(60) {
		x := math.Round(rng.NormFloat64()*rng.NormFloat64()*20) * scale
		finite = append(finite, x)
		all = append(all, x)
		switch rng.IntN(12) {
		case 0:
			all = append(all, math.NaN())
		case 1:
			all = append(all, math.Inf(1-2*rng.IntN(2)))
		}
	}
	slices.Sort(finite)
	return all, finite
}

// inClass is the class of a value by the rule that Breaks states; -1 for none.
func inClass(bounds []float64, x float64) int {
	for i := 1; i < len(bounds); i++ {
		if x <= bounds[i] && (x > bounds[i-1] || i == 1 && x == bounds[0]) {
			return i - 1
		}
	}
	return -1
}

// Every finite value falls into one class; bounds rise and end at the least and
// the greatest value; there are no more classes than asked for or than distinct
// values; none is empty except under Equal.
func TestBreaksHoldEveryValue(t *testing.T) {
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 51))
		all, finite := randomValues(rng)
		n := 1 + rng.IntN(20)
		distinct := len(slices.Compact(slices.Clone(finite)))
		for _, how := range []Classification{Quantile, Jenks, Equal} {
			b, err := Breaks(all, how, n, nil)
			if err != nil {
				t.Fatal(err)
			}
			if b[0] != finite[0] || b[len(b)-1] != finite[len(finite)-1] || !slices.IsSorted(b) {
				t.Fatalf("seed %d, %s: bounds %v of %v", seed, how, b, finite)
			}
			held := make([]int, len(b)-1)
			for _, x := range finite {
				k := inClass(b, x)
				if k < 0 {
					t.Fatalf("seed %d, %s: %v is in no class of %v", seed, how, x, b)
				}
				held[k]++
			}
			if len(held) > n || how != Equal && (len(held) > distinct || slices.Contains(held, 0)) {
				t.Fatalf("seed %d, %s: %d classes of %d asked hold %v; %d distinct values", seed, how, len(held), n, held, distinct)
			}
			// The order of the values says nothing.
			shuffled := slices.Clone(all)
			rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if again, _ := Breaks(shuffled, how, n, nil); !slices.Equal(again, b) {
				t.Fatalf("seed %d, %s: %v in one order, %v in another", seed, how, b, again)
			}
		}
	}
}

// Without ties the sizes of quantile classes differ by one at most.
func TestQuantilesAreAlikeInSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 52))
	for range 300 {
		v := make([]float64, 1+rng.IntN(200))
		for i, p := range rng.Perm(len(v)) {
			v[i] = float64(p)
		}
		n := 1 + rng.IntN(min(20, len(v)))
		b, err := Breaks(v, Quantile, n, nil)
		if err != nil {
			t.Fatal(err)
		}
		held := make([]int, len(b)-1)
		for _, x := range v {
			held[inClass(b, x)]++
		}
		// A class of the least value alone has no room between its bounds: it
		// joins the next one.
		if len(v) >= 2*n && (len(held) != n || slices.Max(held)-slices.Min(held) > 1) {
			t.Fatalf("%d values in %d classes: %v", len(v), n, held)
		}
	}
}

// bestSplit is the least sum of squared deviations of sorted values cut into k
// classes that no tie crosses, by trying every cut.
func bestSplit(v []float64, k int) float64 {
	deviation := func(v []float64) float64 {
		mean, sum := 0.0, 0.0
		for _, x := range v {
			mean += x / float64(len(v))
		}
		for _, x := range v {
			sum += (x - mean) * (x - mean)
		}
		return sum
	}
	if k == 1 {
		return deviation(v)
	}
	best := math.Inf(1)
	for i := 1; i < len(v); i++ {
		if v[i] != v[i-1] {
			best = min(best, deviation(v[:i])+bestSplit(v[i:], k-1))
		}
	}
	return best
}

// Natural breaks are as good as the best of all cuts, for one to five classes.
func TestJenksAgainstEveryCut(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 53))
		v := make([]float64, 5+rng.IntN(9))
		far := float64(rng.IntN(2)) * 1e6 // far from 0, squares lose their last digits
		for i := range v {
			v[i] = far + float64(rng.IntN(30))
		}
		slices.Sort(v)
		distinct := len(slices.Compact(slices.Clone(v)))
		for k := 2; k <= min(5, distinct); k++ {
			b, err := Breaks(v, Jenks, k, nil)
			if err != nil || len(b) != k+1 {
				t.Fatalf("seed %d: %d classes: %v, %v", seed, k, b, err)
			}
			got := 0.0
			for c := range k {
				var in []float64
				for _, x := range v {
					if inClass(b, x) == c {
						in = append(in, x)
					}
				}
				got += bestSplit(in, 1)
			}
			if want := bestSplit(v, k); math.Abs(got-want) > 1e-6*(1+want) {
				t.Fatalf("seed %d: %d classes of %v by %v: deviation %v, want %v", seed, k, v, b, got, want)
			}
		}
	}
}

// What cannot be classified is refused in words that say why.
func TestBreaksSayWhatIsWrong(t *testing.T) {
	many := make([]float64, 22)
	for i := range many {
		many[i] = float64(i)
	}
	for _, tt := range []struct {
		how    Classification
		n      int
		manual []float64
		want   string
	}{
		{Quantile, 0, nil, "0 classes: cannot be classified: 1 to 20 can be told apart"},
		{Jenks, 21, nil, "21 classes: cannot be classified: 1 to 20 can be told apart"},
		{"fisher", 5, nil, `"fisher": cannot be classified: there are quantile, jenks, equal and manual`},
		{Manual, 5, nil, "no breaks given: cannot be classified"},
		{Manual, 5, []float64{1, 3, 2}, "break 2: cannot be classified: breaks must be numbers that rise"},
		{Manual, 5, []float64{1, 1}, "break 1: cannot be classified: breaks must be numbers that rise"},
		{Manual, 5, []float64{math.Inf(1)}, "break +Inf: cannot be classified: breaks must be numbers that rise"},
		{Manual, 5, many[1:], "21 classes: cannot be classified: 1 to 20 can be told apart"},
	} {
		_, err := Breaks([]float64{0, 5, 10}, tt.how, tt.n, tt.manual)
		if !errors.Is(err, ErrClasses) || err.Error() != tt.want {
			t.Errorf("%s, %d, %v: got %q, want %q", tt.how, tt.n, tt.manual, err, tt.want)
		}
	}
}

// Legends of graduated classes: labels of different bounds differ where six
// decimals can tell them apart, and meet end to end.
func TestGraduatedLabelsMeet(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 54))
		all, finite := randomValues(rng)
		l := Layer{Name: "l", Fields: []Field{{Name: "x", Type: Real}}}
		for _, x := range all {
			l.Features = append(l.Features, Feature{Values: []any{x}})
		}
		o := GraduatedOptions{Method: []Classification{Quantile, Jenks, Equal}[rng.IntN(3)], Classes: 1 + rng.IntN(8), Percent: rng.IntN(3) == 0}
		classes, err := GraduatedClasses(l, "x", o)
		if err != nil {
			t.Fatal(err)
		}
		unknown := len(all) > len(finite)
		if last := classes[len(classes)-1]; last.ForUnknown() != unknown {
			t.Fatalf("seed %d: a class for what is unknown: %v, want %v", seed, last.ForUnknown(), unknown)
		}
		if unknown {
			classes = classes[:len(classes)-1]
		}
		o.Reverse = true
		back, err := GraduatedClasses(l, "x", o)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range classes {
			if back[len(classes)-1-i].Colour != c.Colour {
				t.Fatalf("seed %d: reversed colours are not those of the other end", seed)
			}
			if i == 0 {
				continue
			}
			if c.Lower != classes[i-1].Upper {
				t.Fatalf("seed %d: class %d begins at %v, the last ended at %v", seed, i, c.Lower, classes[i-1].Upper)
			}
			_, end, ok := strings.Cut(classes[i-1].Label, " to ")
			if start, _, ok2 := strings.Cut(c.Label, " to "); ok && ok2 && start != end {
				t.Fatalf("seed %d: %q, then %q", seed, classes[i-1].Label, c.Label)
			}
		}
	}
}

// nodes is an adjacency by lists.
type nodes [][]int

func (l nodes) Neighbours(i int) iter.Seq[int] { return slices.Values(l[i]) }

// canColour tries every colouring with k colours.
func canColour(l nodes, colour []int, at, k int) bool {
	if at == len(l) {
		return true
	}
	for c := range k {
		if slices.ContainsFunc(l[at], func(j int) bool { return j < at && colour[j] == c }) {
			continue
		}
		colour[at] = c
		if canColour(l, colour, at+1, k) {
			return true
		}
	}
	return false
}

// On small graphs the colouring is proper and takes no more colours than the
// least that there are, or than the four that every map may have.
func TestColouringAgainstEveryColouring(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 55))
		n := 1 + rng.IntN(9)
		l := make(nodes, n)
		dense := rng.Float64()
		for i := range n {
			for j := range i {
				if rng.Float64() < dense {
					l[i], l[j] = append(l[i], j), append(l[j], i)
				}
			}
		}
		least := 1
		for !canColour(l, make([]int, n), 0, least) {
			least++
		}
		got := Colouring(l, n)
		for i := range l {
			for _, j := range l[i] {
				if got[i] == got[j] {
					t.Fatalf("seed %d: neighbours %d and %d have colour %d", seed, i, j, got[i])
				}
			}
		}
		if most := slices.Max(got) + 1; most > max(4, least) || most < least {
			t.Errorf("seed %d: %d colours, the least is %d", seed, most, least)
		}
	}
}

// Sequential ramps get darker all the way; diverging ones are lightest in the
// middle and darken to both sides.
func TestRampsDarken(t *testing.T) {
	light := func(c string) float64 { return toLab(c)[0] }
	for _, r := range ramps {
		for n := 2; n <= r.most; n++ {
			colours, err := Ramp(r.name, n)
			if err != nil || len(colours) != n {
				t.Fatalf("%s: %d colours, %v", r.name, len(colours), err)
			}
			for i := 1; i < n; i++ {
				darker := light(colours[i]) < light(colours[i-1])
				if want := !r.diverging || 2*i >= n; darker != want {
					t.Errorf("%s of %d: step %d from %s to %s", r.name, n, i, colours[i-1], colours[i])
				}
			}
		}
	}
	if none, err := Ramp("blues", -3); err != nil || len(none) != 0 {
		t.Errorf("fewer than no colours: %v, %v", none, err)
	}
	if _, err := Ramp("jet", 3); err == nil || !strings.Contains(err.Error(), `no palette is called "jet"; there are [blues`) {
		t.Errorf("got %v", err)
	}
}

// Colours survive the way to OKLab and back, and Darker keeps its word.
func TestLabBothWays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 56))
	for range 3000 {
		c := fmt.Sprintf("#%06x", rng.IntN(1<<24))
		if got := fromLab(toLab(c)); got != c {
			t.Fatalf("%s came back as %s", c, got)
		}
		if r, g, b := RGB(c); fmt.Sprintf("#%02x%02x%02x", r, g, b) != c {
			t.Fatalf("%s reads as %d %d %d", c, r, g, b)
		}
		r0, g0, b0 := RGB(c)
		r1, g1, b1 := RGB(Darker(c, 0.6))
		if int(r0)+int(g0)+int(b0) < int(r1)+int(g1)+int(b1) {
			t.Fatalf("%s darker is %s", c, Darker(c, 0.6))
		}
	}
	for _, bad := range []string{"", "red", "#12345", "#1234567", "#12345g", "#+12345", "0123456"} {
		if r, g, b := RGB(bad); r != 0x88 || g != 0x88 || b != 0x88 {
			t.Errorf("%q is %d %d %d, not mid grey", bad, r, g, b)
		}
	}
}

// RoundDown is the largest of all 1, 2 and 5 times powers of ten that fit.
func TestRoundDownBySearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 57))
	for range 2000 {
		x := math.Exp(rng.NormFloat64() * 8)
		want := 0.0
		for p := -20; p <= 20; p++ {
			for _, f := range []float64{1, 2, 5} {
				if v := f * math.Pow(10, float64(p)); v <= x {
					want = max(want, v)
				}
			}
		}
		if got := RoundDown(x); math.Abs(got-want) > 1e-12*want {
			t.Fatalf("%v rounds down to %v, want %v", x, got, want)
		}
	}
}

// Each fault of a layer is told in a sentence that names the place.
func TestCheckSaysWhere(t *testing.T) {
	good := func() Layer {
		return Layer{
			Name: "l", Geometry: "Point", Fields: []Field{{Name: "a", Type: Text}, {Name: "b", Type: Integer}},
			Features: []Feature{{Geometry: orb.Point{0, 1}, Values: []any{"x", int64(1)}}, {Values: []any{nil, nil}}},
		}
	}
	for _, tt := range []struct {
		spoil func(l *Layer)
		kind  error
		want  string
	}{
		{func(l *Layer) { l.Name = "9l" }, ErrLayerName, `layer "9l": name is not [a-z][a-z0-9_]*`},
		{func(l *Layer) { l.Name = strings.Repeat("a", 64) }, ErrLayerName, `layer "` + strings.Repeat("a", 64) + `": name is not [a-z][a-z0-9_]*`},
		{func(l *Layer) { l.Geometry = "Curve" }, ErrLayerShape, `layer "l": geometry "Curve": layer does not fit its description`},
		{func(l *Layer) { l.Fields[1].Name = "B" }, ErrLayerName, `layer "l": field "B": name is not [a-z][a-z0-9_]*`},
		{func(l *Layer) { l.Fields[1].Name = "a" }, ErrLayerShape, `layer "l": field "a" twice: layer does not fit its description`},
		{func(l *Layer) { l.Features[1].Values = []any{nil} }, ErrLayerShape, `layer "l": feature 2 has 1 values for 2 fields: layer does not fit its description`},
		{func(l *Layer) { l.Features[0].Values[1] = 1.5 }, ErrLayerShape, `layer "l": feature 1: field "b" holds a float64: layer does not fit its description`},
		{func(l *Layer) { l.Features[0].Geometry = orb.LineString{} }, ErrLayerShape, `layer "l": feature 1 is a LineString: layer does not fit its description`},
	} {
		l := good()
		if err := l.Check(); err != nil {
			t.Fatal(err)
		}
		tt.spoil(&l)
		if err := l.Check(); !errors.Is(err, tt.kind) || err.Error() != tt.want {
			t.Errorf("got %q, want %q", err, tt.want)
		}
	}
}

// Symbols grow with their number: points by area, lines by width, within their
// least and greatest size.
func TestSizesGrow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 58))
	for range 500 {
		s := Style{MinSize: rng.Float64() * 2, MaxSize: 2 + rng.Float64()*5}
		top := 1 + rng.Float64()*1000
		for _, k := range []Kind{PointKind, LineKind} {
			x := rng.Float64() * top
			got, most := s.SizeOf(k, x, top), s.SizeOf(k, top, top)
			share := got / most
			if k == PointKind {
				share *= share
			}
			if most != s.MaxSize || got < s.MinSize || got > s.MinSize && math.Abs(share-x/top) > 1e-9 {
				t.Fatalf("kind %d: %v of %v is drawn %v of %v", k, x, top, got, most)
			}
			for _, none := range []float64{0, -1, math.NaN()} {
				if s.SizeOf(k, none, top) != s.MinSize || s.SizeOf(k, x, none) != s.MinSize {
					t.Fatalf("kind %d: %v is drawn larger than the least", k, none)
				}
			}
		}
	}
}
