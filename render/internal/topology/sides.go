package topology

import "stpmap/render/internal/linework"

// sides lists the edges of all arcs with the areas beside them.
func (c *Coverage) sides() []linework.Side {
	var out []linework.Side
	add := func(arc, area int32, delta int32) {
		l := c.line(int(arc))
		for i := 2; i < len(l); i += 2 {
			out = append(out, linework.NewSide(l[i-2], l[i-1], l[i], l[i+1], area, delta))
		}
	}
	for k := range c.left {
		if a := c.left[k]; a >= 0 {
			add(int32(k), a, 1)
		}
		if a := c.right[k]; a >= 0 {
			add(int32(k), a, -1)
		}
	}
	for _, w := range c.crowded {
		if w.left {
			add(w.arc, w.area, 1)
		} else {
			add(w.arc, w.area, -1)
		}
	}
	return linework.Combine(out)
}
