package compare

import (
	"cmp"
	"math"
	"slices"
)

// Agreement says how far two groupings of the same things are alike. The
// measures that are not integers follow scikit-learn's conventions: where both
// groupings have one group, or both are the same, ARI, AMI and NMI are 1.
type Agreement struct {
	Compared int // things that both groupings hold
	// ARI is the adjusted Rand index (Hubert and Arabie 1985,
	// doi:10.1007/BF01908075), at most 1; 0 is what chance gives.
	ARI float64
	// AMI is the mutual information adjusted for chance, normalised by the
	// arithmetic mean of the entropies (Vinh, Epps and Bailey 2010, JMLR
	// 11:2837), at most 1.
	AMI float64
	// NMI is the mutual information over the arithmetic mean of the entropies,
	// in [0, 1].
	NMI float64
	// VI is the variation of information in nats, 0 for the same grouping and
	// at most ln(Compared) (Meilă 2007, doi:10.1016/j.jmva.2006.11.013).
	VI float64
	// Moved is the number of things outside their matched group after the best
	// one-to-one matching of groups.
	Moved int
}

// Agree compares two groupings, label by label; things with a negative label in
// either are left out. With nothing to compare the measures are NaN.
func Agree(a, b []int32) Agreement {
	t := newContingency(a, b)
	ag := Agreement{Compared: t.n, ARI: math.NaN(), AMI: math.NaN(), NMI: math.NaN(), VI: math.NaN()}
	if t.n == 0 {
		return ag
	}
	ag.ARI = t.adjustedRand()
	h1, h2, mi := entropy(t.rows, t.n), entropy(t.cols, t.n), t.mutualInformation()
	ag.VI = max(0, h1+h2-2*mi)
	mean := (h1 + h2) / 2
	switch {
	case t.identical():
		ag.NMI, ag.AMI, ag.VI = 1, 1, 0
	case len(t.rows) == 1 || len(t.cols) == 1:
		ag.NMI, ag.AMI = 0, 0 // one side knows nothing of the other
	default:
		ag.NMI = mi / mean
		emi := NewComparer(t.n).expected(countSizes(t.rows), countSizes(t.cols))
		den := mean - emi
		if den < 0 {
			den = min(den, -epsilon)
		} else {
			den = max(den, epsilon)
		}
		ag.AMI = (mi - emi) / den
	}
	_, matched := t.match()
	ag.Moved = t.n - matched
	return ag
}

const epsilon = 2.220446049250313e-16

// contingency counts how many things fall in each pair of groups; cells are
// sorted by row and then column.
type contingency struct {
	n          int
	rows, cols []int // sizes of the groups that occur
	cells      []contingencyCell
	rowLabels  []int32
	colLabels  []int32
}

type contingencyCell struct {
	row, col int32
	n        int
}

func newContingency(a, b []int32) *contingency {
	pairs := make([][2]int32, 0, len(a))
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 {
			pairs = append(pairs, [2]int32{a[i], b[i]})
		}
	}
	t := &contingency{n: len(pairs)}
	rowOf, nRows := denseLabels(pairs, 0)
	colOf, nCols := denseLabels(pairs, 1)
	t.rows, t.cols = make([]int, nRows), make([]int, nCols)
	t.rowLabels, t.colLabels = make([]int32, nRows), make([]int32, nCols)
	keys := make([]int64, len(pairs))
	for i, p := range pairs {
		r, c := rowOf[p[0]], colOf[p[1]]
		t.rows[r]++
		t.cols[c]++
		t.rowLabels[r], t.colLabels[c] = p[0], p[1]
		keys[i] = int64(r)<<32 | int64(c)
	}
	slices.Sort(keys)
	for i := 0; i < len(keys); {
		j := i + 1
		for j < len(keys) && keys[j] == keys[i] {
			j++
		}
		t.cells = append(t.cells, contingencyCell{int32(keys[i] >> 32), int32(keys[i] & math.MaxInt32), j - i})
		i = j
	}
	return t
}

// denseLabels numbers the labels of one side from 0 in rising order.
func denseLabels(pairs [][2]int32, side int) (place []int32, n int32) {
	top := int32(-1)
	for _, p := range pairs {
		top = max(top, p[side])
	}
	place = make([]int32, top+1)
	for _, p := range pairs {
		place[p[side]] = 1
	}
	for i, used := range place {
		if used == 1 {
			place[i] = n
			n++
		}
	}
	return place, n
}

func (t *contingency) identical() bool {
	return len(t.cells) == len(t.rows) && len(t.cells) == len(t.cols)
}

func (t *contingency) adjustedRand() float64 {
	pairs := func(k int) float64 { return float64(k) * float64(k-1) }
	var both, rows, cols float64
	for _, c := range t.cells {
		both += pairs(c.n)
	}
	for _, k := range t.rows {
		rows += pairs(k)
	}
	for _, k := range t.cols {
		cols += pairs(k)
	}
	if both == rows && both == cols {
		return 1 // the same grouping, or nothing that a pair could tell
	}
	all := pairs(t.n)
	expected := rows * cols / all
	return (both - expected) / ((rows+cols)/2 - expected)
}

func entropy(sizes []int, n int) float64 {
	h := 0.0
	for _, k := range sizes {
		p := float64(k) / float64(n)
		h -= p * math.Log(p)
	}
	return h
}

func (t *contingency) mutualInformation() float64 {
	mi, n := 0.0, float64(t.n)
	for _, c := range t.cells {
		x := float64(c.n)
		mi += x / n * math.Log(n*x/(float64(t.rows[c.row])*float64(t.cols[c.col])))
	}
	return max(0, mi)
}

type sizeCount struct{ size, times int }

func countSizes(sizes []int) []sizeCount {
	var out []sizeCount
	for _, k := range slices.Sorted(slices.Values(sizes)) {
		if len(out) > 0 && out[len(out)-1].size == k {
			out[len(out)-1].times++
		} else {
			out = append(out, sizeCount{k, 1})
		}
	}
	return out
}

func logFactorials(n int) []float64 {
	lf := make([]float64, n+1)
	for i := range lf {
		lf[i], _ = math.Lgamma(float64(i) + 1)
	}
	return lf
}

// GroupMatch pairs a group of one partition with one of another.
type GroupMatch struct {
	A, B   int32 // labels; −1 for a group without a partner
	Shared int   // things in both
}

// MatchGroups finds the one-to-one matching of the groups of a with the groups
// of b that leaves the fewest things outside; groups without a partner are
// listed with −1. Sorted by A, then B.
func MatchGroups(a, b []int32) []GroupMatch {
	t := newContingency(a, b)
	partner, _ := t.match()
	var out []GroupMatch
	used := make([]bool, len(t.cols))
	shared := map[[2]int32]int{}
	for _, c := range t.cells {
		shared[[2]int32{c.row, c.col}] = c.n
	}
	for r, c := range partner {
		n := 0
		if c >= 0 {
			n = shared[[2]int32{int32(r), c}]
		}
		if n == 0 {
			out = append(out, GroupMatch{t.rowLabels[r], -1, 0})
			continue
		}
		used[c] = true
		out = append(out, GroupMatch{t.rowLabels[r], t.colLabels[c], n})
	}
	for c, u := range used {
		if !u {
			out = append(out, GroupMatch{-1, t.colLabels[c], 0})
		}
	}
	slices.SortFunc(out, func(x, y GroupMatch) int {
		return cmp.Or(cmp.Compare(uint32(x.A), uint32(y.A)), cmp.Compare(x.B, y.B))
	})
	return out
}
