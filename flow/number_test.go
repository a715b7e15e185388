package flow

import "testing"

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
