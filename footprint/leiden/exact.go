package leiden

import (
	"cmp"
	"context"
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
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
		label = o.Repair(e.g, slices.Clone(label), l.Constraints.AllowSingleKind)
		return grouping.Count(label), label, nil
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
	slices.SortStableFunc(above, func(a, b found) int { return cmp.Compare(grouping.Count(a.label), grouping.Count(b.label)) })
	if keep := restarts + 5; len(above) > keep {
		above = above[:keep]
	}
	var best []int32
	bestQ := math.Inf(-1)
	o.Gamma = hi * e.factor
	for _, c := range above {
		label := c.label
		e.mergeTo(o, label, k)
		e.polish(o, label, k, l.Constraints.AllowSingleKind)
		if q := e.g.Quality(e.quality, o.Gamma, e.scale, label); q > bestQ {
			best, bestQ = label, q
		}
	}
	return best, hi, nil
}

// checkCount says whether the flow network can be cut into k footprints.
func (e *Engine) checkCount(o *workspace, k int, allowSingleKind bool) error {
	pieces := o.Split(e.g, make([]int32, e.g.Nodes))
	if k < pieces {
		return footprint.Infeasible("%d footprints are too few: the flow network falls into %d unconnected pieces, and each needs a footprint of its own; ask for %d or more", k, pieces, pieces)
	}
	if e.g.Providers == 0 || allowSingleKind {
		if k > e.g.Nodes {
			return footprint.Infeasible("%d footprints are too many: there are %d places; ask for %d or fewer", k, e.g.Nodes, e.g.Nodes)
		}
		return nil
	}
	nA, nP := e.g.Nodes-e.g.Providers, e.g.Providers
	if k > min(nA, nP) {
		return footprint.Infeasible("%d footprints are too many: each needs an area and a provider, and there are %d areas and %d providers; ask for %d or fewer", k, nA, nP, min(nA, nP))
	}
	if k > min(nA, nP)/2 {
		pairs := 0
		for _, a := range e.matching() {
			if a >= 0 {
				pairs++
			}
		}
		if k > pairs {
			return footprint.Infeasible("%d footprints are too many: only %d areas and providers can be paired by patients who go from the one to the other; ask for %d or fewer", k, pairs, pairs)
		}
	}
	return nil
}

// matching pairs as many providers with areas as the flows allow (augmenting
// paths, large flows first), and gives each provider's area or -1.
func (e *Engine) matching() []int32 {
	g := e.g.Both()
	pair := make([]int32, g.Nodes)
	for v := range pair {
		pair[v] = -1
	}
	type flowArc struct {
		w    float64
		p, a int32
	}
	var arcs []flowArc
	for p := range int32(g.Providers) {
		g.Neighbours(p, func(a int32, w float64) {
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
	seen, from := make([]int32, g.Nodes), make([]int32, g.Nodes)
	queue := make([]int32, 0, g.Providers)
	for p := range int32(g.Providers) {
		if pair[p] >= 0 {
			continue
		}
		queue = append(queue[:0], p)
		end := int32(-1)
		for head := 0; head < len(queue) && end < 0; head++ {
			u := queue[head]
			g.Neighbours(u, func(a int32, w float64) {
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
	return pair[:g.Providers]
}

// matchingSeeds makes a partition with as many footprints as a matching has
// pairs: each pair is a seed, and what is left joins where it gains most among
// the footprints it has flow with.
func (e *Engine) matchingSeeds(o *workspace, f float64) []int32 {
	g := e.g.Both()
	label := make([]int32, g.Nodes)
	for v := range label {
		label[v] = -1
	}
	k := int32(0)
	if g.Providers == 0 {
		for v := range label {
			label[v] = int32(v)
		}
		return label
	}
	sx, sy := make([]float64, g.Nodes), make([]float64, g.Nodes)
	put := func(v, c int32) {
		label[v] = c
		sx[c] += g.X[v]
		if g.Y != nil {
			sy[c] += g.Y[v]
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
		for v := range int32(g.Nodes) {
			if label[v] >= 0 {
				continue
			}
			best, to := math.Inf(-1), int32(-1)
			g.Neighbours(v, func(u int32, w float64) {
				c := label[u]
				if c < 0 || w == 0 {
					return
				}
				gain := w - f*g.X[v]*sx[c]
				if g.Y != nil {
					gain = w - f*(g.X[v]*sy[c]+g.Y[v]*sx[c])
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
	n := grouping.Count(label)
	if n <= k {
		return
	}
	o.TwoMasses = e.quality == footprint.Bipartite
	low := &optimise.Level{Network: e.g.Both(), Part: label}
	up := &optimise.Level{}
	o.Aggregate(low, n, up)
	whole := make([]int32, n) // footprint of each of the first ones
	for c := range whole {
		whole[c] = int32(c)
	}
	for cur := up; n > k; n-- {
		a, b := o.CheapestUnion(cur.Network)
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
		next := &optimise.Level{}
		cur.Part = part
		o.Aggregate(cur, n-1, next)
		cur = next
	}
	for v, c := range label {
		label[v] = whole[c]
	}
}

// polish moves nodes while that gains and keeps exactly k footprints; where
// the moves break one, the labels stay as they were.
func (e *Engine) polish(o *workspace, label []int32, k int, allowSingleKind bool) {
	o.TwoMasses = e.quality == footprint.Bipartite
	o.Source.Seed(0, 0)
	try := slices.Clone(label)
	o.KeepNumber = true
	o.Move(e.g.Both(), try)
	o.KeepNumber, o.Joined = false, false
	if o.Repair(e.g, try, allowSingleKind); grouping.Count(try) == k {
		copy(label, try)
	}
}
