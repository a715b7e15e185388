package render

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// flowLayer makes desire lines from each area to each provider that treats its
// patients. Cells that were suppressed in the input, or that are under
// SuppressBelow, are never shown; nor are further cells of an area or provider
// whose total would give the hidden ones away.
func (c *Case) flowLayer() (Layer, []string) {
	l := Layer{
		Name: "flows", Title: "Patient flows", Geometry: "LineString",
		Fields: []Field{
			{"area", "Area", Text},
			{"provider", "Provider", Text},
			{"patients", "Patients", Real},
			{"inside", "Inside one footprint", Boolean},
		},
	}
	m, p := c.Matrix, c.Partition
	providers, points := p.Providers, c.Points
	from := c.areaPoints()
	if m.OneMode() {
		providers, points = p.Areas, from
	}
	hide, suppressed := c.suppression()
	share, lines := c.flowShare(hide)
	minor, unplaced := m.Len()-lines, 0
	for _, h := range hide {
		if h {
			minor--
		}
	}
	// Every line's values and ends in one piece, and every code boxed once.
	l.Features = make([]Feature, 0, lines)
	values, ends := make([]any, len(l.Fields)*lines), make([]orb.Point, 2*lines)
	treats := make([]any, len(m.Providers()))
	for j, code := range m.Providers() {
		treats[j] = code
	}
	for a, code := range m.Areas() {
		ps, _ := m.Row(a)
		off, lives := m.RowOffset(a), any(code)
		for i, j := range ps {
			cell := m.Cell(off + i)
			if hide[off+i] || cell.Value < share*m.RowTotal(a) {
				continue
			}
			f := Feature{ID: code + "-" + m.Providers()[j]}
			if from == nil || points == nil || math.IsNaN(from[a][0]) || math.IsNaN(points[j][0]) {
				unplaced++
			} else if from[a] != points[j] {
				ends[0], ends[1] = from[a], points[j]
				f.Geometry = orb.LineString(ends[:2:2])
				ends = ends[2:]
			}
			f.Values = values[:len(l.Fields):len(l.Fields)]
			values = values[len(l.Fields):]
			f.Values[0], f.Values[1], f.Values[2], f.Values[3] = lives, treats[j], cell.Published, p.Areas[a] >= 0 && p.Areas[a] == providers[j]
			l.Features = append(l.Features, f)
		}
	}
	wholeNumbers(&l, "patients")
	var notes []string
	if suppressed > 0 {
		notes = append(notes, fmt.Sprintf("%s not shown, because a count is suppressed or under %v or would give one away", counted(suppressed, "flow"), c.SuppressBelow))
	}
	if minor > 0 {
		note := fmt.Sprintf("%s of less than %g of their area's patients not drawn", counted(minor, "flow"), share)
		if share > c.MinFlowShare {
			note += fmt.Sprintf(", which leaves %s", counted(lines, "line"))
		}
		notes = append(notes, note)
	}
	if unplaced > 0 && points != nil {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", counted(unplaced, "flow")))
	}
	return l, notes
}

// flowShares are the steps to which MaxFlowLines raises MinFlowShare.
var flowShares = [...]float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5}

// flowShare is the least share of its area's patients that a flow must have to
// be drawn, and how many have it. Only flows that may be shown count: hidden
// ones cannot be told from the step.
func (c *Case) flowShare(hide []bool) (share float64, lines int) {
	steps := []float64{c.MinFlowShare}
	if c.MaxFlowLines > 0 {
		for _, s := range flowShares {
			if s > c.MinFlowShare {
				steps = append(steps, s)
			}
		}
	}
	m := c.Matrix
	reach := make([]int, len(steps)) // flows whose last step is this one
	for a := range m.Areas() {
		ps, ws := m.Row(a)
		off, total := m.RowOffset(a), m.RowTotal(a)
		for i := range ps {
			if hide[off+i] {
				continue
			}
			step := len(steps) - 1
			for step >= 0 && ws[i] < steps[step]*total {
				step--
			}
			if step >= 0 {
				reach[step]++
			}
		}
	}
	at := len(steps) - 1
	lines = reach[at]
	for at > 0 && lines+reach[at-1] <= c.MaxFlowLines {
		at--
		lines += reach[at]
	}
	return steps[at], lines
}

// areaPoints are where flow lines start: the label point of each area, or the
// point that is given in place of a boundary.
func (c *Case) areaPoints() []orb.Point {
	if !c.startsAtLabels() {
		return c.AreaPoints
	}
	pts, labels := make([]orb.Point, len(c.Matrix.Areas())), c.Boundaries.LabelPoints()
	for a, code := range c.Matrix.Areas() {
		pts[a] = orb.Point{math.NaN(), math.NaN()}
		if i, ok := c.Boundaries.Index(code); ok && labels[i] != (orb.Point{}) {
			pts[a] = labels[i]
		}
	}
	return pts
}

// startsAtLabels says whether flow lines start at label points.
func (c *Case) startsAtLabels() bool {
	return c.Boundaries != nil && !(c.Boundaries.Approximate() && c.AreaPoints != nil)
}

// suppression marks the cells, in row order, that must not be shown, and counts
// them. Cells known only within bounds are hidden. Cells under SuppressBelow
// are hidden, and then, until nothing changes, the smallest shown cell of every
// area and of every provider that has exactly one cell hidden for its size, or
// several that add up to less than SuppressBelow: totals of areas and providers
// are published beside the flows, and the rest of a total is a count too.
func (c *Case) suppression() (hide []bool, hidden int) {
	m := c.Matrix
	hide = make([]bool, m.Len())
	inRow, inCol := make([]hiddenCells, len(m.Areas())), make([]hiddenCells, len(m.Providers()))
	mark := func(k, a, j int) {
		hide[k] = true
		patients := m.Cell(k).Published
		inRow[a].add(patients)
		inCol[j].add(patients)
	}
	for a := range m.Areas() {
		ps, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, j := range ps {
			cell := m.Cell(off + i)
			if cell.Published > 0 && cell.Published < c.SuppressBelow {
				mark(off+i, a, int(j))
			} else if cell.Suppressed() {
				hide[off+i] = true
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for a := range m.Areas() {
			if !inRow[a].tell(c.SuppressBelow) {
				continue
			}
			ps, ws := m.Row(a)
			off, best := m.RowOffset(a), -1
			for i := range ps {
				if !hide[off+i] && (best < 0 || ws[i] < ws[best]) {
					best = i
				}
			}
			if best >= 0 {
				mark(off+best, a, int(ps[best]))
				changed = true
			}
		}
		for j := range m.Providers() {
			if !inCol[j].tell(c.SuppressBelow) {
				continue
			}
			as, ws := m.Column(j)
			best := -1
			for i, a := range as {
				row, _ := m.Row(int(a))
				at, _ := slices.BinarySearch(row, int32(j))
				if !hide[m.RowOffset(int(a))+at] && (best < 0 || ws[i] < ws[best]) {
					best = i
				}
			}
			if best >= 0 {
				a := int(as[best])
				row, _ := m.Row(a)
				at, _ := slices.BinarySearch(row, int32(j))
				mark(m.RowOffset(a)+at, a, j)
				changed = true
			}
		}
	}
	for _, h := range hide {
		if h {
			hidden++
		}
	}
	return hide, hidden
}

// hiddenCells are those of one area or provider that are hidden for their size.
type hiddenCells struct {
	cells    int
	patients float64
}

func (h *hiddenCells) add(patients float64) { h.cells, h.patients = h.cells+1, h.patients+patients }

// tell reports whether the total less the shown cells gives something away.
func (h *hiddenCells) tell(limit float64) bool {
	return h.cells == 1 || h.cells > 1 && h.patients < limit
}
