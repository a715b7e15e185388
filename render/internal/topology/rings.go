package topology

// Rings is polygons as flat slices. Rings, Polygons and Areas each begin with
// 0 and hold where the next one begins in the slice before them.
type Rings struct {
	XY       []int32 // x and y of each position in millionths of a degree, without a ring's closing position
	Rings    []int32 // positions
	Polygons []int32 // rings; the first of a polygon is its shell
	Areas    []int32 // polygons
}

// Start readies an empty value for use.
func (r *Rings) Start() {
	r.Rings = append(r.Rings[:0], 0)
	r.Polygons = append(r.Polygons[:0], 0)
	r.Areas = append(r.Areas[:0], 0)
}

// EndRing ends the ring whose positions were appended to XY.
func (r *Rings) EndRing() { r.Rings = append(r.Rings, int32(len(r.XY)/2)) }

// EndPolygon ends the polygon whose rings were ended before.
func (r *Rings) EndPolygon() { r.Polygons = append(r.Polygons, int32(len(r.Rings)-1)) }

// EndArea ends the area whose polygons were ended before.
func (r *Rings) EndArea() { r.Areas = append(r.Areas, int32(len(r.Polygons)-1)) }

// Len is the number of areas.
func (r *Rings) Len() int { return max(0, len(r.Areas)-1) }

// doubleArea is twice the signed area of a closed line, positive if it runs
// anticlockwise. Sums may wrap on the way; the result does not, for a ring
// within the bounds of the earth.
func doubleArea(xy []int32) int64 {
	n := len(xy) / 2
	if n < 3 {
		return 0
	}
	var sum int64
	x0, y0 := int64(xy[0]), int64(xy[1])
	px, py := int64(xy[2])-x0, int64(xy[3])-y0
	for i := 2; i < n; i++ {
		x, y := int64(xy[2*i])-x0, int64(xy[2*i+1])-y0
		sum += px*y - x*py
		px, py = x, y
	}
	return sum
}
