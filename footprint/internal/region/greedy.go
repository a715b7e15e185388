package region

import "context"

// Greedy merges the best pair, again and again, until stop says so or no pair
// may be merged. record, where not nil, is told of each merge.
func (g *Merging) Greedy(ctx context.Context, stop func() bool, record func(kept, gone int32, value float64)) error {
	n := len(g.Regions)
	p := &pairing{g: g, queue: NewQueue(n), partner: make([]int32, n), seen: make([]int32, n), version: make([]int32, n)}
	for i := range int32(n) {
		if g.IsAlive(i) {
			p.scan(i)
		}
	}
	for steps := 0; p.queue.Len() > 0 && !stop(); steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		i, key := p.queue.First()
		if p.stale(i) {
			p.scan(i)
			continue
		}
		kept, gone := p.merge(i)
		if record != nil {
			record(kept, gone, -key)
		}
		p.improve(kept)
		p.scan(kept)
	}
	return nil
}

// pairing holds the best partner of each region, the best pair first. A key may
// be out of date, since merges elsewhere have mostly made it worse: whatever
// comes first is looked at again before it counts.
type pairing struct {
	g             *Merging
	queue         *Queue // by falling value
	partner       []int32
	seen, version []int32 // merges of each region, and of its partner when last looked at
}

// scan finds a region's partner.
func (p *pairing) scan(i int32) {
	l, v, ok := p.g.Best(i)
	if !ok {
		p.queue.Drop(i)
		return
	}
	p.pair(i, l.To, v)
}

func (p *pairing) pair(i, partner int32, value float64) {
	p.partner[i], p.seen[i] = partner, p.version[partner]
	p.queue.Set(i, -value)
}

// stale says whether a region's partner has changed since it was looked at.
func (p *pairing) stale(i int32) bool {
	j := p.partner[i]
	return !p.g.IsAlive(j) || p.version[j] != p.seen[i]
}

func (p *pairing) merge(i int32) (kept, gone int32) {
	kept, gone = p.g.Merge(i, p.partner[i])
	p.queue.Drop(gone)
	p.version[kept]++
	return kept, gone
}

// improve raises the pairs that a merge has made better: their keys must follow
// at once.
func (p *pairing) improve(kept int32) {
	g := p.g
	for _, l := range g.Regions[kept].Links {
		v := g.value(g, l.To, Link{kept, l.In, l.Out})
		if (!p.queue.Has(l.To) || -v < p.queue.key[l.To]) && g.may(kept, l.To) {
			p.pair(l.To, kept, v)
		}
	}
}
