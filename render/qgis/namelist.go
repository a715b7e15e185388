package qgis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow/plaintext"
	"stpmap/render/internal/markup"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// mostNames is the most names that a layout lists: of more, the tables have them.
const mostNames = 300

// namePoints is the size of the names on A4, and nameLine the height of their
// lines, with room for fonts that are higher than most.
const (
	namePoints = 7.0
	nameLine   = namePoints * page.Millimetre * 1.2
)

// nameList is the list of names that the codes on the map stand for, in columns
// under the legend.
type nameList struct {
	title   string
	columns [][]string // lines of each column
	boxes   []page.Box // of the title, and of each column
}

// shown are the layers on paper, topmost first.
func (p *Project) shown() (list []*layer.Layer) {
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		if !g.Hidden && !l.Layer.Style.Hidden && layer.KindOf(l.Layer.Geometry) != layer.NoKind {
			list = append(list, &l.Layer)
		}
	})
	return list
}

// legendHeight is the room of the legend on a sheet, in millimetres on A4: what the
// scale bar leaves.
func legendHeight(s page.Sheet) float64 { return (s.Key.H - float64(14*s.Unit)) / s.Unit }

// named is the layer of areas whose labels are codes with names, and those names;
// nil where labels say it all, the legend lists them, or there are too many.
func named(shown []*layer.Layer, long bool) (l *layer.Layer, names [][2]string) {
	for _, l := range shown {
		at, name := l.FieldIndex(l.Style.LabelField), l.FieldIndex("name")
		if !l.Labelled() || layer.KindOf(l.Geometry) != layer.AreaKind || name < 0 || name == at || len(l.Features) > mostNames {
			continue
		}
		if _, listed := l.LegendTitle(long); listed && l.Style.Kind == layer.StyleCategories && l.Style.Field == l.Style.LabelField {
			continue
		}
		for _, f := range l.Features {
			code, text := oneLine(layer.ValueText(f.Values[at])), oneLine(layer.ValueText(f.Values[name]))
			if code != "" && text != "" && text != code && !slices.Contains(names, [2]string{code, text}) {
				names = append(names, [2]string{code, text})
			}
		}
		if len(names) > 0 {
			slices.SortStableFunc(names, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
			return l, names
		}
	}
	return nil, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(plaintext.Name(s)), " ") }

// commonEnd is an ending in brackets that all names have, such as " (synthetic)".
func commonEnd(names [][2]string) string {
	first := names[0][1]
	i := strings.LastIndex(first, " (")
	if i < 0 || !strings.HasSuffix(first, ")") {
		return ""
	}
	for _, n := range names {
		if !strings.HasSuffix(n[1], first[i:]) {
			return ""
		}
	}
	return first[i:]
}

// nameSheets are the sheets to try: a wider key, with more columns, for more names.
var nameSheets = []struct {
	beside  float64 // width of the key on A4
	columns int
}{{0, 1}, {90, 2}, {112, 2}, {150, 3}}

// withNames is the sheet of the layout with room for the names of the map, and the
// list; a list without columns where nothing is to be listed.
func (p *Project) withNames(s page.Sheet) (page.Sheet, nameList, error) {
	shown := p.shown()
	t, long := page.FitLegend(shown, legendHeight(s))
	l, names := named(shown, long)
	if l == nil {
		return s, nameList{}, nil
	}
	under := (t.Height(shown, long) + 5) * s.Unit // the legend and a gap
	list := nameList{title: l.Fields[l.FieldIndex(l.Style.LabelField)].Alias + "s"}
	if list.title == "s" {
		list.title = "Names"
	}
	if end := commonEnd(names); end != "" {
		list.title += end
		for i := range names {
			names[i][1] = strings.TrimSuffix(names[i][1], end)
		}
	}
	for i, try := range nameSheets {
		wide, err := page.Plan{Beside: try.beside}.Sheet(p.Page, p.Subtitle != "", p.About.Foot())
		if err != nil {
			return s, nameList{}, err
		}
		if i > 0 && wide.Frame.W < 0.4*wide.W {
			break
		}
		s = wide
		if list.set(s, names, under, try.columns) == 0 {
			break
		}
	}
	return s, list, nil
}

// set breaks names into columns under the legend; left is how many names had no
// room, which the last line says.
func (n *nameList) set(s page.Sheet, names [][2]string, under float64, columns int) (left int) {
	u := s.Unit
	gap, head := 3*u, 5*u
	width := (s.Key.W - float64(gap*float64(columns-1))) / float64(columns)
	top := s.Key.Y + under + head
	high := s.Key.Y + float64(legendHeight(s)*u) - top
	room := int(math.Floor(high / float64(nameLine*u)))
	n.columns, n.boxes = nil, []page.Box{{X: s.Key.X, Y: top - head, W: s.Key.W, H: head}}
	var column []string
	for i, name := range names {
		lines := entry(name, width, u)
		last := len(n.columns)+1 == columns
		if len(column) > 0 && len(column)+len(lines) > room && !last {
			n.columns = append(n.columns, column)
			column, last = nil, len(n.columns)+1 == columns
		}
		if more := min(len(names)-i-1, 1); last && len(column)+len(lines)+more > room && !fitRest(names[i:], width, u, room-len(column)) {
			left = len(names) - i
			column = append(column, fmt.Sprintf("and %d more: the tables have them", left))
			break
		}
		column = append(column, lines...)
	}
	n.columns = append(n.columns, column)
	for i := range n.columns {
		n.boxes = append(n.boxes, page.Box{X: s.Key.X + float64(float64(i)*(width+gap)), Y: top, W: width, H: high})
	}
	return left
}

// fitRest reports whether names fit into some lines.
func fitRest(names [][2]string, width, u float64, room int) bool {
	for _, name := range names {
		room -= len(entry(name, width, u))
	}
	return room >= 0
}

// entry is a code and its name in lines of a width. Programs set text in fonts of
// their own, some a sixth wider.
func entry(name [2]string, width, u float64) []string {
	const indent = "      "
	points := namePoints * u
	inner := float64(width/1.16) - page.TextWidth(name[0]+"  ", points, false)
	lines := page.FlowText(name[1], inner, points, false)
	for i := range lines {
		if i == 0 {
			lines[i] = name[0] + "  " + lines[i]
		} else {
			lines[i] = indent + lines[i]
		}
	}
	return lines
}

// write places the list on a layout.
func (n *nameList) write(p *Project, m *markup.Writer, s page.Sheet) {
	if len(n.columns) == 0 {
		return
	}
	p.label(m, "names", n.boxes[0], n.title, 9*s.Unit, true, page.InkColour, 32)
	for i, lines := range n.columns {
		p.label(m, fmt.Sprintf("names %d", i+1), n.boxes[i+1], strings.Join(lines, "\n"), namePoints*s.Unit, false, page.InkColour, 32)
	}
}
