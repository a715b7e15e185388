package leiden

import (
	"cmp"
	"slices"

	"stpmap/footprint/internal/grouping"
)

// cut divides the footprint that is best divided, or one of the best few, if
// that adds more than least to the score, and says whether it did.
func (s *search) cut(y *layout, among int, least float64) bool {
	options := s.cuts(y, least, false)
	if len(options) == 0 && s.k > 0 {
		options = s.cuts(y, least, true)
	}
	if len(options) == 0 {
		return false
	}
	slices.SortStableFunc(options, func(a, b division) int { return cmp.Compare(b.gain, a.gain) })
	chosen := options[s.rng.IntN(min(among, len(options)))]
	side := chosen.side
	if chosen.block != nil {
		side = unitsOf(side, chosen.block)
	}
	free := int32(slices.IndexFunc(y.held, func(t totals) bool { return t.size == 0 }))
	for _, v := range side {
		y.label[v] = free
	}
	y.count()
	return true
}

// division is a way to cut a footprint in two.
type division struct {
	gain  float64
	side  []int32 // units of the one part, or blocks of them
	block []int32 // of each unit; nil where side has units
}

// cuts lists a division of each footprint that gains more than least: along
// blocks, or, for those with fixed nodes and where it is asked, along units,
// which leaves more ways.
func (s *search) cuts(y *layout, least float64, units bool) []division {
	block, blocks := s.blocks(y.label)
	q := s.p.coarsen(s.o, block, blocks)
	defer s.o.release(q)
	byUnit := func(c int32) bool { return units || y.held[c].anchor != 0 }
	members := make([][]int32, s.p.g.Nodes)
	seen := make([]bool, blocks)
	for v, b := range block {
		switch c := y.label[v]; {
		case byUnit(c):
			members[c] = append(members[c], int32(v))
		case !seen[b]:
			seen[b] = true
			members[c] = append(members[c], b)
		}
	}
	var options []division
	for c, m := range members {
		p, d := q, division{block: block}
		if byUnit(int32(c)) {
			p, d.block = s.p, nil
		}
		if d.side, d.gain = p.divide(m); d.side != nil && d.gain > least {
			options = append(options, d)
		}
	}
	return options
}

// unitsOf lists the units that lie in some blocks of a footprint.
func unitsOf(blocks, block []int32) []int32 {
	var units []int32
	for v, b := range block {
		if slices.Contains(blocks, b) {
			units = append(units, int32(v))
		}
	}
	return units
}

// mostDivided is the largest number of units that divide takes; its cost is
// the cube of it.
const mostDivided = 500

// divide cuts a footprint of units in two by joining those with the largest
// flow in proportion to what is expected, until two are left; it gives one of
// the two and what the cut adds to the score.
func (p *plan) divide(units []int32) ([]int32, float64) {
	if m := len(units); m < 2 || m > mostDivided {
		return nil, 0
	}
	d := p.newDividing(units)
	d.joinFixed()
	for len(d.alive) > 2 {
		a, b := d.closest()
		if a < 0 {
			return nil, 0
		}
		d.merge(a, b)
	}
	if len(d.alive) < 2 {
		return nil, 0
	}
	i, j := d.alive[0], d.alive[1]
	if d.held[j].anchor != 0 {
		i, j = j, i
	}
	// Fixed units were joined whether or not they touch.
	if d.held[i].anchor != 0 && !p.onePiece(d.group[i]) {
		return nil, 0
	}
	return d.group[j], d.gain(i, j)
}

// dividing is a footprint while its units are joined to two groups. A group is
// known by one of its units.
type dividing struct {
	p     *plan
	m     int       // units
	flow  []float64 // between groups i and j at i·m+j
	near  []bool    // whether they border each other, likewise
	held  []totals  // by group
	group [][]int32 // members of each group
	alive []int32   // groups that are left
}

func (p *plan) newDividing(units []int32) *dividing {
	m := len(units)
	d := &dividing{
		p: p, m: m, flow: make([]float64, m*m), near: make([]bool, m*m), held: make([]totals, m),
		group: make([][]int32, m), alive: grouping.Sequence(m),
	}
	at := make(map[int32]int, m)
	for i, v := range units {
		at[v], d.held[i], d.group[i] = i, p.unit[v], []int32{v}
	}
	for i, v := range units {
		p.g.Neighbours(v, func(u int32, w float64) {
			if j, ok := at[u]; ok {
				d.flow[i*m+j] = w
			}
		})
		if p.ground == nil {
			continue
		}
		for _, u := range p.ground.Near(v) {
			if j, ok := at[u]; ok {
				d.near[i*m+j] = true
			}
		}
	}
	return d
}

// merge joins the groups at places a and b of alive.
func (d *dividing) merge(a, b int) {
	m, i, j := d.m, int(d.alive[a]), int(d.alive[b])
	d.held[i].add(&d.held[j], d.flow[i*m+j])
	d.group[i] = append(d.group[i], d.group[j]...)
	for _, x := range d.alive {
		t := int(x)
		if t == i || t == j {
			continue
		}
		d.flow[i*m+t] += d.flow[j*m+t]
		d.flow[t*m+i] = d.flow[i*m+t]
		d.near[i*m+t] = d.near[i*m+t] || d.near[j*m+t]
		d.near[t*m+i] = d.near[i*m+t]
	}
	d.alive = slices.Delete(d.alive, b, b+1)
}

// joinFixed makes one group of all fixed units.
func (d *dividing) joinFixed() {
	fixed := slices.IndexFunc(d.held, func(t totals) bool { return t.anchor != 0 })
	for b := d.m - 1; b > fixed && fixed >= 0; b-- {
		if d.held[b].anchor != 0 {
			d.merge(fixed, b)
		}
	}
}

// closest finds the places of the two groups with the most flow in proportion
// to what is expected; a is -1 where no two may join.
func (d *dividing) closest() (a, b int) {
	most := 0.0
	a, b = -1, -1
	for x := range d.alive {
		for y := x + 1; y < len(d.alive); y++ {
			if r := d.ratio(int(d.alive[x]), int(d.alive[y])); r > most {
				most, a, b = r, x, y
			}
		}
	}
	return a, b
}

// ratio is the flow between two groups over what is expected; 0 where they may
// not join. What can be no footprint by itself joins first.
func (d *dividing) ratio(i, j int) float64 {
	p, f, g, h := d.p, d.flow[i*d.m+j], &d.held[i], &d.held[j]
	if f == 0 || p.ground != nil && g.onGround > 0 && h.onGround > 0 && !d.near[i*d.m+j] {
		return 0
	}
	ratio := f / (p.expected(g, h) + float64(1e-12*p.rules.penalty))
	if p.rules.bothKinds && (g.providers == 0 || h.providers == 0 || g.areas == 0 || h.areas == 0) {
		ratio += 1e12
	}
	return ratio
}

// gain is what parting two groups adds to the score.
func (d *dividing) gain(i, j int32) float64 {
	p, f := d.p, d.flow[int(i)*d.m+int(j)]
	both := d.held[i]
	both.add(&d.held[j], f)
	r := &p.rules
	return p.expected(&d.held[i], &d.held[j]) - f - float64(r.penalty*(r.short(&d.held[i])+r.short(&d.held[j])-r.short(&both)))
}

// onePiece says whether units are in one piece in flow and on the ground.
func (p *plan) onePiece(units []int32) bool {
	in := make(map[int32]bool, len(units))
	for _, v := range units {
		in[v] = true
	}
	var walk grouping.Walk
	walk.Room(p.g.Nodes)
	if walk.Count(units[0], p.flows, func(v int32) bool { return in[v] }) < len(units) {
		return false
	}
	return p.ground == nil || len(p.ground.Parts(units)) <= 1
}
