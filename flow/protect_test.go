package flow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
)

func TestProtect(t *testing.T) {
	small := flow.Between(1, 4)
	for _, c := range []struct {
		name  string
		rows  []flow.Count // of one pair
		below float64
		want  flow.Count
	}{
		{"below the limit", []flow.Count{flow.Exactly(3)}, 5, small},
		{"at the limit", []flow.Count{flow.Exactly(5)}, 5, flow.Exactly(5)},
		{"no limit", []flow.Count{flow.Exactly(3)}, 0, flow.Exactly(3)},
		{"a limit of 1", []flow.Count{flow.Exactly(1)}, 1, flow.Exactly(1)},
		{"a limit that is not whole", []flow.Count{flow.Exactly(2)}, 2.5, flow.Between(1, 2)},
		{"rows are added up first", []flow.Count{flow.Exactly(3), flow.Exactly(3)}, 5, flow.Exactly(6)},
		{"their sum is small", []flow.Count{flow.Exactly(1), flow.Exactly(3)}, 5, small},
		{"the same mark", []flow.Count{flow.Between(1, 4)}, 5, small},
		{"a narrower mark", []flow.Count{flow.Between(2, 2)}, 5, small},
		{"a mark that may be 0", []flow.Count{flow.Between(0, 2)}, 5, flow.Between(0, 4)},
		{"a wider mark", []flow.Count{flow.Between(1, 7)}, 5, flow.Between(1, 7)},
		{"a small count and a mark", []flow.Count{flow.Exactly(3), flow.Between(1, 7)}, 5, flow.Between(2, 11)},
		{"a large count and a mark", []flow.Count{flow.Exactly(30), flow.Between(1, 7)}, 5, flow.Count{Value: 34, Published: 30, Lower: 31, Upper: 37}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := []row{{"Z", "Z", flow.Exactly(100)}}
			for _, n := range c.rows {
				rows = append(rows, row{"A", "P", n})
			}
			m, _ := build(t, rows)
			got, done := m.Protect(c.below)
			if got.At(0, 0) != c.want {
				t.Errorf("got %v, want %v", got.At(0, 0), c.want)
			}
			if total := c.want.Plus(flow.Exactly(100)); got.Total() != total || got.RowCount(0) != c.want || got.ColumnCount(0) != c.want {
				t.Errorf("total %v, want %v; row %v, column %v", got.Total(), total, got.RowCount(0), got.ColumnCount(0))
			}
			changed := m.At(0, 0) != c.want
			if want := (flow.Protection{Counts: 1, Lower: c.want.Lower, Upper: c.want.Upper}); changed && done != want {
				t.Errorf("said %v, want %v", done, want)
			} else if !changed && (done != flow.Protection{} || got != m) {
				t.Errorf("said %v of nothing", done)
			}
		})
	}
}

// Counts from a model are bounded by 0 and the limit, as they may lie anywhere
// between.
func TestProtectModelled(t *testing.T) {
	m, _ := build(t, []row{{"A", "P", flow.Exactly(4.75)}, {"A", "Q", flow.Exactly(60.5)}, {"B", "P", flow.Exactly(0.25)}})
	got, done := m.Protect(5)
	for _, at := range [][2]int{{0, 0}, {1, 0}} {
		if c := got.At(at[0], at[1]); c != flow.Between(0, 5) {
			t.Errorf("cell %v is %v", at, c)
		}
	}
	if done != (flow.Protection{Counts: 2, Lower: 0, Upper: 10}) {
		t.Errorf("said %v", done)
	}
}

// Another small count in a small one's place changes nothing at all.
func TestProtectedMatrixKnowsNoSmallCount(t *testing.T) {
	for seed := range uint64(100) {
		var worlds [2]*flow.Matrix
		for w := range worlds {
			rng, other := rand.New(rand.NewPCG(seed, 5)), rand.New(rand.NewPCG(seed, uint64(6+w)))
			var rows []row
			for a := range 8 {
				for p := range 5 {
					n := float64(rng.IntN(12))
					if n > 0 && n < 5 {
						n = 1 + 3*other.Float64()
						if seed%2 == 0 {
							n = float64(1 + other.IntN(4))
						}
					}
					rows = append(rows, row{fmt.Sprint("A", a), fmt.Sprint("P", p), flow.Exactly(n)})
					if rng.IntN(4) == 0 {
						rows = append(rows, row{fmt.Sprint("A", a), fmt.Sprint("P", p), flow.Between(1, 7)})
					}
				}
			}
			m, _ := build(t, rows)
			worlds[w], _ = m.Protect(5)
		}
		x, y := worlds[0], worlds[1]
		if x.SHA256() != y.SHA256() || x.Total() != y.Total() {
			t.Fatalf("seed %d: totals %v and %v", seed, x.Total(), y.Total())
		}
		for k := range x.Len() {
			if x.Cell(k) != y.Cell(k) {
				t.Fatalf("seed %d: cell %d is %v and %v", seed, k, x.Cell(k), y.Cell(k))
			}
		}
		for a := range x.Areas() {
			if x.RowTotal(a) != y.RowTotal(a) {
				t.Fatalf("seed %d: row %d", seed, a)
			}
		}
		for p := range x.Providers() {
			as, ws := x.Column(p)
			bs, vs := y.Column(p)
			if fmt.Sprint(as, ws, x.ColumnTotal(p)) != fmt.Sprint(bs, vs, y.ColumnTotal(p)) {
				t.Fatalf("seed %d: column %d", seed, p)
			}
		}
	}
}

// The true share lies within the bounds of the protected one, and each bound is
// the share of a world that they allow.
func TestShareBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	narrow := 0
	for range 200 {
		var rows []row
		for a := range 4 {
			for p := range 3 {
				if n := rng.IntN(9); n > 0 {
					rows = append(rows, row{fmt.Sprint("A", a), fmt.Sprint("P", p), flow.Exactly(float64(n))})
				}
			}
		}
		m, _ := build(t, rows)
		protected, _ := m.Protect(5)
		areas, providers := make([]int32, len(m.Areas())), make([]int32, len(m.Providers()))
		for i := range areas {
			areas[i] = rng.Int32N(2)
		}
		for i := range providers {
			providers[i] = rng.Int32N(2)
		}
		is, shown := m.Containments(areas, providers, 2), protected.Containments(areas, providers, 2)
		for g := range is {
			for _, share := range []struct {
				name     string
				of, part flow.Count
				is       func() (float64, bool)
				bounds   func() (float64, float64, bool)
			}{
				{"localisation", shown[g].Resident, shown[g].Inside, is[g].LocalisationIndex, shown[g].LocalisationBounds},
				{"market share", shown[g].Treated, shown[g].Inside, is[g].MarketShareIndex, shown[g].MarketShareBounds},
			} {
				x, known := share.is()
				lower, upper, ok := share.bounds()
				if ok != known {
					t.Fatalf("%s: known %t, bounds %t", share.name, known, ok)
				}
				if !ok {
					continue
				}
				const slack = 1e-12
				if x < lower-slack || x > upper+slack {
					t.Errorf("%s is %v, not from %v to %v", share.name, x, lower, upper)
				}
				rest := share.of.Upper - share.part.Upper
				near(t, "least "+share.name, lower, share.part.Lower/(share.part.Lower+rest))
				rest = share.of.Lower - share.part.Lower
				near(t, "most "+share.name, upper, share.part.Upper/(share.part.Upper+rest))
				if lower == upper {
					narrow++
				}
			}
		}
	}
	if narrow == 0 {
		t.Error("no share is exact")
	}
}
