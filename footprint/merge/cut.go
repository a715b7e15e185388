package merge

import "math"

// network is a graph with capacities between a source and a sink, on which the
// largest flow is found by Dinic's algorithm. Its nodes are places 0 to n−1;
// the source is n and the sink n+1.
type network struct {
	n          int
	head       []int32 // first arc of each node, −1 for none
	next, to   []int32
	room       []float64 // what an arc can still take; arcs 2k and 2k+1 are each other's back
	level, arc []int32
	queue      []int32
	slack      float64 // rooms up to this are none
}

func (g *network) reset(n int, slack float64) {
	g.n, g.slack = n, slack
	g.head = grown(g.head, n+2)
	g.level, g.arc = grown(g.level, n+2), grown(g.arc, n+2)
	for v := range g.head {
		g.head[v] = -1
	}
	g.next, g.to, g.room = g.next[:0], g.to[:0], g.room[:0]
}

func grown(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

// join adds arcs of these capacities in both directions.
func (g *network) join(v, w int32, there, back float64) {
	for _, a := range [2]struct {
		from, to int32
		room     float64
	}{{v, w, there}, {w, v, back}} {
		g.next = append(g.next, g.head[a.from])
		g.head[a.from] = int32(len(g.to))
		g.to = append(g.to, a.to)
		g.room = append(g.room, a.room)
	}
}

// flow is the largest flow from source to sink, or slightly less.
func (g *network) flow() (sum float64) {
	source := int32(g.n)
	for g.rank() {
		copy(g.arc, g.head)
		for {
			f := g.push(source, math.Inf(1))
			if f <= g.slack {
				break
			}
			sum += f
		}
	}
	return sum
}

// rank gives every node its distance from the source, and says whether the sink
// is reached.
func (g *network) rank() bool {
	for v := range g.level {
		g.level[v] = -1
	}
	source, sink := int32(g.n), int32(g.n+1)
	g.level[source] = 0
	g.queue = append(g.queue[:0], source)
	for at := 0; at < len(g.queue); at++ {
		v := g.queue[at]
		for a := g.head[v]; a >= 0; a = g.next[a] {
			if w := g.to[a]; g.room[a] > g.slack && g.level[w] < 0 {
				g.level[w] = g.level[v] + 1
				g.queue = append(g.queue, w)
			}
		}
	}
	return g.level[sink] >= 0
}

// push sends up to limit from a node on towards the sink.
func (g *network) push(v int32, limit float64) float64 {
	if v == int32(g.n+1) {
		return limit
	}
	sent := 0.0
	for ; g.arc[v] >= 0; g.arc[v] = g.next[g.arc[v]] {
		a := g.arc[v]
		w := g.to[a]
		if g.room[a] <= g.slack || g.level[w] != g.level[v]+1 {
			continue
		}
		f := g.push(w, min(limit-sent, g.room[a]))
		g.room[a] -= f
		g.room[a^1] += f
		if sent += f; limit-sent <= g.slack {
			return sent
		}
	}
	return sent
}

// sourceSide says whether a node is on the source's side of a smallest cut,
// after flow.
func (g *network) sourceSide(v int32) bool { return g.level[v] >= 0 }
