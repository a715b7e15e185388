package region

import (
	"context"

	"stpmap/footprint/internal/graph"
)

// connectUnits merges labels that only hang together because nodes of one unit
// must, with other labels that connect them: first those that join the most of
// its pieces, of these the one that it values most. What cannot be connected
// is left for verify to name.
func (d *Demands) connectUnits(ctx context.Context, label []int32, n int, value func(*Merging, int32, Link) float64) ([]int32, int, error) {
	if d.Units == d.Nodes() {
		return label, n, nil
	}
	loose := *d
	loose.Units = d.Nodes() // as if nothing had to be together
	for {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		piece, k := loose.pieces(label, n)
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
	first, split := make([]int32, n), make([]bool, n)
	for c := range first {
		first[c] = -1
	}
	for v, c := range label {
		switch {
		case first[c] < 0:
			first[c] = piece[v]
		case first[c] != piece[v]:
			split[c] = true
		}
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
	type touch struct{ region, piece int32 }
	exchanges, borders, land := map[touch]bool{}, map[touch]bool{}, map[int32]bool{}
	meet := func(v, w int32) {
		if label[v] == c && label[w] != c {
			exchanges[touch{label[w], piece[v]}] = true
		}
	}
	graph.EachPair(d.Matrix, func(_, a int, other int32) {
		if d.Providers > 0 {
			other += int32(d.Areas)
		}
		meet(int32(a), other)
		meet(other, int32(a))
	})
	if d.Constraints.Contiguous != nil {
		for a := range d.Areas {
			if label[a] != c {
				continue
			}
			for _, b := range d.Neighbours(a) {
				land[piece[a]] = true
				if label[b] != c {
					borders[touch{label[b], piece[a]}] = true
				}
			}
		}
	}
	joins := map[int32]int{}
	for t := range exchanges {
		if !land[t.piece] || borders[t] || g.Regions[t.region].Landed == 0 {
			joins[t.region]++
		}
	}
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
