package optimise

import (
	"math"

	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// placeAreas moves each area to the footprint, and in it to the centre, where
// quality gains most, and gives the number that changed footprint.
func (o *Optimiser) placeAreas(g *network.Network) int {
	k := o.countStars(g)
	o.stars.walk.rounding = 1e-9 * g.Total
	if g.Thin != nil {
		return placeAreas(o, g, g.Thin, k)
	}
	return placeAreas(o, g, g.Wide, k)
}

// countStars adds up the masses of stars and footprints, and gives the number
// of footprints.
func (o *Optimiser) countStars(g *network.Network) int {
	s, nP := &o.stars, g.Providers
	k := o.Compact(s.label, nP)
	s.mass = work.Zeroed(s.mass, nP)
	masses := o.masses(g)
	for p, c := range s.label {
		s.star[p] = masses[p]
		s.mass[c] += masses[p]
	}
	if o.TwoMasses {
		return k
	}
	for a, c := range s.centre {
		if c >= 0 {
			s.star[c] += g.X[nP+a]
			s.mass[s.label[c]] += g.X[nP+a]
		}
	}
	return k
}

// choice is where an area is best placed.
type choice struct {
	to         int32   // footprint; -1 where none gains
	best, next float64 // what the best and the next best are worth
	stay       float64 // what its own is worth
}

func placeAreas[W network.Weight](o *Optimiser, g *network.Network, all []network.Arc[W], k int) int {
	s, y := &o.stars, &o.stars.walk
	nP, nA := g.Providers, g.Nodes-g.Providers
	moves := 0
	a := o.Rand.IntN(max(1, nA)) - 1
	for range nA {
		if a++; a == nA {
			a = 0
		}
		if y.skipArea(a) {
			continue
		}
		v := nP + a
		arcs := all[g.Ptr[v]:g.Ptr[v+1]]
		x, fx := g.X[v], o.Gamma*g.X[v]
		if o.TwoMasses {
			x = 0
		}
		centre, cur := s.centre[a], int32(-1)
		if centre >= 0 {
			cur = s.label[centre]
			s.mass[cur] -= x
			s.star[centre] -= x
		}
		c := chooseFootprint(o, arcs, k, cur, fx)
		if c.to != cur {
			moves++
			o.gained += c.best - c.stay
			y.areaMoved(g.X[v], x)
			stir(y, arcs)
			centre = chooseCentre(s, arcs, c.to, fx)
		}
		y.area[a] = (c.best-c.next-2*o.Tolerance)/fx + 2*y.forAreas
		if c.to >= 0 {
			s.mass[c.to] += x
			s.star[centre] += x
		}
		s.centre[a] = centre
	}
	return moves
}

// chooseFootprint finds the footprint that an area gains most in, of k; its own
// is cur, and fx what a footprint's mass is multiplied by.
func chooseFootprint[W network.Weight](o *Optimiser, arcs []network.Arc[W], k int, cur int32, fx float64) choice {
	s := &o.stars
	acc, few := s.acc[:k], k <= 16+2*len(arcs)
	var met []int32
	if few {
		for _, e := range arcs {
			acc[s.label[e.To]] += float64(e.Weight)
		}
	} else {
		met = network.Gather(arcs, s.label, acc, s.met[:0])
	}
	c := choice{to: -1, next: math.Inf(-1)}
	if cur >= 0 {
		c.stay = acc[cur] - fx*s.mass[cur]
		if worth := c.stay + o.Tolerance; worth > 0 {
			c.best, c.next, c.to = worth, 0, cur
		}
	}
	if few {
		return c.ofAll(acc, s.mass, fx)
	}
	s.met = met
	return c.ofMet(met, acc, s.mass, cur, fx)
}

// ofAll compares with every footprint, and clears acc.
func (c choice) ofAll(acc, mass []float64, fx float64) choice {
	best, next, to := c.best, c.next, c.to
	for d, w := range acc {
		t := w - fx*mass[d]
		if t <= next || w == 0 {
			continue
		}
		if t > best {
			best, next, to = t, best, int32(d)
		} else if int32(d) != to {
			next = t
		}
	}
	clear(acc)
	return choice{to, best, next, c.stay}
}

// ofMet compares with the footprints met, and clears acc for these.
func (c choice) ofMet(met []int32, acc, mass []float64, cur int32, fx float64) choice {
	best, next, to := c.best, c.next, c.to
	for _, d := range met {
		if t := acc[d] - fx*mass[d]; (t > best || t == best && d < to && to != cur) && acc[d] > 0 {
			best, next, to = t, best, d
		} else if t > next && d != to {
			next = t
		}
		acc[d] = 0
	}
	return choice{to, best, next, c.stay}
}

// stir tells an area's providers that it has changed footprint.
func stir[W network.Weight](y *walk, arcs []network.Arc[W]) {
	for _, e := range arcs {
		y.stirred[e.To] += float64(e.Weight)
	}
}

// chooseCentre is the provider of a footprint that an area gains most with; -1
// for no footprint.
func chooseCentre[W network.Weight](s *stars, arcs []network.Arc[W], to int32, fx float64) int32 {
	if to < 0 {
		return -1
	}
	near, most := int32(-1), 0.0
	for _, e := range arcs {
		if s.label[e.To] == to {
			if t := float64(e.Weight) - fx*s.star[e.To]; near < 0 || t > most || t == most && e.To < near {
				near, most = e.To, t
			}
		}
	}
	return near
}
