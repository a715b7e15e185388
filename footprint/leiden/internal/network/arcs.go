package network

import "math"

// Rows are the arcs of a node. Of the two lists one is empty: what walks over
// arcs walks over both, and need not ask how wide they are.
func (g *Network) Rows(v int32) ([]Arc[float32], []Arc[float64]) {
	from, to := g.Ptr[v], g.Ptr[v+1]
	if g.Thin != nil {
		return g.Thin[from:to], nil
	}
	return nil, g.Wide[from:to]
}

// End is the node at the end of an arc, by its place in the rows.
func (g *Network) End(arc int) int32 {
	if g.Thin != nil {
		return g.Thin[arc].To
	}
	return g.Wide[arc].To
}

// Strength is the weight of a node's arcs, without its loop.
func (g *Network) Strength(v int32) float64 {
	thin, wide := g.Rows(v)
	return strength(thin) + strength(wide)
}

func strength[W Weight](arcs []Arc[W]) float64 {
	s := 0.0
	for _, e := range arcs {
		s += float64(e.Weight)
	}
	return s
}

// Neighbours calls visit for each arc's end.
func (g *Network) Neighbours(v int32, visit func(u int32, w float64)) {
	thin, wide := g.Rows(v)
	for _, e := range thin {
		visit(e.To, float64(e.Weight))
	}
	for _, e := range wide {
		visit(e.To, e.Weight)
	}
}

// WeightTo is the weight of v's arcs to nodes with label c.
func (g *Network) WeightTo(v int32, label []int32, c int32) float64 {
	thin, wide := g.Rows(v)
	return weightTo(thin, label, c) + weightTo(wide, label, c)
}

func weightTo[W Weight](arcs []Arc[W], label []int32, c int32) float64 {
	s := 0.0
	for _, e := range arcs {
		if label[e.To] == c {
			s += float64(e.Weight)
		}
	}
	return s
}

// WeightToBoth is WeightTo of two labels that differ, in one pass.
func (g *Network) WeightToBoth(v int32, label []int32, c, d int32) (toC, toD float64) {
	thin, wide := g.Rows(v)
	if thin != nil {
		return weightToBoth(thin, label, c, d)
	}
	return weightToBoth(wide, label, c, d)
}

func weightToBoth[W Weight](arcs []Arc[W], label []int32, c, d int32) (toC, toD float64) {
	for _, e := range arcs {
		switch label[e.To] {
		case c:
			toC += float64(e.Weight)
		case d:
			toD += float64(e.Weight)
		}
	}
	return toC, toD
}

// Gather adds up v's weight to each label into acc, which is zero before, and
// lists the labels met. met has room for all labels and one more; weights are
// above 0.
func (g *Network) Gather(v int32, label []int32, acc []float64, met []int32) []int32 {
	return g.GatherMore(v, label, acc, met[:0])
}

// GatherMore is Gather for one more node: met holds the labels met before.
func (g *Network) GatherMore(v int32, label []int32, acc []float64, met []int32) []int32 {
	thin, wide := g.Rows(v)
	if thin != nil {
		return Gather(thin, label, acc, met)
	}
	return Gather(wide, label, acc, met)
}

// Gather is Network.Gather for a list of arcs.
func Gather[W Weight](arcs []Arc[W], label []int32, acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		c := label[e.To]
		a := acc[c]
		met[n] = c
		n += isZero(a)
		acc[c] = a + float64(e.Weight)
	}
	return met[:n]
}

// AddUp adds weights by target into acc, which is zero before, and lists the
// targets.
func AddUp[W Weight](arcs []Arc[W], acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		a := acc[e.To]
		met[n] = e.To
		n += isZero(a)
		acc[e.To] = a + float64(e.Weight)
	}
	return met[:n]
}

// isZero is 1 for zero and 0 else, without a branch to mispredict.
func isZero(a float64) int {
	n := 0
	if math.Float64bits(a) == 0 {
		n = 1
	}
	return n
}

// GatherWithin is Gather over sub, for those neighbours whose label is c.
func (g *Network) GatherWithin(v int32, label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	thin, wide := g.Rows(v)
	return gatherWithin(wide, label, c, sub, acc, gatherWithin(thin, label, c, sub, acc, met[:0]))
}

func gatherWithin[W Weight](arcs []Arc[W], label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	for _, e := range arcs {
		if label[e.To] != c {
			continue
		}
		s := sub[e.To]
		a := acc[s]
		if a == 0 {
			met = append(met, s)
		}
		acc[s] = a + float64(e.Weight)
	}
	return met
}

// BestSingle is the end of the arc that gains most: its flow less f times the
// mass there; ties go to the lowest. It is -1 where no arc gains.
func (g *Network) BestSingle(v int32, mass []float64, f float64) int32 {
	thin, wide := g.Rows(v)
	if thin != nil {
		return bestSingle(thin, mass, f)
	}
	return bestSingle(wide, mass, f)
}

func bestSingle[W Weight](arcs []Arc[W], mass []float64, f float64) int32 {
	best, to := 0.0, int32(-1)
	for _, e := range arcs {
		if s := float64(e.Weight) - float64(f*mass[e.To]); s > best || s == best && s > 0 && e.To < to {
			best, to = s, e.To
		}
	}
	return to
}

// LargestWithin is the end of the largest arc among those to label c, ties to
// the lowest; -1 where there is none.
func (g *Network) LargestWithin(v int32, label []int32, c int32) int32 {
	most, to := 0.0, int32(-1)
	g.Neighbours(v, func(u int32, w float64) {
		if w >= most && label[u] == c && (w > most || u < to) {
			most, to = w, u
		}
	})
	return to
}
