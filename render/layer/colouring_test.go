package layer_test

import (
	"math/rand/v2"
	"testing"

	"stpmap/render/internal/rendertest"
)

func TestColouring(t *testing.T) {
	rendertest.CheckColouring(t, nil, 0)
	rendertest.CheckColouring(t, rendertest.Lists{nil, nil}, 1)
	complete := func(n int) rendertest.Lists {
		l := make(rendertest.Lists, n)
		for i := range l {
			for j := range n {
				l[i] = append(l[i], j) // itself too, which does not count
			}
		}
		return l
	}
	rendertest.CheckColouring(t, complete(4), 4)
	rendertest.CheckColouring(t, complete(9), 9)
	rendertest.CheckColouring(t, complete(70), 70)
	rendertest.CheckColouring(t, rendertest.Lists{{1}, nil, {1}}, 4) // told from one side

	// Triangulated grids are planar: four colours suffice, five are found.
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 1))
		const k = 40
		l := make(rendertest.Lists, k*k)
		join := func(a, b int) { l[a], l[b] = append(l[a], b), append(l[b], a) }
		for y := range k {
			for x := range k {
				a := y*k + x
				if x+1 < k {
					join(a, a+1)
				}
				if y+1 < k {
					join(a, a+k)
				}
				if x+1 < k && y+1 < k {
					if rng.IntN(2) == 0 {
						join(a, a+k+1)
					} else {
						join(a+1, a+k)
					}
				}
			}
		}
		rendertest.CheckColouring(t, l, 5)
	}
}
