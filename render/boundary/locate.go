package boundary

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"stpmap/render/internal/labelpoint"
	"stpmap/render/internal/topology"
)

// Locate gives the area that each point (longitude, latitude) lies in, by
// index; −1 where none does or a coordinate is NaN. A point on a border is in
// the first of its areas.
//
// Only areas with a point in the box around them are looked at.
func (b *Set) Locate(points []orb.Point) []int {
	out := make([]int, len(points))
	var byX []int32
	for k, p := range points {
		out[k] = -1
		if !math.IsNaN(p[0]) && !math.IsNaN(p[1]) {
			byX = append(byX, int32(k))
		}
	}
	slices.SortFunc(byX, func(i, j int32) int { return cmp.Compare(points[i][0], points[j][0]) })
	type candidate struct{ area, point int32 }
	var candidates []candidate
	group := make([]int32, len(b.codes)) // areas by which of the candidates they are
	near := 0
	for i, box := range b.cover.Boxes() {
		group[i] = -1
		low, high := topology.Degrees(box[0], box[1]), topology.Degrees(box[2], box[3])
		at, _ := slices.BinarySearchFunc(byX, low[0], func(k int32, x float64) int { return cmp.Compare(points[k][0], x) })
		for ; at < len(byX) && points[byX[at]][0] <= high[0]; at++ {
			if y := points[byX[at]][1]; y < low[1] || y > high[1] {
				continue
			}
			if group[i] < 0 {
				group[i] = int32(near)
				near++
			}
			candidates = append(candidates, candidate{int32(i), byX[at]})
		}
	}
	shapes := b.Dissolve(group, near)
	// An area of many parts has a large box; the box of each part tells more.
	boxes := make([][]orb.Bound, near)
	for k, shape := range shapes {
		for _, polygon := range shape {
			boxes[k] = append(boxes[k], labelpoint.Bound(polygon[0]))
		}
	}
	for _, c := range candidates { // by area, rising
		p := points[c.point]
		for k, box := range boxes[group[c.area]] {
			if out[c.point] < 0 && box.Contains(p) && planar.PolygonContains(shapes[group[c.area]][k], p) {
				out[c.point] = int(c.area)
			}
		}
	}
	return out
}
