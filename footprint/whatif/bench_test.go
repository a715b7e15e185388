package whatif

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/flow/portable"
)

func BenchmarkEnglandGravity(b *testing.B) {
	d := england(b)
	for b.Loop() {
		if _, err := FitGravity(d, GravityOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnglandMixed(b *testing.B) {
	d := england(b)
	f, err := FitGravity(d, GravityOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := FitMixed(d, f); err != nil {
			b.Fatal(err)
		}
	}
}

// large is a country of many areas in a square of 600 km, each with patients at
// the providers that a logit gives it.
func large(b *testing.B, areas, providers int) *Data {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 3))
	var x, y []float64
	for range providers {
		x, y = append(x, 600*rng.Float64()), append(y, 600*rng.Float64())
	}
	c := Costs{providers, make([]float64, areas*providers)}
	builder := flow.NewBuilder()
	for a := range areas {
		u, v, sum := 600*rng.Float64(), 600*rng.Float64(), 0.0
		p := make([]float64, providers)
		for j := range p {
			c.Row(a)[j] = math.Hypot(u-x[j], v-y[j])
			p[j] = portable.Exp(-0.08 * c.Row(a)[j])
			sum += p[j]
		}
		for j := range p {
			if n := poisson(500*p[j]/sum, rng); n > 0 {
				_ = builder.Add(fmt.Sprintf("A%06d", a), fmt.Sprintf("P%04d", j), flow.Exactly(n))
			}
		}
	}
	m, _, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	d, err := NewData(m, c, nil)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// The steps of one question by themselves, by the number of areas: MSOAs and
// trusts of England, and all LSOAs with 400 providers.
func BenchmarkLarge(b *testing.B) {
	for _, size := range [][2]int{{6791, 139}, {35000, 400}} {
		d := large(b, size[0], size[1])
		f, err := FitGravity(d, GravityOptions{})
		if err != nil {
			b.Fatal(err)
		}
		r, err := Run(d, &Scenario{Close: []int{7}}, &Model{Name: GravityModel, Fit: f})
		if err != nil {
			b.Fatal(err)
		}
		for name, step := range map[string]func() error{
			"fit": func() error { _, err := FitGravity(d, GravityOptions{}); return err },
			"closure": func() error {
				_, err := Run(d, &Scenario{Close: []int{7}}, &Model{Name: GravityModel, Fit: f})
				return err
			},
			"intervals": func() error { _, err := Intervals(b.Context(), r, 20, 1); return err },
		} {
			b.Run(fmt.Sprintf("areas=%d/providers=%d/%s", size[0], size[1], name), func(b *testing.B) {
				for b.Loop() {
					if err := step(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
