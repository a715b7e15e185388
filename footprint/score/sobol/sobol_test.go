package sobol

import (
	"math"
	"math/rand/v2"
	"testing"
)

// One source of doubt explains everything.
func TestVarianceSharesOfOneFactor(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	n := 4000
	a, b, own, none := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range n {
		a[i], b[i] = rng.Int32N(20), rng.Int32N(20)
		own[i], none[i] = b[i], a[i] // the factor is all there is, or nothing
	}
	if first, total, _ := Shares(a, b, own, n, 1); math.Abs(first-1) > 0.05 || math.Abs(total-1) > 0.05 {
		t.Errorf("got %v and %v, want 1", first, total)
	}
	if first, total, shift := Shares(a, b, none, n, 1); first != 0 || total != 0 || shift != 0 {
		t.Errorf("got %v, %v, %v, want 0", first, total, shift)
	}
}
