package optimise

import (
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// addStars makes up's network: a node for each star, and between two stars
// the flow of either's areas with the other's provider. Unless fresh, the last
// call was for the same network.
func (o *Optimiser) addStars(g *network.Network, up *Level, fresh bool) {
	s, nP := &o.stars, g.Providers
	h := &up.own
	up.Network = h
	h.Nodes, h.Providers = nP, 0
	h.Ptr, h.Loop, h.X = work.Grow(h.Ptr, nP+1), work.Zeroed(h.Loop, nP), work.Grow(h.X, nP)
	copy(h.X, g.X[:nP])
	if o.TwoMasses {
		h.Y = work.Grow(h.Y, nP)
		copy(h.Y, g.Y[:nP])
	}
	for a, c := range s.centre {
		if c >= 0 {
			h.X[c] += g.X[nP+a]
		}
	}
	s.sortAreas(nP)
	s.noteChanged(nP, fresh)
	// Flows mostly add up to numbers that four bytes hold.
	if s.four = g.Thin != nil && (fresh || s.four); s.four {
		if s.four = sumStars(&s.thin, s, g, g.Thin, fresh); s.four {
			s.thinPairs = pairStars(s, h, s.thin.of, s.thinPairs)
			h.Wide, h.Thin = arcsOfStars(s, h, s.thinPairs, h.Wide, nil, s.thinPairs)
			return
		}
		fresh = true
	}
	if g.Thin != nil {
		sumStars(&s.wide, s, g, g.Thin, fresh)
	} else {
		sumStars(&s.wide, s, g, g.Wide, fresh)
	}
	s.widePairs = pairStars(s, h, s.wide.of, s.widePairs)
	h.Wide, h.Thin = arcsOfStars(s, h, s.widePairs, h.Wide, s.widePairs, nil)
}

// markMoved marks the stars that areas have left or joined.
func (s *stars) markMoved() {
	for a, c := range s.centre {
		was := s.summed[a]
		if c != was && c >= 0 {
			s.changed[c] = true
		}
		if c != was && was >= 0 {
			s.changed[was] = true
		}
	}
}

// arcsOfStars gives the arcs of the network of stars: the pairs as they are,
// in thin or wide, or in a small network one arc for each pair.
func arcsOfStars[W network.Weight](s *stars, h *network.Network, pairs []network.Arc[W], room, wide []network.Arc[float64], thin []network.Arc[float32]) ([]network.Arc[float64], []network.Arc[float32]) {
	switch {
	case h.Nodes < SmallNetwork:
		return joinPairs(s, h, pairs, room), nil
	case thin != nil:
		return room, thin
	}
	return wide, nil
}

// sortAreas lists areas by centre.
func (s *stars) sortAreas(providers int) {
	s.start, s.next = work.Zeroed(s.start, providers+1), work.Grow(s.next, providers)
	for _, c := range s.centre {
		if c >= 0 {
			s.start[c+1]++
		}
	}
	for p := range providers {
		s.start[p+1] += s.start[p]
	}
	for p, i := range s.start[:providers] {
		s.next[p] = int(i)
	}
	s.sorted = work.Grow(s.sorted, len(s.centre))
	for a, c := range s.centre {
		if c >= 0 {
			s.sorted[s.next[c]] = int32(providers + a)
			s.next[c]++
		}
	}
}

// noteChanged marks the stars whose areas have changed since the last call: the
// others keep their rows.
func (s *stars) noteChanged(providers int, fresh bool) {
	s.changed = work.Grow(s.changed, providers)
	for p := range s.changed {
		s.changed[p] = fresh
	}
	if !fresh {
		s.markMoved()
	}
	s.summed = append(s.summed[:0], s.centre...)
}

// starRows are the flows of each star's areas with each provider, in blocks of
// memory that are used again: where a star's areas change, the others stay.
type starRows[W network.Weight] struct {
	of     [][]network.Arc[W] // by star
	blocks [][]network.Arc[W]
	used   int // blocks in use
}

// room gives a place for up to n arcs, which take starts to use up.
func (r *starRows[W]) room(n, block int) []network.Arc[W] {
	if r.used > 0 {
		if b := r.blocks[r.used-1]; cap(b)-len(b) >= n {
			return b[len(b):]
		}
	}
	for ; r.used < len(r.blocks); r.used++ {
		if b := r.blocks[r.used]; cap(b) >= n {
			r.blocks[r.used] = b[:0]
			r.used++
			return b[:0]
		}
	}
	r.blocks = append(r.blocks, make([]network.Arc[W], 0, max(n, block)))
	r.used++
	return r.blocks[r.used-1]
}

func (r *starRows[W]) take(row []network.Arc[W]) {
	b := &r.blocks[r.used-1]
	*b = (*b)[:len(*b)+len(row)]
}

// sumStars adds up the rows of the stars that changed, or of all where fresh;
// it stops where a sum is not exact.
func sumStars[V, W network.Weight](r *starRows[W], s *stars, g *network.Network, all []network.Arc[V], fresh bool) (exact bool) {
	nP := g.Providers
	if r.of = work.Grow(r.of, nP); fresh {
		r.used = 0
	}
	for p := range nP {
		if !fresh && !s.changed[p] {
			continue
		}
		areas := s.sorted[s.start[p]:s.start[p+1]]
		flows := 0
		for _, v := range areas {
			flows += g.Ptr[v+1] - g.Ptr[v]
		}
		row := r.room(min(flows, nP), min(len(all), 1<<16))
		if 2*flows < nP {
			row, exact = sumFew(row, s, g, all, areas)
		} else {
			row, exact = sumMany(row, s, g, all, areas)
		}
		if !exact {
			return false
		}
		if old := r.of[p]; !fresh && len(row) <= cap(old) {
			r.of[p] = append(old[:0], row...)
			continue
		}
		r.take(row)
		r.of[p] = row[:len(row):len(row)]
	}
	return true
}

// sumFew adds up the flows of areas by provider, noting which it meets.
func sumFew[V, W network.Weight](row []network.Arc[W], s *stars, g *network.Network, all []network.Arc[V], areas []int32) (sums []network.Arc[W], exact bool) {
	exact = true
	met := s.met[:0]
	for _, v := range areas {
		met = network.AddUp(all[g.Ptr[v]:g.Ptr[v+1]], s.acc, met)
	}
	for _, q := range met {
		w := s.acc[q]
		s.acc[q] = 0
		exact = exact && float64(W(w)) == w
		row = append(row, network.Arc[W]{To: q, Weight: W(w)})
	}
	s.met = met
	return row, exact
}

// sumMany adds up the flows of areas and looks at every provider.
func sumMany[V, W network.Weight](row []network.Arc[W], s *stars, g *network.Network, all []network.Arc[V], areas []int32) (sums []network.Arc[W], exact bool) {
	exact = true
	acc := s.acc
	for _, v := range areas {
		for _, e := range all[g.Ptr[v]:g.Ptr[v+1]] {
			acc[e.To] += float64(e.Weight)
		}
	}
	for q, w := range acc[:g.Providers] {
		if w > 0 {
			exact = exact && float64(W(w)) == w
			row = append(row, network.Arc[W]{To: int32(q), Weight: W(w)})
			acc[q] = 0
		}
	}
	return row, exact
}

// pairStars lists, at h.ptr, the flows of each star: its row and, from s.colPtr
// on, what other stars' areas have with its provider. A pair of stars with flow
// both ways is in each list twice.
func pairStars[W network.Weight](s *stars, h *network.Network, rows [][]network.Arc[W], pairs []network.Arc[W]) []network.Arc[W] {
	size := placePairs(s, h, rows)
	pairs = work.Grow(pairs[:0], size)
	for p, row := range rows {
		i := h.Ptr[p]
		for _, e := range row {
			if int(e.To) == p {
				continue
			}
			pairs[i] = e
			i++
			k := s.next[e.To]
			pairs[k] = network.Arc[W]{To: int32(p), Weight: e.Weight}
			s.next[e.To] = k + 1
		}
	}
	return pairs
}

// placePairs finds the places of each star's flows, and their number. Flow
// inside a star becomes its loop.
func placePairs[W network.Weight](s *stars, h *network.Network, rows [][]network.Arc[W]) int {
	s.colPtr, s.next = work.Grow(s.colPtr, h.Nodes), work.Zeroed(s.next, h.Nodes)
	for p, row := range rows {
		for _, e := range row {
			s.next[e.To]++
			if int(e.To) == p {
				h.Loop[p] = float64(e.Weight)
			}
		}
	}
	at := 0
	for p, row := range rows {
		h.Ptr[p] = at
		at += len(row)
		col := s.next[p]
		if h.Loop[p] > 0 {
			at--
			col--
		}
		s.colPtr[p], s.next[p] = at, at
		at += col
	}
	h.Ptr[h.Nodes] = at
	s.ptr = append(s.ptr[:0], h.Ptr...)
	return at
}

// joinPairs fills h with one arc for each pair. In a small network most pairs
// have flow both ways, and walks cost more than joining them.
func joinPairs[W network.Weight](s *stars, h *network.Network, pairs []network.Arc[W], arcs []network.Arc[float64]) []network.Arc[float64] {
	arcs = work.Grow(arcs[:0], len(pairs))
	n := 0
	for p := range h.Nodes {
		met := network.AddUp(pairs[s.ptr[p]:s.ptr[p+1]], s.acc, s.met[:0])
		h.Ptr[p] = n
		for _, q := range met {
			arcs[n] = network.Arc[float64]{To: q, Weight: s.acc[q]}
			s.acc[q] = 0
			n++
		}
		s.met = met
	}
	h.Ptr[h.Nodes] = n
	h.Thin = nil
	return arcs[:n]
}
