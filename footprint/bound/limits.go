package bound

import (
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/region"
)

// limits are the demands on one footprint that say which areas can lie together.
type limits struct {
	ground                  *footprint.Ground // nil where contiguity is not asked
	patients                []float64         // of areas: people, as patients; nil where not bounded
	leastPeople, mostPeople float64           // as patients; +Inf for no upper bound
	queue                   *region.Queue
	way                     []float64 // by area: people on the way to it
	held                    []bool    // by area
}

// newLimits measures people in patients. The bounds on people are a little wider
// than asked, for rounding.
func newLimits(areas int, total float64, c footprint.Constraints) limits {
	l := limits{mostPeople: math.Inf(1), queue: region.NewQueue(areas), way: make([]float64, areas), held: make([]bool, areas)}
	if c.Contiguous != nil {
		l.ground = footprint.GroundOf(c.Contiguous, areas)
	}
	all := 0.0
	for _, x := range c.Population {
		all += x
	}
	if all == 0 || c.MinPopulation == 0 && c.MaxPopulation == 0 {
		return l
	}
	l.patients = make([]float64, areas)
	for a, x := range c.Population {
		l.patients[a] = x * total / all
	}
	slack := 1e-9 * total
	l.leastPeople = max(0, float64(c.MinPopulation*total/all)-slack)
	if c.MaxPopulation > 0 {
		l.mostPeople = float64(c.MaxPopulation*total/all) + slack
	}
	return l
}

// weight is the people of an area, as patients; 0 where they are not bounded.
func (l *limits) weight(area int32) float64 {
	if l.patients == nil {
		return 0
	}
	return l.patients[area]
}

// reach drops the areas of a branch that no footprint with all of in can hold,
// and says whether any footprint is left. An area is out of reach where the people
// of in, of the area and of those on any way to it are too many.
func (l *limits) reach(b *branch) bool {
	base := 0.0
	for _, a := range b.in {
		base += l.weight(a)
		l.held[a] = true
	}
	possible := base <= l.mostPeople
	if l.ground != nil {
		for _, a := range b.in {
			possible = possible && (!l.ground.Landed(a) || l.near(b, a, base))
		}
	}
	all := 0.0
	b.areas = slices.DeleteFunc(slices.Clone(b.areas), func(a int32) bool {
		return !l.held[a] && base+l.weight(a) > l.mostPeople
	})
	for _, a := range b.areas {
		all += l.weight(a)
	}
	for _, a := range b.in {
		l.held[a] = false
	}
	return possible && len(b.areas) > 0 && all >= l.leastPeople
}

// near drops the areas of a branch out of reach from one of in on the ground;
// false where another of in is. Islands are in reach of all.
func (l *limits) near(b *branch, from int32, base float64) bool {
	for a := range l.way {
		l.way[a] = -1 // not one of the branch
	}
	for _, a := range b.areas {
		l.way[a] = math.Inf(1)
	}
	l.way[from] = base
	l.queue.Set(from, base)
	for l.queue.Len() > 0 {
		v, people := l.queue.First()
		l.queue.Drop(v)
		for _, u := range l.ground.Near(v) {
			with := people
			if !l.held[u] {
				with += l.weight(u)
			}
			if with <= l.mostPeople && with < l.way[u] {
				l.way[u] = with
				l.queue.Set(u, with)
			}
		}
	}
	missed := false
	b.areas = slices.DeleteFunc(slices.Clone(b.areas), func(a int32) bool {
		far := l.ground.Landed(a) && math.IsInf(l.way[a], 1)
		missed = missed || far && l.held[a]
		return far
	})
	return !missed
}
