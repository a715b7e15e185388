package merge

import "math"

// pricer finds the unions that are worth more than their price, the sum of a
// price of each member.
//
// What a union keeps is a sum over pairs of its members and never falls as it
// grows, so that without demands the best union is the one side of a smallest
// cut (Picard and Ratliff 1975, doi:10.1002/net.3230050405). That cut bounds a
// branch of a search that decides about one system at a time, and where the
// union that it gives meets every demand the branch ends.
type pricer struct {
	p      *Problem
	prices []float64
	net    network
	slack  float64
	size   int // most members of a union

	work, limit int     // cuts that were made, and that may be
	short       bool    // a search ended at limit
	least       float64 // worth that a search must pass
	found       []set

	local []int32 // place in the network of each system
	free  []int32 // system of each place
}

func newPricer(p *Problem) *pricer {
	most := 0.0
	for _, x := range p.Exchange {
		most = max(most, x)
	}
	return &pricer{p: p, slack: 1e-12 * most, size: p.Systems, limit: math.MaxInt, local: make([]int32, p.Systems)}
}

// branch is a part of the search: the unions with all of in and none of out.
type branch struct{ in, out set }

// close takes into a branch what follows from it; false where no union is in it.
func (q *pricer) close(b *branch) bool {
	p := q.p
	all := firstOf(p.Systems)
	for changed := true; changed; {
		changed = false
		if n := b.in.len(); n > q.size {
			return false
		} else if n == q.size {
			if rest := all.without(&b.in); rest.without(&b.out) != (set{}) {
				b.out, changed = b.out.or(&rest), true
			}
		}
		for _, group := range p.bound {
			if group.meets(&b.in) && group.without(&b.in) != (set{}) {
				b.in, changed = b.in.or(&group), true
			}
			if group.meets(&b.out) && group.without(&b.out) != (set{}) {
				b.out, changed = b.out.or(&group), true
			}
		}
		for _, i := range p.parted {
			if b.in.has(i) && p.apart[i].without(&b.out) != (set{}) {
				b.out, changed = b.out.or(&p.apart[i]), true
			}
		}
		if b.in.meets(&b.out) {
			return false
		}
		if far := q.unreached(b); !far.empty() {
			b.out, changed = b.out.or(&far), true
		}
	}
	return !b.in.meets(&b.out) && q.possible(b)
}

// unreached are the systems outside a branch's out that no links join to its
// first member.
func (q *pricer) unreached(b *branch) set {
	all := firstOf(q.p.Systems)
	open := all.without(&b.out)
	links := q.p.near
	from := b.in.first()
	var seen set
	seen.add(from)
	for front := seen; !front.empty(); {
		i := front.first()
		front.remove(i)
		next := links[i].and(&open)
		next = next.without(&seen)
		seen, front = seen.or(&next), front.or(&next)
	}
	return open.without(&seen)
}

// possible says whether bounds that a union can only leave, or only reach, by
// growing leave any in a branch.
func (q *pricer) possible(b *branch) bool {
	p := q.p
	if p.MaxPopulation > 0 || p.MaxShare > 0 {
		if p.tooLarge(p.sum(&b.in)) {
			return false
		}
	}
	if p.MinPopulation == 0 && p.MinProviders == 0 {
		return true
	}
	people, providers := 0.0, 0
	for i := range int32(p.Systems) {
		if !b.out.has(i) {
			people += p.People[i]
			providers += p.Counted[i]
		}
	}
	return !(p.MinPopulation > 0 && people < p.MinPopulation) && providers >= p.MinProviders
}

// relax is the union of a branch that is worth most above its price, whether or
// not it meets the demands, and an upper bound of that worth.
func (q *pricer) relax(b *branch) (s set, bound float64) {
	p, n := q.p, q.p.Systems
	q.work++
	q.free = q.free[:0]
	for i := range int32(n) {
		q.local[i] = -1
		if !b.in.has(i) && !b.out.has(i) {
			q.local[i] = int32(len(q.free))
			q.free = append(q.free, i)
		}
	}
	in := b.in.members()
	fixed := 0.0
	for k, i := range in {
		fixed -= q.prices[i]
		for _, j := range in[:k] {
			fixed += p.Between(i, j)
		}
	}
	g := &q.net
	g.reset(len(q.free), q.slack)
	gain := 0.0
	for v, i := range q.free {
		row := p.Exchange[int(i)*n:][:n]
		a := -q.prices[i]
		for _, j := range in {
			a += row[j]
		}
		for w, j := range q.free {
			a += row[j] / 2
			if w > v && row[j] > 0 {
				g.join(int32(v), int32(w), row[j]/2, row[j]/2)
			}
		}
		if a > 0 {
			g.join(int32(g.n), int32(v), a, 0)
			gain += a
		} else {
			g.join(int32(v), int32(g.n+1), -a, 0)
		}
	}
	bound = fixed + gain - g.flow()
	s = b.in
	for v, i := range q.free {
		if g.sourceSide(int32(v)) {
			s.add(i)
		}
	}
	return s, bound
}

// worth is what a union keeps above its price.
func (q *pricer) worth(s *set) float64 {
	w := q.p.value(s)
	for _, i := range s.members() {
		w -= q.prices[i]
	}
	return w
}

// search goes through the unions of a branch that are worth more than q.least,
// which rises to what is found. It returns an upper bound of the worth of all,
// exact to the slack unless the cuts ran out.
func (q *pricer) search(b branch) (bound float64) {
	if !q.close(&b) {
		return math.Inf(-1)
	}
	s, bound := q.relax(&b)
	if bound <= q.least {
		return bound
	}
	if q.work > q.limit {
		q.short = true
		return bound
	}
	if q.fits(&s) {
		w := q.worth(&s)
		q.least = max(q.least, w)
		q.found = append(q.found, s)
		return bound
	}
	i := q.doubt(&b, &s)
	if i < 0 {
		return math.Inf(-1) // all is decided, and the one union breaks a demand
	}
	out, in := b, b
	out.out.add(i)
	in.in.add(i)
	if s.has(i) {
		return max(q.search(out), q.search(in))
	}
	return max(q.search(in), q.search(out))
}

// best gives unions whose first member is a system and that are worth more than
// least, the best of all last, and an upper bound of what one is worth.
func (q *pricer) best(first int32, least float64) (found []set, bound float64) {
	q.least, q.found = least, q.found[:0]
	bound = q.search(branch{in: setOf(first), out: firstOf(int(first))})
	return q.found, bound
}

// fits says whether a union meets every demand and is not too large.
func (q *pricer) fits(s *set) bool { return s.len() <= q.size && q.p.feasible(s) }

// doubt is the system to decide about next where the best union of a branch
// breaks a demand; −1 where none is left. Where the union is in pieces it is one
// that could join them, where it is too large the largest of it, else the one
// that would add most.
func (q *pricer) doubt(b *branch, s *set) int32 {
	p := q.p
	all := firstOf(p.Systems)
	free := all.without(&b.in)
	free = free.without(&b.out)
	outside, inside := free.without(s), free.and(s)
	adds := func(i int32) float64 { return q.pull(i, s) }
	if broken := p.broken(s); broken.meets(&inside) {
		broken = broken.and(&inside)
		return q.most(&broken, nil, adds)
	}
	piece := p.reach(s, p.near)
	if piece != *s {
		if i := q.most(&outside, &piece, adds); i >= 0 {
			return i
		}
	}
	if s.len() > q.size || p.tooLarge(p.sum(s)) {
		if i := q.most(&inside, nil, func(i int32) float64 { return p.Resident[i] }); i >= 0 {
			return i
		}
	}
	if i := q.most(&outside, s, adds); i >= 0 {
		return i
	}
	return free.first()
}

// most is the one of some systems, near to a union where one is given, of which
// a figure is largest; −1 for none.
func (q *pricer) most(of, near *set, figure func(int32) float64) int32 {
	best, most := int32(-1), math.Inf(-1)
	for _, i := range of.members() {
		if near != nil && !q.p.near[i].meets(near) {
			continue
		}
		if x := figure(i); x > most {
			best, most = i, x
		}
	}
	return best
}

// pull is what a system would add to a union above its price.
func (q *pricer) pull(i int32, s *set) float64 {
	w := -q.prices[i]
	for _, j := range s.members() {
		w += q.p.Between(i, j)
	}
	return w
}
