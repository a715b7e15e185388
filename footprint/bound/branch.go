package bound

import (
	"math"
	"slices"
)

// branch is a kind of footprint of one provider: those that have some areas and
// lack some others. In it, two prices stand for what a cut cannot ask for.
type branch struct {
	leader  int     // the provider of it that treats most
	in      []int32 // areas that all of them have
	areas   []int32 // areas that they may have, those of in among them; rising
	tangent float64 // the size at which the tangent of the square is exact
	charge  float64 // for people; below 0 where they would be too few
	worth   float64 // what none of them is worth more than
	fresh   bool    // the best is that of the present prices

	members      []int32 // of the best footprint
	size, people float64 // of it
}

// evaluate finds the best footprint of a branch at the present prices, and what
// it is worth at most.
func (r *relaxation) weigh(b *branch) float64 {
	t, later := b.tangent, r.order[r.rank[b.leader]:]
	for _, a := range b.areas {
		r.linear[a] = -r.price[a] - float64(2*r.square*t*r.mass[a]) - float64(b.charge*r.weight(a))
	}
	for _, j := range later {
		v := r.areas + j
		r.linear[v] = -r.price[v] - float64(2*r.square*t*r.mass[v])
	}
	worth := float64(r.square * t * t)
	if b.charge > 0 {
		worth += float64(b.charge * r.mostPeople)
	} else if b.charge < 0 {
		worth += float64(b.charge * r.leastPeople)
	}
	w, members := r.cut.best(r.linear, later, b)
	worth += w
	b.members, b.size, b.people = members, 0, 0
	for _, v := range members {
		b.size += r.mass[v]
		if int(v) < r.areas {
			b.people += r.weight(v)
		}
	}
	b.worth, b.fresh = min(b.worth, worth), true
	return worth
}

// leading is the branch of a provider with the best footprint, nil where it has
// no branch. What branches are worth at most says which of them need a look.
func (r *relaxation) leading(j int) *branch {
	for {
		var top *branch
		for _, b := range r.branches[j] {
			if top == nil || b.worth > top.worth {
				top = b
			}
		}
		if top == nil || top.fresh {
			return top
		}
		r.weigh(top)
	}
}

// over is by how many people the best footprint of a branch is above what its
// charge is for: the upper bound, the lower one, or that of both which it breaks.
func (r *relaxation) over(b *branch) float64 {
	switch {
	case b.charge > 0, b.charge == 0 && b.people > r.mostPeople:
		return b.people - r.mostPeople
	case b.charge < 0, b.people < r.leastPeople:
		return b.people - r.leastPeople
	}
	return 0
}

// slope is the square of how a branch's worth changes with its two prices.
func (r *relaxation) slope(b *branch) float64 {
	over, loose := r.over(b)/r.scale, 0.0
	if r.square > 0 {
		loose = (b.size - b.tangent) / r.scale
	}
	return float64(over*over) + float64(loose*loose)
}

// shift moves the two prices of a branch by a step. A charge stops at 0, and a
// tangent at the size of the best footprint.
func (r *relaxation) shift(b *branch, step float64) {
	was := b.charge
	b.charge += float64(step * r.over(b) / (r.scale * r.scale))
	if float64(was*b.charge) < 0 {
		b.charge = 0
	}
	if r.square > 0 {
		loose := b.size - b.tangent
		far := float64(step * loose / (2 * r.square * r.scale * r.scale))
		b.tangent = max(0, b.tangent+min(math.Abs(loose), max(-math.Abs(loose), far)))
	}
}

// tune looks for better prices of a new branch, while it counts.
func (r *relaxation) tune(b *branch) {
	const rounds = 4
	best, pace := math.Inf(1), 1.0
	var at branch
	for round := range rounds + 1 {
		now := r.weigh(b)
		if now < best {
			best, at = now, *b
			at.members = slices.Clone(b.members)
		} else {
			pace *= shorter
		}
		norm := r.slope(b)
		if best <= r.least || norm < 1e-9 || round == rounds {
			break
		}
		r.shift(b, pace*(now-r.least)/norm)
	}
	at.worth = b.worth
	*b = at
}

// part parts chosen branches whose best footprint breaks a demand or is not
// worth what the cut says, and says whether any was parted.
func (r *relaxation) part() bool {
	const each = 2 // of one provider
	parted := false
	for _, b := range r.chosen {
		for range each {
			if b == nil || b.worth < r.least || r.exact(b) || !r.split(b) {
				break
			}
			parted = true
			b = r.leading(b.leader)
		}
	}
	return parted
}

// exact says whether the best footprint of a branch meets the bounds on people,
// has an area, and is worth what the cut says.
func (r *relaxation) exact(b *branch) bool {
	over := r.over(b)
	if b.charge == 0 && over != 0 || int(b.members[0]) >= r.areas {
		return false
	}
	loose := b.size - b.tangent
	return math.Abs(over*b.charge)+float64(r.square*loose*loose) < 1e-5*r.scale
}

// split replaces a branch by those of its footprints with an area and without
// it, as far as there are any; false where it has no area to part on.
func (r *relaxation) split(b *branch) bool {
	a := r.pick(b)
	if a < 0 {
		return false
	}
	with, without := *b, *b
	with.in = append(slices.Clone(b.in), a)
	without.areas = slices.DeleteFunc(slices.Clone(b.areas), func(x int32) bool { return x == a })
	all := slices.DeleteFunc(r.branches[b.leader], func(x *branch) bool { return x == b })
	for _, half := range []*branch{&with, &without} {
		if r.reach(half) {
			half.members = nil
			r.tune(half)
			all = append(all, half)
		}
	}
	r.branches[b.leader] = all
	return true
}

// pick is the area to part a branch on, -1 for none: the largest of the best
// footprint that is not in all, else the one whose patients the provider treats
// most. The first is always chosen in this other way.
func (r *relaxation) pick(b *branch) int32 {
	largest, nearest := int32(-1), int32(-1)
	most, mass := -1.0, -1.0
	for _, a := range b.in {
		r.marked[a] = true
	}
	for _, v := range b.members {
		if int(v) < r.areas && !r.marked[v] && r.mass[v] > mass {
			largest, mass = v, r.mass[v]
		}
	}
	for _, a := range b.areas {
		if w := r.m.At(int(a), b.leader).Value; !r.marked[a] && w > most {
			nearest, most = a, w
		}
	}
	for _, a := range b.in {
		r.marked[a] = false
	}
	if len(b.in) == 0 || largest < 0 {
		return nearest
	}
	return largest
}
