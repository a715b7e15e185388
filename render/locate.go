package render

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Locate gives the area that each point (longitude, latitude) lies in, by
// index; −1 where none does or a coordinate is NaN. A point on a border is in
// the first of its areas.
func (b *Boundaries) Locate(points []orb.Point) []int {
	out := make([]int, len(points))
	for k := range out {
		out[k] = -1
	}
	for i, shape := range b.All() {
		box := shape.Bound()
		for k, p := range points {
			if out[k] < 0 && !math.IsNaN(p[0]) && box.Contains(p) && planar.MultiPolygonContains(shape, p) {
				out[k] = i
			}
		}
	}
	return out
}
