package region

import (
	"slices"

	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
)

// pieces splits labels into parts that are connected in the flow network and,
// where that is asked, whose areas are in one piece on the map; nodes of one
// unit stay together all the same.
func (d *Demands) pieces(label []int32, n int) ([]int32, int) {
	label = slices.Clone(label)
	for {
		before := n
		if d.Ground != nil {
			label, _ = d.mapPieces(label, n)
		}
		label, n = d.flowPieces(label)
		if n == before {
			return label, n
		}
	}
}

// flowPieces joins the nodes of a label that exchange patients, and units.
func (d *Demands) flowPieces(label []int32) ([]int32, int) {
	sets := grouping.NewSets(len(label))
	graph.EachPair(d.Matrix, func(_, a int, other int32) {
		if p := d.Provider(other); label[p] == label[a] {
			sets.Union(int32(a), p)
		}
	})
	d.joinUnits(sets)
	return sets.Labels()
}

func (d *Demands) joinUnits(sets grouping.Sets) {
	if d.Units == d.Nodes() {
		return
	}
	first := make([]int32, d.Units) // 1 + the first node of each unit
	for v, u := range d.Unit {
		if first[u] == 0 {
			first[u] = int32(v) + 1
		} else {
			sets.Union(first[u]-1, int32(v))
		}
	}
}

// mapPieces splits labels by what is connected on the map. A provider goes
// with the piece that sends it the most patients; an island with the first
// landed area of its label. Pieces never cross labels, because only nodes of
// one label are joined.
func (d *Demands) mapPieces(label []int32, n int) ([]int32, int) {
	sets := grouping.NewSets(len(label))
	d.Ground.Join(label, sets)
	d.joinIslands(label, n, sets)
	d.joinProviders(label, sets)
	d.joinUnits(sets)
	return sets.Labels()
}

func (d *Demands) joinIslands(label []int32, n int, sets grouping.Sets) {
	land := make([]int32, n) // 1 + the first landed area of each label
	for a := range int32(d.Areas) {
		if land[label[a]] == 0 && d.Ground.Landed(a) {
			land[label[a]] = a + 1
		}
	}
	for a := range int32(d.Areas) {
		if first := land[label[a]]; first > 0 && !d.Ground.Landed(a) {
			sets.Union(a, first-1)
		}
	}
}

func (d *Demands) joinProviders(label []int32, sets grouping.Sets) {
	sent := make([]float64, len(label))
	for p := range d.Providers {
		as, ws := d.Matrix.Column(p)
		best := int32(-1)
		for k, a := range as {
			if label[a] != label[d.Areas+p] {
				continue
			}
			r := sets.Find(a)
			sent[r] += ws[k]
			if best < 0 || sent[r] > sent[best] {
				best = r
			}
		}
		for _, a := range as {
			sent[sets.Find(a)] = 0
		}
		if best >= 0 {
			sets.Union(best, int32(d.Areas+p))
		}
	}
}
