package workbench

import (
	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/internal/arcs"
	"stpmap/render/layer"
)

// steps is how many places the grid of the drawing has each way: some 10 metres
// apart for England.
const steps = 65_535

// topology is polygons as arcs on a grid: each border once, whatever lies on its
// two sides.
type topology struct {
	Scale  orb.Point `json:"scale"`
	Origin orb.Point `json:"origin"`
	Arcs   [][]int32 `json:"arcs"` // x, y, then steps
	// Areas are those of the flows: of each its polygons, of each its rings, of each
	// its arcs: i, or ^i backwards. Others are polygons of areas without flow.
	Areas  [][][][]int32 `json:"areas"`
	Others [][][]int32   `json:"others"`
	Labels [][2]int32    `json:"labels"` // a place inside each area; -1, -1 without one
}

// newTopology cuts boundaries into arcs; codes are those of the areas of the flows.
func newTopology(b *boundary.Set, codes []string) *topology {
	l := &layer.Layer{Name: "areas", Geometry: "MultiPolygon"}
	for i := range b.Len() {
		l.Features = append(l.Features, layer.Feature{Geometry: b.Polygons(i)})
	}
	cut := arcs.New([]*layer.Layer{l}, steps)
	t := &topology{Scale: cut.Scale, Origin: cut.Origin, Others: [][][]int32{}}
	labels, known := b.LabelPoints(), make([]bool, b.Len())
	for _, code := range codes {
		i, ok := b.Index(code)
		if !ok {
			t.Areas, t.Labels = append(t.Areas, nil), append(t.Labels, [2]int32{-1, -1})
			continue
		}
		known[i] = true
		at := cut.Grid(labels[i])
		t.Areas, t.Labels = append(t.Areas, cut.Polygons(b.Polygons(i))), append(t.Labels, [2]int32{at.X, at.Y})
	}
	for i, on := range known {
		if !on {
			t.Others = append(t.Others, cut.Polygons(b.Polygons(i))...)
		}
	}
	for i := range cut.List {
		var line []int32
		for _, p := range cut.Deltas(i) {
			line = append(line, p.X, p.Y)
		}
		t.Arcs = append(t.Arcs, line)
	}
	return t
}
