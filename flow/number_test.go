package flow

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
		ok   bool
	}{
		{"100,000", 100_000, true},
		{" 1,234.5 ", 1234.5, true},
		{"101 000", 101_000, true},
		{"101\u00a0000", 101_000, true},
		{"1'234'567", 1_234_567, true},
		{"(12)", -12, true},
		{"1e3", 1000, true},
		{"-0", 0, true},
		{"1,23", 0, false},
		{"12 34", 0, false},
		{"1.234,5", 0, false},
		{"about 100", 0, false},
		{"NaN", 0, false},
		{"", 0, false},
	} {
		if got, ok := ParseNumber(c.text); got != c.want || ok != c.ok {
			t.Errorf("%q: got %v, %t", c.text, got, ok)
		}
	}
}

// Counts with decimals add up as decimal arithmetic has it, and are written
// without an exponent.
func TestSumsAreExact(t *testing.T) {
	b := NewBuilder()
	for _, n := range []float64{0.1, 0.2, 2_759_890.3} {
		if err := b.Add("E01", "RA", Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []float64{0.7, 0.1} {
		if err := b.Add("E02", "RB", Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(AppendNumber(nil, m.RowTotal(0))); got != "2759890.6" {
		t.Errorf("row: %s", got)
	}
	if got := string(AppendNumber(nil, m.Total().Published)); got != "2759891.4" {
		t.Errorf("total: %s", got)
	}
	cs := m.Containments([]int32{0, 0}, []int32{0, 0}, 1)
	if got := string(AppendNumber(nil, cs[0].Inside.Value)); got != "2759891.4" {
		t.Errorf("inside: %s", got)
	}
	if got := m.Tidy(0.1 + 0.2); got != 0.3 {
		t.Errorf("tidy: %v", got)
	}
}

// Grouped digits read back as the number that was written, to its decimals.
func TestGrouped(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 131))
	for range 5000 {
		x := (2*rng.Float64() - 1) * math.Pow(10, float64(rng.IntN(12)))
		decimals := rng.IntN(5)
		s := Grouped(x, decimals)
		back, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(s), 64)
		if err != nil || math.Abs(back-x) > 0.5000001*math.Pow(10, -float64(decimals)) {
			t.Fatalf("%v with %d decimals is %q", x, decimals, s)
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(s, "−"), ".")
		for i, group := range strings.Split(whole, ",") {
			if len(group) != 3 && i > 0 || len(group) > 3 || len(group) == 0 {
				t.Fatalf("%v is %q", x, s)
			}
		}
	}
	for _, tt := range []struct {
		x        float64
		decimals int
		want     string
	}{{0, 0, "0"}, {-0.001, 2, "0.00"}, {999.5, 0, "1,000"}, {-1234567.891, 1, "−1,234,567.9"}, {100, 0, "100"}} {
		if got := Grouped(tt.x, tt.decimals); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.x, got, tt.want)
		}
	}
}
