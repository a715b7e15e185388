package sweep

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden"
)

// heldOutPoint is a run on one half: its number of footprints, and the share of
// the other half's patients inside.
type heldOutPoint struct{ footprints, inside float64 }

// heldOutCurve is the runs of one split, by rising number, one for each.
type heldOutCurve []heldOutPoint

// numberSeed keeps the random numbers of ChooseNumber apart from others. It is
// fixed, so that the number is the same whatever the seed of a sweep.
const numberSeed = 0x5eed0f5711e5

// ledgeStream is the first stream of the splits of step 5 of ChooseNumber.
const ledgeStream = 1 << 32

// leidenRun is one run at a resolution.
func leidenRun(ctx context.Context, m *flow.Matrix, gamma float64) (footprint.Partition, error) {
	return leiden.Leiden{Resolution: gamma, Effort: 1, Jobs: 1}.Partition(ctx, m)
}

// makeCurves is step 2 of ChooseNumber.
func (n *number) makeCurves(ctx context.Context) error {
	n.resolutions = LogResolutions(0.1, 60, n.size.resolutions)
	n.curves, n.reached = make([]heldOutCurve, n.size.splits), make([][]int, n.size.splits)
	for i := range n.reached {
		n.reached[i] = slices.Repeat([]int{math.MaxInt}, len(n.resolutions))
	}
	return work.Each(ctx, n.o.Jobs, n.size.splits, n.o.Progress, "held-out splits", func() func(int) error {
		h := newHalver(n.m)
		return func(split int) error {
			h.split(rand.NewPCG(numberSeed, uint64(split)), n.o.OverDispersion)
			e, err := h.engineWith(footprint.Modularity, h.first)
			if err != nil {
				return err
			}
			points := make(heldOutCurve, 0, len(n.resolutions))
			for i, gamma := range n.resolutions {
				p, err := e.Leiden(ctx, leiden.Leiden{Resolution: gamma, Seed: uint64(split), Effort: 1, Jobs: 1})
				if err != nil {
					return err
				}
				n.reached[split][i] = p.Len()
				points = append(points, heldOutPoint{float64(p.Len()), insideShare(n.m, h.second, p.Areas, p.Providers)})
				if p.Len() >= 4*n.To {
					break
				}
			}
			n.curves[split] = points.sorted()
			return nil
		}
	})
}

// sorted is the curve by rising number, with the mean of equal numbers.
func (c heldOutCurve) sorted() heldOutCurve {
	slices.SortStableFunc(c, func(a, b heldOutPoint) int { return cmp.Compare(a.footprints, b.footprints) })
	var out heldOutCurve
	for i := 0; i < len(c); {
		j, sum := i, 0.0
		for ; j < len(c) && c[j].footprints == c[i].footprints; j++ {
			sum += c[j].inside
		}
		if mean := sum / float64(j-i); !math.IsNaN(mean) {
			out = append(out, heldOutPoint{c[i].footprints, mean})
		}
		i = j
	}
	return out
}

// every is each step-th point from a first one on.
func (c heldOutCurve) every(step, first int) heldOutCurve {
	var out heldOutCurve
	for i := first; i < len(c); i += step {
		out = append(out, c[i])
	}
	return out
}

// within is the curve with both ends moved inwards by a factor.
func (c heldOutCurve) within(factor float64) heldOutCurve {
	if len(c) == 0 {
		return nil
	}
	low, high := c[0].footprints*factor, c[len(c)-1].footprints/factor
	return slices.DeleteFunc(slices.Clone(c), func(p heldOutPoint) bool { return p.footprints < low || p.footprints > high })
}

// at interpolates.
func (c heldOutCurve) at(k float64) (inside float64, ok bool) {
	i, exact := slices.BinarySearchFunc(c, k, func(p heldOutPoint, k float64) int { return cmp.Compare(p.footprints, k) })
	switch {
	case exact:
		return c[i].inside, true
	case i == 0 || i == len(c):
		return 0, false
	}
	a, b := c[i-1], c[i]
	return a.inside + float64((k-a.footprints)/(b.footprints-a.footprints)*(b.inside-a.inside)), true
}

// grid lists the numbers of footprints to look at: every one, or 240 in equal
// ratios where there are more.
func (n *number) grid() []float64 {
	low, high := max(2, float64(n.From)/4), min(float64(n.most), 4*float64(n.To))
	var out []float64
	for _, k := range LogResolutions(low, max(low, high), 240) {
		out = append(out, math.Round(k))
	}
	return slices.Compact(out)
}

// meanCurve is the mean of the curves that reach a number, where four of five
// do.
func meanCurve(curves []heldOutCurve, grid []float64) heldOutCurve {
	var out heldOutCurve
	for _, k := range grid {
		sum, reach := 0.0, 0
		for _, c := range curves {
			if y, ok := c.at(k); ok {
				sum += y
				reach++
			}
		}
		if reach > 0 && 5*reach >= 4*len(curves) {
			out = append(out, heldOutPoint{k, sum / float64(reach)})
		}
	}
	return out
}

// slopeFrom is how much the curve falls by footprint on one side of a point:
// the slope of a straight line through the points up to twice or down to half
// its number, with weights that fall to nothing there.
func (c heldOutCurve) slopeFrom(i, side int) float64 {
	var s0, s1, s2, t0, t1 float64
	for j := i; j >= 0 && j < len(c); j += side {
		w := 1 - math.Abs(portable.Log(c[j].footprints/c[i].footprints))/math.Ln2
		if w <= 0 {
			break
		}
		d, y := c[j].footprints-c[i].footprints, c[j].inside
		s0 += w
		s1 += float64(w * d)
		s2 += float64(w * d * d)
		t0 += float64(w * y)
		t1 += float64(w * d * y)
	}
	det := float64(s0*s2) - float64(s1*s1)
	if !(det > 1e-9*s0*s2) {
		return math.NaN()
	}
	return (float64(s1*t0) - float64(s0*t1)) / det
}

// contrasts gives the contrast at each point that has points at half and at
// twice its number; NaN at the others.
func (c heldOutCurve) contrasts() []float64 {
	out := make([]float64, len(c))
	for i, p := range c {
		out[i] = math.NaN()
		if 2*c[0].footprints > p.footprints || c[len(c)-1].footprints < 2*p.footprints {
			continue
		}
		before, behind := c.slopeFrom(i, -1), c.slopeFrom(i, 1)
		if most := max(before, behind); most > 0 { // one that does not fall counts as a twentieth
			out[i] = portable.Log(max(before, most/20) / max(behind, most/20))
		}
	}
	return out
}

// bend is where a curve bends most.
type bend struct {
	at        int
	contrast  float64
	low, high int // numbers that go on to step 5
}

// middle is the geometric middle of the bend.
func (b bend) middle() float64 { return math.Sqrt(float64(b.low) * float64(b.high)) }

// words says what bends.
func (b bend) words() string {
	times := portable.Exp(math.Abs(b.contrast))
	if b.contrast > 0 {
		return fmt.Sprintf("the share of held-out patients inside bends at %d footprints: fewer cost up to %.1f times as much for each further one as more do", b.at, times)
	}
	return fmt.Sprintf("the share of held-out patients inside bends at %d footprints: more cost up to %.1f times as much for each further one as fewer do", b.at, times)
}

// findBend is steps 3 and 4 of ChooseNumber.
func (n *number) findBend(curves []heldOutCurve, grid []float64) (b bend, ok bool) {
	c := meanCurve(curves, grid)
	contrast := c.contrasts()
	top := -1
	for i, d := range contrast {
		if n.meant(c[i]) && !math.IsNaN(d) && (top < 0 || math.Abs(d) > math.Abs(contrast[top])) {
			top = i
		}
	}
	if top < 0 || math.Abs(contrast[top]) < leastContrast || !stands(contrast, top, -1) || !stands(contrast, top, 1) {
		return b, false
	}
	b = bend{at: int(c[top].footprints), contrast: contrast[top]}
	if b.contrast > 0 {
		b.at = n.elbow(c)
		off := elbowTolerance * float64(b.at)
		b.low, b.high = int(math.Ceil(float64(b.at)-off)), int(float64(b.at)+off)
		return b, true
	}
	reaches := func(i int) bool { return i >= 0 && i < len(c) && contrast[i]/contrast[top] >= bendWidth }
	low, high := top, top
	for reaches(low - 1) {
		low--
	}
	for reaches(high + 1) {
		high++
	}
	b.low, b.high = int(c[low].footprints), int(c[high].footprints)
	return b, true
}

// meant reports whether the planning scale allows a number.
func (n *number) meant(p heldOutPoint) bool {
	return p.footprints >= float64(n.From) && p.footprints <= float64(n.To)
}

// elbow is the number of the greatest smoothed depth below the chord from one
// end of the planning scale to the other, the first of equals.
func (n *number) elbow(c heldOutCurve) int {
	c = slices.DeleteFunc(slices.Clone(c), func(p heldOutPoint) bool { return !n.meant(p) })
	first, last := c[0], c[len(c)-1]
	slope := 0.0
	if last.footprints > first.footprints {
		slope = (last.inside - first.inside) / (last.footprints - first.footprints)
	}
	for i := range c {
		c[i].inside = first.inside + float64(slope*(c[i].footprints-first.footprints)) - c[i].inside
	}
	best, deepest := 0, math.Inf(-1)
	for i := range c {
		if depth := c.smoothed(i); depth > deepest+1e-12 {
			best, deepest = i, depth
		}
	}
	return int(c[best].footprints)
}

// smoothed is the value at a point of a straight line fitted to the points
// around it, with weights that fall to nothing at elbowWidth times its number.
func (c heldOutCurve) smoothed(i int) float64 {
	var s0, s1, s2, t0, t1 float64
	for _, p := range c {
		w := 1 - math.Abs(portable.Log(p.footprints/c[i].footprints))/portable.Log(elbowWidth)
		if w <= 0 {
			continue
		}
		d := p.footprints - c[i].footprints
		s0 += w
		s1 += float64(w * d)
		s2 += float64(w * d * d)
		t0 += float64(w * p.inside)
		t1 += float64(w * d * p.inside)
	}
	if det := float64(s0*s2) - float64(s1*s1); det > 1e-9*s0*s2 {
		return (float64(s2*t0) - float64(s1*t1)) / det
	}
	return t0 / s0
}

// stands reports whether the contrast falls to half on a side before it rises
// above that of the top.
func stands(contrast []float64, top, side int) bool {
	for i := top + side; i >= 0 && i < len(contrast) && !math.IsNaN(contrast[i]); i += side {
		switch part := contrast[i] / contrast[top]; {
		case part <= 0.5:
			return true
		case part > 1:
			return false
		}
	}
	return false
}
