package whatif

import "math"

// cholesky is the lower triangle L of a positive definite matrix L·Lᵀ, by rows.
// It is written out here because a library's sums run in another order on other
// processors, and results must have the same bytes.
type cholesky struct {
	n int
	l []float64
}

// factorise finds the triangle of h, n by n; false where h is not positive
// definite. h is overwritten.
func factorise(h []float64, n int) (cholesky, bool) {
	for i := range n {
		for j := range i + 1 {
			sum := h[i*n+j]
			for k := range j {
				sum -= float64(h[i*n+k] * h[j*n+k])
			}
			if i > j {
				h[i*n+j] = sum / h[j*n+j]
				continue
			}
			if !(sum > 0) {
				return cholesky{}, false
			}
			h[i*n+i] = math.Sqrt(sum)
		}
	}
	return cholesky{n, h}, true
}

// solve finds x with L·Lᵀ·x = b.
func (c cholesky) solve(b []float64) []float64 {
	x := make([]float64, c.n)
	for i := range x {
		sum := b[i]
		for k := range i {
			sum -= float64(c.l[i*c.n+k] * x[k])
		}
		x[i] = sum / c.l[i*c.n+i]
	}
	for i := c.n - 1; i >= 0; i-- {
		sum := x[i]
		for k := i + 1; k < c.n; k++ {
			sum -= float64(c.l[k*c.n+i] * x[k])
		}
		x[i] = sum / c.l[i*c.n+i]
	}
	return x
}
