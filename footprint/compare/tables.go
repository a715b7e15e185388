package compare

import (
	"math"

	"stpmap/footprint/internal/work"
)

// Grouping is a grouping of the same n things as others, made ready for many
// comparisons: dense labels with the sizes of the groups.
type Grouping struct {
	label   []int32 // 0 to len(size)-1, no gaps
	size    []int
	counts  []sizeCount
	entropy float64 // nats
}

// NewGrouping numbers labels in the order in which they first appear; with a
// negative label among them it gives nil, and Agree must be used.
func NewGrouping(label []int32) *Grouping {
	g := &Grouping{label: make([]int32, len(label))}
	top := int32(-1)
	for _, c := range label {
		if c < 0 {
			return nil
		}
		top = max(top, c)
	}
	place := make([]int32, top+1)
	for i := range place {
		place[i] = -1
	}
	for i, c := range label {
		if place[c] < 0 {
			place[c] = int32(len(g.size))
			g.size = append(g.size, 0)
		}
		g.label[i] = place[c]
		g.size[place[c]]++
	}
	g.counts = countSizes(g.size)
	g.entropy = entropy(g.size, len(label))
	return g
}

// Comparer finds AMI and VI of groupings of n things as Agree does, many times
// over: logarithms are tabulated once and room is used again. It serves one
// goroutine.
type Comparer struct {
	n    int
	logs []float64 // ln i; shared between comparers
	lf   []float64 // ln i!; shared
	cell []int32   // contingency, row by row
	used []int32   // its cells above 0, in the order in which they were met
}

// NewComparer compares groupings of n things.
func NewComparer(n int) *Comparer {
	c := &Comparer{n: n, logs: make([]float64, n+1), lf: logFactorials(n)}
	for i := 1; i <= n; i++ {
		c.logs[i] = math.Log(float64(i))
	}
	return c
}

// Share gives another comparer of the same tables.
func (c *Comparer) Share() *Comparer { return &Comparer{n: c.n, logs: c.logs, lf: c.lf} }

// count fills the contingency table.
func (c *Comparer) count(a, b *Grouping) {
	nb := len(b.size)
	for _, k := range c.used {
		c.cell[k] = 0
	}
	c.used = c.used[:0]
	c.cell = work.Grow(c.cell, len(a.size)*nb)
	for i, r := range a.label {
		k := r*int32(nb) + b.label[i]
		if c.cell[k] == 0 {
			c.used = append(c.used, k)
		}
		c.cell[k]++
	}
}

// information is the mutual information in nats, and whether the groupings
// are the same.
func (c *Comparer) information(a, b *Grouping) (mi float64, same bool) {
	c.count(a, b)
	nb := len(b.size)
	n := float64(c.n)
	for _, k := range c.used {
		x := int(c.cell[k])
		mi += float64(x) / n * (c.logs[c.n] + c.logs[x] - c.logs[a.size[int(k)/nb]] - c.logs[b.size[int(k)%nb]])
	}
	return max(0, mi), len(c.used) == len(a.size) && len(c.used) == nb
}

// VI is the variation of information in nats.
func (c *Comparer) VI(a, b *Grouping) float64 {
	mi, same := c.information(a, b)
	if same {
		return 0
	}
	return max(0, a.entropy+b.entropy-2*mi)
}

// AMI is the adjusted mutual information.
func (c *Comparer) AMI(a, b *Grouping) float64 {
	mi, same := c.information(a, b)
	switch {
	case same:
		return 1
	case len(a.size) == 1 || len(b.size) == 1:
		return 0
	}
	emi := c.expected(a.counts, b.counts)
	return (mi - emi) / awayFromZero((a.entropy+b.entropy)/2-emi)
}

// awayFromZero is x, or epsilon with its sign where it is nearer to 0.
func awayFromZero(x float64) float64 {
	if x < 0 {
		return min(x, -epsilon)
	}
	return max(x, epsilon)
}

// expected is the mean mutual information of two random groupings with these
// group sizes (Vinh et al. 2010, equation 24a). Groups of equal size share
// their term; the hypergeometric weights of one term follow from the first by
// their ratios.
func (c *Comparer) expected(rows, cols []sizeCount) float64 {
	n, lf, logs := c.n, c.lf, c.logs
	total, nn := 0.0, float64(n)
	for _, x := range rows {
		for _, y := range cols {
			a, b := x.size, y.size
			lo, hi := max(1, a+b-n), min(a, b)
			p := math.Exp(lf[a] + lf[b] + lf[n-a] + lf[n-b] - lf[n] - lf[lo] - lf[a-lo] - lf[b-lo] - lf[n-a-b+lo])
			shift := logs[n] - logs[a] - logs[b]
			sum := 0.0
			for k := lo; k <= hi; k++ {
				sum += float64(k) / nn * (shift + logs[k]) * p
				p *= float64(a-k) * float64(b-k) / (float64(k+1) * float64(n-a-b+k+1))
			}
			total += sum * float64(x.times*y.times)
		}
	}
	return total
}
