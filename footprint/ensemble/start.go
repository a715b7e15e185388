package ensemble

import (
	"context"
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/footprint"
)

// Tries bound the search for a first map that meets the demands: this many
// proposals, and so many more for each part.
const (
	startTries     = 20_000
	startTriesEach = 1_000
	startHeat      = 0.02 // how far a step of the search may go the wrong way
)

// begin puts the chain at a map that meets every demand: at the one given,
// mended where it must be, or at one that a random tree gives.
func (c *chain) begin(ctx context.Context, given []int32) error {
	if given != nil {
		c.set(given)
	} else {
		c.set(c.randomMap())
	}
	if !c.pieces(c.label) {
		c.set(c.randomMap())
	}
	tries := startTries + startTriesEach*len(c.sum)
	for i := range tries {
		if c.fault() == 0 {
			return nil
		}
		if i%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.mend()
	}
	if c.fault() == 0 {
		return nil
	}
	return c.nothingFound(tries)
}

// nothingFound says what the best map still lacks, and what to change.
func (c *chain) nothingFound(tries int) error {
	small, large, other := 0, 0, 0
	for p, x := range c.sum {
		switch {
		case x < c.low:
			small++
		case x > c.high:
			large++
		case c.flow != nil && !c.flow.meets(&c.Demands, int32(p)):
			other++
		}
	}
	const end = "lower --min-population, raise --max-population, ask for another number of footprints, or drop a demand"
	if small+large == 0 {
		return footprint.Infeasible("no map that meets the demands was found in %d tries: the last one meets the bounds of people, but %d footprints break the demands on providers, patients or groups: %s", tries, other, end)
	}
	return footprint.Infeasible("no map that meets the demands was found in %d tries: in the last one %d footprints have too few people and %d too many: %s", tries, small, large, end)
}

// randomMap cuts a uniform spanning tree of all units into parts of about the
// same number of people.
func (c *chain) randomMap() []int32 {
	c.set(make([]int32, c.units))
	c.wilson(0, 0)
	r, k := &c.room, len(c.sum)
	for _, u := range r.order {
		r.below[u] = c.people[u]
	}
	label, next := slices.Repeat([]int32{-1}, c.units), int32(1)
	goal := c.everyone / float64(k)
	var uncut []int32
	for i := len(r.order) - 1; i > 0; i-- {
		u := r.order[i]
		if r.below[u] >= goal*(0.6+float64(0.8*c.rng.Float64())) && int(next) < k {
			label[u] = next
			next++
			continue
		}
		uncut = append(uncut, u)
		r.below[r.hang[u]] += r.below[u]
	}
	c.rng.Shuffle(len(uncut), func(i, j int) { uncut[i], uncut[j] = uncut[j], uncut[i] })
	for ; int(next) < k; next++ {
		label[uncut[int(next)%len(uncut)]] = next
		uncut = slices.Delete(uncut, int(next)%len(uncut), int(next)%len(uncut)+1)
	}
	label[r.order[0]] = 0
	for _, u := range r.order {
		if label[u] < 0 {
			label[u] = label[r.hang[u]]
		}
	}
	return label
}

// fault is how far the map is from what is demanded; 0 where it meets all.
func (c *chain) fault() float64 {
	fault, goal := 0.0, c.everyone/float64(len(c.sum))
	for p, x := range c.sum {
		fault += c.excess(x) / goal
		if c.flow != nil && !c.flow.meets(&c.Demands, int32(p)) {
			fault += 0.3
		}
	}
	if !c.groups.meet(c.partOf) {
		fault += 0.3
	}
	if c.close != nil {
		fault += max(0, c.close.moved()/c.everyone-c.Within*(1+1e-9))
	}
	return fault
}

// excess is how many people a part has beyond its bounds.
func (c *chain) excess(people float64) float64 {
	return max(0, c.low-people, people-c.high)
}

// mend tries one step towards the demands: a merge-split cut where people fit
// best, or a flip.
func (c *chain) mend() {
	u, v := c.troubled()
	a, b := c.label[u], c.label[v]
	c.room.moved = c.room.moved[:0]
	if c.rng.IntN(4) == 0 {
		inA, _ := c.links(u, a, b)
		if len(c.member[a]) < 2 || !c.holds(u, a, inA) {
			return
		}
		c.attempt([]int32{u}, a, b)
		return
	}
	c.wilson(a, b)
	c.divide(c.bestCut(c.sum[a] + c.sum[b]))
	var moved []int32
	for _, x := range c.room.a {
		if c.label[x] != a {
			moved = append(moved, x)
		}
	}
	for _, x := range c.room.b {
		if c.label[x] != b {
			moved = append(moved, x)
		}
	}
	c.attempt(moved, a, b)
}

// troubled draws a border, mostly one of a part that breaks a demand.
func (c *chain) troubled() (u, v int32) {
	var bad []int32
	for p, x := range c.sum {
		if c.excess(x) > 0 || c.flow != nil && !c.flow.meets(&c.Demands, int32(p)) {
			bad = append(bad, int32(p))
		}
	}
	if len(bad) > 0 && c.rng.IntN(3) > 0 {
		units := c.member[bad[c.rng.IntN(len(bad))]]
		for range 20 {
			u = units[c.rng.IntN(len(units))]
			v = c.arc[c.start[u]+c.rng.Int32N(c.start[u+1]-c.start[u])]
			if c.label[u] != c.label[v] {
				if c.rng.IntN(2) == 0 {
					return v, u
				}
				return u, v
			}
		}
	}
	return c.border()
}

// bestCut is the edge of the tree whose cut leaves the fewest people beyond the
// bounds, of equal ones a random one.
func (c *chain) bestCut(all float64) (top int32) {
	c.weigh(all)
	least, ties := math.Inf(1), int32(0)
	for _, u := range c.room.order[1:] {
		x := c.room.below[u]
		e := c.excess(x) + c.excess(all-x)
		switch {
		case e < least:
			least, ties, top = e, 1, u
		case e == least:
			if ties++; c.rng.Int32N(ties) == 0 {
				top = u
			}
		}
	}
	return top
}

// attempt moves units between two parts, and back where that is far worse.
func (c *chain) attempt(units []int32, a, b int32) {
	before := c.fault()
	c.reseat(units, a, b)
	after := c.fault()
	if after > before && c.rng.Float64() >= portable.Exp((before-after)/startHeat) {
		c.reseat(units, a, b)
	}
}

// reseat swaps units between two parts, with their lists and people; the parts'
// trees are lost.
func (c *chain) reseat(units []int32, a, b int32) {
	c.swap(units, a, b)
	all := slices.Concat(c.member[a], c.member[b])
	for _, p := range []int32{a, b} {
		c.member[p], c.sum[p], c.known[p], c.trees[p] = c.member[p][:0], 0, false, nan
	}
	for _, u := range all {
		p := c.label[u]
		c.member[p] = append(c.member[p], u)
		c.sum[p] += c.people[u]
	}
}
