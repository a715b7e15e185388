package leiden

import (
	"cmp"
	"fmt"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/wording"
)

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
	worst := slices.MaxFunc(grouping.Sequence(k), func(a, b int32) int {
		return cmp.Compare(q.rules.short(&q.unit[a]), q.rules.short(&q.unit[b]))
	})
	node := make([]int32, e.g.Nodes)
	for v, u := range unit {
		node[v] = part[u]
	}
	name := e.memberNames(node, k)
	if t := &q.unit[worst]; c.MinLocalisation == 0 && q.rules.onlyFloor(t) {
		return e.noSystem(y, &search{p: y.p, o: o}, t, name[worst], c)
	}
	return q.missed(worst, name, c)
}

// onlyFloor says whether a footprint misses nothing but the floor of what a
// health system is.
func (r *rules) onlyFloor(t *totals) bool {
	rest := *r
	rest.minLocalisation, rest.minResidents = 0, 0
	return rest.short(t) == 0
}

// noSystem refuses a footprint that is no health system, and says how many
// footprints there could be without such.
func (e *Engine) noSystem(y *layout, s *search, t *totals, name string, c *footprint.Constraints) error {
	what := fmt.Sprintf("%s would treat %s of its own patients, and %s are the least", name, percent(t.inside/max(t.residents, 1e-300)), percent(footprint.LeastLocalisation))
	if t.residents < y.p.rules.minResidents {
		what = fmt.Sprintf("%s would have %s patients, under %s of the mean footprint's", name, wording.People(t.residents), percent(footprint.LeastOfMean))
	}
	advice := "loosen a demand"
	if n := s.soundCount(y); n > 0 && n != c.Footprints {
		advice = fmt.Sprintf("ask for %d", n)
	}
	return footprint.Infeasible("%s, so it is no health system: %s, or give --allow-degenerate", what, advice)
}

func percent(x float64) string { return fmt.Sprintf("%.3g%%", 100*x) }

// missed says which demand the footprint worst of q misses.
func (p *plan) missed(worst int32, name []string, c *footprint.Constraints) error {
	t, r := &p.unit[worst], &p.rules
	switch {
	case r.bothKinds && t.areas == 0:
		return footprint.Infeasible("%s has providers only, and its demands let it join no footprint: loosen a demand", name[worst])
	case r.bothKinds && t.providers == 0:
		return footprint.Infeasible("%s has areas only, and its demands let it join no footprint: loosen a demand", name[worst])
	case t.counted < r.minProviders:
		return footprint.Infeasible("%s has %d of the providers that count, and %d are asked for: lower the least number of providers, or ask for fewer footprints", name[worst], t.counted, r.minProviders)
	case t.people < r.minPeople:
		return p.tooFewPeople(worst, name, c)
	case t.people > r.maxPeople:
		return footprint.Infeasible("%s has %s people and cannot be cut to %s or fewer: raise the largest population, or ask for more footprints", name[worst], wording.People(t.people), wording.People(r.maxPeople))
	case t.residents > r.maxResidents:
		return footprint.Infeasible("%s has more than %v of all patients and cannot be cut: raise the largest share, or ask for more footprints", name[worst], c.MaxShare)
	}
	return footprint.Infeasible("%s reaches a localisation index of %.3f only, below %v: lower the least localisation index, or ask for fewer footprints", name[worst], t.inside/t.residents, c.MinLocalisation)
}

// tooFewPeople says why a footprint cannot join the smallest beside it.
func (p *plan) tooFewPeople(worst int32, name []string, c *footprint.Constraints) error {
	t, r := &p.unit[worst], &p.rules
	beside := p.smallestBeside(worst)
	people, least := wording.People(t.people), wording.People(r.minPeople)
	switch {
	case beside < 0:
		return footprint.Infeasible("%s has %s people, and no footprint beside it to reach %s with: lower the least population", name[worst], people, least)
	case t.people+p.unit[beside].people > r.maxPeople:
		a, b := min(name[worst], name[beside]), max(name[worst], name[beside])
		return footprint.Infeasible("%s and %s must merge to reach %s but together pass %s: widen the bounds of population", a, b, least, wording.People(r.maxPeople))
	case c.Footprints > 0:
		return footprint.Infeasible("%s has %s people and must merge with %s to reach %s, which leaves fewer than %d footprints: ask for fewer, or lower the least population", name[worst], people, name[beside], least, c.Footprints)
	}
	return footprint.Infeasible("%s has %s people and must merge with %s to reach %s, which another demand forbids: loosen it, or lower the least population", name[worst], people, name[beside], least)
}

// smallestBeside is the unit with the fewest people that one could join; -1 for
// none.
func (p *plan) smallestBeside(unit int32) int32 {
	beside, k := int32(-1), p.g.Nodes
	met := p.g.Gather(unit, grouping.Sequence(k), make([]float64, k), make([]int32, 0, k+1))
	slices.Sort(met)
	for _, d := range met {
		if p.touching(unit, d) && (beside < 0 || p.unit[d].people < p.unit[beside].people) {
			beside = d
		}
	}
	return beside
}

// checkFixed makes sure that fixed nodes are together exactly where they were.
func (e *Engine) checkFixed(label []int32, c *footprint.Constraints) error {
	node, start := map[int32]int32{}, map[int32]int32{}
	for i, f := range c.FixedNodes() {
		v := e.node(i)
		if u, ok := node[f]; ok && label[u] != label[v] {
			return footprint.Infeasible("%s and %s are fixed in one footprint, which lies in pieces that no partition found connects: fix fewer nodes, or loosen a demand", e.name(u), e.name(v))
		}
		if g, ok := start[label[v]]; ok && g != f {
			return footprint.Infeasible("%s is fixed in another footprint than nodes it must join: fix fewer nodes, or loosen a demand", e.name(v))
		}
		node[f], start[label[v]] = v, f
	}
	return nil
}

// checkPieces makes sure of what units could hide: that each footprint is in
// one piece, in flow and on the ground, node by node.
func (e *Engine) checkPieces(o *workspace, label []int32, c *footprint.Constraints) error {
	n, piece := grouping.Count(label), slices.Clone(label)
	if o.Split(e.g, piece) > n {
		v, w := parted(label, piece)
		return footprint.Infeasible("%s and %s must share a footprint%s, but no patients connect them inside it: drop a demand to be together, or a fixed node",
			e.name(v), e.name(w), c.InUnit(e.of(v), e.of(w)))
	}
	if c.Contiguous == nil {
		return nil
	}
	if v, w, cut := e.ground(c).Cut(label, n); cut {
		return footprint.Infeasible("%s and %s must share a footprint%s, but no footprint in one piece was found that holds both: drop a demand to be together, or a fixed node, or contiguity", e.name(v), e.name(w), c.InUnit(e.of(v), e.of(w)))
	}
	return nil
}

// parted finds two nodes of one label that lie in different pieces.
func parted(label, piece []int32) (v, w int32) {
	first := make(map[int32]int32)
	for w, c := range label {
		v, ok := first[c]
		if !ok {
			first[c] = int32(w)
		} else if piece[v] != piece[w] {
			return v, int32(w)
		}
	}
	return 0, 0
}
