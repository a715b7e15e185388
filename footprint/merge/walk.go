package merge

import "math/rand/v2"

// walk samples good maps: from the best one it moves a system at a time to
// another union, or swaps a merger for another, and keeps to maps that keep
// enough patients. Every good map that such steps reach may come up, and maps
// with many steps from them come up more often.
func (v *Solver) walk(g *Good, m Map, least float64, rng *rand.Rand) {
	w := &walker{p: v.p, size: v.p.Systems, least: least}
	for _, members := range m.Groups {
		w.sets = append(w.sets, setOf(members...))
		s := setOf(members...)
		w.kept += v.p.value(&s)
	}
	for range sampled {
		for range 20 {
			w.step(rng)
		}
		g.Maps++
		for _, s := range w.sets {
			g.pair(s.members())
		}
	}
}

// walker is a map that changes.
type walker struct {
	p     *Problem
	size  int
	sets  []set
	kept  float64
	least float64
}

// step moves a system, or parts a union and merges two others, if the map that
// this gives is a good one.
func (w *walker) step(rng *rand.Rand) {
	if len(w.sets) < 2 {
		return
	}
	if rng.IntN(2) == 0 {
		w.move(rng)
	} else {
		w.exchange(rng)
	}
}

// move moves one system to another union.
func (w *walker) move(rng *rand.Rand) {
	i := int32(rng.IntN(w.size))
	from, to := w.of(i), rng.IntN(len(w.sets))
	if from == to || w.sets[from].len() == 1 {
		return
	}
	a, b := w.sets[from], w.sets[to]
	a.remove(i)
	b.add(i)
	w.take(change{from, a}, change{to, b})
}

// exchange takes one system out of its union, by itself, and merges two unions.
func (w *walker) exchange(rng *rand.Rand) {
	i := int32(rng.IntN(w.size))
	from, x, y := w.of(i), rng.IntN(len(w.sets)), rng.IntN(len(w.sets))
	if x == y || w.sets[from].len() == 1 {
		return
	}
	alone := setOf(i)
	rest := w.sets[from].without(&alone)
	switch {
	case x != from && y != from:
		w.take(change{from, rest}, change{x, w.sets[x].or(&w.sets[y])}, change{y, alone})
	case x == from:
		w.take(change{x, rest.or(&w.sets[y])}, change{y, alone})
	default:
		w.take(change{x, rest.or(&w.sets[x])}, change{y, alone})
	}
}

// of is the union that a system is in.
func (w *walker) of(i int32) int {
	for k := range w.sets {
		if w.sets[k].has(i) {
			return k
		}
	}
	return -1
}

// change is what a union, by its place, becomes.
type change struct {
	at int
	is set
}

// take changes unions if all meet the demands and the map keeps enough.
func (w *walker) take(changed ...change) {
	kept := w.kept
	for _, c := range changed {
		if !w.p.feasible(&c.is) {
			return
		}
		kept += w.p.value(&c.is) - w.p.value(&w.sets[c.at])
	}
	if kept < w.least {
		return
	}
	w.kept = kept
	for _, c := range changed {
		w.sets[c.at] = c.is
	}
}
