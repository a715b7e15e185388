package leiden

import (
	"slices"

	"stpmap/footprint/internal/grouping"
)

// pieces cuts labels until each is in one piece on the ground and in flow, and
// none holds two units that must be apart. Labels come out as 0, 1, ….
func (s *search) pieces(start []int32) []int32 {
	label := slices.Clone(start)
	s.o.Compact(label, s.partApart(label))
	for k := grouping.Count(label); ; {
		if s.p.ground != nil {
			s.groundPieces(label)
		}
		s.flowPieces(label)
		n := grouping.Count(label)
		if n == k {
			return label
		}
		k = n
	}
}

// partApart gives units that must be apart labels of their own, and a bound
// below which all labels are.
func (s *search) partApart(label []int32) (below int) {
	fresh := int32(s.p.g.Nodes)
	for _, group := range s.p.apart {
		taken := map[int32]bool{}
		for _, v := range group {
			if taken[label[v]] {
				label[v] = fresh
				fresh++
			}
			taken[label[v]] = true
		}
	}
	return int(fresh)
}

// groundPieces gives each piece of a footprint on the ground its own label;
// what is not on the ground follows its largest flow in the footprint.
func (s *search) groundPieces(label []int32) {
	p, n := s.p, s.p.g.Nodes
	sets := grouping.NewSets(n)
	p.ground.Join(label, sets)
	piece, k := s.o.NoPiece(n), int32(0)
	for v := range int32(n) {
		switch first := sets.Find(v); {
		case !p.ground.Landed(v):
		case first == v:
			piece[v] = k
			k++
		default:
			piece[v] = piece[first]
		}
	}
	// First what has flow with a piece, then islands through such providers.
	for changed := true; changed; {
		changed = false
		for v := range int32(n) {
			if piece[v] < 0 {
				piece[v] = s.largestFlow(v, label, piece)
				changed = changed || piece[v] >= 0
			}
		}
	}
	// What is off the ground with all its flow stays together.
	for v := range piece {
		if piece[v] < 0 {
			piece[v] = k + label[v]
		}
	}
	copy(label, piece)
	s.o.Compact(label, n+int(k)+1)
}

// largestFlow is the piece of its footprint that a unit has most flow with, ties
// to the lowest; -1 where it has none.
func (s *search) largestFlow(v int32, label, piece []int32) int32 {
	flow, met := s.o.Flow, s.o.Met[:0]
	s.p.g.Neighbours(v, func(u int32, w float64) {
		if c := piece[u]; c >= 0 && label[u] == label[v] {
			if flow[c] == 0 {
				met = append(met, c)
			}
			flow[c] += w
		}
	})
	best, to := 0.0, int32(-1)
	for _, c := range met {
		if flow[c] > best || flow[c] == best && c < to {
			best, to = flow[c], c
		}
		flow[c] = 0
	}
	return to
}

// flowPieces gives each piece of a footprint in the flow network its own label.
func (s *search) flowPieces(label []int32) { s.o.Split(s.p.g, label) }
