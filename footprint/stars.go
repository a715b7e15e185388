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

	start, sorted []int32 // areas by centre
	next, colPtr  []int

	// Flows of areas that have left their stars, by provider.
	leftPtr []int
	left    []arc[float32]

	// What addStars left last: centres and rows, and whose areas changed since.
	summed  []int32
	changed []bool
	thin    starRows[float32] // one of thin and wide holds the rows
	wide    starRows[float64]
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
		var err error
		if coarse, err = o.iterate(ctx, 1, round == 0 && start == nil); err != nil {
			return nil, err
		}
		if err := o.settleParts(ctx); err != nil {
			return nil, err
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

// settleParts goes on from the parts of stars that iterate has left, a much
// smaller network, until nothing moves.
func (o *optimiser) settleParts(ctx context.Context) error {
	if o.top < 2 {
		return nil
	}
	low, up := o.level(1), o.level(2)
	for {
		moves, err := o.iterate(ctx, 2, false)
		if err != nil {
			return err
		}
		if moves == 0 {
			break
		}
	}
	for p, c := range low.part {
		low.label[p] = up.label[c]
	}
	return nil
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
	for p, i := range s.start[:nP] {
		s.next[p] = int(i)
	}
	s.sorted = grow(s.sorted, len(s.centre))
	for a, c := range s.centre {
		if c >= 0 {
			s.sorted[s.next[c]] = int32(nP + a)
			s.next[c]++
		}
	}

	// Stars that have kept their areas keep their rows.
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

	// Flows mostly add up to numbers that four bytes hold.
	if thin := fresh || h.thin != nil; thin && g.thin != nil {
		if sumStars(&s.thin, s, g, g.thin, fresh) {
			h.thin, h.wide = joinStars(s, h, s.thin.of, h.thin), nil
			return
		}
		fresh = true
	}
	if g.thin != nil {
		sumStars(&s.wide, s, g, g.thin, fresh || h.wide == nil)
	} else {
		sumStars(&s.wide, s, g, g.wide, fresh || h.wide == nil)
	}
	h.wide, h.thin = joinStars(s, h, s.wide.of, h.wide), nil
}

// starRows are the flows of each star's areas with each provider, in blocks of
// memory that are used again: where a star's areas change, the others stay.
type starRows[W weight] struct {
	of     [][]arc[W] // by star
	blocks [][]arc[W]
	used   int // blocks in use
}

// room gives a place for up to n arcs, which take starts to use up.
func (r *starRows[W]) room(n, block int) []arc[W] {
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
	r.blocks = append(r.blocks, make([]arc[W], 0, max(n, block)))
	r.used++
	return r.blocks[r.used-1]
}

func (r *starRows[W]) take(row []arc[W]) {
	b := &r.blocks[r.used-1]
	*b = (*b)[:len(*b)+len(row)]
}

// sumStars adds up the rows of the stars that changed, or of all where fresh;
// it stops where a sum is not exact.
func sumStars[V, W weight](r *starRows[W], s *stars, g *network, all []arc[V], fresh bool) (exact bool) {
	nP := g.providers
	if r.of = grow(r.of, nP); fresh {
		r.used = 0
	}
	acc, exact := s.acc, true
	for p := range nP {
		if !fresh && !s.changed[p] {
			continue
		}
		areas := s.sorted[s.start[p]:s.start[p+1]]
		flows := 0
		for _, v := range areas {
			flows += g.ptr[v+1] - g.ptr[v]
		}
		row := r.room(min(flows, nP), min(len(all), 1<<16))
		if 2*flows < nP {
			met := s.met[:0]
			for _, v := range areas {
				met = addUp(all[g.ptr[v]:g.ptr[v+1]], acc, met)
			}
			for _, q := range met {
				w := acc[q]
				acc[q] = 0
				exact = exact && float64(W(w)) == w
				row = append(row, arc[W]{q, W(w)})
			}
			s.met = met
		} else {
			for _, v := range areas {
				for _, e := range all[g.ptr[v]:g.ptr[v+1]] {
					acc[e.to] += float64(e.w)
				}
			}
			for q, w := range acc[:nP] {
				if w > 0 {
					exact = exact && float64(W(w)) == w
					row = append(row, arc[W]{int32(q), W(w)})
					acc[q] = 0
				}
			}
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

// joinStars fills h: the arcs of each star are its row and, from s.colPtr on,
// what other stars' areas have with its provider. A pair with flow both ways
// has two arcs.
func joinStars[W weight](s *stars, h *network, rows [][]arc[W], arcs []arc[W]) []arc[W] {
	s.colPtr, s.next = grow(s.colPtr, h.n), zeroed(s.next, h.n)
	for p, row := range rows {
		for _, e := range row {
			s.next[e.to]++
			if int(e.to) == p {
				h.loop[p] = float64(e.w)
			}
		}
	}
	at := 0
	for p, row := range rows {
		h.ptr[p] = at
		at += len(row)
		col := s.next[p]
		if h.loop[p] > 0 {
			at--
			col--
		}
		s.colPtr[p], s.next[p] = at, at
		at += col
	}
	h.ptr[h.n] = at
	arcs = grow(arcs[:0], at)
	for p, row := range rows {
		i := h.ptr[p]
		for _, e := range row {
			if int(e.to) == p {
				continue
			}
			arcs[i] = e
			i++
			k := s.next[e.to]
			arcs[k] = arc[W]{int32(p), e.w}
			s.next[e.to] = k + 1
		}
	}
	return arcs
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
