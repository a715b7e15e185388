package topology

// coverageOf gives the faces of a plane as a coverage whose faces have the
// plane's numbers; those that no area covers have no owners.
func coverageOf(p *plane, areas int) *Coverage {
	c := &Coverage{areas: areas, arc: []int32{0}}
	node := make([]int32, len(p.degree))
	for v := range node {
		node[v] = -1
	}
	nodeOf := func(v int32) int32 {
		if node[v] < 0 {
			node[v] = int32(c.nodes)
			c.nodes++
		}
		return node[v]
	}
	done := make([]bool, len(p.segments)/4)
	walk := func(h int32) {
		start := p.vertex[h]
		c.xy = append(c.xy, p.xy[2*start], p.xy[2*start+1])
		c.left, c.right = append(c.left, p.face[h]), append(c.right, p.face[h^1])
		for g := h; ; g = p.next[g] {
			done[g>>1] = true
			v := p.vertex[g^1]
			c.xy = append(c.xy, p.xy[2*v], p.xy[2*v+1])
			if p.degree[v] != 2 || v == start {
				c.from, c.to = append(c.from, nodeOf(start)), append(c.to, nodeOf(v))
				break
			}
		}
		c.arc = append(c.arc, int32(len(c.xy)/2))
	}
	for h := range int32(len(p.vertex)) {
		if !done[h>>1] && p.degree[p.vertex[h]] != 2 {
			walk(h)
		}
	}
	for h := range int32(len(p.vertex)) {
		if !done[h>>1] {
			walk(h)
		}
	}
	c.ownerPtr = make([]int32, 1, len(p.winding)+1)
	for _, ws := range p.winding {
		for _, w := range ws {
			c.owners = append(c.owners, w.area)
		}
		c.ownerPtr = append(c.ownerPtr, int32(len(c.owners)))
	}
	return c
}
