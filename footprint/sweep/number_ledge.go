package sweep

import (
	"context"
	"math"
	"math/rand/v2"

	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden"
)

// ledge is a resolution on which two halves may agree.
type ledge struct {
	gamma, agreement float64
	footprints       int
}

// findLedge is step 5 of ChooseNumber.
func (n *number) findLedge(ctx context.Context, b bend) error {
	low, high := n.resolutionsOf(b)
	ledges := make([]ledge, n.size.ledges)
	for i, gamma := range LogResolutions(low, high, len(ledges)) {
		ledges[i].gamma = gamma
	}
	runs := make([][]ledgeRun, n.size.pairs)
	err := work.Each(ctx, n.o.Jobs, n.size.pairs, n.o.Progress, "halves", func() func(int) error {
		h := newHalver(n.m)
		return func(pair int) (err error) {
			h.split(rand.NewPCG(numberSeed, ledgeStream+uint64(pair)), 0)
			runs[pair], err = h.ledgeRuns(ctx, ledges, uint64(pair))
			return err
		}
	})
	if err != nil {
		return err
	}
	best := -1
	for i := range ledges {
		ledges[i].mean(runs, i)
		if k := ledges[i].footprints; k < b.low || k > b.high {
			continue
		}
		if best < 0 || ledges[i].agreement > ledges[best].agreement+1e-9 {
			best = i
		}
	}
	if best < 0 || !(ledges[best].agreement >= leastAgreement) {
		n.because("of %d to %d footprints, none is such that the maps of two random halves agree, so no number is recommended", b.low, b.high)
		return nil
	}
	l := ledges[best]
	n.Footprints, n.Agreement, n.Resolution = l.footprints, l.agreement, l.gamma
	whole, err := leidenRun(ctx, n.m, l.gamma)
	if err != nil {
		return err
	}
	if k := whole.Len(); k >= b.low && k <= b.high {
		n.Footprints = k
	}
	if at := meanCurve(n.curves, []float64{float64(n.Footprints)}); len(at) > 0 {
		n.HeldOut = at[0].inside
	}
	n.because("of %d to %d footprints, the maps of two random halves agree most on %d: mean AMI %.3f, %.1f%% of held-out patients inside",
		b.low, b.high, n.Footprints, n.Agreement, 100*n.HeldOut)
	n.findInterval()
	return nil
}

// ledgeRun is what two halves give at a resolution.
type ledgeRun struct{ agreement, footprints float64 }

// ledgeRuns clusters both halves at every resolution.
func (h *halver) ledgeRuns(ctx context.Context, ledges []ledge, seed uint64) ([]ledgeRun, error) {
	var maps [2][]footprint.Partition
	for half, counts := range [][]float64{h.first, h.second} {
		e, err := h.engineWith(footprint.Modularity, counts)
		if err != nil {
			return nil, err
		}
		for _, l := range ledges {
			p, err := e.Leiden(ctx, leiden.Leiden{Resolution: l.gamma, Seed: seed, Effort: 1, Jobs: 1})
			if err != nil {
				return nil, err
			}
			maps[half] = append(maps[half], p)
		}
	}
	out := make([]ledgeRun, len(ledges))
	for i := range out {
		a, b := maps[0][i], maps[1][i]
		out[i] = ledgeRun{compare.Agree(a.Areas, b.Areas).AMI, float64(a.Len()+b.Len()) / 2}
	}
	return out, nil
}

// mean takes the mean of the runs of a ledge.
func (l *ledge) mean(runs [][]ledgeRun, at int) {
	agreement, footprints := 0.0, 0.0
	for _, pair := range runs {
		agreement += pair[at].agreement
		footprints += pair[at].footprints
	}
	l.agreement = agreement / float64(len(runs))
	l.footprints = int(math.Round(footprints / float64(len(runs))))
}

// resolutionsOf are those that gave the numbers of a bend, with one more on
// each side.
func (n *number) resolutionsOf(b bend) (low, high float64) {
	last := len(n.resolutions) - 1
	low = n.resolutions[max(0, min(last, n.firstReaching(b.low)-1))]
	return low, n.resolutions[min(last, n.firstReaching(b.high+1))]
}

// firstReaching is the place of the first resolution at which most splits have
// so many footprints or more.
func (n *number) firstReaching(k int) int {
	for i := range n.resolutions {
		enough := 0
		for _, reached := range n.reached {
			if reached[i] >= k {
				enough++
			}
		}
		if 2*enough > len(n.reached) {
			return i
		}
	}
	return len(n.resolutions)
}
