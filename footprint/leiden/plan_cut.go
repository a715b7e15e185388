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
	side := options[s.rng.IntN(min(among, len(options)))].leaves
	free := int32(slices.IndexFunc(y.held, func(t totals) bool { return t.size == 0 }))
	for _, v := range side {
		y.label[v] = free
	}
	y.count()
	return true
}

// division is a way to cut a footprint in two.
type division struct {
	gain   float64
	leaves []int32 // units of the one part
}

// cuts lists a division of each footprint that gains more than least: along
// blocks, or, for those with fixed nodes and where it is asked, along units,
// which leaves more ways.
func (s *search) cuts(y *layout, least float64, units bool) []division {
	block, blocks := s.blocks(y.label)
	q := s.p.coarsen(s.o, block, blocks)
	defer s.o.release(q)
	members := make([][]int32, s.p.g.Nodes)
	seen := make([]bool, blocks)
	for v, b := range block {
		switch c := y.label[v]; {
		case units || y.held[c].anchor != 0:
			members[c] = append(members[c], int32(v))
		case !seen[b]:
			seen[b] = true
			members[c] = append(members[c], b)
		}
	}
	var options []division
	for c, m := range members {
		if units || y.held[c].anchor != 0 {
			if side, gain := s.p.divide(m); side != nil && gain > least {
				options = append(options, division{gain, side})
			}
			continue
		}
		side, gain := q.divide(m)
		if side == nil || gain <= least {
			continue
		}
		var leaves []int32
		for v, b := range block {
			if y.label[v] == int32(c) && slices.Contains(side, b) {
				leaves = append(leaves, int32(v))
			}
		}
		options = append(options, division{gain, leaves})
	}
	return options
}

// mostDivided is the largest number of units that divide takes; its cost is
// the cube of it.
const mostDivided = 500

// divide cuts a footprint of units in two by joining those with the largest
// flow in proportion to what is expected, until two are left; it gives one of
// the two and what the cut adds to the score.
func (p *plan) divide(units []int32) ([]int32, float64) {
	m := len(units)
	if m < 2 || m > mostDivided {
		return nil, 0
	}
	w := make([]float64, m*m)
	near := make([]bool, m*m)
	held := make([]totals, m)
	group := make([][]int32, m)
	at := make(map[int32]int, m)
	for i, v := range units {
		at[v], held[i], group[i] = i, p.unit[v], []int32{v}
	}
	for i, v := range units {
		p.g.Neighbours(v, func(u int32, x float64) {
			if j, ok := at[u]; ok {
				w[i*m+j] = x
			}
		})
		if p.ground != nil {
			for _, u := range p.ground.of(v) {
				if j, ok := at[u]; ok {
					near[i*m+j] = true
				}
			}
		}
	}
	alive := grouping.Sequence(m)
	merge := func(a, b int) {
		i, j := int(alive[a]), int(alive[b])
		held[i].add(&held[j], w[i*m+j])
		group[i] = append(group[i], group[j]...)
		for _, x := range alive {
			t := int(x)
			if t == i || t == j {
				continue
			}
			w[i*m+t] += w[j*m+t]
			w[t*m+i] = w[i*m+t]
			near[i*m+t] = near[i*m+t] || near[j*m+t]
			near[t*m+i] = near[i*m+t]
		}
		alive = slices.Delete(alive, b, b+1)
	}
	// Fixed units start as one; whether it ends in one piece is seen below.
	anchored := slices.IndexFunc(held, func(t totals) bool { return t.anchor != 0 })
	for b := m - 1; b > anchored && anchored >= 0; b-- {
		if held[b].anchor != 0 {
			merge(anchored, b)
		}
	}
	for len(alive) > 2 {
		best, a, b := 0.0, -1, -1
		for x, i := range alive {
			for y := x + 1; y < len(alive); y++ {
				j := alive[y]
				f := w[int(i)*m+int(j)]
				if f == 0 || p.ground != nil && held[i].onGround > 0 && held[j].onGround > 0 && !near[int(i)*m+int(j)] {
					continue
				}
				ratio := f / (p.expected(&held[i], &held[j]) + 1e-12*p.rules.penalty)
				// What can be no footprint by itself joins first.
				if p.rules.bothKinds && (held[i].providers == 0 || held[j].providers == 0 || held[i].areas == 0 || held[j].areas == 0) {
					ratio += 1e12
				}
				if ratio > best {
					best, a, b = ratio, x, y
				}
			}
		}
		if a < 0 {
			return nil, 0
		}
		merge(a, b)
	}
	if len(alive) < 2 {
		return nil, 0
	}
	i, j := int(alive[0]), int(alive[1])
	f := w[i*m+j]
	if held[j].anchor != 0 {
		i, j = j, i
	}
	if held[i].anchor != 0 && !p.onePiece(group[i]) {
		return nil, 0
	}
	both := held[i]
	both.add(&held[j], f)
	r := &p.rules
	gain := p.expected(&held[i], &held[j]) - f - r.penalty*(r.short(&held[i])+r.short(&held[j])-r.short(&both))
	return group[j], gain
}

// onePiece says whether units are in one piece in flow and on the ground.
func (p *plan) onePiece(units []int32) bool {
	left := make(map[int32]bool, len(units))
	reach := func(start int32, arcs func(u int32, visit func(int32))) {
		delete(left, start)
		for stack := []int32{start}; len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			arcs(u, func(t int32) {
				if left[t] {
					delete(left, t)
					stack = append(stack, t)
				}
			})
		}
	}
	for _, v := range units {
		left[v] = true
	}
	reach(units[0], func(u int32, visit func(int32)) {
		p.g.Neighbours(u, func(t int32, w float64) {
			if w > 0 {
				visit(t)
			}
		})
	})
	if len(left) > 0 {
		return false
	}
	if p.ground == nil {
		return true
	}
	start := int32(-1)
	for _, v := range units {
		if p.unit[v].onGround > 0 {
			left[v] = true
			start = v
		}
	}
	if start >= 0 {
		reach(start, func(u int32, visit func(int32)) {
			for _, t := range p.ground.of(u) {
				visit(t)
			}
		})
	}
	return len(left) == 0
}
