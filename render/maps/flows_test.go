package maps

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/internal/words"
)

// manyFlows is a case of random flows, some of them suppressed, with nothing on
// the map.
func manyFlows(t *testing.T, seed uint64) *Case {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 9))
	fb := flow.NewBuilder()
	for a := range 40 {
		for p := range 25 {
			count := flow.Exactly(float64(1 + int(r.ExpFloat64()*r.ExpFloat64()*40)))
			if r.IntN(9) == 0 {
				count = flow.Count{Value: 4, Published: 0, Lower: 1, Upper: 7}
			}
			if r.IntN(5) == 0 && p != a%25 {
				continue
			}
			if err := fb.Add(fmt.Sprintf("E%02d", a), fmt.Sprintf("R%02d", p), count); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := fb.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{IDs: []string{"F01"}, Areas: make([]int32, len(m.Areas())), Providers: make([]int32, len(m.Providers()))}
	return &Case{Matrix: m, Partition: p, Measures: footprint.Measure(m, p, nil, nil), SuppressBelow: 5}
}

// The map has no more lines than asked for: the share that a line needs is the
// least of the ladder that does it, whatever is hidden.
func TestMaxFlowLines(t *testing.T) {
	ladder := []float64{0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}
	seen := map[float64]bool{}
	for seed := range uint64(3) {
		c := manyFlows(t, seed)
		m := c.Matrix
		hide := New(*c).concealed().flow
		// lines counts, the slow way, those that may be shown and reach a share.
		lines := func(share float64) (n int) {
			for a := range m.Areas() {
				ps, _ := m.Row(a)
				for i := range ps {
					k := m.RowOffset(a) + i
					if !hide[k] && m.Cell(k).Value >= share*m.RowTotal(a) {
						n++
					}
				}
			}
			return n
		}
		for _, least := range []float64{0, 0.02, 0.03, 0.6} {
			for _, limit := range []int{0, 1, 5, 40, 120, 200, 300, 400, 500, 1000} {
				want := least
				if limit > 0 {
					steps := slices.DeleteFunc(slices.Clone(ladder), func(s float64) bool { return s <= least })
					for lines(want) > limit && len(steps) > 0 {
						want, steps = steps[0], steps[1:]
					}
				}
				seen[want] = true
				c.MinFlowShare, c.MaxFlowLines = least, limit
				l, notes := New(*c).drawing().make(&flowsKind)
				if len(l.Features) != lines(want) {
					t.Errorf("seed %d, at least %v, at most %d: %d lines, want the %d of a share of %v", seed, least, limit, len(l.Features), lines(want), want)
				}
				left := lines(0) - lines(want)
				note := fmt.Sprintf("%s of less than %v of their area's patients not drawn", words.Counted(left, "flow"), want)
				if want > least {
					note += ", which leaves " + words.Counted(lines(want), "line")
				}
				if got := slices.Contains(notes, note); got != (left > 0) {
					t.Errorf("seed %d, at least %v, at most %d: notes are %q, want %q", seed, least, limit, notes, note)
				}
				if err := l.Check(); err != nil {
					t.Error(err)
				}
				for _, f := range l.Features {
					if f.ID != fmt.Sprint(f.Values[0], "-", f.Values[1]) {
						t.Fatalf("line %s has %v", f.ID, f.Values)
					}
				}
			}
		}
	}
	for _, s := range ladder {
		if !seen[s] {
			t.Errorf("no case needs the step %v", s)
		}
	}
}

// What is hidden does not move the step: counts too small to be shown can trade
// places without a change to lines or notes.
func TestFlowStepTellsNothing(t *testing.T) {
	build := func(small ...float64) *Case {
		fb := flow.NewBuilder()
		add := func(area, provider string, n float64) {
			if err := fb.Add(area, provider, flow.Exactly(n)); err != nil {
				t.Fatal(err)
			}
		}
		for a := range 30 {
			area := fmt.Sprintf("E%02d", a)
			for p := range 10 {
				add(area, fmt.Sprintf("R%02d", p), float64(7+(a*7+p*13)%90))
			}
			for i, n := range small {
				add(area, fmt.Sprintf("S%d", i), n)
			}
		}
		m, _, err := fb.Build()
		if err != nil {
			t.Fatal(err)
		}
		p := footprint.Partition{IDs: []string{"F01"}, Areas: make([]int32, len(m.Areas())), Providers: make([]int32, len(m.Providers()))}
		return &Case{Matrix: m, Partition: p, Measures: footprint.Measure(m, p, nil, nil), SuppressBelow: 5, MaxFlowLines: 200}
	}
	shown := func(c *Case) string {
		l, notes := New(*c).drawing().make(&flowsKind)
		var b strings.Builder
		for _, f := range l.Features {
			fmt.Fprintln(&b, f.ID, f.Values)
		}
		return b.String() + strings.Join(notes, "\n")
	}
	a, b := shown(build(4, 1, 2, 3)), shown(build(3, 2, 1, 4))
	if a != b {
		t.Errorf("got\n%s\nand\n%s", a, b)
	}
	if !strings.Contains(a, "which leaves") {
		t.Errorf("no step was taken: %s", a)
	}
}
