package ensemble

import (
	"math"
	"math/big"
	"slices"

	"stpmap/flow/portable"
)

// spanner has room for counting spanning trees: the determinant of a part's
// Laplacian without one row and column (Kirchhoff's theorem).
type spanner struct {
	s      *Space
	place  []int32 // of each unit in the order below; −1 outside
	order  []int32
	first  []int32 // first column of each row's profile
	offset []int32 // of each row in the profile
	cell   []float64
}

func newSpanner(s *Space) *spanner {
	return &spanner{s: s, place: slices.Repeat([]int32{-1}, s.units)}
}

// logTrees is the logarithm of the number of spanning trees of some units, whose
// subgraph must be in one piece. Rows are in the order of a breadth-first walk,
// and Cholesky's factor keeps within the profile.
func (w *spanner) logTrees(units []int32, in func(unit int32) bool) float64 {
	if len(units) < 2 {
		return 0
	}
	w.walk(units[0], in)
	w.profile()
	sum := w.factor()
	for _, u := range w.order {
		w.place[u] = -1
	}
	return sum
}

// walk puts the units in breadth-first order.
func (w *spanner) walk(from int32, in func(unit int32) bool) {
	s := w.s
	w.order = append(w.order[:0], from)
	w.place[from] = 0
	for head := 0; head < len(w.order); head++ {
		u := w.order[head]
		for _, v := range s.arc[s.start[u]:s.start[u+1]] {
			if w.place[v] < 0 && in(v) {
				w.place[v] = int32(len(w.order))
				w.order = append(w.order, v)
			}
		}
	}
}

// profile writes the Laplacian without the first unit's row; row i is that of
// order[i+1].
func (w *spanner) profile() {
	s, n := w.s, len(w.order)-1
	w.first, w.offset, w.cell = w.first[:0], w.offset[:0], w.cell[:0]
	for i := range n {
		u := w.order[i+1]
		low := int32(i)
		for _, v := range s.arc[s.start[u]:s.start[u+1]] {
			if p := w.place[v]; p > 0 && p-1 < low {
				low = p - 1
			}
		}
		at := len(w.cell)
		w.first, w.offset = append(w.first, low), append(w.offset, int32(at))
		for range int32(i) - low + 1 {
			w.cell = append(w.cell, 0)
		}
		for _, v := range s.arc[s.start[u]:s.start[u+1]] {
			p := w.place[v]
			if p >= 0 {
				w.cell[at+i-int(low)]++
			}
			if p > 0 && p-1 < int32(i) {
				w.cell[at+int(p-1-low)]--
			}
		}
	}
}

// factor is Cholesky's; it gives the logarithm of the determinant.
func (w *spanner) factor() float64 {
	product, sum := 1.0, 0.0
	for i := range w.first {
		fi := int(w.first[i])
		row := w.cell[w.offset[i]:]
		for j := fi; j <= i; j++ {
			fj := int(w.first[j])
			other := w.cell[w.offset[j]:]
			x := row[j-fi]
			for k := max(fi, fj); k < j; k++ {
				x -= float64(row[k-fi] * other[k-fj])
			}
			if j < i {
				row[j-fi] = x / other[j-fj]
				continue
			}
			row[j-fi] = math.Sqrt(x)
			if product *= x; product > 1e200 {
				sum, product = sum+portable.Log(product), 1
			}
		}
	}
	return sum + portable.Log(product)
}

// countTrees is the exact number of spanning trees of some units: Bareiss's
// elimination in whole numbers (doi:10.1090/S0025-5718-1968-0226829-0).
func (s *Space) countTrees(units []int32) *big.Int {
	if trees, ok := s.countFewTrees(units); ok {
		return big.NewInt(trees)
	}
	return s.countManyTrees(units)
}

// countManyTrees is countTrees in numbers of any length.
func (s *Space) countManyTrees(units []int32) *big.Int {
	n := len(units) - 1
	a := make([][]*big.Int, n)
	for i := range a {
		a[i] = make([]*big.Int, n)
		for j := range a[i] {
			a[i][j] = new(big.Int)
		}
	}
	one := big.NewInt(1)
	for i, u := range units[:n] {
		for _, v := range s.arc[s.start[u]:s.start[u+1]] {
			j := slices.Index(units, v)
			if j >= 0 {
				a[i][i].Add(a[i][i], one)
			}
			if j >= 0 && j < n {
				a[i][j].Sub(a[i][j], one)
			}
		}
	}
	return determinant(a)
}

// countFewTrees is countTrees in numbers of 64 bits; ok is false where they might
// not hold a product.
func (s *Space) countFewTrees(units []int32) (trees int64, ok bool) {
	n := len(units) - 1
	a := make([]int64, n*n)
	for i, u := range units[:n] {
		for _, v := range s.arc[s.start[u]:s.start[u+1]] {
			j := slices.Index(units, v)
			if j >= 0 {
				a[i*n+i]++
			}
			if j >= 0 && j < n {
				a[i*n+j]--
			}
		}
	}
	last := int64(1)
	for k := range n - 1 {
		pivot := a[k*n : (k+1)*n]
		for i := k + 1; i < n; i++ {
			row := a[i*n : (i+1)*n]
			for j := k + 1; j < n; j++ {
				if !small64(row[j]) || !small64(pivot[k]) || !small64(row[k]) || !small64(pivot[j]) {
					return 0, false
				}
				row[j] = (row[j]*pivot[k] - row[k]*pivot[j]) / last
			}
		}
		last = pivot[k]
	}
	if n < 1 {
		return 1, true
	}
	return a[n*n-1], true
}

// small64 says whether two products of such numbers fit 64 bits.
func small64(x int64) bool { return x < 1<<31 && x > -1<<31 }

// determinant is that of a Laplacian's minor, whose leading minors are above 0.
func determinant(a [][]*big.Int) *big.Int {
	n := len(a)
	last, t := big.NewInt(1), new(big.Int)
	for k := range n - 1 {
		for i := k + 1; i < n; i++ {
			for j := k + 1; j < n; j++ {
				x := new(big.Int).Mul(a[i][j], a[k][k])
				x.Sub(x, t.Mul(a[i][k], a[k][j]))
				a[i][j] = x.Quo(x, last)
			}
		}
		last = a[k][k]
	}
	if n < 1 {
		return big.NewInt(1)
	}
	return a[n-1][n-1]
}
