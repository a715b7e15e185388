package leiden

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/wording"
)

// needPlan says whether demands go beyond a number and a start.
func needPlan(c *footprint.Constraints) bool {
	return c.Contiguous != nil || c.MinPopulation > 0 || c.MaxPopulation > 0 || c.MinLocalisation > 0 ||
		c.MaxShare > 0 && c.MaxShare < 1 || len(c.Together) > 0 || len(c.Apart) > 0 || c.Fixed != nil ||
		c.Start != nil && c.Footprints > 0
}

// node gives the engine's node of a demand's node.
func (e *Engine) node(v int32) int32 {
	if nA := int32(len(e.src.Area)); v >= nA {
		return e.src.Provider[v-nA]
	}
	return e.src.Area[v]
}

// code names an engine's node.
func (e *Engine) code(v int32) string {
	if int(v) < e.g.Providers {
		return e.m.Providers()[e.src.ProviderRank[v]]
	}
	return e.m.Areas()[e.src.AreaRank[int(v)-e.g.Providers]]
}

// startLabels gives the labels of a partition to start from, or nil; what it
// leaves unplaced stands alone.
func (e *Engine) startLabels(c *footprint.Constraints) []int32 {
	if c.Start == nil {
		return nil
	}
	label := make([]int32, e.g.Nodes)
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
		see(e.src.Area[a], f)
	}
	for p, f := range c.Start.Providers {
		see(e.src.Provider[p], f)
	}
	for a, f := range c.Start.Areas {
		if f >= 0 {
			label[e.src.Area[a]] = first[f]
		}
	}
	for p, f := range c.Start.Providers {
		if f >= 0 {
			label[e.src.Provider[p]] = first[f]
		}
	}
	return label
}

// newPlan joins what must be together into units and sets up the demands. It
// gives the unit of each node. The error is an *InfeasibleError for demands
// that contradict each other or that one unit breaks by itself.
func (e *Engine) newPlan(o *workspace, c *footprint.Constraints, f float64) (*plan, []int32, error) {
	g := e.g.Both()
	unit := make([]int32, g.Nodes)
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
	units := o.Compact(unit, g.Nodes)

	base := &plan{g: g, unit: make([]totals, g.Nodes), f: f}
	for v := range base.unit {
		t := &base.unit[v]
		t.x = g.X[v]
		if g.Y != nil {
			t.y = g.Y[v]
		}
		t.size = 1
		if v < g.Providers {
			t.providers = 1
			continue
		}
		t.areas = 1
		a := int(e.src.AreaRank[v-g.Providers])
		t.residents = e.rowTotal(a)
		if c.Population != nil {
			t.people = c.Population[a]
		}
	}
	base.rules = rules{
		minPeople: c.MinPopulation, maxPeople: math.Inf(1), minLocalisation: c.MinLocalisation, maxResidents: math.Inf(1),
		bothKinds: g.Providers > 0 && !c.AllowSingleKind, penalty: 1,
	}
	for v := range base.unit {
		base.rules.penalty += base.unit[v].residents
	}
	if e.quality == footprint.CPM {
		base.rules.penalty = max(base.rules.penalty, f*float64(g.Nodes)*float64(g.Nodes))
	}
	if c.MaxPopulation > 0 {
		base.rules.maxPeople = c.MaxPopulation
	}
	if c.MaxShare > 0 && c.MaxShare < 1 {
		base.rules.maxResidents = c.MaxShare * e.total
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
				return nil, nil, footprint.Infeasible("%s and %s must be apart, and together by another demand: drop one of the two", e.code(u), e.code(v))
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

// anchor marks the fixed nodes of base with their footprint in Start, 1 and up.
func (e *Engine) anchor(c *footprint.Constraints, base *plan, unit []int32) error {
	if c.Fixed == nil {
		return nil
	}
	held := make([]int32, e.g.Nodes) // by unit: 1 + a fixed node
	distinct := map[int32]bool{}
	for i, fixed := range c.Fixed {
		if !fixed {
			continue
		}
		v, f := e.node(int32(i)), c.StartOf(i)
		if f < 0 {
			return footprint.Infeasible("%s is fixed, but the partition to start from does not place it: place it, or do not fix it", e.code(v))
		}
		if u := held[unit[v]] - 1; u >= 0 && base.unit[u].anchor != f+1 {
			return footprint.Infeasible("%s and %s are fixed in different footprints, but must be together by another demand: drop one of the two", e.code(u), e.code(v))
		}
		base.unit[v].anchor = f + 1
		held[unit[v]] = v + 1
		distinct[f] = true
	}
	if k := c.Footprints; k > 0 && len(distinct) > k {
		return footprint.Infeasible("nodes are fixed in %d footprints, and %d are asked for: ask for %d or more, or fix fewer", len(distinct), k, len(distinct))
	}
	return nil
}

// checkFixed makes sure that fixed nodes are together exactly where they were.
func (e *Engine) checkFixed(label []int32, c *footprint.Constraints) error {
	node, start := map[int32]int32{}, map[int32]int32{}
	for i, fixed := range c.Fixed {
		if !fixed {
			continue
		}
		v, f := e.node(int32(i)), c.StartOf(i)
		if u, ok := node[f]; ok && label[u] != label[v] {
			return footprint.Infeasible("%s and %s are fixed in one footprint, which lies in pieces that no partition found connects: fix fewer nodes, or loosen a demand", e.code(u), e.code(v))
		}
		if g, ok := start[label[v]]; ok && g != f {
			return footprint.Infeasible("%s is fixed in another footprint than nodes it must join: fix fewer nodes, or loosen a demand", e.code(v))
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
	back := make([]int32, e.g.Nodes)
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
func (e *Engine) borders(adjacency footprint.Adjacency) *borders {
	n, nA := e.g.Nodes, len(e.src.Area)
	b := &borders{ptr: make([]int32, n+1)}
	for v := range n {
		if v >= e.g.Providers {
			for a := range adjacency.Neighbours(int(e.src.AreaRank[v-e.g.Providers])) {
				if a >= 0 && a < nA && e.src.Area[a] != int32(v) {
					b.adj = append(b.adj, e.src.Area[a])
				}
			}
		}
		b.ptr[v+1] = int32(len(b.adj))
		slices.Sort(b.adj[b.ptr[v]:])
	}
	return b
}

// checkUnits finds demands that no partition can meet.
func (e *Engine) checkUnits(c *footprint.Constraints, p *plan, unit []int32, groups [][]int32) error {
	first := make([]int32, p.g.Nodes)
	for v := int32(e.g.Nodes) - 1; v >= 0; v-- {
		first[unit[v]] = v
	}
	r, k := &p.rules, c.Footprints
	var pop float64
	for u := range p.unit {
		t := &p.unit[u]
		pop += t.people
		if t.people > r.maxPeople {
			what := e.code(first[u])
			if t.areas > 1 {
				what = fmt.Sprintf("the %d areas that must be with %s", t.areas, what)
			}
			return footprint.Infeasible("%s: %s people, above the largest population of a footprint, %s: raise it", what, wording.People(t.people), wording.People(r.maxPeople))
		}
		if t.residents > r.maxResidents {
			return footprint.Infeasible("%s alone has more than %v of all patients: raise the largest share", e.code(first[u]), c.MaxShare)
		}
	}
	switch {
	case k > 0 && r.minPeople*float64(k) > pop:
		return footprint.Infeasible("%d footprints of %s people or more need %s people, and there are %s: ask for %d or fewer, or lower the least population",
			k, wording.People(r.minPeople), wording.People(r.minPeople*float64(k)), wording.People(pop), int(pop/r.minPeople))
	case k > 0 && r.maxPeople*float64(k) < pop:
		return footprint.Infeasible("%d footprints of %s people or fewer hold %s people, and there are %s: ask for %d or more, or raise the largest population",
			k, wording.People(r.maxPeople), wording.People(r.maxPeople*float64(k)), wording.People(pop), int(math.Ceil(pop/r.maxPeople)))
	case r.minPeople > pop:
		return footprint.Infeasible("the least population of a footprint, %s, is above the %s people of all areas: lower it", wording.People(r.minPeople), wording.People(pop))
	case k > 0 && c.MaxShare > 0 && c.MaxShare*float64(k) < 1-1e-9:
		return footprint.Infeasible("%d footprints with at most %v of all patients each cannot hold all: ask for %d or more, or raise the largest share", k, c.MaxShare, int(math.Ceil(1/c.MaxShare-1e-9)))
	}
	for _, group := range groups {
		if k > 0 && len(group) > k {
			return footprint.Infeasible("%s and %d others must all be apart, which needs %d footprints, and %d are asked for", e.code(group[0]), len(group)-1, len(group), k)
		}
	}
	if k > 0 && p.ground != nil {
		if pieces := groundPieces(p); pieces > k {
			return footprint.Infeasible("the areas lie in %d pieces of land without a common border, and footprints in one piece cannot span them: ask for %d or more", pieces, pieces)
		}
	}
	return nil
}

// groundPieces counts the connected pieces of the units on the ground, units
// without neighbours left out.
func groundPieces(p *plan) int {
	seen := make([]bool, p.g.Nodes)
	var stack []int32
	pieces := 0
	for v := range int32(p.g.Nodes) {
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
func (e *Engine) unmet(o *workspace, y *layout, unit []int32, c *footprint.Constraints) error {
	if y.short() == 0 {
		if k := y.footprints(); c.Footprints > 0 && k != c.Footprints {
			return footprint.Infeasible("no partition into %d footprints was found that meets all demands; %d is the nearest: ask for %d, or loosen a demand", c.Footprints, k, k)
		}
		return nil
	}
	part := slices.Clone(y.label)
	k := o.Compact(part, y.p.g.Nodes)
	q := y.p.coarsen(o, part, k)
	node := make([]int32, e.g.Nodes)
	for v, u := range unit {
		node[v] = part[u]
	}
	name := e.memberNames(node, k)
	worst := slices.MaxFunc(grouping.Sequence(k), func(a, b int32) int {
		return cmp.Compare(q.rules.short(&q.unit[a]), q.rules.short(&q.unit[b]))
	})
	t, r := &q.unit[worst], &q.rules
	switch {
	case r.bothKinds && t.areas == 0:
		return footprint.Infeasible("%s has providers only, and its demands let it join no footprint: loosen a demand", name[worst])
	case r.bothKinds && t.providers == 0:
		return footprint.Infeasible("%s has areas only, and its demands let it join no footprint: loosen a demand", name[worst])
	case t.people < r.minPeople:
		beside := int32(-1)
		met := q.g.Gather(worst, grouping.Sequence(k), make([]float64, k), make([]int32, 0, k+1))
		slices.Sort(met)
		for _, d := range met {
			if q.ground != nil && t.onGround > 0 && q.unit[d].onGround > 0 && !slices.Contains(q.ground.of(worst), d) {
				continue
			}
			if beside < 0 || q.unit[d].people < q.unit[beside].people {
				beside = d
			}
		}
		if beside >= 0 {
			a, b := min(name[worst], name[beside]), max(name[worst], name[beside])
			if both := t.people + q.unit[beside].people; both > r.maxPeople {
				return footprint.Infeasible("%s and %s must merge to reach %s but together pass %s: widen the bounds of population", a, b, wording.People(r.minPeople), wording.People(r.maxPeople))
			}
			if c.Footprints > 0 {
				return footprint.Infeasible("%s has %s people and must merge with %s to reach %s, which leaves fewer than %d footprints: ask for fewer, or lower the least population", name[worst], wording.People(t.people), name[beside], wording.People(r.minPeople), c.Footprints)
			}
			return footprint.Infeasible("%s has %s people and must merge with %s to reach %s, which another demand forbids: loosen it, or lower the least population", name[worst], wording.People(t.people), name[beside], wording.People(r.minPeople))
		}
		return footprint.Infeasible("%s has %s people, and no footprint beside it to reach %s with: lower the least population", name[worst], wording.People(t.people), wording.People(r.minPeople))
	case t.people > r.maxPeople:
		return footprint.Infeasible("%s has %s people and cannot be cut to %s or fewer: raise the largest population, or ask for more footprints", name[worst], wording.People(t.people), wording.People(r.maxPeople))
	case t.residents > r.maxResidents:
		return footprint.Infeasible("%s has more than %v of all patients and cannot be cut: raise the largest share, or ask for more footprints", name[worst], c.MaxShare)
	}
	return footprint.Infeasible("%s reaches a localisation index of %.3f only, below %v: lower the least localisation index, or ask for fewer footprints", name[worst], t.inside/t.residents, c.MinLocalisation)
}
