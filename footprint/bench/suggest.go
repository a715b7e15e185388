package bench

import (
	"cmp"
	"slices"
)

// Suggestion is a move that keeps more patients inside and breaks nothing.
type Suggestion struct {
	Places []Ref   `json:"places"`
	From   string  `json:"from"`
	To     string  `json:"to"`
	Gain   float64 `json:"gain"` // patients more who are treated inside
	Share  float64 `json:"share"`
}

const (
	suggestions  = 10  // of one asking
	mostTried    = 400 // candidates that are looked at, the best first, at the most
	leastTried   = 50  // and at the least
	perFootprint = 3   // other footprints of a place that are candidates
)

// candidate is a move that may be suggested.
type candidate struct {
	nodes    []int32
	from, to int32
	gain     float64
}

// Suggest lists the moves of one place, and of an area with a provider, that
// raise the number of patients inside most, leave every demand met and cut no
// footprint. Locked places stay.
func (b *Bench) Suggest() []Suggestion {
	list := newExchange(b).candidates()
	slices.SortFunc(list, func(c, d candidate) int {
		return cmp.Or(cmp.Compare(d.gain, c.gain), len(c.nodes)-len(d.nodes), slices.Compare(c.nodes, d.nodes), cmp.Compare(c.to, d.to))
	})
	out, taken := []Suggestion{}, map[int32]bool{}
	// A look costs as much as there are places.
	tried := max(leastTried, min(mostTried, 6_000_000/len(b.Book.Places)))
	for _, c := range list[:min(len(list), tried)] {
		if len(out) == suggestions {
			break
		}
		if slices.ContainsFunc(c.nodes, func(v int32) bool { return taken[v] }) {
			continue
		}
		t := b.try(c.nodes, slices.Repeat([]int32{c.to}, len(c.nodes)))
		if t.breaks() || t.inside <= 0 {
			continue
		}
		for _, v := range c.nodes {
			taken[v] = true
		}
		out = append(out, Suggestion{
			Places: b.refs(c.nodes), From: b.Book.IDs[c.from], To: b.Book.IDs[c.to],
			Gain: t.inside, Share: t.inside / b.Matrix.Total().Value,
		})
	}
	return out
}

// exchange finds what places have in common with footprints.
type exchange struct {
	b    *Bench
	free []bool    // by place: whether it may move, with all that must be with it
	by   []float64 // what the place that was looked at last exchanges with each footprint
}

func newExchange(b *Bench) *exchange {
	x := &exchange{b: b, free: make([]bool, len(b.Book.Places)), by: make([]float64, len(b.Book.IDs))}
	for v := range x.free {
		f := b.Book.Label[v]
		x.free[v] = f >= 0 && !b.Book.Locked[v] && !slices.ContainsFunc(b.joined[int32(v)], func(u int32) bool {
			return b.Book.Locked[u] || b.Book.Label[u] != f
		})
	}
	return x
}

// candidates are the moves that keep more patients inside.
func (x *exchange) candidates() (list []candidate) {
	b := x.b
	single := make([]float64, len(b.Book.Places)) // the best gain of each place alone
	for v := range int32(len(b.Book.Places)) {
		if !x.free[v] || len(b.joined[v]) > 1 && b.joined[v][0] != v {
			continue
		}
		nodes := b.With([]int32{v})
		clear(x.by)
		for _, u := range nodes {
			x.gather(u, nodes)
		}
		for _, c := range x.best(nodes, 0) {
			single[v] = max(single[v], c.gain)
			list = append(list, c)
		}
	}
	if b.Matrix.OneMode() {
		return list
	}
	return append(list, x.pairs(single)...)
}

// gather adds what a place exchanges with each footprint, without some places.
func (x *exchange) gather(v int32, without []int32) {
	x.add(v, func(u int32, count float64) {
		if f := x.b.Book.Label[u]; f >= 0 && !slices.Contains(without, u) {
			x.by[f] += count
		}
	})
}

// best are the moves of places of one footprint that gain most, and more than
// least; x.by is what they exchange with each footprint.
func (x *exchange) best(nodes []int32, least float64) (list []candidate) {
	from := x.b.Book.Label[nodes[0]]
	for f, w := range x.by {
		if gain := w - x.by[from]; int32(f) != from && gain > least {
			list = append(list, candidate{nodes: nodes, from: from, to: int32(f), gain: gain})
		}
	}
	slices.SortFunc(list, func(c, d candidate) int { return cmp.Or(cmp.Compare(d.gain, c.gain), cmp.Compare(c.to, d.to)) })
	return list[:min(len(list), perFootprint)]
}

// add visits what a place exchanges with others.
func (x *exchange) add(v int32, visit func(u int32, count float64)) {
	m, first := x.b.Matrix, int32(x.b.Book.Areas)
	if m.OneMode() {
		first = 0
	}
	if v < int32(x.b.Book.Areas) {
		ps, counts := m.Row(int(v))
		for i, j := range ps {
			if first+j != v {
				visit(first+j, counts[i])
			}
		}
	}
	if v >= first {
		as, counts := m.Column(int(v - first))
		for i, a := range as {
			if a != v {
				visit(a, counts[i])
			}
		}
	}
}

// pairs are the moves of an area together with a provider of its footprint that
// gain more than the two do alone.
func (x *exchange) pairs(single []float64) (list []candidate) {
	b, k := x.b, len(x.by)
	of := make([]float64, k*len(b.Matrix.Providers())) // by provider, what it exchanges with each footprint
	for j := range b.Matrix.Providers() {
		clear(x.by)
		x.gather(int32(b.Book.Areas+j), nil)
		copy(of[j*k:], x.by)
	}
	own := make([]float64, k)
	for a := range int32(b.Book.Areas) {
		if !x.alone(a) {
			continue
		}
		clear(x.by)
		x.gather(a, nil)
		copy(own, x.by)
		from := b.Book.Label[a]
		js, counts := b.Matrix.Row(int(a))
		for i, j := range js {
			v := int32(b.Book.Areas) + j
			if b.Book.Label[v] != from || !x.alone(v) {
				continue
			}
			for f, w := range of[int(j)*k : int(j)*k+k] {
				x.by[f] = own[f] + w
			}
			x.by[from] -= 2 * counts[i] // what the two exchange goes with them
			if least := single[a] + single[v]; x.gains(from, least) {
				list = append(list, x.best([]int32{a, v}, least)...)
			}
		}
	}
	return list
}

// alone says whether a place may move, and nothing must be with it.
func (x *exchange) alone(v int32) bool { return x.free[v] && len(x.b.joined[v]) <= 1 }

// gains says whether another footprint has more than least above one.
func (x *exchange) gains(from int32, least float64) bool {
	for f, w := range x.by {
		if int32(f) != from && w-x.by[from] > least {
			return true
		}
	}
	return false
}
