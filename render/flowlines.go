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
	minor, unplaced := 0, 0
	for a, code := range m.Areas() {
		ps, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, j := range ps {
			cell := m.Cell(off + i)
			if hide[off+i] {
				continue
			}
			if cell.Value < c.MinFlowShare*m.RowTotal(a) {
				minor++
				continue
			}
			f := Feature{ID: code + "-" + m.Providers()[j]}
			if from == nil || points == nil || math.IsNaN(from[a][0]) || math.IsNaN(points[j][0]) {
				unplaced++
			} else if from[a] != points[j] {
				f.Geometry = orb.LineString{from[a], points[j]}
			}
			f.Values = []any{code, m.Providers()[j], cell.Published, p.Areas[a] >= 0 && p.Areas[a] == providers[j]}
			l.Features = append(l.Features, f)
		}
	}
	wholeNumbers(&l, "patients")
	var notes []string
	if suppressed > 0 {
		notes = append(notes, fmt.Sprintf("%s not shown, because a count is suppressed or under %v or would give one away", counted(suppressed, "flow"), c.SuppressBelow))
	}
	if minor > 0 {
		notes = append(notes, fmt.Sprintf("%s of less than %g of their area's patients not drawn", counted(minor, "flow"), c.MinFlowShare))
	}
	if unplaced > 0 && points != nil {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", counted(unplaced, "flow")))
	}
	return l, notes
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
