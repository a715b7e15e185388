package sweep

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint/internal/footprinttest"
)

// The halves of each count add up to it; over-dispersion widens their spread as
// the negative binomial distribution says.
func TestHalvesAddUp(t *testing.T) {
	m := footprinttest.Table(t, []float64{10_000, 3, 0}, []float64{1, 400, 0}, []float64{0, 7, 20_001})
	h := newHalver(m)
	for _, alpha := range []OverDispersion{0, 0.01, 0.25} {
		const draws = 4000
		sum, squares := 0.0, 0.0
		src := rand.NewPCG(1, 2)
		for range draws {
			h.split(src, alpha)
			first := h.first[0]
			if first+h.second[0] != 10_000 || first < 0 || h.second[0] < 0 {
				t.Fatalf("halves of 10,000: %v and %v", first, h.second[0])
			}
			sum += first
			squares += first * first
		}
		mean := sum / draws
		sd := math.Sqrt(squares/draws - mean*mean)
		// Beta-binomial: n/4 · (1 + (n−1)·ρ), ρ = 1 / (2/α + 1)
		want := math.Sqrt(2500 * (1 + 9999*float64(alpha)/(2+float64(alpha))))
		if math.Abs(mean-5000) > 5*want/math.Sqrt(draws) || math.Abs(sd/want-1) > 0.06 {
			t.Errorf("α = %v: mean %.1f, spread %.1f; want 5000, %.1f", alpha, mean, sd, want)
		}
	}
}

// curveOf is a curve at every number of footprints.
func curveOf(inside func(k float64) float64) heldOutCurve {
	var c heldOutCurve
	for k := 4.0; k <= 200; k++ {
		c = append(c, heldOutPoint{k, inside(k)})
	}
	return c
}

// A straight line and a logarithm bend nowhere; a corner bends where it is.
func TestFindBend(t *testing.T) {
	n := &number{NumberChoice: NumberChoice{From: 15, To: 90}, most: 200}
	corner := func(before, behind float64) func(float64) float64 {
		return func(k float64) float64 { return 1 - before*min(k, 40) - behind*max(0, k-40) }
	}
	for _, c := range []struct {
		name   string
		inside func(float64) float64
		ok     bool
		sign   float64
	}{
		{"straight", func(k float64) float64 { return 1 - 0.003*k }, false, 0},
		{"logarithm", func(k float64) float64 { return 1 - 0.1*math.Log(k) }, false, 0},
		{"square", func(k float64) float64 { return 1 - 1e-5*k*k }, false, 0},
		{"cheaper behind 40", corner(0.006, 0.001), true, 1},
		{"dearer behind 40", corner(0.001, 0.003), true, -1},
		{"dearer by less than the least contrast", corner(0.001, 0.00115), false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, ok := n.findBend([]heldOutCurve{curveOf(c.inside)}, n.grid())
			if ok != c.ok || ok && (b.contrast*c.sign <= 0 || b.low > 40 || b.high < 40 || b.at < 36 || b.at > 44) {
				t.Errorf("bend %+v, %v", b, ok)
			}
		})
	}
}

// Flows without structure support no number.
func TestNoStructureNoNumber(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	b := flow.NewBuilder()
	for area := range 60 {
		for provider := range 40 {
			if err := b.Add(code('E', area), code('H', provider), flow.Exactly(float64(50+rng.IntN(20)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := ChooseNumber(context.Background(), footprinttest.Built(t, b), NumberOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Footprints != 0 || !strings.Contains(strings.Join(c.Reasons, " "), "no number is recommended") {
		t.Errorf("%d footprints: %v", c.Footprints, c.Reasons)
	}
}

func code(kind byte, i int) string { return string([]byte{kind, byte('0' + i/10), byte('0' + i%10)}) }

// Jobs change nothing, and the number is that of the towns.
func TestChooseNumberOfTowns(t *testing.T) {
	b := flow.NewBuilder()
	for area := range 96 {
		town := area / 4
		for _, to := range []struct {
			provider int
			patients float64
		}{{town, 900}, {(town + 1) % 24, 30}, {(town / 2 * 2) + 1 - town%2, 25}} {
			if err := b.Add(code('E', area), code('H', to.provider), flow.Exactly(to.patients)); err != nil {
				t.Fatal(err)
			}
		}
	}
	m := footprinttest.Built(t, b)
	one, err := ChooseNumber(context.Background(), m, NumberOptions{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	three, err := ChooseNumber(context.Background(), m, NumberOptions{Jobs: 3})
	if err != nil || !slices.Equal(one.Reasons, three.Reasons) || one.Footprints != three.Footprints {
		t.Errorf("three jobs choose otherwise: %v, %v, %v", one.Reasons, three.Reasons, err)
	}
}

func TestSizeOfNumber(t *testing.T) {
	if got := sizeOfNumber(3390); got != (numberSize{48, 12, 12, 8}) {
		t.Errorf("England: %+v", got)
	}
	if got := sizeOfNumber(50_000_000); got != (numberSize{20, 2, 4, 1}) {
		t.Errorf("a very large table: %+v", got)
	}
}
