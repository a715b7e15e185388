package rule

import (
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// TTWA makes self-contained areas by the rules of Britain's travel-to-work
// areas as generalised for Europe's labour market areas (Coombes and Bond
// 2008, Travel-to-work areas: the 2007 review, Office for National Statistics;
// Coombes, Casado-Díaz, Martínez-Bernabeu and Carausu 2012, Study on
// comparable labour market areas, Eurostat; Franconi, Ichim and D'Aló 2017,
// Statistical Journal of the IAOS 33:585, doi:10.3233/SJI-160343).
//
// An area passes its test where it is large, or self-contained, or a bit of
// both. With C the lesser of its localisation and market share index and L its
// residents' patients:
//
//	Y = min(1, C/TargetContainment)
//	S = max(0, (TargetSize-L) / (TargetSize-MinSize))
//	Z = 1 - (1 - MinContainment/TargetContainment)·S
//	validity = Y · Z · TargetContainment/MinContainment, to pass at 1
//
// and an area that nobody leaves or enters passes always. Every place begins
// alone. While some area fails, the one of lowest validity gives up the place
// that exchanges most with the outside, which joins the area j of greatest
// cohesion T_ij²/(L_i·W_j) + T_ji²/(L_j·W_i), W being the providers' patients,
// unless that lowers the receiver's validity: then it goes on a reserve list.
//
// In a one-mode matrix the places are its areas. Otherwise a place is an area
// with the providers that it hosts and the areas without a provider that send
// it most of their patients: dormitories, which no rule about the place of work
// can begin with. Patients of place i at a provider of place j are the flow
// from i to j.
//
// The zero value has the numbers of the Office for National Statistics. All
// Constraints are honoured, some by refusal with an *InfeasibleError: more
// Footprints than the rules give cannot be had. Start matters only to Fixed.
type TTWA struct {
	// MinSize is the size (patients of the residents; workers in the original)
	// below which TargetContainment is not enough; 0 means 3,500.
	MinSize float64
	// TargetSize is the size from which MinContainment is enough; 0 means
	// 25,000. It must be above MinSize.
	TargetSize float64
	// MinContainment and TargetContainment are the self-containment wanted of
	// large and of small areas, in (0, 1]; 0 means 0.6667 and 0.75.
	MinContainment, TargetContainment float64
	// Compatible puts places on the reserve list into their most cohesive area
	// without a check, as the R package LabourMarketAreas does, so that areas
	// may fail the test. Otherwise a place is put where the area passes with
	// it, and areas that still fail are merged until all pass.
	Compatible bool
	// Host is the area in which each provider lies, by index. Where it is nil,
	// or an entry is negative, a provider lies in the area that sends it the
	// most patients (ties: the lowest code). Unused in a one-mode matrix.
	Host        []int32
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var _ footprint.Method = TTWA{}

// ttwaMoves is how often a place may move before it is put on the reserve
// list: the rules alone do not rule out that places go round in circles.
const ttwaMoves = 100

// pass leaves room for rounding in areas that meet the test exactly.
const ttwaPass = 1 - 1e-12

func (t TTWA) withDefaults() (TTWA, error) {
	def := func(x *float64, value float64) {
		if *x == 0 {
			*x = value
		}
	}
	def(&t.MinSize, 3500)
	def(&t.TargetSize, 25000)
	def(&t.MinContainment, 0.6667)
	def(&t.TargetContainment, 0.75)
	switch {
	case !(t.MinSize > 0 && t.TargetSize > t.MinSize):
		return t, footprint.BadParameter("target-size %.0f must be above min-size %.0f, and both above 0", t.TargetSize, t.MinSize)
	case !(t.MinContainment > 0 && t.MinContainment <= 1 && t.TargetContainment > 0 && t.TargetContainment <= 1):
		return t, footprint.BadParameter("min-containment %v and target-containment %v must lie in (0, 1]", t.MinContainment, t.TargetContainment)
	case t.TargetContainment < t.MinContainment:
		return t, footprint.BadParameter("target-containment %v must not be below min-containment %v", t.TargetContainment, t.MinContainment)
	}
	return t, nil
}

// Validity is the measure of the test for an area whose residents are live
// patients, whose providers treat work patients, inside of them its residents;
// it passes at 1. Zero fields mean what they mean in TTWA.
func (t TTWA) Validity(live, work, inside float64) float64 {
	t, err := t.withDefaults()
	if err != nil {
		return 0
	}
	return t.validity(live, work, inside)
}

func (t *TTWA) validity(live, work, inside float64) float64 {
	if live <= 0 || work <= 0 {
		return 0
	}
	containment := min(inside/live, inside/work)
	y := min(1, containment/t.TargetContainment)
	s := max(0, (t.TargetSize-live)/(t.TargetSize-t.MinSize))
	z := 1 - (1-t.MinContainment/t.TargetContainment)*s
	v := y * z * t.TargetContainment / t.MinContainment
	if containment >= 1 {
		return max(v, 1)
	}
	return v
}

// cohesion of a region with the one at the other end of l.
func cohesion(g *region.Merging, i int32, l region.Link) float64 {
	x, y := &g.Regions[i], &g.Regions[l.To]
	return cohesionOf(l.Out, l.In, x.Out, x.In, y.Out, y.In)
}

func cohesionOf(out, in, live, work, otherLive, otherWork float64) float64 {
	c := 0.0
	if out > 0 {
		c += out / live * out / otherWork
	}
	if in > 0 {
		c += in / otherLive * in / work
	}
	return c
}

// Partition implements Method.
func (t TTWA) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	t, err := t.withDefaults()
	if err != nil {
		return footprint.Partition{}, err
	}
	d, err := region.NewDemands(m, t.Constraints)
	if err != nil {
		return footprint.Partition{}, err
	}
	label, n, err := placesOf(d, t.Host)
	if err != nil {
		return footprint.Partition{}, err
	}
	if t.Progress != nil {
		t.Progress.Stage("travel-to-work areas", 0)
	}
	s := newTTWARun(&t, region.NewMerging(d, label, n, cohesion))
	if err := s.shrink(ctx); err != nil {
		return footprint.Partition{}, err
	}
	s.placeReserve()
	for v, place := range label {
		label[v] = s.cluster[place]
	}
	k := grouping.Compact(label, n)
	f := region.Finishing{Value: cohesion}
	if !t.Compatible {
		f.Demand = "pass the size and containment test"
		f.Bad = func(r *region.Region) (float64, bool) {
			v := t.validity(r.Out, r.In, r.Inside)
			return v, v < ttwaPass && (r.Out > 0 || r.In > 0)
		}
	}
	label, _, err = d.Finish(ctx, label, k, f)
	if err != nil {
		return footprint.Partition{}, err
	}
	return d.Partition(label), nil
}

// placesOf labels what begins as one: an area with the providers that it hosts,
// the areas without a provider that send it most of their patients, and all
// that must stay together with these.
func placesOf(d *region.Demands, host []int32) ([]int32, int, error) {
	if d.Providers == 0 {
		return slices.Clone(d.Unit), d.Units, nil
	}
	hosts, err := hostsOf(d, host)
	if err != nil {
		return nil, 0, err
	}
	t := newTowns(d, hosts, true)
	t.fill()
	return t.label, grouping.Compact(t.label, t.n+d.Nodes()), nil
}

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
	visited []int32
}

func newTTWARun(t *TTWA, g *region.Merging) *ttwaRun {
	n := len(g.Regions)
	s := &ttwaRun{
		t: t, g: g, cluster: make([]int32, n), members: make([][]int32, n),
		live: make([]float64, n), work: make([]float64, n), inside: make([]float64, n), people: make([]float64, n),
		own: make([]float64, n), moves: make([]int32, n), queue: region.NewQueue(n),
		out: make([]float64, n), in: make([]float64, n), near: make([]int32, n), visited: make([]int32, n),
	}
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
		to, _, ok := s.receiver(p, c, 0)
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
		keeps := s.g.Demands.Constraints.Contiguous == nil || s.holdsWithout(c, p)
		if best < 0 || keeps && !bestKeeps || keeps == bestKeeps && (x > most || x == most && p < best) {
			best, most, bestKeeps = p, x, keeps
		}
	}
	return best
}

// holdsWithout reports whether a cluster is in one piece on the map without p.
func (s *ttwaRun) holdsWithout(c, p int32) bool {
	s.stamp++
	var stack []int32
	landed, seen := 0, 0
	for _, q := range s.members[c] {
		if q == p || s.g.Regions[q].Landed == 0 {
			continue
		}
		if landed == 0 {
			stack = append(stack, q)
			s.visited[q] = s.stamp
		}
		landed++
	}
	for len(stack) > 0 {
		q := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		seen++
		for _, b := range s.g.Regions[q].Beside {
			if b != p && s.cluster[b] == c && s.visited[b] != s.stamp {
				s.visited[b] = s.stamp
				stack = append(stack, b)
			}
		}
	}
	return seen == landed
}

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
func (s *ttwaRun) receiver(p, except int32, least float64) (best int32, most float64, ok bool) {
	r := &s.g.Regions[p]
	s.touched = s.touched[:0]
	for _, l := range r.Links {
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
	if s.g.Demands.Constraints.Contiguous != nil {
		s.stamp++
		for _, b := range r.Beside {
			if c := s.cluster[b]; c >= 0 {
				s.near[c] = s.stamp
			}
		}
	}
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
	return best, most, ok
}

// may reports whether the constraints let place p join cluster c.
func (s *ttwaRun) may(p, c int32) bool {
	r, con := &s.g.Regions[p], &s.g.Demands.Constraints
	if con.MaxPopulation > 0 && s.people[c]+r.People > con.MaxPopulation {
		return false
	}
	if con.MaxShare > 0 && s.live[c]+r.Out > con.MaxShare*s.g.Demands.Matrix.Total().Value {
		return false
	}
	if con.Contiguous != nil && r.Landed > 0 && s.near[c] != s.stamp &&
		slices.ContainsFunc(s.members[c], func(q int32) bool { return s.g.Regions[q].Landed > 0 }) {
		return false
	}
	if len(r.Tags) > 0 {
		for _, q := range s.members[c] {
			if region.Clash(r.Tags, s.g.Regions[q].Tags) {
				return false
			}
		}
	}
	return true
}

// placeReserve ends the reserve list. Unless t is Compatible, a place goes
// first to the most cohesive cluster that passes with it; every place that is
// put somewhere may open a way for another. The rest go to their most cohesive
// cluster, or stay alone if nothing may take them.
func (s *ttwaRun) placeReserve() {
	if !s.t.Compatible {
		for placed := true; placed; {
			placed = false
			s.reserve = slices.DeleteFunc(s.reserve, func(p int32) bool {
				c, _, ok := s.receiver(p, -1, ttwaPass)
				if ok {
					s.join(p, c)
					placed = true
				}
				return ok
			})
		}
	}
	for placed := true; placed; {
		placed = false
		s.reserve = slices.DeleteFunc(s.reserve, func(p int32) bool {
			c, _, ok := s.receiver(p, -1, 0)
			if ok {
				s.join(p, c)
				placed = true
			}
			return ok
		})
	}
	for _, p := range s.reserve {
		c := p // its first cluster may have gone on without it: take an empty one
		for len(s.members[c]) > 0 {
			c = (c + 1) % int32(len(s.members))
		}
		s.join(p, c)
	}
	s.reserve = nil
}
