package report

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/render/layer"
)

// staticSize is the longer side of the map for readers without scripts, in its
// own units.
const staticSize = 1000

// staticMap draws the first level for readers without scripts: a path for each
// footprint, the borders between them, and their ids.
func (d *pageData) staticMap(r *Page) template.HTML {
	if len(d.Levels) == 0 || len(r.Areas) == 0 {
		return ""
	}
	l := &d.Levels[d.Start]
	p := newPlane(d)
	if p == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<svg class="static" role="img" aria-label="Map of footprints" viewBox="0 0 ` + strconv.Itoa(p.width) + " " + strconv.Itoa(p.height) + `">`)
	shapes := make([]strings.Builder, len(l.Footprints))
	for a, f := range l.Areas {
		if f >= 0 {
			p.area(&shapes[f], d, a)
		}
	}
	for f := range l.Footprints {
		fill := d.Palette[l.Footprints[f].Colour%len(d.Palette)]
		b.WriteString(`<path fill="` + fill + `" stroke="` + fill + `" fill-rule="evenodd" d="` + shapes[f].String() + `"/>`)
	}
	b.WriteString(`<path fill="none" stroke="#fff" stroke-width="1.5" d="` + p.borders(d, l) + `"/>`)
	for f, at := range d.middles(l) {
		if at != nil {
			x, y := p.place(at[0], at[1])
			b.WriteString(`<text text-anchor="middle" x="` + strconv.Itoa(x) + `" y="` + strconv.Itoa(y+5) + `">` + template.HTMLEscapeString(l.Footprints[f].ID) + `</text>`)
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// plane is the page that the static map is drawn on.
type plane struct {
	origin, scale [2]float64 // of degrees, and of units for a degree
	width, height int
	lines         [][][2]float64 // the arcs, in degrees
}

// newPlane fits the map; nil where there is nothing to draw.
func newPlane(d *pageData) *plane {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	add := func(x, y float64) {
		low[0], low[1] = min(low[0], x), min(low[1], y)
		high[0], high[1] = max(high[0], x), max(high[1], y)
	}
	p := &plane{}
	for _, text := range d.Arcs {
		line := unpackArc(text, d.Scale, d.Origin)
		for _, at := range line {
			add(at[0], at[1])
		}
		p.lines = append(p.lines, line)
	}
	for _, at := range d.Areas.At {
		if at != nil {
			add(at[0], at[1])
		}
	}
	if !(high[0] > low[0]) || !(high[1] > low[1]) {
		return nil
	}
	narrow := portable.Cos((low[1] + high[1]) / 2 * math.Pi / 180)
	unit := staticSize / max((high[0]-low[0])*narrow, high[1]-low[1])
	p.origin, p.scale = [2]float64{low[0], high[1]}, [2]float64{unit * narrow, unit}
	p.width, p.height = int(math.Ceil((high[0]-low[0])*p.scale[0])), int(math.Ceil((high[1]-low[1])*unit))
	return p
}

// place is a place on the page, in whole units.
func (p *plane) place(lon, lat float64) (x, y int) {
	return int(math.Round((lon - p.origin[0]) * p.scale[0])), int(math.Round((p.origin[1] - lat) * p.scale[1]))
}

// unpackArc is the reverse of packArc, in degrees.
func unpackArc(text string, scale, origin [2]float64) (line [][2]float64) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at, u, shift, k := [2]int64{}, uint32(0), 0, 0
	for i := range len(text) {
		c := uint32(strings.IndexByte(digits, text[i]))
		u |= (c & 31) << shift
		if shift += 5; c >= 32 {
			continue
		}
		at[k] += int64(int32(u>>1) ^ -int32(u&1))
		u, shift = 0, 0
		if k = 1 - k; k == 0 {
			line = append(line, [2]float64{float64(float64(at[0])*scale[0]) + origin[0], float64(float64(at[1])*scale[1]) + origin[1]})
		}
	}
	return line
}

// pen writes a line in whole units, each step from the last, and leaves out steps
// of no length.
type pen struct {
	b    *strings.Builder
	x, y int
	down bool
}

func (n *pen) to(x, y int) {
	switch {
	case !n.down:
		n.b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "l")
	case x == n.x && y == n.y:
		return
	default:
		n.b.WriteString(strconv.Itoa(x-n.x) + " " + strconv.Itoa(y-n.y) + " ")
	}
	n.x, n.y, n.down = x, y, true
}

// area writes the rings of an area, or a dot where it has none.
func (p *plane) area(b *strings.Builder, d *pageData, a int) {
	for _, polygon := range d.Areas.Shape[a] {
		for _, ring := range polygon {
			n := pen{b: b}
			for _, k := range ring {
				p.draw(&n, k)
			}
			b.WriteString("0 0z")
		}
	}
	if at := d.Areas.At[a]; len(d.Areas.Shape[a]) == 0 && at != nil {
		x, y := p.place(at[0], at[1])
		b.WriteString("M" + strconv.Itoa(x-3) + " " + strconv.Itoa(y-3) + "h6v6h-6z")
	}
}

// draw draws an arc, backwards where its number is negative.
func (p *plane) draw(n *pen, k int32) {
	if k >= 0 {
		for _, at := range p.lines[k] {
			n.to(p.place(at[0], at[1]))
		}
		return
	}
	line := p.lines[^k]
	for i := len(line) - 1; i >= 0; i-- {
		n.to(p.place(line[i][0], line[i][1]))
	}
}

// borders are the arcs between two footprints.
func (p *plane) borders(d *pageData, l *pageLevel) string {
	var b strings.Builder
	for k, pair := range d.Areas.borders(len(d.Arcs)) {
		if pair.A >= 0 && pair.B >= 0 && l.Areas[pair.A] != l.Areas[pair.B] {
			n := pen{b: &b}
			p.draw(&n, int32(k))
			b.WriteString("0 0")
		}
	}
	return b.String()
}

// middles are the places of the footprints' labels: of the member area nearest to
// the middle of all.
func (d *pageData) middles(l *pageLevel) [][]float64 {
	n := len(l.Footprints)
	sum, out, far := make([][3]float64, n), make([][]float64, n), make([]float64, n)
	for a, f := range l.Areas {
		if at := d.Areas.At[a]; f >= 0 && at != nil {
			s := d.Areas.Size[a]
			sum[f] = [3]float64{sum[f][0] + float64(at[0]*s), sum[f][1] + float64(at[1]*s), sum[f][2] + s}
		}
	}
	for a, f := range l.Areas {
		at := d.Areas.At[a]
		if f < 0 || at == nil || sum[f][2] == 0 {
			continue
		}
		dx, dy := 0.6*(at[0]-sum[f][0]/sum[f][2]), at[1]-sum[f][1]/sum[f][2]
		if away := float64(dx*dx) + float64(dy*dy); out[f] == nil || away < far[f] {
			out[f], far[f] = at, away
		}
	}
	return out
}

// cell is a value as the page shows it.
func (c *Column) cell(v any) string {
	switch x := layer.Known(v).(type) {
	case string:
		return x
	case bool:
		if x {
			return "Yes"
		}
		return "No"
	case int64:
		return flow.Grouped(float64(x), c.Decimals)
	case float64:
		if c.Percent {
			return flow.Grouped(100*x, c.Decimals) + "%"
		}
		return flow.Grouped(x, c.Decimals)
	}
	return "–"
}

// staticTable is the league table of the first level, in the order of footprints.
type staticTable struct {
	Head []string
	Rows [][]string // the name first
}

func (r *Page) staticTable() (t staticTable) {
	if len(r.Levels) == 0 {
		return t
	}
	l := &r.Levels[r.Start]
	t.Head = []string{"Name", "Footprint"}
	for _, c := range l.Columns {
		t.Head = append(t.Head, c.Title)
	}
	for i := range l.Footprints {
		f := &l.Footprints[i]
		row := []string{f.Name, f.ID}
		if f.Name == "" {
			row[0] = f.ID
		}
		for k, v := range f.Values {
			row = append(row, l.Columns[k].cell(v))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
