package leiden

import (
	"cmp"
	"slices"

	"stpmap/footprint/leiden/internal/network"
)

// matching pairs as many providers with areas as the flows allow (augmenting
// paths, large flows first), and gives each provider's area or -1.
func (e *Engine) matching() []int32 {
	g := e.g.Both()
	m := &matcher{g: g, pair: slices.Repeat([]int32{-1}, g.Nodes), seen: make([]int32, g.Nodes), from: make([]int32, g.Nodes)}
	m.greedy()
	for p := range int32(g.Providers) {
		if m.pair[p] < 0 {
			m.augment(p)
		}
	}
	return m.pair[:g.Providers]
}

// matcher is the state of a matching.
type matcher struct {
	g          *network.Network
	pair       []int32 // of each provider and area; -1 for none
	seen, from []int32 // of areas: 1 + the provider whose search met it, and the provider before it
	queue      []int32
}

// greedy pairs the ends of the largest flows.
func (m *matcher) greedy() {
	type flowArc struct {
		w    float64
		p, a int32
	}
	var arcs []flowArc
	for p := range int32(m.g.Providers) {
		m.g.Neighbours(p, func(a int32, w float64) {
			if w > 0 {
				arcs = append(arcs, flowArc{w, p, a})
			}
		})
	}
	slices.SortStableFunc(arcs, func(x, y flowArc) int { return cmp.Compare(y.w, x.w) })
	for _, x := range arcs {
		if m.pair[x.p] < 0 && m.pair[x.a] < 0 {
			m.pair[x.p], m.pair[x.a] = x.a, x.p
		}
	}
}

// augment pairs one more provider if an augmenting path leads from it to a free
// area, and changes the pairs along the path.
func (m *matcher) augment(p int32) {
	m.queue = append(m.queue[:0], p)
	end := int32(-1)
	for head := 0; head < len(m.queue) && end < 0; head++ {
		u := m.queue[head]
		m.g.Neighbours(u, func(a int32, w float64) {
			if w == 0 || m.seen[a] == p+1 || end >= 0 {
				return
			}
			m.seen[a], m.from[a] = p+1, u
			if m.pair[a] < 0 {
				end = a
			} else {
				m.queue = append(m.queue, m.pair[a])
			}
		})
	}
	for end >= 0 {
		u := m.from[end]
		next := m.pair[u]
		m.pair[u], m.pair[end] = end, u
		end = next
	}
}
