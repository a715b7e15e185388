package portable

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The reference is gonum's Poisson distribution.

func TestPoissonTables(t *testing.T) {
	for rate := 1; rate <= tabled; rate++ {
		table := poissonTables()[rate]
		want := distuv.Poisson{Lambda: float64(rate)}
		sum := 0.0
		for k, u := range table.under {
			sum += want.Prob(float64(k))
			if got := float64(u) * 0x1p-64; math.Abs(got-sum) > 1e-12 {
				t.Fatalf("rate %d: P(X ≤ %d) is %v, want %v", rate, k, got, sum)
			}
		}
		if last := float64(len(table.under) - 1); want.Survival(last) > 1e-18 {
			t.Errorf("rate %d: the table ends at %v, which leaves %v", rate, last, want.Survival(last))
		}
		for i, k := range table.from {
			if k > 0 && table.under[k-1] > uint64(i)<<56 || table.under[k] <= uint64(i)<<56 {
				t.Fatalf("rate %d: draws that begin with %d start at %d", rate, i, k)
			}
		}
	}
}

func TestPoissonDraws(t *testing.T) {
	const draws = 200_000
	for i, rate := range []float64{0.02, 0.5, 1, 2.5, 3, 9.99, 10.01, 12, 33.3, 100, 128, 128.5, 129, 700, 25_000, 3e9} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			dist, want := NewPoisson(rand.NewPCG(11, uint64(i))), distuv.Poisson{Lambda: rate}
			// Classes of equal probability as far as the rate is small, else equal
			// widths about the mean; the outer ones are open.
			width := math.Max(1, math.Floor(math.Sqrt(rate)/8))
			low := math.Max(0, math.Floor(rate-4*math.Sqrt(rate)))
			class := func(x float64) int { return int(math.Max(0, math.Min(90, math.Floor((x-low)/width)))) }
			got := make([]float64, 91)
			sum, square := 0.0, 0.0
			for range draws {
				x := dist.Draw(rate)
				if x < 0 || x != math.Trunc(x) {
					t.Fatalf("drew %v", x)
				}
				got[class(x)]++
				sum += x - rate
				square += (x - rate) * (x - rate)
			}
			if mean := sum / draws; math.Abs(mean) > 4.5*math.Sqrt(rate/draws) {
				t.Errorf("the mean is off by %v", mean)
			}
			if v := square / draws / rate; math.Abs(v-1) > 4.5*math.Sqrt((2+1/rate)/draws) {
				t.Errorf("variance over mean is %v", v)
			}
			if rate > 1e6 {
				return // the reference has too few digits
			}
			// χ², with small classes joined to the next.
			chi, classes := 0.0, 0
			seen, expected := 0.0, 0.0
			for c := range got {
				below := 0.0
				if c > 0 {
					below = want.CDF(low + float64(c)*width - 1)
				}
				above := 1.0
				if c < len(got)-1 {
					above = want.CDF(low + float64(c+1)*width - 1)
				}
				seen += got[c]
				expected += draws * (above - below)
				if expected >= 20 {
					chi += (seen - expected) * (seen - expected) / expected
					classes++
					seen, expected = 0, 0
				}
			}
			if limit := (distuv.ChiSquared{K: float64(max(1, classes-1))}).Quantile(1 - 1e-5); chi > limit {
				t.Errorf("χ² of %d classes is %v, above %v", classes, chi, limit)
			}
		})
	}
}

func TestPoissonOfNothing(t *testing.T) {
	dist := NewPoisson(rand.NewPCG(1, 1))
	for range 100 {
		if x := dist.Draw(0); x != 0 {
			t.Fatalf("drew %v about 0", x)
		}
	}
}

func TestLogFactorial(t *testing.T) {
	for k := 0.0; k < 3000; k++ {
		want, _ := math.Lgamma(k + 1)
		if got := logFactorial(k); math.Abs(got-want) > 1e-12*math.Max(1, want) {
			t.Errorf("ln %v!: got %v, want %v", k, got, want)
		}
	}
}

func BenchmarkPoisson(b *testing.B) {
	for _, rate := range []float64{1, 40, 1000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			dist := NewPoisson(rand.NewPCG(1, 1))
			for b.Loop() {
				dist.Draw(rate)
			}
		})
	}
}
