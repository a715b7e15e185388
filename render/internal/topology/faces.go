package topology

import "stpmap/render/internal/linework"

// coverageOf gives the faces of a plane as a coverage whose faces have the
// plane's numbers; those that no area covers have no owners.
func coverageOf(p *linework.Plane, areas int) *Coverage {
	c := &Coverage{areas: areas, arc: []int32{0}}
	node := make([]int32, len(p.Degree))
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
	done := make([]bool, len(p.Segments)/4)
	walk := func(h int32) {
		start := p.Vertex[h]
		c.xy = append(c.xy, p.XY[2*start], p.XY[2*start+1])
		c.left, c.right = append(c.left, p.Face[h]), append(c.right, p.Face[h^1])
		for g := h; ; g = p.Next[g] {
			done[g>>1] = true
			v := p.Vertex[g^1]
			c.xy = append(c.xy, p.XY[2*v], p.XY[2*v+1])
			if p.Degree[v] != 2 || v == start {
				c.from, c.to = append(c.from, nodeOf(start)), append(c.to, nodeOf(v))
				break
			}
		}
		c.arc = append(c.arc, int32(len(c.xy)/2))
	}
	for h := range int32(len(p.Vertex)) {
		if !done[h>>1] && p.Degree[p.Vertex[h]] != 2 {
			walk(h)
		}
	}
	for h := range int32(len(p.Vertex)) {
		if !done[h>>1] {
			walk(h)
		}
	}
	c.ownerPtr = make([]int32, 1, len(p.Winding)+1)
	for _, ws := range p.Winding {
		for _, w := range ws {
			c.owners = append(c.owners, w.Area)
		}
		c.ownerPtr = append(c.ownerPtr, int32(len(c.owners)))
	}
	return c
}
