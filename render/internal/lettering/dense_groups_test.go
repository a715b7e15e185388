package lettering

import (
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow/portable"
)

// The groups are those that looking at every pair gives, in sparse crowds and thick.
func TestGroupsOfEveryPair(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 4))
	for range 300 {
		crowd := make([]Crowded, rng.IntN(60))
		for k := range crowd {
			x, y := 40*rng.Float64()-20, 40*rng.Float64()-20
			if rng.IntN(3) == 0 {
				x, y = float64(int(x)), float64(int(y)) // some exactly within reach
			}
			crowd[k].Box = Box{x, y, x, y}
		}
		reach := []float64{1, 2.5, 5}[rng.IntN(3)]
		want := make([]int, len(crowd))
		for k := range want {
			want[k] = k
		}
		for changed := true; changed; {
			changed = false
			for i := range crowd {
				for j := range crowd {
					a, b := crowd[i].Box.Middle(), crowd[j].Box.Middle()
					if want[j] > want[i] && portable.Hypot(a[0]-b[0], a[1]-b[1]) <= reach {
						want[j], changed = want[i], true
					}
				}
			}
		}
		if got := groupsOf(crowd, reach); !slices.Equal(got, want) {
			t.Fatalf("within %v of each other: got %v, want %v", reach, got, want)
		}
	}
}
