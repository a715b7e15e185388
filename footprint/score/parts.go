package score

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
)

// Draws are the Monte Carlo draws of a score, or a part of them. Each draw has
// random numbers of its own, so that parts made apart are those of the whole.
type Draws struct {
	// Fingerprint identifies all that the draws depend on: figures, weights,
	// partitions, options and seed. Parts go together only where it is the same.
	Fingerprint string
	Total       int // draws of the whole, those that split the variance included
	Footprints  int // that are ranked
	// Numbers of the draws made, from 0 and rising, and their ranks: Footprints
	// of them for each draw, 1 the worst.
	Numbers []int
	Ranks   []int32
}

// draws makes the draws, or a part of them, or has them from elsewhere. It gives
// the ranks of all of them, nil for a part.
func (r *Result) draws(ctx context.Context, d *doubt) ([]int32, error) {
	in := r.in
	_, _, total := d.plan()
	if in.Shards == 0 && in.Merge == nil {
		return d.draw(ctx, in.Progress, 1, 1)
	}
	w := Draws{Fingerprint: d.fingerprint(), Total: total, Footprints: d.e.nf}
	if in.Shards == 0 {
		ranks, err := in.Merge(w)
		if err == nil && len(ranks) != total*d.e.nf {
			err = fmt.Errorf("score: %d ranks for %d draws of %d footprints", len(ranks), total, d.e.nf)
		}
		return ranks, err
	}
	for i := in.Shard - 1; i < total; i += in.Shards {
		w.Numbers = append(w.Numbers, i)
	}
	var err error
	w.Ranks, err = d.draw(ctx, in.Progress, in.Shard, in.Shards)
	r.Draws = &w
	return nil, err
}

// fingerprint is over everything that a draw looks at.
func (d *doubt) fingerprint() string {
	h := sha256.New()
	e := d.e
	fmt.Fprintln(h, e.nk, e.nf, e.nd, e.first, e.rated, d.opt.Draws, d.opt.Seed, d.base.norm, d.base.agg, d.active)
	var b []byte
	put := func(xs ...float64) {
		for _, x := range xs {
			bits := math.Float64bits(x)
			if x != x {
				bits = 1 // any NaN
			}
			for range 8 {
				b = append(b, byte(bits))
				bits >>= 8
			}
		}
		if len(b) >= 1<<16 {
			h.Write(b)
			b = b[:0]
		}
	}
	put(e.weight...)
	put(e.domWeight...)
	put(d.domains...)
	for _, w := range d.weights {
		put(w...)
	}
	put(d.sides...)
	for i := range e.variants {
		c := &e.variants[i]
		put(c.x...)
		put(c.crit...)
		put(c.goal...)
		for _, s := range c.draw {
			put(float64(s.kind), s.a, s.b, s.c, s.d)
		}
	}
	for _, shift := range e.shifts {
		put(shift...)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}
