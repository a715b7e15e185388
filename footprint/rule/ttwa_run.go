package rule

import (
	"context"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// ttwaRun is the state of the rules: places are the regions of g, which are
// never merged; areas are called clusters here.
type ttwaRun struct {
	t       *TTWA
	g       *region.Merging
	cluster []int32 // of each place; -1 on the reserve list
	members [][]int32
	live    []float64 // of each cluster
	work    []float64
	inside  []float64
	people  []float64
	own     []float64 // patients that a place gets from the rest of its cluster
	moves   []int32
	reserve []int32
	queue   *region.Queue // clusters by validity

	out, in []float64 // room: flow between the place in hand and each cluster
	touched []int32
	near    []int32 // clusters that border the place in hand hold stamp
	stamp   int32
	ground  *footprint.Ground // of places; nil where contiguity is not asked
	walk    grouping.Walk
}

func newTTWARun(t *TTWA, g *region.Merging, label []int32) *ttwaRun {
	n := len(g.Regions)
	s := &ttwaRun{
		t: t, g: g, cluster: make([]int32, n), members: make([][]int32, n),
		live: make([]float64, n), work: make([]float64, n), inside: make([]float64, n), people: make([]float64, n),
		own: make([]float64, n), moves: make([]int32, n), queue: region.NewQueue(n),
		out: make([]float64, n), in: make([]float64, n), near: make([]int32, n), ground: groundOfPlaces(g, label),
	}
	s.walk.Room(n)
	for i := range s.cluster {
		r := &g.Regions[i]
		c := int32(i)
		s.cluster[i], s.members[i] = c, []int32{c}
		s.live[i], s.work[i], s.inside[i], s.people[i] = r.Out, r.In, r.Inside, r.People
		if r.Out > 0 || r.In > 0 {
			s.queue.Set(c, s.valid(c))
		}
	}
	return s
}

func (s *ttwaRun) valid(c int32) float64 { return s.t.validity(s.live[c], s.work[c], s.inside[c]) }

// shrink takes places out of failing clusters until none fails.
func (s *ttwaRun) shrink(ctx context.Context) error {
	for step := 0; s.queue.Len() > 0; step++ {
		if step&1023 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c, validity := s.queue.First()
		if validity >= ttwaPass {
			return nil
		}
		p := s.outsider(c)
		s.leave(p)
		s.moves[p]++
		to, ok := s.receiver(p, c, 0)
		if ok && s.moves[p] <= ttwaMoves {
			before := s.valid(to)
			s.join(p, to)
			if s.valid(to) >= before {
				continue
			}
			s.leave(p)
		}
		s.reserve = append(s.reserve, p)
	}
	return nil
}

// outsider is the member of a cluster that exchanges most with what lies
// outside: inflow from outside the cluster and outflow to all other places.
// Under a demand of contiguity the rest must stay in one piece.
func (s *ttwaRun) outsider(c int32) int32 {
	members := s.members[c]
	if len(members) == 1 {
		return members[0]
	}
	best, most, bestKeeps := int32(-1), 0.0, false
	for _, p := range members {
		r := &s.g.Regions[p]
		x := (r.In - r.Inside - s.own[p]) + (r.Out - r.Inside)
		if best >= 0 && bestKeeps && (x < most || x == most && p > best) {
			continue
		}
		keeps := s.ground == nil || s.holdsWithout(c, p)
		if best < 0 || keeps && !bestKeeps || keeps == bestKeeps && (x > most || x == most && p < best) {
			best, most, bestKeeps = p, x, keeps
		}
	}
	return best
}

// holdsWithout reports whether a cluster is in one piece on the map without p.
func (s *ttwaRun) holdsWithout(c, p int32) bool {
	landed, first := 0, int32(-1)
	for _, q := range s.members[c] {
		if q == p || !s.ground.Landed(q) {
			continue
		}
		if first < 0 {
			first = q
		}
		landed++
	}
	return first < 0 || landed == s.walk.Count(first, s.ground.Visit, func(b int32) bool { return b != p && s.cluster[b] == c })
}

// update sets a cluster's place in the queue.
func (s *ttwaRun) update(c int32) {
	if len(s.members[c]) == 0 {
		s.queue.Drop(c)
	} else {
		s.queue.Set(c, s.valid(c))
	}
}

func (s *ttwaRun) leave(p int32) {
	c, r := s.cluster[p], &s.g.Regions[p]
	i := slices.Index(s.members[c], p)
	last := len(s.members[c]) - 1
	s.members[c][i] = s.members[c][last]
	s.members[c] = s.members[c][:last]
	s.cluster[p] = -1
	s.live[c] -= r.Out
	s.work[c] -= r.In
	s.people[c] -= r.People
	s.inside[c] -= r.Inside
	for _, l := range r.Links {
		if s.cluster[l.To] == c {
			s.inside[c] -= l.Out + l.In
			s.own[l.To] -= l.Out
		}
	}
	s.own[p] = 0
	if last == 0 { // nothing is left but rounding
		s.live[c], s.work[c], s.inside[c], s.people[c] = 0, 0, 0, 0
	}
	s.update(c)
}

func (s *ttwaRun) join(p, c int32) {
	r := &s.g.Regions[p]
	s.own[p] = 0
	s.live[c] += r.Out
	s.work[c] += r.In
	s.people[c] += r.People
	s.inside[c] += r.Inside
	for _, l := range r.Links {
		if s.cluster[l.To] == c {
			s.inside[c] += l.Out + l.In
			s.own[l.To] += l.Out
			s.own[p] += l.In
		}
	}
	s.cluster[p] = c
	s.members[c] = append(s.members[c], p)
	s.update(c)
}

// receiver is the cluster of greatest cohesion with a place, ties to the
// lowest, that may take it; except is out of the question, and so are those
// whose validity with the place would be below least.
func (s *ttwaRun) receiver(p, except int32, least float64) (best int32, ok bool) {
	r, most := &s.g.Regions[p], 0.0
	s.exchanges(p, except)
	s.borders(p)
	for _, c := range s.touched {
		x := cohesionOf(s.out[c], s.in[c], r.Out, r.In, s.live[c], s.work[c])
		if ok && (x < most || x == most && c > best) || !s.may(p, c) {
			continue
		}
		if least > 0 && s.t.validity(s.live[c]+r.Out, s.work[c]+r.In, s.inside[c]+r.Inside+s.out[c]+s.in[c]) < least {
			continue
		}
		best, most, ok = c, x, true
	}
	for _, c := range s.touched {
		s.out[c], s.in[c] = 0, 0
	}
	return best, ok
}

// exchanges adds up a place's flow with each cluster, except one.
func (s *ttwaRun) exchanges(p, except int32) {
	s.touched = s.touched[:0]
	for _, l := range s.g.Regions[p].Links {
		c := s.cluster[l.To]
		if c < 0 || c == except {
			continue
		}
		if s.out[c] == 0 && s.in[c] == 0 {
			s.touched = append(s.touched, c)
		}
		s.out[c] += l.Out
		s.in[c] += l.In
	}
}

// borders marks the clusters that border a place.
func (s *ttwaRun) borders(p int32) {
	if s.ground == nil {
		return
	}
	s.stamp++
	for _, b := range s.ground.Near(p) {
		if c := s.cluster[b]; c >= 0 {
			s.near[c] = s.stamp
		}
	}
}

// may reports whether the constraints let place p join cluster c.
func (s *ttwaRun) may(p, c int32) bool {
	r := &s.g.Regions[p]
	if !s.g.Demands.Fits(s.people[c]+r.People, s.live[c]+r.Out) {
		return false
	}
	if s.ground != nil && s.ground.Landed(p) && s.near[c] != s.stamp && slices.ContainsFunc(s.members[c], s.ground.Landed) {
		return false
	}
	return len(r.Tags) == 0 || !slices.ContainsFunc(s.members[c], func(q int32) bool { return region.Clash(r.Tags, s.g.Regions[q].Tags) })
}

// placeReserve ends the reserve list. Unless t is Compatible, a place goes
// first to the most cohesive cluster that passes with it. The rest go to their
// most cohesive cluster, or stay alone if nothing may take them.
func (s *ttwaRun) placeReserve() {
	if !s.t.Compatible {
		s.placeWhere(ttwaPass)
	}
	s.placeWhere(0)
	for _, p := range s.reserve {
		c := p // its first cluster may have gone on without it: take an empty one
		for len(s.members[c]) > 0 {
			c = (c + 1) % int32(len(s.members))
		}
		s.join(p, c)
	}
	s.reserve = nil
}

// placeWhere puts places of the reserve list into clusters of at least some
// validity with them; each that is put somewhere may open a way for another.
func (s *ttwaRun) placeWhere(least float64) {
	for placed := true; placed; {
		placed = false
		s.reserve = slices.DeleteFunc(s.reserve, func(p int32) bool {
			c, ok := s.receiver(p, -1, least)
			if ok {
				s.join(p, c)
				placed = true
			}
			return ok
		})
	}
}

// groundOfPlaces is the ground of the places that areas are labelled with; nil
// where contiguity is not asked.
func groundOfPlaces(g *region.Merging, label []int32) *footprint.Ground {
	d, n := g.Demands, len(g.Regions)
	if d.Ground == nil {
		return nil
	}
	up := &footprint.Ground{}
	start, members := grouping.Members(label[:d.Areas], n)
	d.Ground.Merge(up, label, start, members, make([]int32, n))
	return up
}
