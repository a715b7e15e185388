package topology

// Boxes gives the box around each area in millionths of a degree, as least x
// and y, then greatest; the greatest are less than the least where the area has
// no polygon.
func (c *Coverage) Boxes() [][4]int32 {
	boxes := make([]box, c.areas)
	for i := range boxes {
		boxes[i] = emptyBox
	}
	var lb, rb [1]int32
	for k := range c.left {
		if c.left[k] == c.right[k] {
			continue
		}
		around := emptyBox
		around.add(c.line(k))
		for _, a := range c.ownersOf(c.left[k], &lb) {
			boxes[a].join(around)
		}
		for _, a := range c.ownersOf(c.right[k], &rb) {
			boxes[a].join(around)
		}
	}
	out := make([][4]int32, c.areas)
	for i, b := range boxes {
		out[i] = [4]int32{b.minX, b.minY, b.maxX, b.maxY}
	}
	return out
}
