package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/render/internal/words"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// key is the legend of a picture, and the list of names that its codes stand for.
type key struct {
	rows    []row
	columns int
	width   float64 // of a column
	high    float64 // that the columns need
	size    float64 // of the text, in points
}

// row is one line or entry of a key.
type row struct {
	high float64
	keep bool    // stands in one column with the next, as that does with its next
	skip float64 // blank at its top that the head of a column does without
	what string
	draw func(c canvas, x, y float64)
}

// keyGap lies between columns of a key, in millimetres on A4.
const keyGap = 4

// newKey sets a key in columns of a width.
func newKey(layers []*layer.Layer, how *wording, columns int, width, size, unit float64) *key {
	k := &key{columns: columns, width: width, size: size}
	for _, l := range layers {
		k.layer(l, how, unit)
	}
	before := len(k.rows)
	if !how.apart {
		k.lists(layers, how, unit)
	}
	said := ""
	if len(k.rows) == before && how.prefix != "" {
		said = "O" + how.example()[1:] + ". "
	}
	if how.apart {
		said += namesApart
	}
	if said != "" {
		k.gap(unit)
		k.say(said, unit)
	}
	k.high = k.needs()
	return k
}

// lists adds the lists of names of all layers.
func (k *key) lists(layers []*layer.Layer, how *wording, unit float64) {
	named := map[string]bool{}
	for _, l := range layers {
		k.names(l, how, named, unit)
	}
}

// say adds a sentence.
func (k *key) say(text string, unit float64) {
	points := k.size * unit
	lines := page.FlowText(text, k.width, points, false)
	lh := float64(0.4 * points)
	k.rows = append(k.rows, row{high: float64(lh*float64(len(lines))) + float64(unit), draw: func(c canvas, x, y float64) {
		for _, line := range lines {
			c.text(label{x: x, y: y + float64(lh*0.78), points: points, colour: page.PaleColour, text: line})
			y += lh
		}
	}})
}

func (k *key) title(text string, unit float64) {
	points := (k.size + 1) * unit
	lines := page.FlowText(text, k.width, points, true)
	lh := float64(0.42 * points)
	above := 0.0
	if len(k.rows) > 0 {
		above = float64(3 * unit)
	}
	k.rows = append(k.rows, row{high: above + float64(lh*float64(len(lines))) + float64(0.6*unit), keep: true, skip: above, draw: func(c canvas, x, y float64) {
		y += above
		for _, line := range lines {
			y += lh
			c.text(label{x: x, y: y - float64(0.1*lh), points: points, bold: true, colour: page.InkColour, text: line})
		}
	}})
}

// gap keeps an entry without a title of its own from what stands above it.
func (k *key) gap(unit float64) {
	if len(k.rows) > 0 {
		k.rows = append(k.rows, row{high: float64(2 * unit), skip: float64(2 * unit), keep: true, draw: func(canvas, float64, float64) {}})
	}
}

// onlyNames says whether the colours of a layer do no more than tell neighbours
// apart: its labels name its classes.
func onlyNames(l *layer.Layer) bool {
	return l.Style.Kind == layer.StyleCategories && l.Labelled() && l.Style.Field == l.Style.LabelField && layer.KindOf(l.Geometry) == layer.AreaKind
}

// layer adds the classes of a layer.
func (k *key) layer(l *layer.Layer, how *wording, unit float64) {
	if (onlyNames(l) || groups(l)) && (listed(l, how) != nil || how.prefix != "") {
		return
	}
	es := l.KeyEntries()
	title, long := l.LegendTitle(len(es) <= mostNeeded)
	if long && len(es) == 1 && es[0].Class.Label == title {
		k.gap(unit)
	} else {
		k.title(title, unit)
	}
	if !long {
		return
	}
	wide := float64(5 * unit)
	points := k.size * unit
	for _, e := range es {
		if layer.KindOf(l.Geometry) == layer.PointKind {
			wide = math.Max(wide, e.Size*unit)
		}
	}
	lh, high := float64(0.4*points), float64(0.34*points)
	for i, e := range es {
		text := page.FlowText(e.Class.Label, k.width-wide-float64(2*unit), points, false)
		h := math.Max(high, lh*float64(len(text)))
		if layer.KindOf(l.Geometry) == layer.PointKind {
			h = math.Max(h, e.Size*unit)
		}
		k.rows = append(k.rows, row{high: h + float64(0.8*unit), keep: len(es) <= mostTogether && i+1 < len(es), what: e.Class.Label, draw: func(c canvas, x, y float64) {
			drawKeySymbol(c, l, e, page.Box{X: x, Y: y + (h-high)/2, W: wide, H: high}, unit)
			ty := y + h/2 - lh*float64(len(text))/2 + float64(lh*0.78)
			for _, line := range text {
				c.text(label{x: x + wide + float64(2*unit), y: ty, points: points, colour: page.InkColour, text: line})
				ty += lh
			}
		}})
	}
}

// listed are the labels of a layer with the names they stand for, by the code of
// each; nil where the labels say it all, or there are too many to read.
func listed(l *layer.Layer, how *wording) [][2]string {
	list := namesOf(l, how.short != nil && how.prefix == "")
	slices.SortStableFunc(list, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	if how.short == nil {
		return list
	}
	for i, n := range list {
		short := how.label(n[0], n[0])
		switch {
		case how.prefix == "" && n[1] != n[0] && short != n[0]:
			list[i] = [2]string{short, n[0] + " " + n[1]}
		default:
			list[i][0] = short
		}
	}
	return list
}

// namesOf are the labels of a layer with the names they stand for; labels that are
// names themselves are left out, unless all are asked for.
func namesOf(l *layer.Layer, all bool) [][2]string {
	at, name := l.FieldIndex(l.Style.LabelField), max(l.FieldIndex("name"), l.FieldIndex("systems"))
	if groups(l) {
		return classList(l)
	}
	if !l.Labelled() || layer.KindOf(l.Geometry) != layer.AreaKind || (name < 0 || name == at) && !all || len(l.Features) > mostNeeded {
		return nil
	}
	if name < 0 {
		name = at
	}
	var out [][2]string
	for _, f := range l.Features {
		code, text := oneLine(layer.ValueText(f.Values[at])), oneLine(layer.ValueText(f.Values[name]))
		if code != "" && text != "" && (text != code || all) {
			out = append(out, [2]string{code, text})
		}
	}
	return out
}

// classList is the classes of a layer of groups as codes and names.
func classList(l *layer.Layer) (out [][2]string) {
	for _, c := range l.Style.Classes {
		code := oneLine(layer.ValueText(c.Value))
		if text := strings.TrimSpace(strings.TrimPrefix(oneLine(c.Label), code)); code != "" && text != "" {
			out = append(out, [2]string{code, text})
		}
	}
	return out
}

// commonEnd is an ending in brackets that all names have, such as " (synthetic)".
func commonEnd(list [][2]string) string {
	first := list[0][1]
	i := strings.LastIndex(first, " (")
	if i < 0 || !strings.HasSuffix(first, ")") {
		return ""
	}
	for _, n := range list {
		if !strings.HasSuffix(n[1], first[i:]) {
			return ""
		}
	}
	return first[i:]
}

// names adds the list of a layer's names, but for those that are listed already.
func (k *key) names(l *layer.Layer, how *wording, named map[string]bool, unit float64) {
	var list [][2]string
	for _, n := range listed(l, how) {
		if id := n[0] + "\x00" + n[1]; !named[id] {
			named[id] = true
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return
	}
	end := commonEnd(list)
	head, _ := l.LegendTitle(true)
	field := l.Style.LabelField
	if groups(l) {
		field = l.Style.Field
	}
	if alias := l.Fields[l.FieldIndex(field)].Alias; !onlyNames(l) && alias != "" {
		head = alias + "s"
	}
	title := head + end
	if how.prefix != "" {
		title += ": " + how.example()
	}
	k.title(title, unit)
	points := k.size * unit
	wide, lh := 0.0, float64(0.4*points)
	for _, n := range list {
		wide = math.Max(wide, page.TextWidth(n[0], points, true))
	}
	wide += float64(1.6 * unit)
	for _, n := range list {
		lines := page.FlowText(strings.TrimSuffix(n[1], end), k.width-wide, points, false)
		k.rows = append(k.rows, row{high: float64(lh*float64(len(lines))) + float64(0.35*unit), what: n[0], draw: func(c canvas, x, y float64) {
			y += float64(lh * 0.78)
			c.text(label{x: x, y: y, points: points, bold: true, colour: page.InkColour, text: n[0]})
			for _, line := range lines {
				c.text(label{x: x + wide, y: y, points: points, colour: page.InkColour, text: line})
				y += lh
			}
		}})
	}
}

// mostTogether is the most classes of a layer that stay in one column.
const mostTogether = 8

// block is the height of a row and of those that stand in one column with it.
func (k *key) block(i int) float64 {
	high := k.rows[i].high
	for ; k.rows[i].keep && i+1 < len(k.rows); i++ {
		high += k.rows[i+1].high
	}
	return high
}

// fill puts the rows into columns of a height: the first row of each column, and
// how many rows had no room in them.
func (k *key) fill(high float64) (starts []int, left int) {
	y := math.Inf(1)
	for i, r := range k.rows {
		need := k.block(i)
		if y+need > high+1e-6 {
			if len(starts) == k.columns {
				return starts, len(k.rows) - i
			}
			starts, y = append(starts, i), 0
		}
		y += r.high
	}
	return starts, 0
}

// needs is the least height in which the columns hold all rows.
func (k *key) needs() float64 {
	total, most := 0.0, 0.0
	for i, r := range k.rows {
		total += r.high
		most = math.Max(most, k.block(i))
	}
	high := math.Max(total/float64(k.columns), most)
	for ; high < total; high += 0.5 {
		if _, left := k.fill(high); left == 0 {
			break
		}
	}
	return high
}

// draw writes the key in its place.
func (k *key) draw(c canvas, s page.Sheet) {
	high := s.Key.H
	if k.high < high {
		high = k.high + 0.01
	}
	starts, left := k.fill(high)
	if left > 0 {
		// The last line says how many are not listed.
		high = s.Key.H - float64(0.4*k.size*s.Unit)
		starts, left = k.fill(high)
	}
	for n, from := range starts {
		to := len(k.rows) - left
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		x, y := s.Key.X+float64(float64(n)*(k.width+float64(keyGap*s.Unit))), s.Key.Y
		for i, r := range k.rows[from:to] {
			if i == 0 {
				y -= r.skip
			}
			r.draw(c, x, y)
			y += r.high
		}
	}
	if left > 0 {
		c.text(label{x: s.Key.X, y: s.Key.Y + s.Key.H, points: k.size * s.Unit, colour: page.PaleColour, text: fmt.Sprintf("and %s: the tables have them", words.Counted(left, "more line"))})
	}
}
