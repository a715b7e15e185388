package flow_test

import (
	"testing"

	"stpmap/flow"
)

func TestHiddenTells(t *testing.T) {
	for _, c := range []struct {
		counts []float64
		want   bool
	}{
		{nil, false},
		{[]float64{3}, true},
		{[]float64{300}, true}, // one alone is told by its total, whatever its size
		{[]float64{1, 1}, true},
		{[]float64{1, 3}, true},
		{[]float64{1, 4}, false},
		{[]float64{0, 4}, true},
	} {
		var h flow.Hidden
		for _, n := range c.counts {
			h.Add(n)
		}
		if h.Counts != len(c.counts) || h.Tells(5) != c.want {
			t.Errorf("%v: %d counts, tells %v, want %v", c.counts, h.Counts, h.Tells(5), c.want)
		}
	}
}
