package registry

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/rule"
	"stpmap/footprint/tree"
)

// Every method, every demand: it holds, or the error names what cannot.
func TestMethodsHoldDemands(t *testing.T) {
	methods := map[string]func(footprint.Constraints) footprint.Method{
		"infomap": func(c footprint.Constraints) footprint.Method { return infomap.Infomap{Constraints: c} },
		"ttwa": func(c footprint.Constraints) footprint.Method {
			return rule.TTWA{MinSize: 300, TargetSize: 3000, Constraints: c}
		},
		"intramax": func(c footprint.Constraints) footprint.Method { return tree.Intramax{Constraints: c} },
		"ward":     func(c footprint.Constraints) footprint.Method { return tree.Ward{Constraints: c} },
		"hsa":      func(c footprint.Constraints) footprint.Method { return rule.HSA{Constraints: c} },
		"hrr": func(c footprint.Constraints) footprint.Method {
			return rule.HSA{Rule: rule.DartmouthHRR, MinRegion: -1, Constraints: c}
		},
		"swiss": func(c footprint.Constraints) footprint.Method { return rule.HSA{Rule: rule.SwissHSA, Constraints: c} },
	}
	held, refused := map[string]int{}, map[string]int{}
	for seed := range uint64(4) {
		for kind, m := range map[string]*flow.Matrix{
			"patients": footprinttest.RandomFlows(t, 96, 30, seed), "places": footprinttest.RandomTowns(t, 96, 1500, seed),
		} {
			n := len(m.Areas())
			people := make([]float64, n)
			for a := range people {
				people[a] = float64(900 + a%11*20)
			}
			start := &footprint.Partition{Areas: make([]int32, n), IDs: []string{"F01", "F02"}}
			nodes := n
			if !m.OneMode() {
				start.Providers = make([]int32, len(m.Providers()))
				nodes += len(m.Providers())
			}
			start.Areas[5], start.Areas[6] = 1, 1
			counted := make([]bool, nodes-n)
			for j := range counted {
				counted[j] = j%3 > 0
			}
			fixed := make([]bool, nodes)
			fixed[1], fixed[2], fixed[5], fixed[6] = true, true, true, true
			for name, c := range map[string]footprint.Constraints{
				"none":       {},
				"K":          {Footprints: 4},
				"contiguous": {Contiguous: footprinttest.GridBorders(n, 12)},
				"people":     {Population: people, MinPopulation: 12000},
				"limits":     {Population: people, MinPopulation: 4000, MaxPopulation: 60000},
				"local":      {MinLocalisation: 0.4},
				"share":      {MaxShare: 0.4},
				"together":   {Together: [][]int32{{1, 40}, {7, 8, 9}}},
				"whole":      {KeepWhole: []footprint.Unit{{Name: "U", Areas: []int32{1, 40}}, {Name: "V", Areas: []int32{7, 8, 9}}}},
				"providers":  {MinProviders: 3},
				"types":      {MinProviders: 2, CountedProviders: counted},
				"apart":      {Apart: [][]int32{{0, 1, 2}}},
				"fix":        {Start: start, Fixed: fixed},
				"single":     {AllowSingleKind: true},
				"all": {
					Footprints: 3, Contiguous: footprinttest.GridBorders(n, 12), Population: people, MinPopulation: 5000,
					MinLocalisation: 0.2, Apart: [][]int32{{0, 95}},
				},
			} {
				if c.MinProviders > 0 && m.OneMode() {
					continue
				}
				for method, with := range methods {
					p, err := with(c).Partition(t.Context(), m)
					var cannot *footprint.InfeasibleError
					var unsupported *footprint.UnsupportedError
					switch {
					case err == nil:
						t.Run(fmt.Sprint(method, " ", kind, seed, " ", name), func(t *testing.T) { footprinttest.CheckPartition(t, m, p, c) })
						held[name]++
						if name == "fix" && (p.Areas[1] != p.Areas[2] || p.Areas[5] != p.Areas[6] || p.Areas[1] == p.Areas[5]) {
							t.Errorf("%s: fixed areas are in %d, %d, %d and %d", method, p.Areas[1], p.Areas[2], p.Areas[5], p.Areas[6])
						}
					case errors.As(err, &unsupported):
						if method != "infomap" {
							t.Errorf("%s refused %s: %v", method, name, err)
						}
					case errors.As(err, &cannot):
						refused[name]++
						if name == "none" || name == "single" {
							t.Errorf("%s, %s: %v", method, name, err)
						}
					default:
						t.Errorf("%s, %s: %v", method, name, err)
					}
				}
			}
		}
	}
	t.Logf("held %v, infeasible %v", held, refused)
	for name, n := range held {
		if n < 20 {
			t.Errorf("%s: only %d runs met the demand, %d could not", name, n, refused[name])
		}
	}
}

// Matrices at the edge of what can be grouped.
func TestMethodsOnOddMatrices(t *testing.T) {
	type row struct {
		from, to string
		n        float64
	}
	matrix := func(oneMode bool, rows ...row) *flow.Matrix {
		b := flow.NewBuilder()
		if oneMode {
			b = flow.NewOneModeBuilder()
		}
		for _, r := range rows {
			if err := b.Add(r.from, r.to, flow.Exactly(r.n)); err != nil {
				t.Fatal(err)
			}
		}
		return footprinttest.Built(t, b)
	}
	two := []row{{"A", "P", 3}, {"B", "P", 1}, {"C", "Q", 2}, {"D", "Q", 1e12}, {"D", "R", 1e-9}}
	for _, c := range []struct {
		name string
		m    *flow.Matrix
		net  int // unconnected networks
	}{
		{"one pair", matrix(false, row{"A", "P", 1}), 1},
		{"two networks", matrix(false, two...), 2},
		{"one place", matrix(true, row{"A", "A", 5}), 1},
		{"a place without flow", matrix(true, row{"A", "B", 5}, row{"B", "A", 1}, row{"C", "C", 0}), 2},
		{"one way", matrix(true, row{"A", "B", 5}, row{"B", "C", 5}, row{"C", "D", 5}), 1},
		{"all alike", matrix(false, row{"A", "P", 1}, row{"A", "Q", 1}, row{"B", "P", 1}, row{"B", "Q", 1}), 1},
	} {
		for name, method := range map[string]func(footprint.Constraints) footprint.Method{
			"infomap":  func(x footprint.Constraints) footprint.Method { return infomap.Infomap{Constraints: x} },
			"ttwa":     func(x footprint.Constraints) footprint.Method { return rule.TTWA{Constraints: x} },
			"r":        func(x footprint.Constraints) footprint.Method { return rule.TTWA{Compatible: true, Constraints: x} },
			"intramax": func(x footprint.Constraints) footprint.Method { return tree.Intramax{Constraints: x} },
			"ward":     func(x footprint.Constraints) footprint.Method { return tree.Ward{Constraints: x} },
			"hsa":      func(x footprint.Constraints) footprint.Method { return rule.HSA{Constraints: x} },
			"hrr": func(x footprint.Constraints) footprint.Method {
				return rule.HSA{Rule: rule.DartmouthHRR, MinRegion: -1, Constraints: x}
			},
			"swiss": func(x footprint.Constraints) footprint.Method { return rule.HSA{Rule: rule.SwissHSA, Constraints: x} },
		} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				p, err := method(footprint.Constraints{}).Partition(t.Context(), c.m)
				var cannot *footprint.InfeasibleError
				if err != nil {
					t.Fatal(err)
				}
				footprinttest.CheckPartition(t, c.m, p, footprint.Constraints{})
				if p.Len() < c.net {
					t.Errorf("got %d footprints of %d networks", p.Len(), c.net)
				}
				p, err = method(footprint.Constraints{Footprints: 1}).Partition(t.Context(), c.m)
				if c.net > 1 && !errors.As(err, &cannot) {
					t.Errorf("1 footprint of %d networks: got %d and %v, want an *InfeasibleError", c.net, p.Len(), err)
				} else if c.net == 1 && (err != nil || p.Len() != 1) {
					t.Errorf("1 footprint: got %d and %v", p.Len(), err)
				}
			})
		}
	}
	if _, err := (infomap.Infomap{Directed: true}).Partition(t.Context(), matrix(true, row{"A", "B", 5}, row{"B", "C", 5}, row{"D", "D", 0})); err != nil {
		t.Errorf("directed, with an end and a place without flow: %v", err)
	}
}

func TestMethodsOnEmptyMatrix(t *testing.T) {
	for name, b := range map[string]*flow.Builder{"patients": flow.NewBuilder(), "one-mode": flow.NewOneModeBuilder()} {
		m := footprinttest.Built(t, b)
		for _, method := range []footprint.Method{infomap.Infomap{}, rule.TTWA{}} {
			p, err := method.Partition(t.Context(), m)
			if err != nil || p.Len() != 0 {
				t.Errorf("%s, %T: got %d footprints and %v, want none", name, method, p.Len(), err)
			}
		}
	}
}

// Codes in another order are another numbering of the same network.
func TestMethodsIgnoreNames(t *testing.T) {
	rows := func(rename func(int) string, reverse bool) *flow.Matrix {
		src := footprinttest.RandomFlows(t, 50, 14, 2)
		b := flow.NewBuilder()
		n := len(src.Areas())
		for i := range n {
			a := i
			if reverse {
				a = n - 1 - i
			}
			ps, ws := src.Row(a)
			for k, p := range ps {
				// A little more for each pair, so that nothing ties.
				_ = b.Add(rename(a), src.Providers()[p], flow.Exactly(ws[k]+float64(a*17+int(p)*29%31)/1024))
			}
		}
		return footprinttest.Built(t, b)
	}
	plain := rows(func(a int) string { return fmt.Sprintf("A%02d", a) }, false)
	shuffled := rows(func(a int) string { return fmt.Sprintf("A%02d", a) }, true)
	renamed := rows(func(a int) string { return fmt.Sprintf("B%02d", (a*7+3)%50) }, false)
	for name, method := range map[string]footprint.Method{
		"ttwa": rule.TTWA{MinSize: 300, TargetSize: 3000}, "intramax": tree.Intramax{}, "ward": tree.Ward{}, "hsa": rule.HSA{},
		"swiss": rule.HSA{Rule: rule.SwissHSA}, "infomap": infomap.Infomap{},
	} {
		p, err := method.Partition(t.Context(), plain)
		if err != nil {
			t.Fatal(err)
		}
		q, err := method.Partition(t.Context(), shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p, q) {
			t.Errorf("%s: the order of rows changes the partition", name)
		}
		q, err = method.Partition(t.Context(), renamed)
		if err != nil {
			t.Fatal(err)
		}
		if name == "infomap" {
			continue // its search is in random order
		}
		back := make([]int32, len(p.Areas))
		for a := range back {
			i, ok := renamed.AreaIndex(fmt.Sprintf("B%02d", (a*7+3)%50))
			if !ok {
				t.Fatal("an area was lost")
			}
			back[a] = q.Areas[i]
		}
		if !footprinttest.SameGrouping(p.Areas, back) {
			t.Errorf("%s: other names give another grouping", name)
		}
	}
}

func TestMethodsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	m := footprinttest.RandomFlows(t, 20, 5, 1)
	for _, method := range []footprint.Method{tree.Intramax{}, tree.Ward{}, infomap.Infomap{}, rule.TTWA{}} {
		if _, err := method.Partition(ctx, m); !errors.Is(err, gone) {
			t.Errorf("%T: got %v, want the cause", method, err)
		}
	}
}
