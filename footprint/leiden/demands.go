package leiden

import (
	"math"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/wording"
)

// needPlan says whether demands go beyond a number and a start.
func needPlan(c *footprint.Constraints) bool {
	return c.Contiguous != nil || c.MinPopulation > 0 || c.MaxPopulation > 0 || c.MinLocalisation > 0 ||
		c.MaxShare > 0 && c.MaxShare < 1 || len(c.Together) > 0 || len(c.KeepWhole) > 0 || c.MinProviders > 0 || len(c.Apart) > 0 || c.Fixed != nil ||
		c.Footprints > 0
}

// node gives the engine's node of a demand's node.
func (e *Engine) node(v int32) int32 {
	if nA := int32(len(e.src.Area)); v >= nA {
		return e.src.Provider[v-nA]
	}
	return e.src.Area[v]
}

// nodes gives the engine's nodes of groups.
func (e *Engine) nodes(groups [][]int32) [][]int32 {
	out := make([][]int32, len(groups))
	for i, group := range groups {
		for _, v := range group {
			out[i] = append(out[i], e.node(v))
		}
	}
	return out
}

// area is the area that a node stands for; -1 for a provider.
func (e *Engine) area(v int32) int {
	if int(v) < e.g.Providers {
		return -1
	}
	return int(e.src.AreaRank[int(v)-e.g.Providers])
}

// of is the node of the matrix that an engine's node stands for.
func (e *Engine) of(v int32) int32 {
	if a := e.area(v); a >= 0 {
		return int32(a)
	}
	return int32(len(e.src.Area)) + e.src.ProviderRank[v]
}

// name names an engine's node for a person.
func (e *Engine) name(v int32) string { return footprint.NodeName(e.m, e.of(v)) }

// startLabels gives the labels of a partition to start from, or nil; what it
// leaves unplaced stands alone. A footprint's label is its first node, so that
// all are below the number of nodes.
func (e *Engine) startLabels(c *footprint.Constraints) []int32 {
	if c.Start == nil {
		return nil
	}
	label := grouping.Sequence(e.g.Nodes)
	first := map[int32]int32{}
	nodes := len(c.Start.Areas) + len(c.Start.Providers)
	for i := range nodes {
		f, v := c.StartOf(i), e.node(int32(i))
		if u, ok := first[f]; f >= 0 && (!ok || v < u) {
			first[f] = v
		}
	}
	for i := range nodes {
		if f := c.StartOf(i); f >= 0 {
			label[e.node(int32(i))] = first[f]
		}
	}
	return label
}

// newPlan joins what must be together into units and sets up the demands. It
// gives the unit of each node. The error is an *InfeasibleError for demands
// that contradict each other, or that one unit breaks by itself, once the
// ground that connects a unit is added to it.
func (e *Engine) newPlan(o *workspace, c *footprint.Constraints, f float64) (*plan, []int32, error) {
	ground := e.ground(c)
	unit, units := e.units(c, ground).Labels()
	base := e.singles(c, ground, f)
	if err := e.anchor(c, base, unit); err != nil {
		return nil, nil, err
	}
	apart := e.nodes(c.Apart)
	if err := e.checkApart(c, apart, unit); err != nil {
		return nil, nil, err
	}
	if len(apart) > 0 {
		base.setApart(apart)
	}
	p := base.coarsen(o, unit, units)
	return p, unit, e.checkUnits(c, p, unit)
}

// ground is the ground of areas by node; providers are islands. It is nil where
// contiguity is not asked.
func (e *Engine) ground(c *footprint.Constraints) *footprint.Ground {
	if c.Contiguous == nil {
		return nil
	}
	nA := len(e.src.Area)
	return footprint.NewGround(e.g.Nodes, func(v int32, visit func(int32)) {
		area := e.area(v)
		if area < 0 {
			return
		}
		for a := range c.Contiguous.Neighbours(area) {
			if a >= 0 && a < nA {
				visit(e.src.Area[a])
			}
		}
	})
}

// units joins the nodes that must share a footprint and, where contiguity is
// asked, the areas of a shortest way between their pieces.
func (e *Engine) units(c *footprint.Constraints, ground *footprint.Ground) grouping.Sets {
	units, groups := grouping.NewSets(e.g.Nodes), e.nodes(c.Joined())
	for _, group := range groups {
		for _, v := range group {
			units.Union(group[0], v)
		}
	}
	if ground == nil {
		return units
	}
	for _, group := range groups {
		parts := ground.Parts(group)
		for i := 1; i < len(parts); i++ {
			for _, v := range ground.Way(parts[0], parts[i]) {
				units.Union(parts[i], v)
			}
		}
	}
	return units
}

// singles is the plan of single nodes.
func (e *Engine) singles(c *footprint.Constraints, ground *footprint.Ground, f float64) *plan {
	g := e.g.Both()
	p := &plan{g: g, unit: make([]totals, g.Nodes), f: f, ground: ground}
	p.rules = e.rules(c, f)
	for v := range int32(g.Nodes) {
		t := &p.unit[v]
		t.size, t.x = 1, g.X[v]
		if g.Y != nil {
			t.y = g.Y[v]
		}
		if ground != nil && ground.Landed(v) {
			t.onGround = 1
		}
		a := e.area(v)
		if a < 0 {
			t.providers = 1
			if c.Counts(int(e.src.ProviderRank[v])) {
				t.counted = 1
			}
			continue
		}
		t.areas, t.residents = 1, e.rowTotal(a)
		if c.Population != nil {
			t.people = c.Population[a]
		}
	}
	return p
}

func (e *Engine) rules(c *footprint.Constraints, f float64) rules {
	least, size := c.Floor(e.m.OneMode())
	if c.Footprints > 0 && size > 0 && e.connected() {
		size *= e.total / float64(c.Footprints)
	} else {
		size = 0 // without a number it follows from the map: raiseFloor
	}
	r := rules{
		minPeople: c.MinPopulation, maxPeople: math.Inf(1), minLocalisation: least, minResidents: size, maxResidents: math.Inf(1),
		minProviders: int32(c.MinProviders), bothKinds: e.g.Providers > 0 && !c.AllowSingleKind, penalty: 1,
	}
	for v := range int32(e.g.Nodes) {
		if a := e.area(v); a >= 0 {
			r.penalty += e.rowTotal(a)
		}
	}
	if n := float64(e.g.Nodes); e.quality == footprint.CPM {
		r.penalty = max(r.penalty, f*n*n)
	}
	if c.MaxPopulation > 0 {
		r.maxPeople = c.MaxPopulation
	}
	if c.MaxShare > 0 && c.MaxShare < 1 {
		r.maxResidents = c.MaxShare * e.total
	}
	return r
}

// anchor marks the fixed nodes of base with their footprint in Start, 1 and up.
func (e *Engine) anchor(c *footprint.Constraints, base *plan, unit []int32) error {
	held := make([]int32, e.g.Nodes) // by unit: 1 + a fixed node
	for i, f := range c.FixedNodes() {
		v := e.node(i)
		if u := held[unit[v]] - 1; u >= 0 && base.unit[u].anchor != f+1 {
			return footprint.Infeasible("%s and %s are fixed in different footprints, but the ground that connects areas that must be together joins them: drop one of the demands", e.name(u), e.name(v))
		}
		base.unit[v].anchor = f + 1
		held[unit[v]] = v + 1
	}
	return nil
}

// checkApart looks for units that hold what must be apart.
func (e *Engine) checkApart(c *footprint.Constraints, apart [][]int32, unit []int32) error {
	for _, group := range apart {
		seen := map[int32]int32{}
		for _, v := range group {
			if u, ok := seen[unit[v]]; ok && u != v {
				return footprint.Infeasible("%s and %s must be apart, but the ground that connects areas that must be together joins them%s: drop one of the demands", e.name(u), e.name(v), c.InUnit(e.of(u), e.of(v)))
			}
			seen[unit[v]] = v
		}
	}
	return nil
}

// firstNodes is the first node of each unit.
func firstNodes(unit []int32, units int) []int32 {
	first := make([]int32, units)
	for v := int32(len(unit)) - 1; v >= 0; v-- {
		first[unit[v]] = v
	}
	return first
}

// checkUnits looks for units that alone are above an upper bound.
func (e *Engine) checkUnits(c *footprint.Constraints, p *plan, unit []int32) error {
	first := firstNodes(unit, p.g.Nodes)
	for u := range p.unit {
		t := &p.unit[u]
		switch {
		case t.people > p.rules.maxPeople:
			return footprint.Infeasible("the %d areas that must be with %s%s, with the ground that connects them, have %s people, above max-population %s: raise it",
				t.areas, e.name(first[u]), c.InUnit(e.of(first[u])), wording.People(t.people), wording.People(p.rules.maxPeople))
		case t.residents > p.rules.maxResidents:
			return footprint.Infeasible("the %d areas that must be with %s%s, with the ground that connects them, have more than %v of all patients: raise max-share", t.areas, e.name(first[u]), c.InUnit(e.of(first[u])), c.MaxShare)
		}
	}
	return nil
}
