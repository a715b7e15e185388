package boundary

import "stpmap/render/internal/topology"

// SimplifyMethod is how positions to leave out are chosen.
type SimplifyMethod = topology.SimplifyMethod

// The methods of simplification.
const (
	// Visvalingam leaves out positions whose triangle with their neighbours is
	// smallest, spikes first (doi:10.1179/000870493786962263).
	Visvalingam = topology.Visvalingam
	// DouglasPeucker leaves out positions that lie near the line without them
	// (doi:10.3138/FM57-6770-U75U-7727).
	DouglasPeucker = topology.DouglasPeucker
)

// SimplifyOptions says how far borders are simplified. One of Tolerance and
// Keep is set; where both are 0 nothing is left out.
type SimplifyOptions struct {
	Method SimplifyMethod
	// Tolerance in metres: with DouglasPeucker how far a border may move, with
	// Visvalingam the side of the square whose area a bend may have.
	Tolerance float64
	// Keep is the share of positions between junctions that stays, in (0, 1].
	Keep float64
}

// Simplify gives the boundaries with fewer positions. Arcs are simplified, never
// polygons: borders stay identical in both areas, junctions stay where they
// are, no island or enclave is lost and no line comes to cross another.
func (b *Set) Simplify(o SimplifyOptions) *Set {
	if o.Keep <= 0 && o.Tolerance <= 0 {
		return b
	}
	s := &Set{
		file: b.file, codes: b.codes, names: b.names, populations: b.populations, lines: b.lines,
		properties: b.properties, values: b.values, crs: b.crs, grid: b.grid, notices: b.notices, mismatches: b.mismatches, approximate: b.approximate,
	}
	s.cover = b.cover.Simplify(topology.SimplifyOptions(o))
	s.vertices = s.cover.RingPositions()
	return s
}
