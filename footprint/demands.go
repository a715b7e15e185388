package footprint

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// check finds what is wrong with demands in themselves: wrong lengths,
// contradictions, numbers out of range.
func (c *Constraints) check(areas, providers int) error {
	n := areas + providers
	switch {
	case c.Footprints < 0:
		return fmt.Errorf("number of footprints must be 1 or more, got %d", c.Footprints)
	case !(c.MinPopulation >= 0), !(c.MaxPopulation >= 0):
		return fmt.Errorf("bounds of population must be 0 or more, got %v and %v", c.MinPopulation, c.MaxPopulation)
	case c.MaxPopulation > 0 && c.MinPopulation > c.MaxPopulation:
		return infeasible("the least population, %s, is above the largest, %s: lower the one or raise the other", people(c.MinPopulation), people(c.MaxPopulation))
	case !(c.MinLocalisation >= 0 && c.MinLocalisation <= 1):
		return fmt.Errorf("least localisation index must lie in 0 to 1, got %v", c.MinLocalisation)
	case !(c.MaxShare >= 0 && c.MaxShare <= 1):
		return fmt.Errorf("largest share must lie in 0 to 1, got %v", c.MaxShare)
	case c.Population != nil && len(c.Population) != areas:
		return fmt.Errorf("%d populations for %d areas", len(c.Population), areas)
	case c.Population == nil && (c.MinPopulation > 0 || c.MaxPopulation > 0):
		return infeasible("a bound of population needs the population of each area, and none is given")
	case c.Fixed != nil && c.Start == nil:
		return infeasible("nodes are fixed, but there is no partition to start from")
	case c.Fixed != nil && len(c.Fixed) != n:
		return fmt.Errorf("%d marks of fixed nodes for %d nodes", len(c.Fixed), n)
	case c.Start != nil && (len(c.Start.Areas) != areas || len(c.Start.Providers) != providers):
		return fmt.Errorf("the partition to start from has %d areas and %d providers, the matrix %d and %d", len(c.Start.Areas), len(c.Start.Providers), areas, providers)
	}
	for _, x := range c.Population {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("population of an area must be a number of 0 or more, got %v", x)
		}
	}
	for _, groups := range [...][][]int32{c.Together, c.Apart} {
		for _, group := range groups {
			for _, v := range group {
				if v < 0 || int(v) >= n {
					return fmt.Errorf("node %d of a group is not among the %d nodes", v, n)
				}
			}
		}
	}
	return nil
}

// needPlan says whether demands go beyond a number and a start.
func needPlan(c *Constraints) bool {
	return c.Contiguous != nil || c.MinPopulation > 0 || c.MaxPopulation > 0 || c.MinLocalisation > 0 ||
		c.MaxShare > 0 && c.MaxShare < 1 || len(c.Together) > 0 || len(c.Apart) > 0 || c.Fixed != nil ||
		c.Start != nil && c.Footprints > 0
}

// people writes a number of people with commas, as "300,000".
func people(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// node gives the engine's node of a demand's node.
func (e *Engine) node(v int32) int32 {
	if nA := int32(len(e.src.area)); v >= nA {
		return e.src.provider[v-nA]
	}
	return e.src.area[v]
}

// code names an engine's node.
func (e *Engine) code(v int32) string {
	if int(v) < e.g.providers {
		return e.m.Providers()[e.src.providerRank[v]]
	}
	return e.m.Areas()[e.src.areaRank[int(v)-e.g.providers]]
}

// startLabels gives the labels of a partition to start from, or nil; what it
// leaves unplaced stands alone.
func (e *Engine) startLabels(c *Constraints) []int32 {
	if c.Start == nil {
		return nil
	}
	label := make([]int32, e.g.n)
	// A footprint's label is its first node, so that all are below the number
	// of nodes.
	first := map[int32]int32{}
	for v := range label {
		label[v] = int32(v)
	}
	see := func(node, f int32) {
		if f < 0 {
			return
		}
		if u, ok := first[f]; !ok || node < u {
			first[f] = node
		}
	}
	for a, f := range c.Start.Areas {
		see(e.src.area[a], f)
	}
	for p, f := range c.Start.Providers {
		see(e.src.provider[p], f)
	}
	for a, f := range c.Start.Areas {
		if f >= 0 {
			label[e.src.area[a]] = first[f]
		}
	}
	for p, f := range c.Start.Providers {
		if f >= 0 {
			label[e.src.provider[p]] = first[f]
		}
	}
	return label
}

// newPlan joins what must be together into units and sets up the demands. It
// gives the unit of each node. The error is an *InfeasibleError for demands
// that contradict each other or that one unit breaks by itself.
func (e *Engine) newPlan(o *workspace, c *Constraints, f float64) (*plan, []int32, error) {
	g := e.g.both()
	unit := make([]int32, g.n)
	for v := range unit {
		unit[v] = int32(v)
	}
	find := func(v int32) int32 {
		for unit[v] != v {
			unit[v] = unit[unit[v]]
			v = unit[v]
		}
		return v
	}
	join := func(u, v int32) {
		u, v = find(u), find(v)
		unit[max(u, v)] = min(u, v)
	}
	for _, group := range c.Together {
		for _, v := range group {
			join(e.node(group[0]), e.node(v))
		}
	}
	var ground *borders
	if c.Contiguous != nil {
		ground = e.borders(c.Contiguous)
		for _, group := range c.Together {
			parts := e.groundParts(ground, group)
			for i := 1; i < len(parts); i++ {
				e.connect(ground, parts[0], parts[i], join)
			}
		}
	}
	for v := range unit {
		unit[v] = find(int32(v))
	}
	units := o.compact(unit, g.n)

	base := &plan{g: g, unit: make([]totals, g.n), f: f}
	for v := range base.unit {
		t := &base.unit[v]
		t.x = g.x[v]
		if g.y != nil {
			t.y = g.y[v]
		}
		t.size = 1
		if v < g.providers {
			t.providers = 1
			continue
		}
		t.areas = 1
		a := int(e.src.areaRank[v-g.providers])
		t.res = e.rowTotal(a)
		if c.Population != nil {
			t.pop = c.Population[a]
		}
	}
	base.rules = rules{
		minPop: c.MinPopulation, maxPop: math.Inf(1), minLI: c.MinLocalisation, maxRes: math.Inf(1),
		bothKinds: g.providers > 0 && !c.AllowSingleKind, penalty: 1,
	}
	for v := range base.unit {
		base.rules.penalty += base.unit[v].res
	}
	if e.quality == CPM {
		base.rules.penalty = max(base.rules.penalty, f*float64(g.n)*float64(g.n))
	}
	if c.MaxPopulation > 0 {
		base.rules.maxPop = c.MaxPopulation
	}
	if c.MaxShare > 0 && c.MaxShare < 1 {
		base.rules.maxRes = c.MaxShare * e.total
	}
	if c.Contiguous != nil {
		base.ground = ground
		for v := range base.unit {
			base.unit[v].onGround = min(1, int32(len(base.ground.of(int32(v)))))
		}
	}
	if err := e.anchor(c, base, unit); err != nil {
		return nil, nil, err
	}
	var groups [][]int32
	for _, group := range c.Apart {
		var nodes []int32
		for _, v := range group {
			nodes = append(nodes, e.node(v))
		}
		groups = append(groups, nodes)
	}
	for _, group := range groups {
		seen := map[int32]int32{}
		for _, v := range group {
			if u, ok := seen[unit[v]]; ok && u != v {
				return nil, nil, infeasible("%s and %s must be apart, and together by another demand: drop one of the two", e.code(u), e.code(v))
			}
			seen[unit[v]] = v
		}
	}
	if len(groups) > 0 {
		base.setApart(groups)
	}
	p := base.coarsen(o, unit, units)
	return p, unit, e.checkUnits(c, p, unit, groups)
}

// startOf is the footprint of a node in Start, areas first, as Fixed counts them.
func (c *Constraints) startOf(node int) int32 {
	if areas := len(c.Start.Areas); node >= areas {
		return c.Start.Providers[node-areas]
	}
	return c.Start.Areas[node]
}

// anchor marks the fixed nodes of base with their footprint in Start, 1 and up.
func (e *Engine) anchor(c *Constraints, base *plan, unit []int32) error {
	if c.Fixed == nil {
		return nil
	}
	held := make([]int32, e.g.n) // by unit: 1 + a fixed node
	distinct := map[int32]bool{}
	for i, fixed := range c.Fixed {
		if !fixed {
			continue
		}
		v, f := e.node(int32(i)), c.startOf(i)
		if f < 0 {
			return infeasible("%s is fixed, but the partition to start from does not place it: place it, or do not fix it", e.code(v))
		}
		if u := held[unit[v]] - 1; u >= 0 && base.unit[u].anchor != f+1 {
			return infeasible("%s and %s are fixed in different footprints, but must be together by another demand: drop one of the two", e.code(u), e.code(v))
		}
		base.unit[v].anchor = f + 1
		held[unit[v]] = v + 1
		distinct[f] = true
	}
	if k := c.Footprints; k > 0 && len(distinct) > k {
		return infeasible("nodes are fixed in %d footprints, and %d are asked for: ask for %d or more, or fix fewer", len(distinct), k, len(distinct))
	}
	return nil
}

// checkFixed makes sure that fixed nodes are together exactly where they were.
func (e *Engine) checkFixed(label []int32, c *Constraints) error {
	node, start := map[int32]int32{}, map[int32]int32{}
	for i, fixed := range c.Fixed {
		if !fixed {
			continue
		}
		v, f := e.node(int32(i)), c.startOf(i)
		if u, ok := node[f]; ok && label[u] != label[v] {
			return infeasible("%s and %s are fixed in one footprint, which lies in pieces that no partition found connects: fix fewer nodes, or loosen a demand", e.code(u), e.code(v))
		}
		if g, ok := start[label[v]]; ok && g != f {
			return infeasible("%s is fixed in another footprint than nodes it must join: fix fewer nodes, or loosen a demand", e.code(v))
		}
		node[f], start[label[v]] = v, f
	}
	return nil
}

// groundParts gives an area of each piece of a group on the ground; islands
// and providers are no pieces.
func (e *Engine) groundParts(ground *borders, group []int32) []int32 {
	left := make(map[int32]bool, len(group))
	for _, v := range group {
		left[e.node(v)] = true
	}
	var parts, stack []int32
	for _, v := range group {
		start := e.node(v)
		if !left[start] || len(ground.of(start)) == 0 {
			continue
		}
		parts = append(parts, start)
		delete(left, start)
		for stack = append(stack[:0], start); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, t := range ground.of(u) {
				if left[t] {
					delete(left, t)
					stack = append(stack, t)
				}
			}
		}
	}
	return parts
}

// connect joins the areas of a shortest way over borders between two areas, so
// that a unit is in one piece on the ground. Islands and providers need none.
func (e *Engine) connect(ground *borders, from, to int32, join func(u, v int32)) {
	back := make([]int32, e.g.n)
	for v := range back {
		back[v] = -1
	}
	back[from] = from
	queue := []int32{from}
	for head := 0; head < len(queue) && back[to] < 0; head++ {
		for _, u := range ground.of(queue[head]) {
			if back[u] < 0 {
				back[u] = queue[head]
				queue = append(queue, u)
			}
		}
	}
	for v := to; back[v] >= 0 && v != from; v = back[v] {
		join(v, back[v])
	}
}

// borders puts an adjacency of areas into compressed rows of nodes.
func (e *Engine) borders(adjacency Adjacency) *borders {
	n, nA := e.g.n, len(e.src.area)
	b := &borders{ptr: make([]int32, n+1)}
	for v := range n {
		if v >= e.g.providers {
			for a := range adjacency.Neighbours(int(e.src.areaRank[v-e.g.providers])) {
				if a >= 0 && a < nA && e.src.area[a] != int32(v) {
					b.adj = append(b.adj, e.src.area[a])
				}
			}
		}
		b.ptr[v+1] = int32(len(b.adj))
		slices.Sort(b.adj[b.ptr[v]:])
	}
	return b
}

// checkUnits finds demands that no partition can meet.
func (e *Engine) checkUnits(c *Constraints, p *plan, unit []int32, groups [][]int32) error {
	first := make([]int32, p.g.n)
	for v := int32(e.g.n) - 1; v >= 0; v-- {
		first[unit[v]] = v
	}
	r, k := &p.rules, c.Footprints
	var pop float64
	for u := range p.unit {
		t := &p.unit[u]
		pop += t.pop
		if t.pop > r.maxPop {
			what := e.code(first[u])
			if t.areas > 1 {
				what = fmt.Sprintf("the %d areas that must be with %s", t.areas, what)
			}
			return infeasible("%s: %s people, above the largest population of a footprint, %s: raise it", what, people(t.pop), people(r.maxPop))
		}
		if t.res > r.maxRes {
			return infeasible("%s alone has more than %v of all patients: raise the largest share", e.code(first[u]), c.MaxShare)
		}
	}
	switch {
	case k > 0 && r.minPop*float64(k) > pop:
		return infeasible("%d footprints of %s people or more need %s people, and there are %s: ask for %d or fewer, or lower the least population",
			k, people(r.minPop), people(r.minPop*float64(k)), people(pop), int(pop/r.minPop))
	case k > 0 && r.maxPop*float64(k) < pop:
		return infeasible("%d footprints of %s people or fewer hold %s people, and there are %s: ask for %d or more, or raise the largest population",
			k, people(r.maxPop), people(r.maxPop*float64(k)), people(pop), int(math.Ceil(pop/r.maxPop)))
	case r.minPop > pop:
		return infeasible("the least population of a footprint, %s, is above the %s people of all areas: lower it", people(r.minPop), people(pop))
	case k > 0 && c.MaxShare > 0 && c.MaxShare*float64(k) < 1-1e-9:
		return infeasible("%d footprints with at most %v of all patients each cannot hold all: ask for %d or more, or raise the largest share", k, c.MaxShare, int(math.Ceil(1/c.MaxShare-1e-9)))
	}
	for _, group := range groups {
		if k > 0 && len(group) > k {
			return infeasible("%s and %d others must all be apart, which needs %d footprints, and %d are asked for", e.code(group[0]), len(group)-1, len(group), k)
		}
	}
	if k > 0 && p.ground != nil {
		if pieces := groundPieces(p); pieces > k {
			return infeasible("the areas lie in %d pieces of land without a common border, and footprints in one piece cannot span them: ask for %d or more", pieces, pieces)
		}
	}
	return nil
}

// groundPieces counts the connected pieces of the units on the ground, units
// without neighbours left out.
func groundPieces(p *plan) int {
	seen := make([]bool, p.g.n)
	var stack []int32
	pieces := 0
	for v := range int32(p.g.n) {
		if seen[v] || p.unit[v].onGround == 0 {
			continue
		}
		pieces++
		seen[v] = true
		for stack = append(stack[:0], v); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, t := range p.ground.of(u) {
				if !seen[t] {
					seen[t] = true
					stack = append(stack, t)
				}
			}
		}
	}
	return pieces
}

// unmet names the demand that a layout of units misses most, as an
// *InfeasibleError; nil where it meets all.
func (e *Engine) unmet(o *workspace, y *layout, unit []int32, c *Constraints) error {
	if y.short() == 0 {
		if k := y.footprints(); c.Footprints > 0 && k != c.Footprints {
			return infeasible("no partition into %d footprints was found that meets all demands; %d is the nearest: ask for %d, or loosen a demand", c.Footprints, k, k)
		}
		return nil
	}
	part := slices.Clone(y.label)
	k := o.compact(part, y.p.g.n)
	q := y.p.coarsen(o, part, k)
	node := make([]int32, e.g.n)
	for v, u := range unit {
		node[v] = part[u]
	}
	named := e.partition(node).Number(e.m, c.Population)
	name := make([]string, k)
	for a, f := range named.Areas {
		name[node[e.src.area[a]]] = named.IDs[f]
	}
	for p, f := range named.Providers {
		name[node[e.src.provider[p]]] = named.IDs[f]
	}
	worst := slices.MaxFunc(seq(k), func(a, b int32) int {
		return cmp.Compare(q.rules.short(&q.unit[a]), q.rules.short(&q.unit[b]))
	})
	t, r := &q.unit[worst], &q.rules
	switch {
	case r.bothKinds && t.areas == 0:
		return infeasible("%s has providers only, and its demands let it join no footprint: loosen a demand", name[worst])
	case r.bothKinds && t.providers == 0:
		return infeasible("%s has areas only, and its demands let it join no footprint: loosen a demand", name[worst])
	case t.pop < r.minPop:
		beside := int32(-1)
		met := q.g.gather(worst, seq(k), make([]float64, k), make([]int32, 0, k+1))
		slices.Sort(met)
		for _, d := range met {
			if q.ground != nil && t.onGround > 0 && q.unit[d].onGround > 0 && !slices.Contains(q.ground.of(worst), d) {
				continue
			}
			if beside < 0 || q.unit[d].pop < q.unit[beside].pop {
				beside = d
			}
		}
		if beside >= 0 {
			a, b := min(name[worst], name[beside]), max(name[worst], name[beside])
			if both := t.pop + q.unit[beside].pop; both > r.maxPop {
				return infeasible("%s and %s must merge to reach %s but together pass %s: widen the bounds of population", a, b, people(r.minPop), people(r.maxPop))
			}
			if c.Footprints > 0 {
				return infeasible("%s has %s people and must merge with %s to reach %s, which leaves fewer than %d footprints: ask for fewer, or lower the least population", name[worst], people(t.pop), name[beside], people(r.minPop), c.Footprints)
			}
			return infeasible("%s has %s people and must merge with %s to reach %s, which another demand forbids: loosen it, or lower the least population", name[worst], people(t.pop), name[beside], people(r.minPop))
		}
		return infeasible("%s has %s people, and no footprint beside it to reach %s with: lower the least population", name[worst], people(t.pop), people(r.minPop))
	case t.pop > r.maxPop:
		return infeasible("%s has %s people and cannot be cut to %s or fewer: raise the largest population, or ask for more footprints", name[worst], people(t.pop), people(r.maxPop))
	case t.res > r.maxRes:
		return infeasible("%s has more than %v of all patients and cannot be cut: raise the largest share, or ask for more footprints", name[worst], c.MaxShare)
	}
	return infeasible("%s reaches a localisation index of %.3f only, below %v: lower the least localisation index, or ask for fewer footprints", name[worst], t.in/t.res, c.MinLocalisation)
}

// seq is 0, 1, …, n-1.
func seq(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}
