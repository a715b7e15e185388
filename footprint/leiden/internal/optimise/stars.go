package optimise

import (
	"context"
	"math"

	"stpmap/footprint/internal/grouping"
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
	four        bool // four bytes hold each weight: thinPairs has them, else widePairs
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

// optimiseStars is Optimise for a two-mode network.
//  1. put each area to the provider where quality gains most;
//  2. add up the flows of the stars;
//  3. run the levels above on the network of stars until nothing moves;
//  4. move single providers without their star, and then single areas, in a
//     footprint that is new to them to the best centre, until neither gains
//     much; if that gained, go to 2.
func (o *Optimiser) optimiseStars(ctx context.Context, g *network.Network, start []int32) ([]int32, error) {
	up := o.beginStars(g, start)
	whole := true // the sums of stars are those of the result
	for round, coarse := 0, 1; ; round++ {
		first := round == 0 && start == nil
		if !first {
			end, moved := o.moveSingles(g, up, coarse, round)
			if end {
				whole = !moved
				break
			}
		}
		o.addStars(g, up, first)
		var err error
		if coarse, err = o.runLevels(ctx, g, up, first); err != nil {
			return nil, err
		}
	}
	return o.labelStars(g, up, whole), nil
}

// beginStars makes room, and takes the stars of a start, or else of single
// providers.
func (o *Optimiser) beginStars(g *network.Network, start []int32) *Level {
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
	return up
}

// moveSingles moves providers and areas; coarse is what the levels moved. It
// says whether that ends the search, and if so whether areas have moved since
// the stars were summed.
func (o *Optimiser) moveSingles(g *network.Network, up *Level, coarse, round int) (end, moved bool) {
	if o.moveProviders(g, up)+o.placeAreas(g)+coarse == 0 {
		return true, false
	}
	least := settled * g.Total / 2
	for before := math.Inf(-1); o.gained > before+least; {
		before = o.gained
		if o.moveSingleProviders(g)+o.placeAreas(g) == 0 {
			break
		}
	}
	if o.gained < least && round > 0 {
		for o.placeAreas(g) > 0 {
		}
		return true, true
	}
	o.gained = 0
	return false, false
}

// runLevels runs the levels above the stars until nothing moves there, and
// gives the number of moves.
func (o *Optimiser) runLevels(ctx context.Context, g *network.Network, up *Level, first bool) (moves int, err error) {
	s := &o.stars
	if !first {
		copy(up.Label, s.label)
	}
	if moves, err = o.iterate(ctx, 1, first); err != nil {
		return 0, err
	}
	if moves > 0 {
		if err := o.settleParts(ctx); err != nil {
			return 0, err
		}
	}
	if !first {
		o.noteLevels(g, up.Label)
	}
	copy(s.label, up.Label)
	return moves, nil
}

// labelStars labels the nodes by their stars. whole says that the sums of stars
// are those of the result.
func (o *Optimiser) labelStars(g *network.Network, up *Level, whole bool) []int32 {
	s, nP, label := &o.stars, g.Providers, o.level(0).Label
	k := o.Compact(s.label, nP)
	o.Joined = whole && o.starsJoined(up.Network, k)
	copy(label, s.label)
	s.labelAreas(label[nP:], int32(k))
	return label
}

// labelAreas labels areas by their centres; those without one stand alone, from
// label k on.
func (s *stars) labelAreas(label []int32, k int32) {
	for a, c := range s.centre {
		if c < 0 {
			label[a] = k
			k++
		} else {
			label[a] = s.label[c]
		}
	}
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
func (o *Optimiser) starsJoined(h *network.Network, k int) bool {
	pieces := grouping.NewSets(h.Nodes)
	for p := range int32(h.Nodes) {
		thin, wide := h.Rows(p)
		joinArcs(thin, o.stars.label, p, pieces)
		joinArcs(wide, o.stars.label, p, pieces)
	}
	return pieces.Len() <= k
}

// masses are those that an area's expected flow grows with, by provider.
func (o *Optimiser) masses(g *network.Network) []float64 {
	if o.TwoMasses {
		return g.Y
	}
	return g.X
}

// seed puts each area, one after another, to the provider where that gains
// most. An area that gains nowhere stays alone.
func (o *Optimiser) seed(g *network.Network) {
	s, nP, nA := &o.stars, g.Providers, g.Nodes-g.Providers
	copy(s.star, o.masses(g)[:nP])
	a := o.Rand.IntN(max(1, nA))
	for range nA {
		v := int32(nP + a)
		to := g.BestSingle(v, s.star, o.Gamma*g.X[v])
		s.centre[a] = to
		if to >= 0 && !o.TwoMasses {
			s.star[to] += g.X[v]
		}
		if a++; a == nA {
			a = 0
		}
	}
}

// startStars takes the footprints of a start: an area's centre is the provider
// of its footprint with most of its flow.
func (o *Optimiser) startStars(g *network.Network, start []int32) {
	s, nP := &o.stars, g.Providers
	copy(s.label, start[:nP])
	for a := range s.centre {
		s.centre[a] = g.LargestWithin(int32(nP+a), s.label, start[nP+a])
	}
}
