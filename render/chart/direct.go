package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// joinLines puts lines under each other; empty ones are left out.
func joinLines(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// lineEnd is the end of a line with its name.
type lineEnd struct {
	name string
	at   plotter.XY
}

// lineEnds writes names to the right of lines, in place of a legend. Names that
// would touch are moved apart, up and down.
type lineEnds []lineEnd

// Plot implements plot.Plotter.
func (l lineEnds) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	style := p.X.Tick.Label
	style.Font.Size, style.XAlign, style.YAlign, style.Rotation = vg.Points(7), plottext.XLeft, plottext.YCenter, 0
	ys := make([]float64, len(l))
	for i, e := range l {
		ys[i] = float64(trY(e.at.Y))
	}
	for i, y := range spaced(ys, 8.5) {
		c.FillText(style, vg.Point{X: trX(l[i].at.X) + vg.Points(4), Y: vg.Length(y)}, l[i].name)
	}
}

// spaced moves values apart until any two differ by a gap at least, each as little
// as need be; their order stays.
func spaced(ys []float64, gap float64) []float64 {
	order := make([]int, len(ys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(ys[i], ys[j]) })
	// Heaps of values that touch share their middle (pooling of neighbours).
	type heap struct {
		sum   float64
		count int
	}
	var heaps []heap
	bottom := func(h heap) float64 { return h.sum/float64(h.count) - float64(gap*float64(h.count-1))/2 }
	for _, i := range order {
		heaps = append(heaps, heap{ys[i], 1})
		for n := len(heaps); n > 1; n = len(heaps) {
			a, b := heaps[n-2], heaps[n-1]
			if bottom(a)+float64(gap*float64(a.count)) <= bottom(b) {
				break
			}
			heaps = append(heaps[:n-2], heap{a.sum + b.sum, a.count + b.count})
		}
	}
	out := make([]float64, len(ys))
	k := 0
	for _, h := range heaps {
		for m := range h.count {
			out[order[k]] = bottom(h) + float64(gap*float64(m))
			k++
		}
	}
	return out
}

// shareEnd is the ending in brackets that all names have, as that of synthetic
// data, which the notice says once.
func shareEnd(names []string) string {
	end := ""
	for i, name := range names {
		at := strings.LastIndex(name, " (")
		if at < 0 || !strings.HasSuffix(name, ")") || i > 0 && name[at:] != end {
			return ""
		}
		end = name[at:]
	}
	return end
}

// roughly is a number as people say it.
func roughly(x float64) string {
	switch {
	case x >= 1e6:
		return strconv.FormatFloat(x/1e6, 'f', 1, 64) + " million"
	case x >= 1e4:
		return chartNumber(math.Round(x/1e3) * 1e3)
	}
	return chartNumber(math.Round(x))
}
