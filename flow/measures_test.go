package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
)

// Three areas and two providers, worked by hand. X serves A and B, Y serves C:
//
//	     X    Y
//	A   80   20
//	B   60   40
//	C   10   90
func worked(t testing.TB) *flow.Matrix {
	m, _ := build(t, []row{
		{"A", "X", flow.Exactly(80)},
		{"A", "Y", flow.Exactly(20)},
		{"B", "X", flow.Exactly(60)},
		{"B", "Y", flow.Exactly(40)},
		{"C", "X", flow.Exactly(10)},
		{"C", "Y", flow.Exactly(90)},
	})
	return m
}

func near(t *testing.T, name string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

func TestContainments(t *testing.T) {
	m := worked(t)
	cs := m.Containments([]int32{0, 0, 1}, []int32{0, 1}, 2)
	first := cs[0]
	if first.Resident.Value != 200 || first.Treated.Value != 150 || first.Inside.Value != 140 {
		t.Fatalf("first group %+v", first)
	}
	li, _ := first.LocalisationIndex()
	near(t, "localisation index", li, 140.0/200)
	msi, _ := first.MarketShareIndex()
	near(t, "market share index", msi, 140.0/150)
	leak, _ := first.Leakage()
	near(t, "leakage", leak, 60.0/200)
	imp, _ := first.ImportRate()
	near(t, "import rate", imp, 10.0/150)
	net, _ := first.NetFlow()
	near(t, "net flow", net, 10.0/60)
	sc, _ := first.SelfContainment()
	near(t, "self-containment", sc, 0.7)
	phi, _ := first.Conductance(300)
	near(t, "conductance", phi, 70.0/250) // the rest has volume 100 + 150
	if _, ok := (flow.Containment{}).LocalisationIndex(); ok {
		t.Error("localisation index of nothing is defined")
	}
	if _, ok := (flow.Containment{Resident: flow.Exactly(5), Inside: flow.Exactly(5)}).NetFlow(); ok {
		t.Error("net flow without leavers is defined")
	}
}

func TestConcentration(t *testing.T) {
	m := worked(t)
	hhi, _ := m.HHI(0)
	near(t, "HHI", hhi, 0.68)
	n, _ := m.EffectiveNumber(0)
	near(t, "effective number", n, 1/0.68)
	market, _ := m.MarketHHI(1)
	near(t, "market HHI", market, (20.0*20+40*40+90*90)/(150*150))
	dep, _ := m.Dependency(1, 1)
	near(t, "dependency", dep, 0.4)
	if p, share, ok := m.TopProvider(2); !ok || p != 1 || share != 0.9 {
		t.Errorf("top provider %d %v %v", p, share, ok)
	}
	if a, share, ok := m.TopArea(0); !ok || a != 0 || math.Abs(share-80.0/150) > 1e-15 {
		t.Errorf("top area %d %v %v", a, share, ok)
	}
}

func TestTiesGoToTheFirstCode(t *testing.T) {
	m, _ := build(t, []row{{"A", "Y", flow.Exactly(5)}, {"A", "X", flow.Exactly(5)}, {"B", "X", flow.Exactly(5)}})
	if p, _, _ := m.TopProvider(0); p != 0 {
		t.Errorf("top provider %s", m.Providers()[p])
	}
	if a, _, _ := m.TopArea(0); a != 0 {
		t.Errorf("top area %s", m.Areas()[a])
	}
}

func TestCatchments(t *testing.T) {
	m := worked(t)
	cs, uncounted := m.Catchments([]float64{1000, 2000, math.NaN()})
	if uncounted != 1 {
		t.Errorf("uncounted %d", uncounted)
	}
	near(t, "X proportionate", cs[0].Proportionate, 800+1200)
	near(t, "Y proportionate", cs[1].Proportionate, 200+800)
	near(t, "X first past the post", cs[0].FirstPastThePost, 3000)
	near(t, "Y first past the post", cs[1].FirstPastThePost, 0)
}

// The flow-weighted mean localisation index is the share of all flow inside.
func TestMeanLocalisationIsInsideShare(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	for range 20 {
		var rows []row
		for range 300 {
			c := flow.Exactly(float64(1 + rng.IntN(99)))
			if rng.IntN(5) == 0 {
				c = flow.Between(1, 7)
			}
			rows = append(rows, row{fmt.Sprint("A", rng.IntN(30)), fmt.Sprint("P", rng.IntN(12)), c})
		}
		m, _ := build(t, rows)
		groups := func(n int) []int32 {
			g := make([]int32, n)
			for i := range g {
				g[i] = rng.Int32N(5)
			}
			return g
		}
		cs := m.Containments(groups(len(m.Areas())), groups(len(m.Providers())), 5)
		mean, inside, total, published := 0.0, 0.0, 0.0, 0.0
		for _, c := range cs {
			if li, ok := c.LocalisationIndex(); ok {
				mean += li * c.Resident.Value
			}
			inside += c.Inside.Value
			total += c.Resident.Value
			published += c.Resident.Published
		}
		if math.Abs(mean-inside) > 1e-9 || total != m.Total().Value || published != m.Total().Published {
			t.Fatalf("mean %v, inside %v, total %v of %v", mean, inside, total, m.Total().Value)
		}
	}
}

func ExampleBuilder() {
	b := flow.NewBuilder()
	_ = b.Add("E01", "RJ1", flow.Exactly(120))
	_ = b.Add("E01", "RJ7", flow.Between(1, 4)) // published as "<5"
	_ = b.Add("E01", "RJ1", flow.Exactly(30))
	m, report, _ := b.Build()
	fmt.Println(m.Len(), "pairs,", report.DuplicatePairs, "duplicate,", report.SuppressedCells, "suppressed")
	fmt.Println(m.Total().Published, "patients published, between", m.Total().Lower, "and", m.Total().Upper)
	// Output:
	// 2 pairs, 1 duplicate, 1 suppressed
	// 150 patients published, between 151 and 154
}
