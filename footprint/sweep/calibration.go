package sweep

import (
	"context"
	"math/rand/v2"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/work"
)

// Calibration says what confidence is worth: how often areas lie the same way
// in maps of held-out halves of the flows.
type Calibration struct {
	Halves int // maps that were made
	Years  int // that were left out in place of halves; 0 for halves
	// Sure is the number of areas with a confidence of 0.9 or more, and
	// SureSame the mean share of the maps, in [0, 1], that put one of them in
	// the counterpart of its footprint. Others and OthersSame are of the rest.
	// A share is 0 where there are no such areas.
	Sure, Others         int
	SureSame, OthersSame float64
}

// surely is the confidence from which on an area counts as sure.
const surely = 0.9

// calibrationHalves is how many held-out halves Calibrate clusters.
const calibrationHalves = 8

// calibrationStream is the first stream of the splits of Calibrate.
const calibrationStream = 1 << 33

// Calibrate clusters the second halves of over-dispersed splits, of which base
// has seen nothing but what the first halves share, and counts how often areas
// lie where base puts them. u is the uncertainty of base; method is as in
// Partitions. Halves that cannot meet the demands count for nothing.
func (b Bootstrap) Calibrate(ctx context.Context, m *flow.Matrix, base footprint.Partition, u *Uncertainty, method func(seed uint64) footprint.Method) (Calibration, error) {
	alpha := b.OverDispersion
	if !(alpha > 0) {
		alpha = DefaultOverDispersion
	}
	maps := make([]footprint.Partition, calibrationHalves)
	err := work.Each(ctx, b.Jobs, len(maps), b.Progress, "held-out halves", func() func(int) error {
		h := newHalver(m)
		return func(i int) error {
			src := rand.NewPCG(b.Seed, calibrationStream+uint64(i))
			with := method(src.Uint64())
			h.split(src, alpha)
			p, err := h.run(ctx, with, h.first)
			if footprint.IsInfeasible(err) {
				return nil
			}
			maps[i] = p
			return err
		}
	})
	if err != nil {
		return Calibration{}, err
	}
	held, err := MeasureUncertainty(base, maps, nil)
	if err != nil { // no half gave a map
		return Calibration{}, nil
	}
	return calibrated(u, held), nil
}

// calibrated counts how often sure areas, and the others, lie the same way.
func calibrated(u, held *Uncertainty) Calibration {
	c := Calibration{Halves: held.Runs}
	for i, a := range u.Areas {
		same := held.Areas[i].Confidence
		if a.Confidence >= surely {
			c.Sure++
			c.SureSame += same
		} else {
			c.Others++
			c.OthersSame += same
		}
	}
	c.SureSame /= float64(max(1, c.Sure))
	c.OthersSame /= float64(max(1, c.Others))
	return c
}
