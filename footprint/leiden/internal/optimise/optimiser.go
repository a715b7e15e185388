package optimise

import (
	"context"
	"math/rand/v2"

	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Optimiser is the working memory of one run at a time, kept between runs so
// that a sweep allocates once.
type Optimiser struct {
	Gamma       float64 // γ times the network's factor
	FromSingles bool    // start from single nodes, not from areas at their best provider
	Joined      bool    // what optimise gave is known to be footprints in one piece
	gained      float64 // what moves have gained, in patients
	Tolerance   float64 // gains up to this are taken for rounding
	TwoMasses   bool    // nodes have two masses
	Refine      bool    // Leiden; without it, Louvain
	Rand        *rand.Rand
	Source      *rand.PCG

	levels []*Level
	top    int // the highest level of the last iteration
	stars  stars

	// By label: its masses and nodes; labels without nodes; the flow of the node
	// in hand, 0 between nodes; and the labels that it meets.
	massX, massY []float64
	size, free   []int32
	Flow         []float64
	Met          []int32

	// By node: those that wait to be looked at, and the weight to the own
	// footprint.
	Queue   []int32
	waiting []bool
	Inside  []float64

	// Refinement: masses of each part, and the nodes that others have joined.
	partX, partY []float64
	joined       []bool

	// What Aggregate left: the members of part p are
	// PartMembers[PartStart[p]:PartStart[p+1]].
	PartStart, PartMembers []int32

	Renamed []int32 // room by label
	piece   []int32 // room by node
}

// Level is one network of the hierarchy with its labels.
type Level struct {
	Network *network.Network
	own     network.Network // what Network points to, except at the lowest level
	Label   []int32         // footprint of each node
	Part    []int32         // node of the next level that each node goes into
}

// New is working memory for networks of up to n nodes.
func New(n int) *Optimiser {
	o := &Optimiser{Source: rand.NewPCG(0, 0)}
	o.Rand = rand.New(o.Source)
	o.Flow = make([]float64, n)
	o.Met = make([]int32, 0, n+1)
	return o
}

// NoPiece is room for the piece of each of n nodes, -1 so far.
func (o *Optimiser) NoPiece(n int) []int32 {
	o.piece = work.Grow(o.piece, n)
	for v := range o.piece {
		o.piece[v] = -1
	}
	return o.piece
}

// level is the level of the hierarchy at a height, 0 the lowest.
func (o *Optimiser) level(d int) *Level {
	for len(o.levels) <= d {
		o.levels = append(o.levels, &Level{})
	}
	return o.levels[d]
}

// Optimise improves the labels of g's nodes until an iteration of all levels
// moves nothing, and returns them. The labels are below g.n; start nil begins
// with each node alone.
func (o *Optimiser) Optimise(ctx context.Context, g *network.Network, start []int32) ([]int32, error) {
	l := o.level(0)
	l.Network = g
	o.Joined = false
	l.Label = work.Grow(l.Label, g.Nodes)
	l.Part = work.Grow(l.Part, g.Nodes)
	if g.Providers > 0 && !o.FromSingles {
		return o.optimiseStars(ctx, g, start)
	}
	if start != nil {
		copy(l.Label, start)
	}
	for first := start == nil; ; first = false {
		moves, err := o.iterate(ctx, 0, first)
		if err != nil {
			return nil, err
		}
		if moves == 0 && !first {
			return l.Label, nil
		}
	}
}

// iterate goes once up all levels:
//  1. move nodes between footprints while that gains;
//  2. refine: build each footprint anew of well-connected parts;
//  3. make the parts the nodes of the next level, placed as their members were;
//  4. when nothing is left to join, hand the labels down.
func (o *Optimiser) iterate(ctx context.Context, base int, first bool) (moves int, err error) {
	if l := o.level(base); first {
		for v := range l.Label {
			l.Label[v] = int32(v)
		}
	}
	d := base
	for {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		l := o.level(d)
		moves += o.Move(l.Network, l.Label)
		parts := o.parts(l)
		if parts == l.Network.Nodes {
			break
		}
		o.raise(l, parts, o.level(d+1))
		d++
	}
	o.top = d
	for ; d > base; d-- {
		up, down := o.levels[d], o.levels[d-1]
		for v, p := range down.Part {
			down.Label[v] = up.Label[p]
		}
	}
	return moves, nil
}

// parts fills l.Part with the nodes of the next level, and counts them.
func (o *Optimiser) parts(l *Level) int {
	if o.Refine {
		return o.RefineParts(l)
	}
	copy(l.Part, l.Label)
	return o.Compact(l.Part, l.Network.Nodes)
}

// raise makes up the level of l's parts.
func (o *Optimiser) raise(l *Level, parts int, up *Level) {
	o.Aggregate(l, parts, up)
	up.Label = work.Grow(up.Label, parts)
	up.Part = work.Grow(up.Part, parts)
	for v, p := range l.Part {
		up.Label[p] = l.Label[v]
	}
	o.Compact(up.Label, l.Network.Nodes)
}

// Compact renames labels, all under below, to 0, 1, … in the order of their
// first node, and gives their number.
func (o *Optimiser) Compact(label []int32, below int) int {
	o.Renamed = work.Grow(o.Renamed, below)
	return grouping.CompactIn(label, o.Renamed)
}
