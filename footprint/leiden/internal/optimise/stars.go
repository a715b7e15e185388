package optimise

import (
	"context"
	"math"

	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
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
	next          []int

	// Flow of each star with others, by star; see pairStars.
	ptr, colPtr []int
	four        bool // four bytes hold each weight: thinPairs has it, else widePairs
	thinPairs   []network.Arc[float32]
	widePairs   []network.Arc[float64]

	// Flows of areas that have left their stars, by provider.
	leftPtr []int
	left    []network.Arc[float32]

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
func (o *Optimiser) optimiseStars(ctx context.Context, g *network.Network, start []int32) ([]int32, error) {
	s := &o.stars
	nP, nA := g.Providers, g.Nodes-g.Providers
	s.centre, s.label = work.Grow(s.centre, nA), work.Grow(s.label, nP)
	s.mass, s.star = work.Grow(s.mass, nP), work.Grow(s.star, nP)
	s.acc = work.Zeroed(s.acc, nP+1)
	s.met = work.Grow(s.met, nP+2)[:0]
	s.walk.forget(nA, nP)
	up := o.level(1)
	up.Label, up.Part = work.Grow(up.Label, nP), work.Grow(up.Part, nP)
	if start == nil {
		o.seed(g)
		for p := range up.Label {
			up.Label[p] = int32(p)
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
			for before := math.Inf(-1); o.gained > before+settled*g.Total/2; {
				before = o.gained
				if o.moveSingleProviders(g)+o.placeAreas(g) == 0 {
					break
				}
			}
			if o.gained < settled*g.Total/2 && round > 0 {
				for o.placeAreas(g) > 0 {
				}
				whole = false
				break
			}
			o.gained = 0
		}
		o.addStars(g, up, round == 0 && start == nil)
		if round > 0 || start != nil {
			copy(up.Label, s.label)
		}
		var err error
		if coarse, err = o.iterate(ctx, 1, round == 0 && start == nil); err != nil {
			return nil, err
		}
		if coarse > 0 {
			if err := o.settleParts(ctx); err != nil {
				return nil, err
			}
		}
		if round > 0 || start != nil {
			o.noteLevels(g, up.Label)
		}
		copy(s.label, up.Label)
	}
	label := o.level(0).Label
	k := o.Compact(s.label, nP)
	o.Joined = whole && o.starsJoined(up, k)
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
func (o *Optimiser) settleParts(ctx context.Context) error {
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
	for p, c := range low.Part {
		low.Label[p] = up.Label[c]
	}
	return nil
}

// starsJoined says whether each of k footprints is one piece of the network of
// stars, and so of the flow network: a star is one piece in itself.
func (o *Optimiser) starsJoined(up *Level, k int) bool {
	s, h := &o.stars, up.Network
	o.Piece, o.Queue = work.Grow(o.Piece, h.Nodes), work.Grow(o.Queue, h.Nodes)
	for p := range o.Piece[:h.Nodes] {
		o.Piece[p] = -1
	}
	pieces := 0
	for p := range int32(h.Nodes) {
		if o.Piece[p] >= 0 {
			continue
		}
		if pieces++; pieces > k {
			return false
		}
		o.Piece[p] = 0
		for stack := append(o.Queue[:0], p); len(stack) > 0; {
			q := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if h.Thin != nil {
				stack = Spread(h.Thin[h.Ptr[q]:h.Ptr[q+1]], s.label, s.label[q], o.Piece, 0, stack)
			} else {
				stack = Spread(h.Wide[h.Ptr[q]:h.Ptr[q+1]], s.label, s.label[q], o.Piece, 0, stack)
			}
		}
	}
	return true
}

// seed puts each area, one after another, to the provider where that gains
// most. An area that gains nowhere stays alone.
func (o *Optimiser) seed(g *network.Network) {
	s := &o.stars
	nP := g.Providers
	masses := g.X
	if o.TwoMasses {
		masses = g.Y
	}
	copy(s.star, masses[:nP])
	nA := g.Nodes - nP
	a := o.Rand.IntN(max(1, nA))
	for range nA {
		v := nP + a
		var to int32
		if g.Thin != nil {
			to = bestSingle(g.Thin[g.Ptr[v]:g.Ptr[v+1]], s.star, o.Gamma*g.X[v])
		} else {
			to = bestSingle(g.Wide[g.Ptr[v]:g.Ptr[v+1]], s.star, o.Gamma*g.X[v])
		}
		s.centre[a] = to
		if to >= 0 && !o.TwoMasses {
			s.star[to] += g.X[v]
		}
		if a++; a == nA {
			a = 0
		}
	}
}

func bestSingle[W network.Weight](arcs []network.Arc[W], mass []float64, f float64) int32 {
	best, to := 0.0, int32(-1)
	for _, e := range arcs {
		if s := float64(e.Weight) - f*mass[e.To]; s > best || s == best && s > 0 && e.To < to {
			best, to = s, e.To
		}
	}
	return to
}

// startStars takes the footprints of a start: an area's centre is the provider
// of its footprint with most of its flow.
func (o *Optimiser) startStars(g *network.Network, start []int32) {
	s := &o.stars
	nP := g.Providers
	copy(s.label, start[:nP])
	for a := range s.centre {
		v := nP + a
		if g.Thin != nil {
			s.centre[a] = largestWithin(g.Thin[g.Ptr[v]:g.Ptr[v+1]], s.label, start[v])
		} else {
			s.centre[a] = largestWithin(g.Wide[g.Ptr[v]:g.Ptr[v+1]], s.label, start[v])
		}
	}
}

// largestWithin is the end of the largest arc among those to label c, -1 where
// there is none.
func largestWithin[W network.Weight](arcs []network.Arc[W], label []int32, c int32) int32 {
	best, to := W(0), int32(-1)
	for _, e := range arcs {
		if e.Weight >= best && label[e.To] == c && (e.Weight > best || e.To < to) {
			best, to = e.Weight, e.To
		}
	}
	return to
}

// placeAreas moves each area to the footprint, and in it to the centre, where
// quality gains most, and gives the number that changed footprint.
func (o *Optimiser) placeAreas(g *network.Network) int {
	s := &o.stars
	nP := g.Providers
	k := o.Compact(s.label, nP)
	s.mass = work.Zeroed(s.mass, nP)
	masses := g.X
	if o.TwoMasses {
		masses = g.Y
	}
	for p, c := range s.label {
		s.star[p] = masses[p]
		s.mass[c] += masses[p]
	}
	if !o.TwoMasses {
		for a, c := range s.centre {
			if c >= 0 {
				s.star[c] += g.X[nP+a]
				s.mass[s.label[c]] += g.X[nP+a]
			}
		}
	}
	if g.Thin != nil {
		return placeAreas(o, g, g.Thin, k)
	}
	return placeAreas(o, g, g.Wide, k)
}

func placeAreas[W network.Weight](o *Optimiser, g *network.Network, all []network.Arc[W], k int) int {
	s := &o.stars
	nP, nA := g.Providers, g.Nodes-g.Providers
	label, mass, star, acc := s.label, s.mass, s.star, s.acc[:k]
	y := &s.walk
	y.rounding = 1e-9 * g.Total
	moves := 0
	a := o.Rand.IntN(max(1, nA))
	for range nA {
		if y.skipArea(a) {
			if a++; a == nA {
				a = 0
			}
			continue
		}
		v := nP + a
		arcs := all[g.Ptr[v]:g.Ptr[v+1]]
		x := g.X[v]
		fx := o.Gamma * x
		if o.TwoMasses {
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
				acc[label[e.To]] += float64(e.Weight)
			}
			if cur >= 0 {
				stay = acc[cur] - fx*mass[cur]
				if stay+o.Tolerance > 0 {
					best, next, to = stay+o.Tolerance, 0, cur
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
			met := network.Gather(arcs, label, acc, s.met[:0])
			if cur >= 0 {
				stay = acc[cur] - fx*mass[cur]
				if stay+o.Tolerance > 0 {
					best, next, to = stay+o.Tolerance, 0, cur
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
			y.areaMoved(g.X[v], x)
			for _, e := range arcs {
				y.stirred[e.To] += float64(e.Weight)
			}
		}
		y.area[a] = (best-next-2*o.Tolerance)/fx + 2*y.forAreas
		// The centre; one in the footprint it stays in is kept.
		switch {
		case to < 0:
			centre = -1
		case to != cur:
			near, most := int32(-1), 0.0
			for _, e := range arcs {
				if label[e.To] == to {
					if t := float64(e.Weight) - fx*star[e.To]; near < 0 || t > most || t == most && e.To < near {
						near, most = e.To, t
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
func (o *Optimiser) addStars(g *network.Network, up *Level, fresh bool) {
	s := &o.stars
	nP := g.Providers
	h := &up.own
	up.Network = h
	h.Nodes, h.Providers = nP, 0
	h.Ptr, h.Loop, h.X = work.Grow(h.Ptr, nP+1), work.Zeroed(h.Loop, nP), work.Grow(h.X, nP)
	copy(h.X, g.X[:nP])
	if o.TwoMasses {
		h.Y = work.Grow(h.Y, nP)
		copy(h.Y, g.Y[:nP])
	}

	// Areas by centre.
	s.start, s.next = work.Zeroed(s.start, nP+1), work.Grow(s.next, nP)
	for a, c := range s.centre {
		if c >= 0 {
			s.start[c+1]++
			h.X[c] += g.X[nP+a]
		}
	}
	for p := range nP {
		s.start[p+1] += s.start[p]
	}
	for p, i := range s.start[:nP] {
		s.next[p] = int(i)
	}
	s.sorted = work.Grow(s.sorted, len(s.centre))
	for a, c := range s.centre {
		if c >= 0 {
			s.sorted[s.next[c]] = int32(nP + a)
			s.next[c]++
		}
	}

	// Stars that have kept their areas keep their rows.
	if s.changed = work.Grow(s.changed, nP); fresh {
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
	if s.four = g.Thin != nil && (fresh || s.four); s.four {
		if s.four = sumStars(&s.thin, s, g, g.Thin, fresh); s.four {
			s.thinPairs = pairStars(s, h, s.thin.of, s.thinPairs)
			if nP < SmallNetwork {
				h.Wide = joinPairs(s, h, s.thinPairs, h.Wide)
			} else {
				h.Thin = s.thinPairs
			}
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
	if nP < SmallNetwork {
		h.Wide = joinPairs(s, h, s.widePairs, h.Wide)
	} else {
		h.Wide, h.Thin = s.widePairs, nil
	}
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
	acc, exact := s.acc, true
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
			met := s.met[:0]
			for _, v := range areas {
				met = addUp(all[g.Ptr[v]:g.Ptr[v+1]], acc, met)
			}
			for _, q := range met {
				w := acc[q]
				acc[q] = 0
				exact = exact && float64(W(w)) == w
				row = append(row, network.Arc[W]{To: q, Weight: W(w)})
			}
			s.met = met
		} else {
			for _, v := range areas {
				for _, e := range all[g.Ptr[v]:g.Ptr[v+1]] {
					acc[e.To] += float64(e.Weight)
				}
			}
			for q, w := range acc[:nP] {
				if w > 0 {
					exact = exact && float64(W(w)) == w
					row = append(row, network.Arc[W]{To: int32(q), Weight: W(w)})
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

// pairStars lists, at h.ptr, the flows of each star: its row and, from s.colPtr
// on, what other stars' areas have with its provider. A pair of stars with flow
// both ways is in each list twice.
func pairStars[W network.Weight](s *stars, h *network.Network, rows [][]network.Arc[W], pairs []network.Arc[W]) []network.Arc[W] {
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
	pairs = work.Grow(pairs[:0], at)
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

// joinPairs fills h with one arc for each pair. In a small network most pairs
// have flow both ways, and walks cost more than joining them.
func joinPairs[W network.Weight](s *stars, h *network.Network, pairs []network.Arc[W], arcs []network.Arc[float64]) []network.Arc[float64] {
	arcs = work.Grow(arcs[:0], len(pairs))
	n := 0
	for p := range h.Nodes {
		met := addUp(pairs[s.ptr[p]:s.ptr[p+1]], s.acc, s.met[:0])
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

// addUp adds weights by target into acc, which is zero before, and lists the
// targets.
func addUp[W network.Weight](arcs []network.Arc[W], acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		a := acc[e.To]
		met[n] = e.To
		n += network.IsZero(a)
		acc[e.To] = a + float64(e.Weight)
	}
	return met[:n]
}
