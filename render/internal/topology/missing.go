package topology

// Missing lists the areas that no line bounds: nothing is left of them.
func (c *Coverage) Missing() []int32 {
	there := make([]bool, c.areas)
	var buf [1]int32
	for k := range c.left {
		if c.left[k] == c.right[k] {
			continue
		}
		for _, face := range [2]int32{c.left[k], c.right[k]} {
			for _, a := range c.ownersOf(face, &buf) {
				there[a] = true
			}
		}
	}
	var out []int32
	for a, ok := range there {
		if !ok {
			out = append(out, int32(a))
		}
	}
	return out
}
