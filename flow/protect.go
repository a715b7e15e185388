package flow

import (
	"math"
	"slices"
)

// Protection says what Protect did. The zero value is nothing.
type Protection struct {
	Counts       int     // pairs whose count became an interval
	Lower, Upper float64 // bounds of the patients of those pairs together
}

// Protect is the door for small counts: the matrix with every count from 1 to
// below − 1 patients read as the mark "<below" that publishers print, known only
// to lie in [1, below−1] and standing at the middle. Nothing of the result hangs
// on which of those counts a pair had, so nothing that is computed from it can
// tell. A count is that of a pair, whose records are added up beforehand.
//
// Where a pair has a count and a mark, the count alone is protected, and the
// mark's bounds are added to it. A mark that lies below the limit is widened to
// the same interval. Where the counts of below and more are not all whole, they
// come from a model, and a small one lies in [0, below]. A limit of 1 or less
// leaves whole counts as they are.
//
// The matrix itself does not change; it is the result where nothing is small.
func (m *Matrix) Protect(below float64) (*Matrix, Protection) {
	var done Protection
	if !(below > 0) {
		return m, done
	}
	small := m.smallCount(below)
	known := func(k int) Count { return protected(m.Cell(k), small, below) }
	for k := range m.rowVal {
		if c := known(k); c != m.Cell(k) {
			done.Counts++
			done.Lower += c.Lower
			done.Upper += c.Upper
		}
	}
	if done.Counts == 0 {
		return m, done
	}
	return m.recounted(known), done
}

// ProtectCount is the same of one whole count by itself, such as a numerator: n
// as it is, or the mark "<below" for one above 0 and under the limit.
func ProtectCount(n, below float64) Count {
	if below > 1 && n > 0 && n < below {
		return Between(1, math.Ceil(below)-1)
	}
	return Exactly(n)
}

// smallCount is what a count from 1 to below − 1 is read as. It hangs on the
// counts of below and more, never on a smaller one.
func (m *Matrix) smallCount(below float64) Count {
	whole := below > 1
	for k := range m.rowVal {
		if c := m.Cell(k).Published; c >= below && c != math.Trunc(c) {
			whole = false
		}
	}
	if whole {
		return Between(1, math.Ceil(below)-1)
	}
	return Between(0, below)
}

// protected is a pair's count as it may be known; small stands for a small one.
func protected(c, small Count, below float64) Count {
	switch {
	case c.Published > 0 && c.Published < below:
		// In 1,024ths: a difference's last bits would tell what was taken off.
		mark := func(bound float64) float64 { return math.Round((bound-c.Published)*1024) / 1024 }
		return small.Plus(Between(mark(c.Lower), mark(c.Upper)))
	case c.Published == 0 && c.Upper < below:
		return Between(min(c.Lower, small.Lower), max(c.Upper, small.Upper))
	}
	return c
}

// recounted is the matrix with the same pairs and other counts, by cell.
func (m *Matrix) recounted(count func(k int) Count) *Matrix {
	n := &Matrix{
		areas: m.areas, providers: m.providers, oneMode: m.oneMode,
		rowPtr: m.rowPtr, colPtr: m.colPtr, rowIdx: m.rowIdx, colIdx: m.colIdx,
		rowVal: make([]float64, len(m.rowVal)), colVal: make([]float64, len(m.colVal)),
		rowSum: make([]float64, len(m.rowSum)), colSum: make([]float64, len(m.colSum)),
	}
	next := slices.Clone(m.colPtr)
	for a := range n.areas {
		for k := int(m.rowPtr[a]); k < int(m.rowPtr[a+1]); k++ {
			p, w := m.rowIdx[k], count(k).Value
			n.rowVal[k], n.colVal[next[p]] = w, w
			next[p]++
			n.rowSum[a] += w
			n.colSum[p] += w
		}
	}
	n.setMarks(count)
	return n
}
