package region

import (
	"context"
	"slices"

	"stpmap/footprint/internal/graph"
)

// connectUnits merges labels that only hang together because nodes of one unit
// must, with other labels that connect them: first those that join the most of
// its pieces, of these the one that it values most. What cannot be connected
// is left for verify to name.
func (d *Demands) connectUnits(ctx context.Context, label []int32, n int, value Criterion) ([]int32, int, error) {
	if d.Units == d.Nodes() {
		return label, n, nil
	}
	for {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		piece, k := d.loose().pieces(label, n)
		if k == n {
			return label, n, nil
		}
		g := NewMerging(d, label, n, value)
		merged := false
		for _, c := range splitLabels(label, piece, n) {
			if partner, ok := d.connector(g, c, label, piece); ok {
				g.Merge(c, partner)
				merged = true
				break
			}
		}
		if !merged {
			return label, n, nil
		}
		label, n = g.labels(label)
	}
}

// splitLabels lists the labels that hold several pieces, rising.
func splitLabels(label, piece []int32, n int) []int32 {
	first, split := slices.Repeat([]int32{-1}, n), make([]bool, n)
	for v, c := range label {
		if first[c] < 0 {
			first[c] = piece[v]
		}
		split[c] = split[c] || first[c] != piece[v]
	}
	var out []int32
	for c, is := range split {
		if is {
			out = append(out, int32(c))
		}
	}
	return out
}

// connector is the region that joins the most pieces of region c: those that
// exchange patients with it and, where that is asked, border it.
func (d *Demands) connector(g *Merging, c int32, label, piece []int32) (partner int32, ok bool) {
	joins := d.joins(g, c, label, piece)
	var most int
	var worth float64
	g.tidy(c)
	for _, l := range g.Regions[c].Links { // in order of regions, whatever the maps' order
		if !g.may(c, l.To) {
			continue
		}
		k, v := joins[l.To], g.value(g, c, l)
		if !ok || k > most || k == most && v > worth {
			partner, most, worth, ok = l.To, k, v, true
		}
	}
	return partner, ok
}

// touch is a region that meets a piece of another.
type touch struct{ region, piece int32 }

// joins counts the pieces of region c that each other region connects with.
func (d *Demands) joins(g *Merging, c int32, label, piece []int32) map[int32]int {
	exchanges := map[touch]bool{}
	meet := func(v, w int32) {
		if label[v] == c && label[w] != c {
			exchanges[touch{label[w], piece[v]}] = true
		}
	}
	graph.EachPair(d.Matrix, func(_, a int, other int32) {
		p := d.Provider(other)
		meet(int32(a), p)
		meet(p, int32(a))
	})
	borders, land := d.borders(c, label, piece)
	joins := map[int32]int{}
	for t := range exchanges {
		if !land[t.piece] || borders[t] || g.Regions[t.region].Landed == 0 {
			joins[t.region]++
		}
	}
	return joins
}

// borders lists what the pieces of region c border on the map, and which of
// them are on it; nothing where contiguity is not asked.
func (d *Demands) borders(c int32, label, piece []int32) (borders map[touch]bool, land map[int32]bool) {
	if d.Ground == nil {
		return nil, nil
	}
	borders, land = map[touch]bool{}, map[int32]bool{}
	for a := range int32(d.Areas) {
		if label[a] != c {
			continue
		}
		for _, b := range d.Ground.Near(a) {
			land[piece[a]] = true
			if label[b] != c {
				borders[touch{label[b], piece[a]}] = true
			}
		}
	}
	return borders, land
}
