package network

import (
	"stpmap/footprint"
	"stpmap/footprint/internal/work"
)

// Weigh fills the masses for a quality and gives the factor of γ in the
// expected flow between two nodes, and the sum that a quality is divided by.
func (g *Network) Weigh(q footprint.Quality) (factor, scale float64) {
	g.X = work.Grow(g.X, g.Nodes)
	total := 0.0
	for v := range int32(g.Nodes) {
		s := 2 * g.Loop[v]
		if g.Sum != nil {
			s += g.Sum[v]
		} else {
			s += g.Strength(v)
		}
		total += s
		if q == footprint.CPM {
			s = 1
		}
		g.X[v] = s
	}
	if q == footprint.Bipartite {
		g.Y = work.Zeroed(g.Y, g.Nodes)
		for v := range g.Providers {
			g.X[v], g.Y[v] = 0, g.X[v]
		}
	}
	g.Total = total
	switch {
	case total == 0:
		return 0, 1
	case q == footprint.CPM:
		return 1, 1
	case q == footprint.Bipartite:
		return 2 / total, total / 2
	}
	return 1 / total, total / 2
}

// Quality is the quality of labels, in the scale of weigh.
func (g *Network) Quality(q footprint.Quality, f, scale float64, label []int32) float64 {
	sx, sy := make([]float64, g.Nodes), make([]float64, g.Nodes)
	inside := 0.0
	for v := range int32(g.Nodes) {
		c := label[v]
		switch {
		case g.Providers == 0:
			inside += g.Loop[v] + g.WeightTo(v, label, c)/2
		case int(v) >= g.Providers:
			inside += g.WeightTo(v, label, c)
		}
		sx[c] += g.X[v]
		if g.Y != nil {
			sy[c] += g.Y[v]
		}
	}
	expected := 0.0
	for c := range sx {
		switch q {
		case footprint.CPM:
			expected += sx[c] * (sx[c] - 1) / 2
		case footprint.Bipartite:
			expected += sx[c] * sy[c]
		default:
			expected += sx[c] * sx[c] / 2
		}
	}
	return (inside - f*expected) / scale
}
