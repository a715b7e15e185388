package optimise

import (
	"cmp"
	"math"
	"slices"

	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// walk keeps, for areas and for providers, how far each was from wanting to
// move when it was last looked at, so that later walks pass over those that
// cannot want to yet: what is skipped would not have moved.
type walk struct {
	// By area: its lead of the best footprint over the next, in masses, plus
	// twice forAreas at the time. No lead shrinks by more than twice the mass
	// that changed footprint since, unless a provider of the area did.
	area []float64
	// By provider: the same, in patients, for masses in forProviders; and the
	// patients of its areas that changed footprint since.
	provider []float64
	stirred  []float64

	forAreas, forProviders float64 // mass that changed footprint so far
	rounding               float64
}

// forget makes the next walks look at everything.
func (y *walk) forget(areas, providers int) {
	y.area, y.provider, y.stirred = work.Grow(y.area, areas), work.Grow(y.provider, providers), work.Zeroed(y.stirred, providers)
	for a := range y.area {
		y.area[a] = math.Inf(-1)
	}
	for p := range y.provider {
		y.provider[p] = math.Inf(-1)
	}
	y.forAreas, y.forProviders = 0, 0
}

func (y *walk) skipArea(a int) bool { return y.area[a] > 2*y.forAreas+y.rounding }

func (y *walk) areaMoved(mass, forAreas float64) {
	y.forProviders += mass
	y.forAreas += forAreas
}

// providerMoved has a provider's areas looked at again.
func (o *Optimiser) providerMoved(g *network.Network, p int32) {
	y := &o.stars.walk
	if o.TwoMasses {
		y.forAreas += g.Y[p]
	} else {
		y.forAreas += g.X[p]
		y.forProviders += g.X[p]
	}
	as, _ := g.Matrix.Column(int(g.Sources.ProviderRank[p]))
	for _, a := range as {
		y.area[int(g.Sources.Area[a])-g.Providers] = math.Inf(-1)
	}
}

// noteLevels compares the footprints of stars with those after the levels: the
// pairs of old and new with the most stars in common are the same footprint,
// and a star in another one has moved.
func (o *Optimiser) noteLevels(g *network.Network, after []int32) {
	s, nP := &o.stars, g.Providers
	same := counterparts(s.label, after)
	moved := 0
	for p, c := range s.label {
		if same[c] != after[p] {
			moved++
		}
	}
	if moved > nP/4 {
		s.walk.forget(g.Nodes-nP, nP)
		return
	}
	for p, c := range s.label {
		if same[c] == after[p] {
			continue
		}
		o.providerMoved(g, int32(p))
		for _, v := range s.sorted[s.start[p]:s.start[p+1]] {
			forAreas := g.X[v]
			if o.TwoMasses {
				forAreas = 0
			}
			s.walk.areaMoved(g.X[v], forAreas)
		}
	}
}

// counterparts pairs old labels with new ones, those first that most items have
// in common, and gives the new of each old; -1 for none.
func counterparts(old, after []int32) []int32 {
	same, taken := slices.Repeat([]int32{-1}, len(old)), make([]bool, len(old))
	for _, x := range commonLabels(old, after) {
		if same[x.old] < 0 && !taken[x.new] {
			same[x.old], taken[x.new] = x.new, true
		}
	}
	return same
}

// common is an old label and a new one with the number of items that have both.
type common struct{ old, new, items int32 }

// commonLabels lists pairs of labels, those of most items first.
func commonLabels(old, after []int32) []common {
	pairs := make([]common, len(old))
	for i, c := range old {
		pairs[i] = common{c, after[i], 1}
	}
	byLabels := func(a, b common) int { return cmp.Or(cmp.Compare(a.old, b.old), cmp.Compare(a.new, b.new)) }
	slices.SortFunc(pairs, byLabels)
	n := 0
	for _, x := range pairs[1:] {
		if byLabels(pairs[n], x) == 0 {
			pairs[n].items++
		} else {
			n++
			pairs[n] = x
		}
	}
	pairs = pairs[:n+1]
	slices.SortFunc(pairs, func(a, b common) int { return cmp.Or(cmp.Compare(b.items, a.items), byLabels(a, b)) })
	return pairs
}

// moveProviders moves each provider without its star where that gains, gives
// its areas new centres in the footprint that it leaves, and gives the number
// moved. The stars are as addStars summed them.
func (o *Optimiser) moveProviders(g *network.Network, up *Level) int {
	s := &o.stars
	s.was = append(s.was[:0], s.label...)
	clear(s.mass)
	for p, c := range s.label {
		s.mass[c] += up.Network.X[p]
	}
	moved := 0
	for p := range int32(g.Providers) {
		moved += o.moveProvider(g, p, s.flowsOfStars(up.Network, p), math.MaxInt32)
	}
	if moved > 0 {
		o.leaveStars(g, func(p int32) []int32 { return s.sorted[s.start[p]:s.start[p+1]] })
	}
	return moved
}

// moveSingleProviders is moveProviders after areas have left their stars: what
// a provider has with those is taken from their star and added to the new one.
func (o *Optimiser) moveSingleProviders(g *network.Network) int {
	s, y, nP := &o.stars, &o.stars.walk, g.Providers
	o.countSingles(g)
	flows := o.flowsWith(g)
	moved := 0
	for p := range int32(nP) {
		fx := o.Gamma * o.masses(g)[p]
		if y.provider[p] > 2*y.stirred[p]+fx*(2*y.forProviders+y.rounding) {
			continue
		}
		moved += o.moveProvider(g, p, flows(p), int32(nP))
	}
	if moved > 0 {
		left := make([][]int32, nP)
		for a, c := range s.centre {
			if c >= 0 && s.label[c] != s.was[c] {
				left[c] = append(left[c], int32(nP+a))
			}
		}
		o.leaveStars(g, func(p int32) []int32 { return left[p] })
	}
	return moved
}

// countSingles notes the footprints of providers, and adds up the masses that a
// provider's expected flow grows with.
func (o *Optimiser) countSingles(g *network.Network) {
	s := &o.stars
	s.was = append(s.was[:0], s.label...)
	clear(s.mass)
	for p, c := range s.label {
		if !o.TwoMasses {
			s.mass[c] += g.X[p]
		}
	}
	for a, c := range s.centre {
		if c >= 0 {
			s.mass[s.label[c]] += g.X[g.Providers+a]
		}
	}
}

// flowsWith gives what adds up a provider's flow with the areas of each
// footprint of s.was into s.acc, and lists those footprints.
func (o *Optimiser) flowsWith(g *network.Network) func(p int32) []int32 {
	s, h := &o.stars, o.level(1).Network
	// Differences of other numbers than those that four bytes hold may leave a
	// rest where there is no flow; and with many areas they save nothing.
	flows := s.flowsLeft(g)
	if g.Thin == nil || 2*flows > len(g.Thin) {
		return o.flowsAnew(g)
	}
	s.listLeft(g, flows)
	return func(p int32) []int32 {
		met := s.flowsOfStars(h, p)
		for _, e := range s.left[s.leftPtr[p]:s.leftPtr[p+1]] {
			if c := s.summed[e.To]; c >= 0 {
				s.acc[s.was[c]] -= float64(e.Weight)
			}
			if c := s.centre[e.To]; c >= 0 {
				d := s.was[c]
				if s.acc[d] == 0 {
					met = append(met, d)
				}
				s.acc[d] += float64(e.Weight)
			}
		}
		return met
	}
}

// flowsLeft counts the flows of areas that have left their stars.
func (s *stars) flowsLeft(g *network.Network) int {
	n := 0
	for a, c := range s.centre {
		if c != s.summed[a] {
			v := g.Providers + a
			n += g.Ptr[v+1] - g.Ptr[v]
		}
	}
	return n
}

// flowsAnew is flowsWith from the flows of the network.
func (o *Optimiser) flowsAnew(g *network.Network) func(p int32) []int32 {
	s, nP := &o.stars, g.Providers
	both, label := g.Both(), o.level(0).Label
	for a, c := range s.centre {
		label[nP+a] = int32(nP) // that of no provider
		if c >= 0 {
			label[nP+a] = s.was[c]
		}
	}
	return func(p int32) []int32 { return both.Gather(p, label, s.acc, s.met) }
}

// listLeft lists the flows of areas that have left their stars by provider.
func (s *stars) listLeft(g *network.Network, flows int) {
	nP := g.Providers
	s.leftPtr, s.left = work.Zeroed(s.leftPtr, nP+1), work.Grow(s.left, flows)
	each := func(do func(a int32, e network.Arc[float32])) {
		for a, c := range s.centre {
			if c != s.summed[a] {
				for _, e := range g.Thin[g.Ptr[nP+a]:g.Ptr[nP+a+1]] {
					do(int32(a), e)
				}
			}
		}
	}
	each(func(_ int32, e network.Arc[float32]) { s.leftPtr[e.To+1]++ })
	for p := range nP {
		s.leftPtr[p+1] += s.leftPtr[p]
	}
	copy(s.next[:nP], s.leftPtr)
	each(func(a int32, e network.Arc[float32]) {
		s.left[s.next[e.To]] = network.Arc[float32]{To: a, Weight: e.Weight}
		s.next[e.To]++
	})
}

// flowsOfStars adds up a provider's flow with the areas of each star, as
// addStars summed them, by the footprints of s.was.
func (s *stars) flowsOfStars(h *network.Network, p int32) []int32 {
	var met []int32
	if s.four {
		met = network.Gather(s.thinPairs[s.colPtr[p]:s.ptr[p+1]], s.was, s.acc, s.met[:0])
	} else {
		met = network.Gather(s.widePairs[s.colPtr[p]:s.ptr[p+1]], s.was, s.acc, s.met[:0])
	}
	s.acc[s.was[p]] += h.Loop[p] // its own star
	return met
}

// moveProvider moves a provider whose flow by footprint is in s.acc, if that
// gains, and gives 1 if so. It clears s.acc.
func (o *Optimiser) moveProvider(g *network.Network, p int32, met []int32, alone int32) int {
	s, y := &o.stars, &o.stars.walk
	c := s.was[p]
	x, fx := g.X[p], o.Gamma*g.X[p]
	if o.TwoMasses {
		x, fx = 0, o.Gamma*g.Y[p]
	}
	s.mass[c] -= x
	stay := s.acc[c] - fx*s.mass[c]
	// Footprints that it has no flow with are worth 0 at the most.
	best, next, to := stay+o.Tolerance, 0.0, c
	for _, d := range met {
		if w := s.acc[d]; d != alone && w > 0 && d != c {
			if t := w - fx*s.mass[d]; t > best || t == best && d < to && to != c {
				best, next, to = t, max(next, best), d
			} else if t > next {
				next = t
			}
		}
		s.acc[d] = 0
	}
	s.acc[c] = 0
	s.met = met
	s.mass[to] += x
	y.stirred[p] = 0
	moved := 0
	if to != c {
		s.label[p] = to
		o.gained += best - stay
		o.providerMoved(g, p)
		moved = 1
	}
	y.provider[p] = best - next - 2*o.Tolerance + 2*fx*y.forProviders
	return moved
}

// leaveStars gives the areas of stars whose provider has left them a new
// centre in their footprint; one that finds none stands alone.
func (o *Optimiser) leaveStars(g *network.Network, areas func(p int32) []int32) {
	s, y := &o.stars, &o.stars.walk
	for p := range int32(g.Providers) {
		if s.label[p] == s.was[p] {
			continue
		}
		for _, v := range areas(p) {
			next := g.LargestWithin(v, s.label, s.was[p])
			s.centre[int(v)-g.Providers] = next
			if next < 0 {
				y.areaMoved(g.X[v], g.X[v])
				g.Neighbours(v, func(q int32, w float64) { y.stirred[q] += w })
			}
		}
	}
}
