package sweep

import (
	"context"
	"math/rand/v2"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/work"
)

// Consensus finds the partition that many runs have in common (Lancichinetti
// and Fortunato 2012, Consensus clustering in complex networks,
// doi:10.1038/srep00336):
//
//  1. Each pair gets the share of the runs that put both ends together. Only
//     pairs between which patients flow are looked at (as Tandon et al. 2019,
//     doi:10.1103/PhysRevE.99.042301, do), so that the matrix stays sparse.
//  2. Shares below Threshold become 0, but each area and provider keeps its
//     largest.
//  3. The method runs anew, as many times, on these shares in place of patients.
//  4. From 1 on, until all runs agree.
//
// A method whose rules are in patients (travel-to-work areas, service areas, a
// least localisation index) makes little sense on shares; Leiden, Louvain,
// Infomap and Ward do. The zero value works.
type Consensus struct {
	Threshold  float64 // in [0, 1); 0 means 0.5
	Rounds     int     // at most; 0 means 25
	Seed       uint64
	Jobs       int                // runs at a time; 0 means GOMAXPROCS; never changes the result
	Population []float64          // of the areas, for the numbering of the footprints, or nil
	Progress   footprint.Progress // nil is silent
}

// Partition gives the consensus of runs on m, of which zero Partitions are
// passed over, and the number of rounds it took. Where the runs of the last
// round still differ, it is the one of them that agrees best with the others,
// and agreed is false.
func (c Consensus) Partition(ctx context.Context, m *flow.Matrix, runs []footprint.Partition, method func(seed uint64) footprint.Method) (p footprint.Partition, rounds int, agreed bool, err error) {
	threshold, most := c.Threshold, c.Rounds
	if threshold == 0 {
		threshold = 0.5
	}
	if !(threshold > 0 && threshold < 1) {
		return p, 0, false, footprint.BadParameter("threshold of a consensus must lie in (0, 1), not %v", c.Threshold)
	}
	if most == 0 {
		most = 25
	}
	runs = partitionsOf(m, runs)
	if len(runs) == 0 {
		return p, 0, false, footprint.BadParameter("a consensus needs the partition of at least one run")
	}
	shares := make([]float64, m.Len())
	for {
		agreed = coassigned(m, runs, shares)
		if agreed || rounds >= most {
			p = runs[mostAgreeing(m, runs, shares)]
			return p.Number(m, c.Population), rounds, agreed, nil
		}
		rounds++
		keepStrong(m, shares, threshold)
		d, err := m.WithCounts(shares)
		if err != nil {
			return p, rounds, false, err
		}
		if runs, err = c.runOn(ctx, d, len(runs), rounds, method); err != nil {
			return p, rounds, false, err
		}
	}
}

// partitionsOf leaves out zero Partitions.
func partitionsOf(m *flow.Matrix, runs []footprint.Partition) []footprint.Partition {
	var list []footprint.Partition
	for _, p := range runs {
		if len(p.Areas) == len(m.Areas()) && (m.OneMode() || len(p.Providers) == len(m.Providers())) {
			list = append(list, p)
		}
	}
	return list
}

// runOn runs the method n times on shares in place of patients, and leaves out
// the runs that cannot meet their demands; the error is that of the first where
// none can.
func (c Consensus) runOn(ctx context.Context, d *flow.Matrix, n, round int, method func(seed uint64) footprint.Method) ([]footprint.Partition, error) {
	next, failures := make([]footprint.Partition, n), make([]error, n)
	err := work.Each(ctx, c.Jobs, n, c.Progress, "consensus runs", func() func(int) error {
		r := resampler{m: d}
		return func(i int) error {
			seed := rand.NewPCG(c.Seed, uint64(round)<<32|uint64(i)).Uint64()
			p, err := r.run(ctx, method(seed), nil)
			if footprint.IsInfeasible(err) {
				failures[i] = err
				return nil
			}
			next[i] = p
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	var runs []footprint.Partition
	for i, p := range next {
		if failures[i] == nil {
			runs = append(runs, p)
		}
	}
	if len(runs) == 0 {
		return nil, failures[0]
	}
	return runs, nil
}

// sameFootprint says whether both ends of a pair are in one footprint.
func sameFootprint(m *flow.Matrix, p *footprint.Partition, area int, other int32) bool {
	f := p.Areas[area]
	if m.OneMode() {
		return f >= 0 && f == p.Areas[other]
	}
	return f >= 0 && f == p.Providers[other]
}

// coassigned fills shares with the share of the partitions that put each pair
// together, and reports whether all of them are alike. Loops get 0.
func coassigned(m *flow.Matrix, ps []footprint.Partition, shares []float64) bool {
	clear(shares)
	for i := range ps {
		graph.EachPair(m, func(k, a int, other int32) {
			if sameFootprint(m, &ps[i], a, other) {
				shares[k]++
			}
		})
	}
	alike, n := true, float64(len(ps))
	graph.EachPair(m, func(k, a int, other int32) {
		switch {
		case m.OneMode() && int(other) == a:
			shares[k] = 0
		case shares[k] == n:
			shares[k] = 1
		case shares[k] > 0:
			alike = false
			shares[k] /= n
		}
	})
	return alike
}

// keepStrong clears shares below the threshold, but for the largest of each
// area and provider.
func keepStrong(m *flow.Matrix, shares []float64, threshold float64) {
	n := len(m.Areas())
	row, col := make([]float64, n), make([]float64, len(m.Providers()))
	if m.OneMode() {
		col = row
	}
	graph.EachPair(m, func(k, a int, other int32) {
		row[a], col[other] = max(row[a], shares[k]), max(col[other], shares[k])
	})
	graph.EachPair(m, func(k, a int, other int32) {
		if s := shares[k]; s < threshold && s < row[a] && s < col[other] {
			shares[k] = 0
		}
	})
}

// mostAgreeing is the partition, the first of equals, whose pairs agree best
// with the shares.
func mostAgreeing(m *flow.Matrix, ps []footprint.Partition, shares []float64) int {
	best, most := 0, -1.0
	for i := range ps {
		sum := 0.0
		graph.EachPair(m, func(k, a int, other int32) {
			if sameFootprint(m, &ps[i], a, other) {
				sum += shares[k]
			} else {
				sum += 1 - shares[k]
			}
		})
		if sum > most {
			best, most = i, sum
		}
	}
	return best
}
