package ensemble

import (
	"fmt"
	"testing"

	"stpmap/footprint"
)

// Proposals on grids of growing size, in parts of equal people within a half. The
// time is that of one proposal.
func BenchmarkProposal(b *testing.B) {
	for _, side := range []int{14, 45, 187} {
		for _, m := range []Measure{Trees, Uniform} {
			if side == 187 && m == Uniform {
				continue // parts of 800 areas take determinants of that size
			}
			b.Run(fmt.Sprintf("areas=%d/%v", side*side, m), func(b *testing.B) {
				s, err := NewSpace(squares(side, 44, m))
				if err != nil {
					b.Fatal(err)
				}
				c := newChain(s)
				c.stream(1, 1)
				if err := c.begin(b.Context(), nil); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					c.step()
				}
			})
		}
	}
}

// squares is a square grid in parts of half to one and a half times equal size.
func squares(side, parts int, m Measure) Problem {
	p := Problem{Areas: side * side, Measure: m}
	for a := range p.Areas {
		if (a+1)%side != 0 {
			p.Pairs = append(p.Pairs, [2]int32{int32(a), int32(a + 1)})
		}
		if a+side < p.Areas {
			p.Pairs = append(p.Pairs, [2]int32{int32(a), int32(a + side)})
		}
	}
	each := float64(p.Areas) / float64(parts)
	p.Demands = footprint.Constraints{Footprints: parts, MinPopulation: each / 2, MaxPopulation: 1.5 * each}
	return p
}
