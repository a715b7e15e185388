package footprint

import (
	"context"
	"math"
)

// settled is the gain in quality of a round from which on no more rounds of all
// levels follow: areas still move until none wants to.
const settled = 1e-7

// In a two-mode flow network an area has flow with providers only. A
// well-connected part below a footprint is therefore a star: a provider, its
// centre, with the areas that gain most with it. The optimiser keeps the centre
// of each area, so that the lowest level of Leiden costs one walk along the
// areas' flows to place them and one to add them up by centre; the levels above
// have as many nodes as there are providers, or fewer.
type stars struct {
	centre []int32   // provider of each area, -1 where it stands alone
	label  []int32   // footprint of each provider, 0, 1, …
	mass   []float64 // by footprint: what an area's expected flow grows with
	star   []float64 // by provider: the same of its star
	acc    []float64
	met    []int32
	was    []int32 // footprint of each star before the levels, or while providers move
	walk   walk    // what the walks over areas and providers may pass over

	start, next, sorted []int32 // areas by centre

	// Flow of each star's areas with each provider, by star and by provider.
	ptr, colPtr []int
	row, col    []arc[float64]

	// What addStars left last: centres and rows, and whose areas changed since.
	summed  []int32
	changed []bool
	oldPtr  []int
	oldRow  []arc[float64]
}

// optimiseStars is optimise for a two-mode network.
//  1. put each area to the provider where quality gains most;
//  2. add up the flows of the stars;
//  3. run the levels above on the network of stars until nothing moves;
//  4. move single providers without their star, and then single areas, in a
//     footprint that is new to them to the best centre, until neither gains
//     much; if that gained, go to 2.
func (o *optimiser) optimiseStars(ctx context.Context, g *network, start []int32) ([]int32, error) {
	s := &o.stars
	nP, nA := g.providers, g.n-g.providers
	s.centre, s.label = grow(s.centre, nA), grow(s.label, nP)
	s.mass, s.star = grow(s.mass, nP), grow(s.star, nP)
	s.acc = zeroed(s.acc, nP+1)
	s.met = grow(s.met, nP+2)[:0]
	s.walk.forget(nA, nP)
	up := o.level(1)
	up.label, up.part = grow(up.label, nP), grow(up.part, nP)
	if start == nil {
		o.seed(g)
		for p := range up.label {
			up.label[p] = int32(p)
		}
	} else {
		o.startStars(g, start)
		o.addStars(g, up, true)
	}
	whole := true // the sums of stars are those of the result
	for round, coarse := 0, 1; ; round++ {
		if round > 0 || start != nil {
			moves := o.moveProviders(g, up) + o.placeAreas(g)
			if moves+coarse == 0 {
				break
			}
			for before := math.Inf(-1); o.gained > before+settled*g.total/2; {
				before = o.gained
				if o.moveSingleProviders(g)+o.placeAreas(g) == 0 {
					break
				}
			}
			if o.gained < settled*g.total/2 && round > 0 {
				for o.placeAreas(g) > 0 {
				}
				whole = false
				break
			}
			o.gained = 0
		}
		o.addStars(g, up, round == 0 && start == nil)
		if round > 0 || start != nil {
			copy(up.label, s.label)
		}
		for first := round == 0; ; first = false {
			var err error
			if coarse, err = o.iterate(ctx, 1, first && start == nil); err != nil {
				return nil, err
			}
			if coarse <= nP/100 || round > 0 {
				break // the next round goes on
			}
		}
		if round > 0 || start != nil {
			o.noteLevels(g, up.label)
		}
		copy(s.label, up.label)
	}
	label := o.level(0).label
	k := o.compact(s.label, nP)
	o.whole = whole && o.starsJoined(up, k)
	copy(label, s.label)
	for a, c := range s.centre {
		if c < 0 {
			label[nP+a] = int32(k)
			k++
		} else {
			label[nP+a] = s.label[c]
		}
	}
	return label, nil
}

// starsJoined says whether each of k footprints is one piece of the network of
// stars, and so of the flow network: a star is one piece in itself.
func (o *optimiser) starsJoined(up *level, k int) bool {
	s, h := &o.stars, up.g
	o.newLabel, o.queue = grow(o.newLabel, h.n), grow(o.queue, h.n)
	for p := range o.newLabel[:h.n] {
		o.newLabel[p] = -1
	}
	pieces := 0
	for p := range int32(h.n) {
		if o.newLabel[p] >= 0 {
			continue
		}
		if pieces++; pieces > k {
			return false
		}
		o.newLabel[p] = 0
		for stack := append(o.queue[:0], p); len(stack) > 0; {
			q := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if h.thin != nil {
				stack = spread(h.thin[h.ptr[q]:h.ptr[q+1]], s.label, s.label[q], o.newLabel, 0, stack)
			} else {
				stack = spread(h.wide[h.ptr[q]:h.ptr[q+1]], s.label, s.label[q], o.newLabel, 0, stack)
			}
		}
	}
	return true
}

// seed puts each area, one after another, to the provider where that gains
// most. An area that gains nowhere stays alone.
func (o *optimiser) seed(g *network) {
	s := &o.stars
	nP := g.providers
	masses := g.x
	if o.two {
		masses = g.y
	}
	copy(s.star, masses[:nP])
	nA := g.n - nP
	a := o.rng.IntN(max(1, nA))
	for range nA {
		v := nP + a
		var to int32
		if g.thin != nil {
			to = bestSingle(g.thin[g.ptr[v]:g.ptr[v+1]], s.star, o.f*g.x[v])
		} else {
			to = bestSingle(g.wide[g.ptr[v]:g.ptr[v+1]], s.star, o.f*g.x[v])
		}
		s.centre[a] = to
		if to >= 0 && !o.two {
			s.star[to] += g.x[v]
		}
		if a++; a == nA {
			a = 0
		}
	}
}

func bestSingle[W weight](arcs []arc[W], mass []float64, f float64) int32 {
	best, to := 0.0, int32(-1)
	for _, e := range arcs {
		if s := float64(e.w) - f*mass[e.to]; s > best || s == best && s > 0 && e.to < to {
			best, to = s, e.to
		}
	}
	return to
}

// startStars takes the footprints of a start: an area's centre is the provider
// of its footprint with most of its flow.
func (o *optimiser) startStars(g *network, start []int32) {
	s := &o.stars
	nP := g.providers
	copy(s.label, start[:nP])
	for a := range s.centre {
		v := nP + a
		if g.thin != nil {
			s.centre[a] = largestWithin(g.thin[g.ptr[v]:g.ptr[v+1]], s.label, start[v])
		} else {
			s.centre[a] = largestWithin(g.wide[g.ptr[v]:g.ptr[v+1]], s.label, start[v])
		}
	}
}

// largestWithin is the end of the largest arc among those to label c, -1 where
// there is none.
func largestWithin[W weight](arcs []arc[W], label []int32, c int32) int32 {
	best, to := W(0), int32(-1)
	for _, e := range arcs {
		if e.w >= best && label[e.to] == c && (e.w > best || e.to < to) {
			best, to = e.w, e.to
		}
	}
	return to
}

// placeAreas moves each area to the footprint, and in it to the centre, where
// quality gains most, and gives the number that changed footprint.
func (o *optimiser) placeAreas(g *network) int {
	s := &o.stars
	nP := g.providers
	k := o.compact(s.label, nP)
	s.mass = zeroed(s.mass, nP)
	masses := g.x
	if o.two {
		masses = g.y
	}
	for p, c := range s.label {
		s.star[p] = masses[p]
		s.mass[c] += masses[p]
	}
	if !o.two {
		for a, c := range s.centre {
			if c >= 0 {
				s.star[c] += g.x[nP+a]
				s.mass[s.label[c]] += g.x[nP+a]
			}
		}
	}
	if g.thin != nil {
		return placeAreas(o, g, g.thin, k)
	}
	return placeAreas(o, g, g.wide, k)
}

func placeAreas[W weight](o *optimiser, g *network, all []arc[W], k int) int {
	s := &o.stars
	nP, nA := g.providers, g.n-g.providers
	label, mass, star, acc := s.label, s.mass, s.star, s.acc[:k]
	y := &s.walk
	y.rounding = 1e-9 * g.total
	moves := 0
	a := o.rng.IntN(max(1, nA))
	for range nA {
		if y.skipArea(a) {
			if a++; a == nA {
				a = 0
			}
			continue
		}
		v := nP + a
		arcs := all[g.ptr[v]:g.ptr[v+1]]
		x := g.x[v]
		fx := o.f * x
		if o.two {
			x = 0
		}
		centre := s.centre[a]
		cur := int32(-1)
		if centre >= 0 {
			cur = label[centre]
			mass[cur] -= x
			star[centre] -= x
		}
		// The footprint: the best, or none where none gains; and the next best.
		best, stay, next, to := 0.0, 0.0, math.Inf(-1), int32(-1)
		if k <= 16+2*len(arcs) {
			for _, e := range arcs {
				acc[label[e.to]] += float64(e.w)
			}
			if cur >= 0 {
				stay = acc[cur] - fx*mass[cur]
				if stay+o.tol > 0 {
					best, next, to = stay+o.tol, 0, cur
				}
			}
			for c, w := range acc {
				t := w - fx*mass[c]
				if t <= next || w == 0 {
					continue
				}
				if t > best {
					best, next, to = t, best, int32(c)
				} else if int32(c) != to {
					next = t
				}
			}
			clear(acc)
		} else {
			met := gather(arcs, label, acc, s.met[:0])
			if cur >= 0 {
				stay = acc[cur] - fx*mass[cur]
				if stay+o.tol > 0 {
					best, next, to = stay+o.tol, 0, cur
				}
			}
			for _, c := range met {
				if t := acc[c] - fx*mass[c]; (t > best || t == best && c < to && to != cur) && acc[c] > 0 {
					best, next, to = t, best, c
				} else if t > next && c != to {
					next = t
				}
				acc[c] = 0
			}
			s.met = met
		}
		if to != cur {
			moves++
			o.gained += best - stay
			y.areaMoved(g.x[v], x)
			for _, e := range arcs {
				y.stirred[e.to] += float64(e.w)
			}
		}
		y.area[a] = (best-next-2*o.tol)/fx + 2*y.forAreas
		// The centre; one in the footprint it stays in is kept.
		switch {
		case to < 0:
			centre = -1
		case to != cur:
			near, most := int32(-1), 0.0
			for _, e := range arcs {
				if label[e.to] == to {
					if t := float64(e.w) - fx*star[e.to]; near < 0 || t > most || t == most && e.to < near {
						near, most = e.to, t
					}
				}
			}
			centre = near
		}
		if to >= 0 {
			mass[to] += x
			star[centre] += x
		}
		s.centre[a] = centre
		if a++; a == nA {
			a = 0
		}
	}
	return moves
}

// addStars makes up's network: a node for each star, and between two stars
// the flow of either's areas with the other's provider. Unless fresh, the last
// call was for the same network.
func (o *optimiser) addStars(g *network, up *level, fresh bool) {
	s := &o.stars
	nP := g.providers
	h := &up.own
	up.g = h
	h.n, h.providers = nP, 0
	h.ptr, h.loop, h.x = grow(h.ptr, nP+1), zeroed(h.loop, nP), grow(h.x, nP)
	copy(h.x, g.x[:nP])
	if o.two {
		h.y = grow(h.y, nP)
		copy(h.y, g.y[:nP])
	}

	// Areas by centre.
	s.start, s.next = zeroed(s.start, nP+1), grow(s.next, nP)
	for a, c := range s.centre {
		if c >= 0 {
			s.start[c+1]++
			h.x[c] += g.x[nP+a]
		}
	}
	for p := range nP {
		s.start[p+1] += s.start[p]
	}
	copy(s.next, s.start[:nP])
	s.sorted = grow(s.sorted, len(s.centre))
	for a, c := range s.centre {
		if c >= 0 {
			s.sorted[s.next[c]] = int32(nP + a)
			s.next[c]++
		}
	}

	// Rows by star, and the same by provider. What is known of stars that have
	// kept their areas is copied.
	if s.changed = grow(s.changed, nP); fresh {
		for p := range s.changed {
			s.changed[p] = true
		}
	} else {
		clear(s.changed)
		for a, c := range s.centre {
			if was := s.summed[a]; c != was {
				if c >= 0 {
					s.changed[c] = true
				}
				if was >= 0 {
					s.changed[was] = true
				}
			}
		}
	}
	s.summed = append(s.summed[:0], s.centre...)
	s.oldPtr, s.ptr = s.ptr, grow(s.oldPtr, nP+1)
	s.oldRow, s.row = s.row, s.oldRow[:0]
	if g.thin != nil {
		s.row = addStars(s, g, g.thin, s.row)
	} else {
		s.row = addStars(s, g, g.wide, s.row)
	}
	s.transpose(nP)

	// Flows mostly add up to numbers that four bytes hold.
	h.thin, h.wide = h.thin[:0], h.wide[:0]
	var exact bool
	if h.thin, exact = joinStars(s, h, h.thin); exact {
		return
	}
	h.wide, _ = joinStars(s, h, h.wide)
	h.thin = nil
}

// joinStars puts both directions of a pair in one arc; it stops where a sum is
// not exact.
func joinStars[W weight](s *stars, h *network, arcs []arc[W]) (_ []arc[W], exact bool) {
	if n := 2 * len(s.row); cap(arcs) < n {
		arcs = make([]arc[W], 0, n+n/8)
	}
	exact = true
	h.ptr[0] = 0
	for p := range int32(h.n) {
		met := addUp(s.row[s.ptr[p]:s.ptr[p+1]], s.acc, s.met[:0])
		met = addUp(s.col[s.colPtr[p]:s.colPtr[p+1]], s.acc, met)
		for _, q := range met {
			w := s.acc[q]
			s.acc[q] = 0
			if q == p {
				h.loop[p] = w / 2
				continue
			}
			exact = exact && float64(W(w)) == w
			arcs = append(arcs, arc[W]{q, W(w)})
		}
		s.met = met
		h.ptr[p+1] = len(arcs)
		if !exact {
			break
		}
	}
	return arcs, exact
}

func addStars[W weight](s *stars, g *network, all []arc[W], rows []arc[float64]) []arc[float64] {
	nP := g.providers
	acc := s.acc
	for p := range nP {
		s.ptr[p] = len(rows)
		if !s.changed[p] {
			rows = append(rows, s.oldRow[s.oldPtr[p]:s.oldPtr[p+1]]...)
			continue
		}
		areas := s.sorted[s.start[p]:s.start[p+1]]
		flows := 0
		for _, v := range areas {
			flows += g.ptr[v+1] - g.ptr[v]
		}
		if 2*flows < nP {
			met := s.met[:0]
			for _, v := range areas {
				met = addUp(all[g.ptr[v]:g.ptr[v+1]], acc, met)
			}
			for _, q := range met {
				if acc[q] > 0 {
					rows = append(rows, arc[float64]{q, acc[q]})
				}
				acc[q] = 0
			}
			s.met = met
			continue
		}
		for _, v := range areas {
			for _, e := range all[g.ptr[v]:g.ptr[v+1]] {
				acc[e.to] += float64(e.w)
			}
		}
		for q, w := range acc[:nP] {
			if w > 0 {
				rows = append(rows, arc[float64]{int32(q), w})
				acc[q] = 0
			}
		}
	}
	s.ptr[nP] = len(rows)
	return rows
}

// addUp adds weights by target into acc, which is zero before, and lists the
// targets.
func addUp[W weight](arcs []arc[W], acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		a := acc[e.to]
		met[n] = e.to
		n += isZero(a)
		acc[e.to] = a + float64(e.w)
	}
	return met[:n]
}

func (s *stars) transpose(nP int) {
	s.colPtr = zeroed(s.colPtr, nP+1)
	s.col = grow(s.col, len(s.row))
	for _, e := range s.row {
		s.colPtr[e.to+1]++
	}
	for p := range nP {
		s.colPtr[p+1] += s.colPtr[p]
	}
	for p := range int32(nP) {
		for _, e := range s.row[s.ptr[p]:s.ptr[p+1]] {
			s.col[s.colPtr[e.to]] = arc[float64]{p, e.w}
			s.colPtr[e.to]++
		}
	}
	copy(s.colPtr[1:], s.colPtr[:nP])
	s.colPtr[0] = 0
}
