package infomap

import (
	"context"
	"math/rand/v2"
	"slices"

	"stpmap/footprint/internal/grouping"
)

// mapSearch looks for the partition of a network with the shortest code:
//
//  1. Core: nodes move one by one until none gains, modules become nodes, and
//     so on until nothing merges.
//  2. Fine-tuning: single nodes move again, out of the modules found.
//  3. Coarse-tuning: each module is split by the same search on its inside,
//     and the pieces move as wholes.
//  4. Steps 2 and 3 take turns until neither shortens the code.
type mapSearch struct {
	net     *mapNetwork
	rng     *rand.Rand
	scratch *moveScratch
	start   []int32 // labels, from 0, to begin with; nil: each node alone
}

func newMapSearch(n *mapNetwork) *mapSearch {
	return &mapSearch{net: n, scratch: newMoveScratch(n.nodes())}
}

// mapEnough is the gain, in bits, for which tuning goes on.
const mapEnough = 1e-7

// run gives a label for each node, from 0, the number of labels, and the
// codelength in bits.
func (s *mapSearch) run(ctx context.Context) ([]int32, int, float64, error) {
	n := s.net.nodes()
	label, k := grouping.Sequence(n), n
	if n == 0 {
		return label, 0, 0, nil
	}
	if s.start != nil {
		copy(label, s.start)
		k = grouping.Compact(label, n)
	}
	label, k, err := s.core(ctx, s.net, label, k)
	if err != nil {
		return nil, 0, 0, err
	}
	label, k, length, err := s.tune(ctx, label, k)
	if err != nil {
		return nil, 0, 0, err
	}
	// One module for all is a code too.
	if whole := -s.net.nodeTerm(); whole < length-mapMinGain {
		clear(label)
		k, length = 1, whole
	}
	return label, k, length, nil
}

// tune moves nodes and parts of modules by turns, until two rounds in a row have
// gained little.
func (s *mapSearch) tune(ctx context.Context, label []int32, k int) ([]int32, int, float64, error) {
	const rounds = 50
	length := s.net.codelength(label, k)
	for round, since := 0, 0; round < rounds && since < 2; round++ {
		next, nk, err := s.tuneOnce(ctx, round, label, k)
		if err != nil {
			return nil, 0, 0, err
		}
		since++
		if l := s.net.codelength(next, nk); l < length-mapMinGain {
			if l < length-mapEnough {
				since = 0
			}
			label, k, length = next, nk, l
		}
	}
	return label, k, length, nil
}

// tuneOnce moves nodes in even rounds and parts of modules in odd ones.
func (s *mapSearch) tuneOnce(ctx context.Context, round int, label []int32, k int) ([]int32, int, error) {
	if round%2 == 0 {
		return s.core(ctx, s.net, slices.Clone(label), k)
	}
	return s.coarse(ctx, label, k)
}

// core moves the nodes of net out of the partition in label, then its modules,
// and so on. label is overwritten.
func (s *mapSearch) core(ctx context.Context, net *mapNetwork, label []int32, k int) ([]int32, int, error) {
	level, units := net, label
	// As many modules as nodes may be needed where one moves out on its own.
	state := newMapState(level, units, max(k, min(level.nodes(), k+level.nodes()/4+1)))
	for {
		moved, err := state.moveNodes(ctx, s.rng, s.scratch)
		if err != nil {
			return nil, 0, err
		}
		nk := grouping.Compact(units, len(state.flow))
		if level != net {
			for i, l := range label {
				label[i] = units[l]
			}
		}
		if nk == level.nodes() || !moved && level != net {
			return label, nk, nil
		}
		level = level.aggregate(units, nk)
		units = make([]int32, nk)
		for i := range units {
			units[i] = int32(i)
		}
		state = newMapState(level, units, nk)
	}
}

// coarse splits every module by a search of its inside and moves the pieces.
func (s *mapSearch) coarse(ctx context.Context, label []int32, k int) ([]int32, int, error) {
	n := s.net.nodes()
	start, member := grouping.Members(label, k)
	piece := make([]int32, n)
	var home []int32 // module of each piece
	local := make([]int32, n)
	for c := range k {
		in := member[start[c]:start[c+1]]
		inside := s.net.inside(in, label, local)
		sub := make([]int32, len(in))
		for i := range sub {
			sub[i] = int32(i)
		}
		sub, pieces, err := s.core(ctx, inside, sub, len(in))
		if err != nil {
			return nil, 0, err
		}
		for i, v := range in {
			piece[v] = int32(len(home)) + sub[i]
		}
		for range pieces {
			home = append(home, int32(c))
		}
	}
	net := s.net.aggregate(piece, len(home))
	home, nk, err := s.core(ctx, net, home, k)
	if err != nil {
		return nil, 0, err
	}
	for i := range piece {
		piece[i] = home[piece[i]]
	}
	return piece, nk, nil
}

// inside is the network of a module's members alone, rates as shares of the
// module's. local is room for a number per node.
func (n *mapNetwork) inside(member, label, local []int32) *mapNetwork {
	total := 0.0
	for i, v := range member {
		local[v] = int32(i)
		total += n.visit[v]
	}
	if total == 0 {
		total = 1
	}
	s := &mapNetwork{visit: make([]float64, len(member)), directed: n.directed}
	for i, v := range member {
		s.visit[i] = n.visit[v] / total
	}
	cut := func(l *links) links {
		c := links{ptr: make([]int32, len(member)+1)}
		for i, v := range member {
			to, rates := l.row(v)
			for k, j := range to {
				if label[j] == label[v] {
					c.to, c.rate = append(c.to, local[j]), append(c.rate, rates[k]/total)
				}
			}
			c.ptr[i+1] = int32(len(c.to))
		}
		return c
	}
	s.out = cut(&n.out)
	s.in = s.out
	if n.directed {
		s.in = cut(&n.in)
	}
	s.sumRows()
	return s
}
