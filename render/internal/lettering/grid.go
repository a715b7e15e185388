package lettering

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Grid lists the middles of squares of a side that lie in rings, row by row; the
// squares are those of one grid whatever the rings.
func Grid(rings [][]orb.Point, side float64) (out []orb.Point) {
	b, ok := boundOf(rings)
	if !ok || !(side > 0) {
		return nil
	}
	var cuts []float64
	for row := math.Floor(b.Y0 / side); row <= math.Floor(b.Y1/side); row++ {
		y := float64((row + 0.5) * side)
		cuts = cuts[:0]
		for _, r := range rings {
			for i, p := range r {
				q := r[(i+1)%len(r)]
				if (p[1] > y) != (q[1] > y) {
					cuts = append(cuts, p[0]+float64((q[0]-p[0])*(y-p[1])/(q[1]-p[1])))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			for column := math.Ceil(cuts[i]/side - 0.5); float64((column+0.5)*side) < cuts[i+1]; column++ {
				out = append(out, orb.Point{float64((column + 0.5) * side), y})
			}
		}
	}
	return out
}
