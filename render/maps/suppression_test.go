package maps

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/layer"
)

// secretCase is a case of random flows of which many are small, in three
// footprints of very different sizes.
func secretCase(t *testing.T, seed uint64) *Case {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	b := flow.NewBuilder()
	areas, providers := 14, 7
	p := footprint.Partition{IDs: []string{"F01", "F02", "F03"}, Areas: make([]int32, areas), Providers: make([]int32, providers)}
	home := func(i int) int32 { return []int32{0, 1, 0, 2, 0, 1, 0}[i%7] }
	for a := range areas {
		p.Areas[a] = home(a)
		for j := range providers {
			p.Providers[j] = home(j)
			n := 0
			switch {
			case p.Areas[a] == p.Providers[j] && r.IntN(4) > 0, j == a%7:
				n = 30 + r.IntN(300)
			case r.IntN(3) == 0:
				n = 1 + r.IntN(9)
			case r.IntN(8) == 0:
				n = 10 + r.IntN(40)
			}
			if n > 0 {
				if err := b.Add(fmt.Sprintf("E%02d", a), fmt.Sprintf("R%d", j), flow.Exactly(float64(n))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Areas()) != areas || len(m.Providers()) != providers {
		t.Fatal("an area or provider without flow")
	}
	return &Case{Matrix: m, Partition: p, Measures: footprint.Measure(m, p, nil, nil), SuppressBelow: 10}
}

// From the flows shown, the totals and the shares that are published, no count
// under the limit can be worked out by subtraction: neither one flow, nor the
// sum of those that are not shown.
func TestSharesTellNothing(t *testing.T) {
	kept, left, untold := 0, 0, 0
	for seed := range uint64(60) {
		c := secretCase(t, seed)
		m, p := c.Matrix, c.Partition
		layers, _ := New(*c).Layers()
		byName := map[string]layer.Layer{"table": New(*c).FootprintTable()}
		for _, l := range layers {
			byName[l.Name] = l
		}
		value := func(layer string, i int, field string) (float64, bool) {
			l := byName[layer]
			for k, f := range l.Fields {
				if f.Name == field {
					switch v := l.Features[i].Values[k].(type) {
					case float64:
						return v, true
					case int64:
						return float64(v), true
					case nil:
						return 0, false
					}
				}
			}
			t.Fatalf("no number %s in %s", field, layer)
			return 0, false
		}
		shown := map[[2]int]bool{}
		for i := range byName["flows"].Features {
			a, _ := m.AreaIndex(byName["flows"].Features[i].Values[0].(string))
			j, _ := m.ProviderIndex(byName["flows"].Features[i].Values[1].(string))
			shown[[2]int{a, j}] = true
		}
		// attack subtracts the shown flows from a sum of flows that is known.
		attack := func(what string, sum float64, of func(a, j int) bool) {
			hidden := 0
			for a := range m.Areas() {
				ps, ws := m.Row(a)
				for i, j := range ps {
					if !of(a, int(j)) {
						continue
					}
					if shown[[2]int{a, int(j)}] {
						sum -= ws[i]
					} else {
						hidden++
					}
				}
			}
			sum = math.Round(sum)
			if hidden == 1 || sum > 0 && sum < c.SuppressBelow {
				t.Errorf("seed %d: %s tells %v, of %d flows", seed, what, sum, hidden)
			}
		}
		concentration := func(what string, known bool, of func(a, j int) bool) {
			hidden := 0
			for a := range m.Areas() {
				ps, _ := m.Row(a)
				for _, j := range ps {
					if of(a, int(j)) && !shown[[2]int{a, int(j)}] {
						hidden++
					}
				}
			}
			if known == (hidden == 1 || hidden == 2) {
				t.Errorf("seed %d: concentration of %s published %t, with %d flows hidden", seed, what, known, hidden)
			}
		}
		for i, code := range m.Areas() {
			total, known := value("areas", i, "patients")
			inRow := func(a, _ int) bool { return a == i }
			if !known {
				untold++
				continue
			}
			attack(code, total, inRow)
			li, ok := value("areas", i, "localisation_index")
			if leak, same := value("areas", i, "leakage"); same != ok || ok && math.Abs(leak+li-1) > 1e-12 {
				t.Errorf("seed %d: %s has %v inside, %v outside", seed, code, li, leak)
			}
			if left++; ok {
				left--
				kept++
				attack(code+" inside", li*total, func(a, j int) bool { return a == i && p.Areas[a] == p.Providers[j] })
				attack(code+" outside", (1-li)*total, func(a, j int) bool { return a == i && p.Areas[a] != p.Providers[j] })
			}
			_, ok = value("areas", i, "hhi")
			concentration(code, ok, inRow)
		}
		for i, code := range m.Providers() {
			total, known := value("providers", i, "patients")
			inColumn := func(_, j int) bool { return j == i }
			if !known {
				untold++
				continue
			}
			attack(code, total, inColumn)
			if share, ok := value("providers", i, "inside_share"); ok {
				attack(code+" inside", share*total, func(a, j int) bool { return j == i && p.Areas[a] == p.Providers[j] })
				attack(code+" outside", (1-share)*total, func(a, j int) bool { return j == i && p.Areas[a] != p.Providers[j] })
			}
			_, ok := value("providers", i, "market_hhi")
			concentration(code, ok, inColumn)
		}
		for i, id := range p.IDs {
			resident, _ := value("table", i, "patients_resident")
			treated, _ := value("table", i, "patients_treated")
			inside, ok := value("table", i, "patients_inside")
			for _, field := range []string{"localisation_index", "market_share_index", "conductance"} {
				if _, known := value("table", i, field); known != ok {
					t.Errorf("seed %d: %s has its patients inside %t and its %s %t", seed, id, ok, field, known)
				}
			}
			if !ok {
				left++
				continue
			}
			kept++
			f := int32(i)
			attack(id+" inside", inside, func(a, j int) bool { return p.Areas[a] == f && p.Providers[j] == f })
			attack(id+" leaving", resident-inside, func(a, j int) bool { return p.Areas[a] == f && p.Providers[j] != f })
			attack(id+" arriving", treated-inside, func(a, j int) bool { return p.Areas[a] != f && p.Providers[j] == f })
		}
	}
	if kept < left || left == 0 || untold > 20 {
		t.Errorf("%d shares are published and %d are not, and %d totals: want few of these, and more shares with than without", kept, left, untold)
	}
}

// The total of an area is no secret kept if its footprint's total gives it away.
func TestTotalsTellNothing(t *testing.T) {
	b := flow.NewBuilder()
	for area, n := range map[string]float64{"E1": 3, "E2": 40, "E3": 400, "E4": 70} {
		if err := b.Add(area, "R1", flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{IDs: []string{"F01"}, Areas: make([]int32, 4), Providers: make([]int32, 1)}
	c := &Case{Matrix: m, Partition: p, Measures: footprint.Measure(m, p, nil, nil), SuppressBelow: 5}
	l, notes := New(*c).drawing().make(&areasKind)
	for i, want := range []any{nil, nil, int64(400), int64(70)} {
		if got := l.Features[i].Values[4]; got != want {
			t.Errorf("%v has a total of %v, want %v", l.Features[i].Values[0], got, want)
		}
	}
	if len(notes) != 1 || notes[0] != "the total of 2 areas not shown, because it is under 5 or would give one away" {
		t.Errorf("notes are %q", notes)
	}
}
