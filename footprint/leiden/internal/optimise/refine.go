package optimise

import (
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// RefineParts builds l.Part: nodes start alone and join, within their
// footprint, the part where quality gains most; both must be well connected to
// the rest of the footprint. o.Inside holds each node's weight to its own
// footprint. It gives the number of parts.
func (o *Optimiser) RefineParts(l *Level) int {
	g, n := l.Network, l.Network.Nodes
	o.startParts(l)
	o.order(g, o.Queue)
	for _, v := range o.Queue {
		if o.joined[v] || !o.wellConnected(v, l.Label[v]) {
			continue
		}
		met := g.GatherWithin(v, l.Label, l.Label[v], l.Part, o.Flow, o.Met)
		if to := o.bestPart(g, v, l.Label[v], met); to != v {
			l.Part[v] = to
			o.joinPart(g, v, to)
		}
		for _, s := range met {
			o.Flow[s] = 0
		}
	}
	return o.Compact(l.Part, n)
}

// startParts makes each node a part. From here on o.Inside is the weight from a
// part to the rest of its footprint.
func (o *Optimiser) startParts(l *Level) {
	g, n := l.Network, l.Network.Nodes
	o.massX = work.Zeroed(o.massX, n)
	o.partX = work.Grow(o.partX, n)
	copy(o.partX, g.X)
	if o.TwoMasses {
		o.massY = work.Zeroed(o.massY, n)
		o.partY = work.Grow(o.partY, n)
		copy(o.partY, g.Y)
	}
	o.joined, o.Queue = work.Zeroed(o.joined, n), work.Grow(o.Queue, n)
	for v, c := range l.Label {
		l.Part[v] = int32(v)
		o.massX[c] += g.X[v]
		if o.TwoMasses {
			o.massY[c] += g.Y[v]
		}
	}
}

// bestPart is the part, of those met in footprint c, that v gains most by
// joining; v itself where none gains.
func (o *Optimiser) bestPart(g *network.Network, v, c int32, met []int32) int32 {
	px, py := o.Gamma*g.X[v], 0.0
	if o.TwoMasses {
		px, py = o.Gamma*g.Y[v], o.Gamma*g.X[v]
	}
	best, to := 0.0, v
	for _, s := range met {
		if s == v {
			continue
		}
		gain := o.Flow[s] - px*o.partX[s]
		if o.TwoMasses {
			gain -= py * o.partY[s]
		}
		if (gain > best || gain == best && gain > 0 && s < to) && o.wellConnected(s, c) {
			best, to = gain, s
		}
	}
	return to
}

// joinPart adds v, a part by itself, to the part of another node.
func (o *Optimiser) joinPart(g *network.Network, v, to int32) {
	o.joined[to] = true
	o.Inside[to] += o.Inside[v] - 2*o.Flow[to]
	o.partX[to] += g.X[v]
	o.partX[v] = 0
	if o.TwoMasses {
		o.partY[to] += g.Y[v]
		o.partY[v] = 0
	}
}

// wellConnected says that part s has at least the expected flow with the rest
// of footprint c.
func (o *Optimiser) wellConnected(s, c int32) bool {
	expected := 0.0
	if o.TwoMasses {
		expected = o.Gamma * (o.partX[s]*(o.massY[c]-o.partY[s]) + o.partY[s]*(o.massX[c]-o.partX[s]))
	} else {
		expected = o.Gamma * o.partX[s] * (o.massX[c] - o.partX[s])
	}
	return o.Inside[s] >= expected-o.Tolerance
}
