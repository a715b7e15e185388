package merge

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// country is a grid of systems, each of one area and one provider, whose patients
// also go to those around and, a few, to three large ones.
func country(t *testing.T, wide, high int) Input {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 150))
	n := wide * high
	near, b := make(borders, n), flow.NewBuilder()
	code := func(i int) string { return fmt.Sprintf("%03d", i) }
	add := func(i, j, count int) {
		if err := b.Add("A"+code(i), "P"+code(j), flow.Exactly(float64(count))); err != nil {
			t.Fatal(err)
		}
	}
	groups := make([]string, n)
	for i := range n {
		groups[i] = "S" + code(i)
		add(i, i, 600+rng.IntN(800))
		for _, j := range []int{n / 5, n / 2, n - 8} {
			if j != i {
				add(i, j, 1+rng.IntN(12))
			}
		}
		for _, step := range []struct{ by, edge int }{{1, (i + 1) % wide}, {wide, i + wide - n + 1}} {
			j := i + step.by
			if step.by == 1 && step.edge == 0 || step.by == wide && step.edge > 0 {
				continue
			}
			near[i], near[j] = append(near[i], j), append(near[j], i)
			add(i, j, 10+rng.IntN(200))
			add(j, i, 10+rng.IntN(200))
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return Input{Matrix: m, Today: footprint.FromGroups(m, groups, groups), Neighbours: near, Demands: Demands{OnePiece: true}}
}

// A large country gets a map and a bound for every number of systems: 60 systems
// at a few, 150 from 100 to 50 in a long run.
func TestLargeCountry(t *testing.T) {
	wide, high, most, fewest, limit := 10, 6, 40, 38, 3000
	if os.Getenv(longRun) != "" {
		wide, high, most, fewest, limit = 15, 10, 100, 50, 2300
	}
	p, err := New(country(t, wide, high))
	if err != nil {
		t.Fatal(err)
	}
	v := NewSolver(p)
	v.Limit = limit
	var curve []Map
	for k := most; k >= fewest; k-- {
		m, err := v.Best(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		curve = append(curve, m)
	}
	v.Tighten(curve)
	gap, proven := 0.0, 0
	for _, m := range curve {
		if len(m.Groups) != m.Footprints || math.Abs(p.Kept(m.Groups)-m.Kept) > 1e-6 || m.Bound < m.Kept || m.Optimal != (m.Bound == m.Kept) {
			t.Errorf("%+v", m)
		}
		for _, g := range m.Groups {
			if reason := p.Reason(g); reason != "" {
				t.Errorf("%d systems: %v %s", m.Footprints, g, reason)
			}
		}
		gap = max(gap, (m.Bound-m.Kept)/p.Total)
		if m.Optimal {
			proven++
		}
	}
	t.Logf("%d systems: %d of %d maps proven, the largest gap %.4f", p.Systems, proven, len(curve), gap)
	if gap > 0.04 {
		t.Errorf("the largest gap is %v of all patients", gap)
	}
}
