package table

import (
	"testing"

	"stpmap/flow"
)

func TestShorthandOfStatistics(t *testing.T) {
	exactly := func(x float64) flow.Count { return flow.Exactly(x) }
	tests := []struct {
		text   string
		want   flow.Count
		absent bool
	}{
		{"[c]", flow.Between(1, 7), false},
		{"[low]", flow.Between(0, 1), false},
		{"[LOW]", flow.Between(0, 1), false},
		{"[w]", flow.Count{}, true},
		{"[u]", flow.Count{}, true},
		{"1,234 [p]", exactly(1234), false},
		{"1,234[r]", exactly(1234), false},
		{"800 [e]", exactly(800), false},
		{"12.5 [b][p]", exactly(12.5), false},
		{"7 [p, r]", exactly(7), false},
		{"90 [note 3]", exactly(90), false},
		{"31 [u]", exactly(31), false},
	}
	for _, tt := range tests {
		got, absent, err := ParseCount(tt.text, Suppression{})
		if err != nil || got != tt.want || absent != tt.absent {
			t.Errorf("%q: got %v, %t, %v", tt.text, got, absent, err)
		}
	}
	for _, text := range []string{"[p]", "[q]", "12 [zz]", "x [p]", "12 ]", "1,23 [p]"} {
		if c, absent, err := ParseCount(text, Suppression{}); err == nil {
			t.Errorf("%q: got %v, %t", text, c, absent)
		}
	}
}
