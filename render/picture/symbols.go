package picture

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// symbolShape is a point's symbol, about as large in area whatever its icon.
func symbolShape(s *layer.Style, e *layer.Entry, at orb.Point, size, opacity float64, tip string) shape {
	out := shape{closed: true, fill: e.Class.Colour, stroke: s.Outline, width: s.Width, opacity: opacity, tip: tip}
	if out.stroke == "" {
		out.stroke = "#ffffff"
	}
	if out.width <= 0 {
		out.width = 0.2
	}
	if e.Class.Hatched {
		out.fill, out.stroke = "#ffffff", page.HatchInk
	}
	r := size / 2
	regular := func(n int, r, turn float64) {
		ring := make([]orb.Point, n)
		for i := range ring {
			a := turn + 2*math.Pi*float64(i)/float64(n)
			ring[i] = orb.Point{at[0] + float64(r*portable.Sin(a)), at[1] - float64(r*portable.Cos(a))}
		}
		out.lines = [][]orb.Point{ring}
	}
	switch e.Class.Icon {
	case layer.IconSquare:
		regular(4, r*1.25, math.Pi/4)
	case layer.IconDiamond:
		regular(4, r*1.25, 0)
	case layer.IconTriangle:
		regular(3, r*1.45, 0)
	case layer.IconStar:
		regular(10, r*1.3, 0)
		for i := 1; i < 10; i += 2 {
			p := &out.lines[0][i]
			p[0], p[1] = at[0]+float64((p[0]-at[0])*0.5), at[1]+float64((p[1]-at[1])*0.5)
		}
	case layer.IconCross:
		a, b := r*1.15, r*0.42
		out.lines = [][]orb.Point{nil}
		for _, d := range [...][2]float64{{-b, -a}, {b, -a}, {b, -b}, {a, -b}, {a, b}, {b, b}, {b, a}, {-b, a}, {-b, b}, {-a, b}, {-a, -b}, {-b, -b}} {
			out.lines[0] = append(out.lines[0], orb.Point{at[0] + d[0], at[1] + d[1]})
		}
	default:
		regular(32, r, 0)
	}
	return out
}

// hatchGap lies between the lines of the hatching of what is not known, in
// millimetres.
const hatchGap = 1.6

// hatch is the diagonal hatching of rings under the even-odd rule, its lines so far
// apart: the same lines across the whole page, so that neighbours' hatching meets.
func hatch(lines [][]orb.Point, gap, unit float64) shape {
	step := float64(gap * unit * math.Sqrt2) // between lines, along an axis
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range lines {
		for _, p := range r {
			lo, hi = math.Min(lo, p[0]+p[1]), math.Max(hi, p[0]+p[1])
		}
	}
	out := shape{stroke: page.HatchInk, width: 0.22 * unit}
	var cuts []float64
	for c := float64(math.Ceil(lo/step) * step); c < hi; c += step { // the line x + y = c
		cuts = cuts[:0]
		for _, r := range lines {
			for i, a := range r {
				b := r[(i+1)%len(r)]
				da, db := a[0]+a[1]-c, b[0]+b[1]-c
				if (da < 0) != (db < 0) {
					cuts = append(cuts, a[0]+(b[0]-a[0])*da/(da-db))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			if cuts[i+1]-cuts[i] > 0.02 {
				out.lines = append(out.lines, []orb.Point{{cuts[i], c - cuts[i]}, {cuts[i+1], c - cuts[i+1]}})
			}
		}
	}
	return out
}
