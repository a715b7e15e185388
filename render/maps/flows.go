package maps

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/internal/words"
	"stpmap/render/layer"
)

// flowsKind is lines from areas to the providers that treat their patients.
var flowsKind = Kind{
	Name: "flows", Title: "Patient flows", Geometry: "LineString", Depth: 3, Asked: true, Needs: "flows need --flows",
	known: func(*Map) bool { return true },
	columns: func(*Map) []layer.Field {
		return []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "provider", Alias: "Provider", Type: layer.Text},
			{Name: "patients", Alias: "Patients", Type: layer.Real},
			{Name: "inside", Alias: "Inside one footprint", Type: layer.Boolean},
		}
	},
	rows: flowRows,
	style: func(_ *drawing, l *layer.Layer) {
		l.Style = layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#5b4a8a", Opacity: 0.35, Hidden: true}
	},
	page: func(s *layer.Style) { s.Hidden = false },
}

// flowRows makes desire lines from each area to each provider that treats its
// patients. Cells that were suppressed in the input, or that are under
// SuppressBelow, are never shown; nor are further cells of a total that would
// give the hidden ones away.
func flowRows(c *drawing, l *layer.Layer) []string {
	m, p := c.Matrix, c.Partition
	providers, points := p.Providers, c.Points
	from := c.areaPoints()
	if m.OneMode() {
		providers, points = p.Areas, from
	}
	hide, suppressed := c.hidden.flow, c.hidden.hidden
	share, lines := c.flowShare(hide)
	minor, unplaced := m.Len()-lines, 0
	for _, h := range hide {
		if h {
			minor--
		}
	}
	// Every line's values and ends in one piece, and every code boxed once.
	l.Features = make([]layer.Feature, 0, lines)
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
			f := layer.Feature{ID: code + "-" + m.Providers()[j]}
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
	wholeNumbers(l, "patients")
	var notes []string
	if suppressed > 0 {
		notes = append(notes, fmt.Sprintf("%s not shown, because a count is suppressed or under %v or would give one away", words.Counted(suppressed, "flow"), c.SuppressBelow))
	}
	if minor > 0 {
		note := fmt.Sprintf("%s of less than %g of their area's patients not drawn", words.Counted(minor, "flow"), share)
		if share > c.MinFlowShare {
			note += fmt.Sprintf(", which leaves %s", words.Counted(lines, "line"))
		}
		notes = append(notes, note)
	}
	if unplaced > 0 && points != nil {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", words.Counted(unplaced, "flow")))
	}
	return notes
}

// flowShares are the steps to which MaxFlowLines raises MinFlowShare.
var flowShares = [...]float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5}

// flowShare is the least share of its area's patients that a flow must have to
// be drawn, and how many have it. Only flows that may be shown count: hidden
// ones cannot be told from the step.
func (c *Map) flowShare(hide []bool) (share float64, lines int) {
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
func (c *Map) areaPoints() []orb.Point {
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
func (c *Map) startsAtLabels() bool {
	return c.Boundaries != nil && !(c.Boundaries.Approximate() && c.AreaPoints != nil)
}
