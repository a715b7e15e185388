package flow_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"stpmap/flow"
)

func TestWithCounts(t *testing.T) {
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		c              flow.Count
	}{
		{"A", "P", flow.Exactly(5)}, {"A", "Q", flow.Between(1, 4)}, {"B", "Q", flow.Exactly(7)}, {"C", "P", flow.Exactly(1)},
	} {
		if err := b.Add(r.area, r.provider, r.c); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n, err := m.WithCounts([]float64{6, 3, 8, 0})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(n.Areas(), m.Areas()) || !slices.Equal(n.Providers(), m.Providers()) {
		t.Errorf("codes: got %v and %v", n.Areas(), n.Providers())
	}
	if n.Len() != 3 || n.Total() != flow.Exactly(17) || n.RowTotal(2) != 0 || n.ColumnTotal(1) != 11 || n.HasSuppressed() {
		t.Errorf("got %d pairs, total %v, row %v, column %v", n.Len(), n.Total(), n.RowTotal(2), n.ColumnTotal(1))
	}
	if as, ws := n.Column(1); !slices.Equal(as, []int32{0, 1}) || !slices.Equal(ws, []float64{3, 8}) {
		t.Errorf("column of Q: got %v %v", as, ws)
	}
	if m.At(0, 0).Value != 5 || m.Total().Value != 15.5 {
		t.Error("the matrix itself changed")
	}
	for _, c := range []struct {
		counts []float64
		want   error
	}{
		{[]float64{1, 1, -1, 1}, flow.ErrNegative},
		{[]float64{1, math.NaN(), 1, 1}, flow.ErrNotFinite},
		{[]float64{1, math.Inf(1), 1, 1}, flow.ErrNotFinite},
		{[]float64{math.MaxFloat64, math.MaxFloat64, 1, 1}, flow.ErrOverflow},
	} {
		if _, err := m.WithCounts(c.counts); !errors.Is(err, c.want) {
			t.Errorf("%v: got %v, want %v", c.counts, err, c.want)
		}
	}
	if _, err := m.WithCounts([]float64{1}); err == nil {
		t.Error("too few counts: got no error")
	}
}
