package topology

import "stpmap/render/internal/linework"

// Boxes gives the box around each area in millionths of a degree, as least x
// and y, then greatest; the greatest are less than the least where the area has
// no polygon.
func (c *Coverage) Boxes() [][4]int32 {
	boxes := make([]linework.Box, c.areas)
	for i := range boxes {
		boxes[i] = linework.EmptyBox
	}
	var lb, rb [1]int32
	for k := range c.left {
		if c.left[k] == c.right[k] {
			continue
		}
		around := linework.EmptyBox
		around.Add(c.line(k))
		for _, a := range c.ownersOf(c.left[k], &lb) {
			boxes[a].Join(around)
		}
		for _, a := range c.ownersOf(c.right[k], &rb) {
			boxes[a].Join(around)
		}
	}
	out := make([][4]int32, c.areas)
	for i, b := range boxes {
		out[i] = [4]int32{b.MinX, b.MinY, b.MaxX, b.MaxY}
	}
	return out
}
