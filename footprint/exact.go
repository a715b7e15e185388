package footprint

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// exactly finds a partition into k footprints. The resolution is searched for
// from small to large: the smallest that gives k footprints or more is
// bracketed and halved down; what comes out near k is brought to k by the
// merges that cost least, polished by moves that keep k, and compared at the
// resolution found, which is given too.
func (e *Engine) exactly(ctx context.Context, l Leiden, refine bool) (label []int32, gamma float64, err error) {
	k := l.Constraints.Footprints
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	if err := e.checkCount(o, k, l.Constraints.AllowSingleKind); err != nil {
		return nil, 0, err
	}
	restarts := max(1, l.Restarts)

	// 1. Bracket: lo gives fewer than k, hi gives k or more.
	runs := 0
	at := func(gamma float64) (int, []int32, error) {
		label, err := e.run(ctx, o, gamma, l.Seed, uint64(runs), refine, nil)
		if err != nil {
			return 0, nil, err
		}
		runs++
		label = o.repair(e.g, slices.Clone(label), l.Constraints.AllowSingleKind)
		return labels(label), label, nil
	}
	const smallest, largest = 1.0 / (1 << 40), 1 << 40
	type found struct {
		gamma float64
		label []int32
	}
	var above []found // with k footprints or more
	lo, hi := 0.0, 0.0
	for gamma := 1.0; ; {
		n, label, err := at(gamma)
		if err != nil {
			return nil, 0, err
		}
		if n >= k {
			above = append(above, found{gamma, label})
			hi = gamma
			if lo > 0 || gamma <= smallest {
				break
			}
			gamma /= 2
		} else {
			lo = gamma
			if hi > 0 || gamma >= largest {
				break
			}
			gamma *= 2
		}
	}

	// 2. Halve.
	if hi > 0 && lo > 0 {
		for range 12 {
			gamma := math.Sqrt(lo * hi)
			n, label, err := at(gamma)
			if err != nil {
				return nil, 0, err
			}
			if n >= k {
				above = append(above, found{gamma, label})
				hi = gamma
			} else {
				lo = gamma
			}
		}
	}
	if hi == 0 {
		// No resolution gives so many health systems: seed one at each pair of a
		// matching instead.
		hi = lo
		above = append(above, found{hi, e.matchingSeeds(o, hi*e.factor)})
	}
	for i := 0; i < restarts+3 && lo > 0; i++ {
		// Runs differ near the threshold; a little above it all give k or more.
		gamma := hi * (1 + 0.02*float64(i%4))
		n, label, err := at(gamma)
		if err != nil {
			return nil, 0, err
		}
		if n >= k {
			above = append(above, found{gamma, label})
		}
	}

	// 3. Merge, polish, compare.
	slices.SortStableFunc(above, func(a, b found) int { return cmp.Compare(labels(a.label), labels(b.label)) })
	if keep := restarts + 5; len(above) > keep {
		above = above[:keep]
	}
	var best []int32
	bestQ := math.Inf(-1)
	o.f = hi * e.factor
	for _, c := range above {
		label := c.label
		e.mergeTo(o, label, k)
		e.polish(o, label, k, l.Constraints.AllowSingleKind)
		if q := e.g.quality(e.quality, o.f, e.scale, label); q > bestQ {
			best, bestQ = label, q
		}
	}
	return best, hi, nil
}

// labels counts labels that are 0, 1, ….
func labels(label []int32) int {
	k := int32(-1)
	for _, c := range label {
		k = max(k, c)
	}
	return int(k + 1)
}

// checkCount says whether the flow network can be cut into k footprints.
func (e *Engine) checkCount(o *workspace, k int, allowSingleKind bool) error {
	pieces := o.split(e.g, make([]int32, e.g.n))
	if k < pieces {
		return infeasible("%d footprints are too few: the flow network falls into %d unconnected pieces, and each needs a footprint of its own; ask for %d or more", k, pieces, pieces)
	}
	if e.g.providers == 0 || allowSingleKind {
		if k > e.g.n {
			return infeasible("%d footprints are too many: there are %d places; ask for %d or fewer", k, e.g.n, e.g.n)
		}
		return nil
	}
	nA, nP := e.g.n-e.g.providers, e.g.providers
	if k > min(nA, nP) {
		return infeasible("%d footprints are too many: each needs an area and a provider, and there are %d areas and %d providers; ask for %d or fewer", k, nA, nP, min(nA, nP))
	}
	if k > min(nA, nP)/2 {
		pairs := 0
		for _, a := range e.matching() {
			if a >= 0 {
				pairs++
			}
		}
		if k > pairs {
			return infeasible("%d footprints are too many: only %d areas and providers can be paired by patients who go from the one to the other; ask for %d or fewer", k, pairs, pairs)
		}
	}
	return nil
}

// matching pairs as many providers with areas as the flows allow (augmenting
// paths, large flows first), and gives each provider's area or -1.
func (e *Engine) matching() []int32 {
	g := e.g.both()
	pair := make([]int32, g.n)
	for v := range pair {
		pair[v] = -1
	}
	type flowArc struct {
		w    float64
		p, a int32
	}
	var arcs []flowArc
	for p := range int32(g.providers) {
		g.neighbours(p, func(a int32, w float64) {
			if w > 0 {
				arcs = append(arcs, flowArc{w, p, a})
			}
		})
	}
	slices.SortStableFunc(arcs, func(x, y flowArc) int { return cmp.Compare(y.w, x.w) })
	for _, x := range arcs {
		if pair[x.p] < 0 && pair[x.a] < 0 {
			pair[x.p], pair[x.a] = x.a, x.p
		}
	}
	// Breadth-first search for an augmenting path from each unpaired provider.
	seen, from := make([]int32, g.n), make([]int32, g.n)
	queue := make([]int32, 0, g.providers)
	for p := range int32(g.providers) {
		if pair[p] >= 0 {
			continue
		}
		queue = append(queue[:0], p)
		end := int32(-1)
		for head := 0; head < len(queue) && end < 0; head++ {
			u := queue[head]
			g.neighbours(u, func(a int32, w float64) {
				if w == 0 || seen[a] == p+1 || end >= 0 {
					return
				}
				seen[a], from[a] = p+1, u
				if pair[a] < 0 {
					end = a
				} else {
					queue = append(queue, pair[a])
				}
			})
		}
		for end >= 0 {
			u := from[end]
			next := pair[u]
			pair[u], pair[end] = end, u
			end = next
		}
	}
	return pair[:g.providers]
}

// matchingSeeds makes a partition with as many footprints as a matching has
// pairs: each pair is a seed, and what is left joins where it gains most among
// the footprints it has flow with.
func (e *Engine) matchingSeeds(o *workspace, f float64) []int32 {
	g := e.g.both()
	label := make([]int32, g.n)
	for v := range label {
		label[v] = -1
	}
	k := int32(0)
	if g.providers == 0 {
		for v := range label {
			label[v] = int32(v)
		}
		return label
	}
	sx, sy := make([]float64, g.n), make([]float64, g.n)
	put := func(v, c int32) {
		label[v] = c
		sx[c] += g.x[v]
		if g.y != nil {
			sy[c] += g.y[v]
		}
	}
	for p, a := range e.matching() {
		if a >= 0 {
			put(int32(p), k)
			put(a, k)
			k++
		}
	}
	for changed := true; changed; {
		changed = false
		for v := range int32(g.n) {
			if label[v] >= 0 {
				continue
			}
			best, to := math.Inf(-1), int32(-1)
			g.neighbours(v, func(u int32, w float64) {
				c := label[u]
				if c < 0 || w == 0 {
					return
				}
				gain := w - f*g.x[v]*sx[c]
				if g.y != nil {
					gain = w - f*(g.x[v]*sy[c]+g.y[v]*sx[c])
				}
				if gain > best {
					best, to = gain, c
				}
			})
			if to >= 0 {
				put(v, to)
				changed = true
			}
		}
	}
	return label
}

// mergeTo joins pairs of footprints that have flow with each other, those
// first whose union costs least, until k are left or nothing can join.
func (e *Engine) mergeTo(o *workspace, label []int32, k int) {
	n := labels(label)
	if n <= k {
		return
	}
	o.two = e.quality == Bipartite
	low := &level{g: e.g.both(), part: label}
	up := &level{}
	o.aggregate(low, n, up)
	whole := make([]int32, n) // footprint of each of the first ones
	for c := range whole {
		whole[c] = int32(c)
	}
	for cur := up; n > k; n-- {
		a, b := o.cheapestUnion(cur.g)
		if a < 0 {
			break
		}
		part := make([]int32, n)
		for c := range part {
			switch c := int32(c); {
			case c == b:
				part[c] = a
			case c > b:
				part[c] = c - 1
			default:
				part[c] = c
			}
		}
		for c, d := range whole {
			whole[c] = part[d]
		}
		next := &level{}
		cur.part = part
		o.aggregate(cur, n-1, next)
		cur = next
	}
	for v, c := range label {
		label[v] = whole[c]
	}
}

// cheapestUnion gives the two nodes a < b that share flow and gain most, or
// lose least, by joining; -1 where no two do.
func (o *optimiser) cheapestUnion(g *network) (a, b int32) {
	best := math.Inf(-1)
	a, b = -1, -1
	for c := range int32(g.n) {
		g.neighbours(c, func(d int32, w float64) {
			if d <= c {
				return
			}
			gain := w - o.f*g.x[c]*g.x[d]
			if o.two {
				gain = w - o.f*(g.x[c]*g.y[d]+g.y[c]*g.x[d])
			}
			if gain > best || gain == best && (c < a || c == a && d < b) {
				best, a, b = gain, c, d
			}
		})
	}
	return a, b
}

// polish moves nodes while that gains and keeps exactly k footprints; where
// the moves break one, the labels stay as they were.
func (e *Engine) polish(o *workspace, label []int32, k int, allowSingleKind bool) {
	o.two = e.quality == Bipartite
	o.pcg.Seed(0, 0)
	try := slices.Clone(label)
	o.keep = true
	o.move(e.g.both(), try)
	o.keep, o.whole = false, false
	if o.repair(e.g, try, allowSingleKind); labels(try) == k {
		copy(label, try)
	}
}
