package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// takes says whether an entry takes a feature by what its comment says; rest is
// told apart by the caller.
func takes(l *Layer, e *Entry, f *Feature) bool {
	field := func(at int) any {
		if at < 0 {
			return nil
		}
		return f.Values[at]
	}
	v := field(l.FieldIndex(l.Style.Field))
	x, number := Numeric(v)
	switch e.Takes {
	case TakesAll:
		return true
	case TakesValue:
		return Known(v) != nil && categoryKey(v) == categoryKey(e.Class.Value)
	case TakesRange:
		return number && e.Class.Lower <= x && x <= e.Class.Upper
	case TakesAbove:
		return number && e.Class.Lower < x && x <= e.Class.Upper
	case TakesUnknown:
		return !number && l.Style.Kind == StyleGraduated || Known(v) == nil
	case TakesSized:
		size, ok := Numeric(field(l.SizeField()))
		return ok && e.Least <= size && size < e.Most
	}
	return false
}

// randomLayer is a layer of 40 rows with numbers, some of them unknown, and words.
func randomLayer(rng *rand.Rand) *Layer {
	l := &Layer{
		Name: "l", Title: "Layer", Geometry: []string{"Point", "LineString", "Polygon"}[rng.IntN(3)],
		Fields: []Field{{Name: "n", Type: Real}, {Name: "k", Type: Integer}, {Name: "word", Type: Text}},
	}
	for range 40 {
		values := []any{math.Round(rng.Float64()*1000) / 10, int64(rng.IntN(5)), string(rune('a' + rng.IntN(4)))}
		for i := range values {
			if rng.IntN(9) == 0 {
				values[i] = nil
			}
		}
		if rng.IntN(30) == 0 {
			values[0] = math.NaN()
		}
		l.Features = append(l.Features, Feature{Values: values})
	}
	return l
}

// randomStyle colours a layer in one of the ways that there are, with classes for
// some of what is in it.
func randomStyle(t *testing.T, rng *rand.Rand, l *Layer) Style {
	t.Helper()
	s := Style{Kind: StyleKind(rng.IntN(4))}
	switch s.Kind {
	case StyleCategories:
		s.Field = []string{"k", "word", "none"}[rng.IntN(3)]
		for i := range rng.IntN(5) {
			s.Classes = append(s.Classes, Class{Value: map[bool]any{true: int64(i), false: string(rune('a' + i))}[s.Field == "k"], Label: fmt.Sprint(i)})
		}
		if rng.IntN(2) == 0 {
			s.Classes = append(s.Classes, Class{Label: "unknown", Hatched: true})
		}
	case StyleGraduated:
		s.Field = "n"
		classes, err := GraduatedClasses(*l, "n", GraduatedOptions{Classes: 1 + rng.IntN(6), Method: []Classification{Quantile, Equal, Jenks}[rng.IntN(3)]})
		if err != nil {
			t.Fatal(err)
		}
		s.Classes = classes
		if rng.IntN(3) == 0 { // some numbers are left without a class
			s.Classes = s.Classes[:rng.IntN(len(s.Classes)+1)]
		}
	case StyleSizedPoints:
		s.Field = "n"
	}
	if rng.IntN(4) == 0 {
		s.SizeField = "k"
	}
	return s
}

// Every feature fits exactly one entry of the legend, the one that Finder says,
// and the entry for the rest is there only where it is needed.
func TestEveryFeatureFitsOneEntry(t *testing.T) {
	kinds := map[Takes]int{}
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 81))
		l := randomLayer(rng)
		l.Style = randomStyle(t, rng, l)
		es := l.Entries()
		if len(es) == 0 {
			t.Fatalf("seed %d: no entry", seed)
		}
		find := l.Finder(es)
		rest := 0
		for i := range l.Features {
			var fits []int
			other := -1
			for k := range es {
				kinds[es[k].Takes]++
				if es[k].Takes == TakesRest {
					other = k
				} else if takes(l, &es[k], &l.Features[i]) {
					fits = append(fits, k)
				}
			}
			if len(fits) == 0 && other >= 0 {
				fits = []int{other}
				rest++
			}
			if len(fits) != 1 || find(i) != fits[0] {
				t.Fatalf("seed %d, feature %v: fits entries %v, drawn by %d of\n%+v", seed, l.Features[i].Values, fits, find(i), es)
			}
		}
		if es[len(es)-1].Takes == TakesRest && rest == 0 && len(es) > 1 {
			t.Errorf("seed %d: an entry for the rest, and there is none", seed)
		}
	}
	for k := TakesAll; k <= TakesRest; k++ {
		if kinds[k] == 0 {
			t.Errorf("no layer had an entry of kind %d", k)
		}
	}
}

// Sizes grow with their number, the legend's as those on the map, within the
// range of the style.
func TestSizes(t *testing.T) {
	for _, k := range []Kind{PointKind, LineKind} {
		for _, s := range []Style{{}, {MinSize: 2, MaxSize: 10}, {MinSize: 9}} {
			lo, hi := s.SizeRange(k)
			last := 0.0
			for x := 0.0; x <= 100; x += 2.5 {
				size := s.SizeOf(k, x, 100)
				if size < last || size < lo || size > hi {
					t.Errorf("%v of 100 is %g mm, after %g", x, size, last)
				}
				last = size
			}
			if last != hi {
				t.Errorf("the largest is %g mm, want %g", last, hi)
			}
			for _, odd := range []float64{math.NaN(), -1} {
				if s.SizeOf(k, odd, 100) != lo || s.SizeOf(k, 5, odd) != lo {
					t.Errorf("%g is drawn at %g mm", odd, s.SizeOf(k, odd, 100))
				}
			}
		}
	}
	// Points are in proportion by area, lines by width.
	s := Style{MinSize: 0.001, MaxSize: 8}
	if p, l := s.SizeOf(PointKind, 25, 100), s.SizeOf(LineKind, 25, 100); math.Abs(p-4) > 1e-12 || math.Abs(l-2) > 1e-12 {
		t.Errorf("a quarter is %g mm as a point, %g as a line", p, l)
	}
}

// The colouring of layers has a field's numbers in classes whose bounds meet.
func TestClassesMeet(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 82))
		l := randomLayer(rng)
		method := []Classification{Quantile, Equal, Jenks}[seed%3]
		classes, err := GraduatedClasses(*l, "n", GraduatedOptions{Method: method, Classes: 2 + rng.IntN(7)})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(classes) && !classes[i].ForUnknown(); i++ {
			if classes[i].Lower != classes[i-1].Upper {
				t.Fatalf("seed %d: %+v", seed, classes)
			}
			if classes[i].Colour == classes[i-1].Colour || classes[i].Label == classes[i-1].Label {
				t.Fatalf("seed %d: two classes look alike: %+v", seed, classes)
			}
		}
	}
}
