package merge

import (
	"context"
	"math/rand/v2"
)

// Good are the maps of so many systems that keep nearly as many patients as the
// best.
type Good struct {
	Footprints int
	Within     float64 // share of all patients that they may keep fewer
	Maps       int     // how many were looked at
	More       int     // of them, those that keep more than was asked about
	// Counted says that these are all there are; else they are a sample.
	Counted bool
	// Together[i*n+j] is in how many of them two systems are one, i < j.
	Together []int
	n        int
}

// Share is the share of good maps that have two systems in one.
func (g *Good) Share(i, j int32) float64 {
	return float64(g.Together[int(min(i, j))*g.n+int(max(i, j))]) / float64(g.Maps)
}

// Always lists the pairs of systems that are one in every good map.
func (g *Good) Always() (pairs [][2]int32) {
	for i := range int32(g.n) {
		for j := i + 1; j < int32(g.n); j++ {
			if g.Maps > 0 && g.Together[int(i)*g.n+int(j)] == g.Maps {
				pairs = append(pairs, [2]int32{i, j})
			}
		}
	}
	return pairs
}

// Limits of counting good maps: cuts for the unions that they can be made of,
// unions, and maps. Beyond them a sample stands for all.
const (
	goodCuts   = 60_000
	goodUnions = 20_000
	goodMaps   = 200_000
	goodSteps  = 3_000_000
	sampled    = 2_000
)

// Near finds the maps that keep at most a share of all patients fewer than the
// best one, m, and how many of them keep more than a number of patients. They are
// counted one by one where that is possible, else sampled by a walk from map to
// map.
func (v *Solver) Near(ctx context.Context, m Map, within, than float64, seed uint64) (*Good, error) {
	g := &Good{Footprints: m.Footprints, Within: within, n: v.p.Systems, Together: make([]int, v.p.Systems*v.p.Systems)}
	least := m.Kept - v.p.base - within*v.p.Total - 1e-9*v.scale
	c := &count{Good: g, p: v.p, least: least, than: than - v.p.base + 1e-9*v.scale, limit: goodSteps}
	if v.unions(c, m) && c.all(ctx) {
		g.Counted = true
		return g, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g.Maps, g.More = 0, 0
	clear(g.Together)
	v.walk(g, m, least, rand.New(rand.NewPCG(seed, uint64(m.Footprints))))
	return g, nil
}

// count goes through all maps that keep enough patients.
type count struct {
	*Good
	p      *Problem
	least  float64
	than   float64
	by     [][]*column // unions by first member
	prices []float64
	union  float64 // price of a union
	room   float64 // what prices may exceed worth by, over a whole map
	chosen []*column
	steps  int
	limit  int
}

// unions finds every union that a good map can have: those whose price exceeds
// what they keep by no more than good maps may lack. False where there are too
// many, or where it is not known that these are all.
func (v *Solver) unions(c *count, m Map) bool {
	if !m.Optimal {
		return false
	}
	t := &tree{Solver: v, k: m.Footprints, value: -1, eps: 1e-9 * v.scale}
	l := t.program(v.p)
	q := newPricer(v.p)
	q.size = v.p.Systems - t.k + 1
	over := 0.0
	for {
		l.solve()
		q.prices = l.prices[:l.n]
		added := 0
		if over, added = t.price(l, q, goodCuts/l.n); q.short {
			return false
		}
		if added == 0 {
			break
		}
	}
	c.prices, c.union = l.prices[:l.n], l.prices[l.n]+max(0, over)
	c.room = float64(c.union*float64(t.k)) - c.least
	for _, u := range c.prices {
		c.room += u
	}
	c.by = make([][]*column, l.n)
	e := &enumeration{pricer: q, floor: c.union - c.room - t.eps, room: goodUnions}
	q.work, q.limit = 0, goodCuts
	for first := range int32(l.n) {
		if !e.list(branch{in: setOf(first), out: firstOf(int(first))}) {
			return false
		}
		for _, s := range e.unions {
			c.by[first] = append(c.by[first], &column{s: s, members: s.members(), value: v.p.value(&s)})
		}
		e.room -= len(e.unions)
		e.unions = e.unions[:0]
	}
	return true
}

// enumeration lists every union worth more than floor.
type enumeration struct {
	*pricer
	floor  float64
	room   int // unions that may still be listed
	unions []set
}

// list lists those of a branch; false where there are too many.
func (e *enumeration) list(b branch) bool {
	if !e.close(&b) {
		return true
	}
	s, bound := e.relax(&b)
	if bound <= e.floor {
		return true
	}
	if e.work > e.limit || len(e.unions) > e.room {
		return false
	}
	all := firstOf(e.p.Systems)
	free := all.without(&b.in)
	free = free.without(&b.out)
	if free.empty() {
		if e.fits(&s) && e.worth(&s) > e.floor {
			e.unions = append(e.unions, s)
		}
		return true
	}
	i := e.doubt(&b, &s)
	if e.fits(&s) {
		i = e.pricer.most(&free, nil, func(i int32) float64 { return e.prices[i] }) // bounds fall by most
	}
	in, out := b, b
	in.in.add(i)
	out.out.add(i)
	return e.list(in) && e.list(out)
}

// all counts every map; false where it takes too long.
func (c *count) all(ctx context.Context) bool {
	left := firstOf(c.p.Systems)
	return c.fill(ctx, left, c.room, c.Footprints)
}

// fill goes through the ways to put the systems that are left in k unions.
func (c *count) fill(ctx context.Context, left set, room float64, k int) bool {
	if c.steps++; c.steps > c.limit || c.Maps > goodMaps || ctx.Err() != nil {
		return false
	}
	if left.empty() {
		if k == 0 {
			c.note(c.chosen)
		}
		return true
	}
	if k == 0 || left.len() < k {
		return true
	}
	for _, u := range c.by[left.first()] {
		cost := c.union - u.value
		for _, i := range u.members {
			cost += c.prices[i]
		}
		rest := left.without(&u.s)
		if cost > room || left.and(&u.s) != u.s {
			continue
		}
		c.chosen = append(c.chosen, u)
		ok := c.fill(ctx, rest, room-cost, k-1)
		c.chosen = c.chosen[:len(c.chosen)-1]
		if !ok {
			return false
		}
	}
	return true
}

// note counts one map, if it keeps enough.
func (c *count) note(unions []*column) {
	kept := 0.0
	for _, u := range unions {
		kept += u.value
	}
	if kept < c.least {
		return
	}
	c.Maps++
	if kept > c.than {
		c.More++
	}
	for _, u := range unions {
		c.pair(u.members)
	}
}

// pair notes that systems are one.
func (g *Good) pair(members []int32) {
	for b, j := range members {
		for _, i := range members[:b] {
			g.Together[int(i)*g.n+int(j)]++
		}
	}
}
