package optimise

import (
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Aggregate makes the network whose nodes are the parts of l's, and lists their
// members.
func (o *Optimiser) Aggregate(l *Level, parts int, up *Level) {
	o.listMembers(l.Part, parts)
	h := &up.own
	up.Network = h
	h.Nodes, h.Providers, h.Thin = parts, 0, nil
	h.Ptr = work.Grow(h.Ptr, parts+1)
	h.Loop, h.X = work.Zeroed(h.Loop, parts), work.Zeroed(h.X, parts)
	if o.TwoMasses {
		h.Y = work.Zeroed(h.Y, parts)
	}
	h.Wide, h.Ptr[0] = h.Wide[:0], 0
	for p := range parts {
		o.addPart(l, int32(p), h)
		h.Ptr[p+1] = len(h.Wide)
	}
}

// listMembers fills o.PartStart and o.PartMembers.
func (o *Optimiser) listMembers(part []int32, parts int) {
	o.PartStart, o.PartMembers = work.Grow(o.PartStart, parts+1), work.Grow(o.PartMembers, len(part))
	o.Renamed = work.Grow(o.Renamed, parts)
	grouping.MembersIn(part, o.PartStart, o.PartMembers, o.Renamed)
}

// addPart adds the arcs, loop and masses of one part to h.
func (o *Optimiser) addPart(l *Level, p int32, h *network.Network) {
	g, met := l.Network, o.Met[:0]
	for _, v := range o.PartMembers[o.PartStart[p]:o.PartStart[p+1]] {
		met = g.GatherMore(v, l.Part, o.Flow, met)
		h.Loop[p] += g.Loop[v]
		h.X[p] += g.X[v]
		if o.TwoMasses {
			h.Y[p] += g.Y[v]
		}
	}
	for _, q := range met {
		w := o.Flow[q]
		o.Flow[q] = 0
		switch {
		case w == 0:
		case q == p:
			h.Loop[p] += w / 2
		default:
			h.Wide = append(h.Wide, network.Arc[float64]{To: q, Weight: w})
		}
	}
	o.Met = met
}
