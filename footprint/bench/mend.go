package bench

import (
	"cmp"
	"fmt"
	"slices"
)

// What Mend mends.
const (
	MendPieces = "pieces" // each footprint in one piece on the ground
	MendPeople = "people" // people within the bounds
)

// mend works out a map in which footprints are mended by moving few areas, and
// puts it into the record. Locked places stay.
func (b *Bench) mend(r *Record) error {
	ground := b.live.Ground()
	if ground == nil {
		return fmt.Errorf("mending needs boundaries: without them no area borders another")
	}
	w := &mender{b: b}
	before := slices.Clone(b.Book.Label)
	switch r.What {
	case MendPieces:
		w.pieces()
	case MendPeople:
		if b.Population == nil || b.demands.MinPopulation == 0 && b.demands.MaxPopulation == 0 {
			return fmt.Errorf("people cannot be mended: no bounds of people were asked when the page was made")
		}
		w.people()
	default:
		return fmt.Errorf("mend what? pieces or people, not %q", r.What)
	}
	r.IDs, r.Label = slices.Clone(b.Book.IDs), slices.Concat(b.live.Partition.Areas, b.live.Partition.Providers)
	r.Areas, r.Providers, r.Footprint = nil, nil, ""
	w.back(before)
	return nil
}

// mender changes the figures alone; mend takes it back, and the record makes the
// change.
type mender struct{ b *Bench }

func (w *mender) move(nodes []int32, to int32) {
	w.b.live.Move(nodes, slices.Repeat([]int32{to}, len(nodes)))
}

func (w *mender) back(label []int32) {
	nodes := make([]int32, len(label))
	for v := range nodes {
		nodes[v] = int32(v)
	}
	w.b.live.Move(nodes, label)
}

// pieces leaves each footprint its piece of most areas, and gives each other
// piece to the footprint beside it that it exchanges most patients with.
func (w *mender) pieces() {
	for f := range int32(len(w.b.Book.IDs)) {
		for _, piece := range w.loose(f) {
			for _, to := range w.beside(piece, f) {
				if w.allowed(piece, to) {
					w.move(w.b.With(piece), to)
					break
				}
			}
		}
	}
}

// loose lists the pieces of a footprint that can go, but for its largest: those
// without a locked area.
func (w *mender) loose(f int32) [][]int32 {
	areas, _ := w.b.live.Members(f)
	ground := w.b.live.Ground()
	left := map[int32]bool{}
	for _, a := range areas {
		left[a] = ground.Landed(a)
	}
	var pieces [][]int32
	for _, a := range areas {
		if !left[a] {
			continue
		}
		left[a] = false
		piece := []int32{a}
		for i := 0; i < len(piece); i++ {
			ground.Visit(piece[i], func(u int32) {
				if left[u] {
					left[u] = false
					piece = append(piece, u)
				}
			})
		}
		pieces = append(pieces, piece)
	}
	if len(pieces) < 2 {
		return nil
	}
	locked := func(piece []int32) bool {
		return slices.ContainsFunc(w.b.With(piece), func(v int32) bool { return w.b.Book.Locked[v] })
	}
	slices.SortStableFunc(pieces, func(p, q []int32) int {
		return cmp.Or(boolOrder(locked(q), locked(p)), len(q)-len(p))
	})
	return slices.DeleteFunc(pieces[1:], locked)
}

// boolOrder puts true after false.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// beside lists the footprints next to some areas, those with most exchange first.
func (w *mender) beside(areas []int32, own int32) (list []int32) {
	x := &exchange{b: w.b}
	by := make([]float64, len(w.b.Book.IDs))
	for _, a := range areas {
		w.b.live.Ground().Visit(a, func(u int32) {
			if f := w.b.live.Of(u); f >= 0 && f != own && !slices.Contains(list, f) {
				list = append(list, f)
			}
		})
		x.add(a, func(u int32, count float64) {
			if f := w.b.live.Of(u); f >= 0 {
				by[f] += count
			}
		})
	}
	slices.SortFunc(list, func(f, g int32) int { return cmp.Or(cmp.Compare(by[g], by[f]), cmp.Compare(f, g)) })
	return list
}

// allowed says whether a move breaks nothing that is met now.
func (w *mender) allowed(areas []int32, to int32) bool {
	nodes := w.b.With(areas)
	return !slices.ContainsFunc(nodes, func(v int32) bool { return w.b.Book.Locked[v] }) &&
		!w.b.try(nodes, slices.Repeat([]int32{to}, len(nodes))).breaks()
}

// mostMended is how many moves a mending makes at most.
const mostMended = 500

// people moves areas at borders, one by one: out of footprints above the bound,
// and into those below it.
func (w *mender) people() {
	for range mostMended {
		if !w.one() {
			return
		}
	}
}

// one makes the move that brings the people outside the bounds down most; of
// equals the one with most exchange. False where none helps.
func (w *mender) one() bool {
	type step struct {
		area, to int32
		left     float64
	}
	var best []step
	for a := range int32(w.b.Book.Areas) {
		from := w.b.live.Of(a)
		if from < 0 || w.b.Book.Locked[a] || len(w.b.joined[a]) > 1 {
			continue
		}
		for _, to := range w.beside([]int32{a}, from) {
			if left := w.excess(from, -w.b.Population[a]) + w.excess(to, w.b.Population[a]) - w.excess(from, 0) - w.excess(to, 0); left < 0 {
				best = append(best, step{a, to, left})
			}
		}
	}
	slices.SortStableFunc(best, func(s, t step) int { return cmp.Compare(s.left, t.left) })
	for _, s := range best {
		if w.allowed([]int32{s.area}, s.to) {
			w.move([]int32{s.area}, s.to)
			return true
		}
	}
	return false
}

// excess is how many people a footprint would be outside the bounds by, with some
// more.
func (w *mender) excess(f int32, more float64) float64 {
	people := w.b.live.Measures.ByFootprint[f].Population + more
	d := &w.b.demands
	switch {
	case d.MaxPopulation > 0 && people > d.MaxPopulation:
		return people - d.MaxPopulation
	case people < d.MinPopulation:
		return d.MinPopulation - people
	}
	return 0
}
