package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/internal/labelpoint"
	"stpmap/render/internal/lettering"
	"stpmap/render/internal/markup"
	"stpmap/render/internal/words"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// Names says what became of the names that a picture should show.
type Names struct {
	OnMap   int // on what they name
	Lines   int // beside it or in the margin, with a line
	Inset   int // in the part that is drawn again, larger
	Missing []string
	// Left is how many names of lesser layers, as those of providers, had no room.
	Left int
}

// All is the number of names that must be shown.
func (n Names) All() int { return n.OnMap + n.Lines + n.Inset + len(n.Missing) }

// String says it in a sentence.
func (n Names) String() string {
	s := fmt.Sprintf("%s: %d on the map, %d in the inset, %d beside their place with a line, %d missing", words.Counted(n.All(), "name"), n.OnMap, n.Inset, n.Lines, len(n.Missing))
	if n.Left > 0 {
		s += fmt.Sprintf("; %s of single places left out for want of room", words.Counted(n.Left, "name"))
	}
	return s
}

// missing is the line on the picture itself.
func (n Names) missing() string {
	list := n.Missing
	more := ""
	if len(list) > 12 {
		more = fmt.Sprintf(" and %d more", len(list)-12)
		list = list[:12]
	}
	return fmt.Sprintf("%s had no room on the map: %s%s.", words.Counted(len(n.Missing), "name"), strings.Join(list, ", "), more)
}

// placed is a name with its place on the page.
type placed struct {
	name
	lettering.Place
}

// name is a name to be shown.
type name struct {
	text     string
	whole    string // what text is short for
	points   float64
	bold     bool
	at       orb.Point    // on the plane
	geometry orb.Geometry // on the plane
	kind     layer.Kind
	needed   bool
}

// mostNeeded is the most names of a layer of which each must be shown: of more
// than these, none can be read.
const mostNeeded = 300

// letter places the names, with insets where they crowd.
func (s *scene) letter(onPlane func(orb.Point) orb.Point) {
	names := s.wanted(onPlane)
	s.names, s.insets, s.bar = Names{}, nil, page.Box{}
	labels := s.labels(names, &s.main)
	ground := s.ground()
	var taken []lettering.Box
	if b, ok := s.barBox(ground); ok {
		taken = append(taken, b)
		s.bar = boxOf(b)
	}
	dots := s.dots(&s.main)
	places := lettering.Arrange(lettering.Page{Frame: s.main.box, Taken: taken, Dots: dots}, labels)
	for len(s.insets) < mostInsets && s.perTile == 0 {
		if !s.openInset(ground, s.crowd(labels, places, dots), taken) {
			break
		}
		v := s.insets[len(s.insets)-1]
		taken = append(taken, v.box.Grown(1), v.under(s.sheet.Unit), v.from)
	}
	rest := names
	for _, v := range s.insets {
		var in, out []name
		for _, n := range rest {
			if v.from.Holds(s.main.place(n.at)) {
				in = append(in, n)
			} else {
				out = append(out, n)
			}
		}
		rest = out
		s.settle(v, in, lettering.Arrange(lettering.Page{Frame: v.box.Grown(-0.4), Dots: s.dots(v)}, s.labels(in, v)))
	}
	if len(s.insets) > 0 {
		places = lettering.Arrange(lettering.Page{Frame: s.main.box, Taken: taken, Dots: dots}, s.labels(rest, &s.main))
	}
	s.settle(&s.main, rest, places)
}

// settle keeps the places of a view's names, and counts them.
func (s *scene) settle(v *view, names []name, places []lettering.Place) {
	for i, p := range places {
		switch {
		case !p.Placed && names[i].needed:
			s.names.Missing = append(s.names.Missing, names[i].whole)
		case !p.Placed:
			s.names.Left++
		case !names[i].needed:
		case p.Line != nil:
			s.names.Lines++
		case v.clip:
			s.names.Inset++
		default:
			s.names.OnMap++
		}
		if p.Placed {
			v.labels = append(v.labels, placed{names[i], p})
		}
	}
}

// wanted lists the names to be shown, those of areas first.
func (s *scene) wanted(onPlane func(orb.Point) orb.Point) []name {
	var names []name
	order := make([]int, len(s.layers))
	for i := range order {
		order[i] = i
	}
	// Areas first: they are what the map is about.
	slices.SortStableFunc(order, func(a, b int) int {
		return int(layer.KindOf(s.layers[b].Geometry)) - int(layer.KindOf(s.layers[a].Geometry))
	})
	seen := map[string]bool{}
	for _, i := range order {
		l := s.layers[i]
		if !l.Labelled() {
			names = append(names, s.classNames(l, s.flat[i], onPlane)...)
			continue
		}
		at := l.FieldIndex(l.Style.LabelField)
		asked := labelled(l)
		needed := layer.KindOf(l.Geometry) == layer.AreaKind && len(asked) <= mostNeeded
		end := commonWords(l, asked, at)
		for _, k := range asked {
			n, ok := s.nameOf(l, s.flat[i], k, at, end, onPlane)
			// Two layers over the same places are named once.
			id := n.text + "\x00" + markup.Decimal(math.Round(n.at[0]/100)) + "\x00" + markup.Decimal(math.Round(n.at[1]/100))
			if ok && !seen[id] {
				seen[id] = true
				n.needed = needed
				names = append(names, n)
			}
		}
	}
	return names
}

// labelled are the features of a layer that its style labels.
func labelled(l *layer.Layer) []int {
	at := l.FieldIndex(l.Style.Field)
	var out []int
	for k := range l.Features {
		if l.Style.LabelOnly == nil || at >= 0 && l.Features[k].Values[at] == l.Style.LabelOnly {
			out = append(out, k)
		}
	}
	return out
}

// commonWords are the last words, two or more, that the labels of three features or
// more all end with, such as " Commissioning Group": they tell nothing apart.
func commonWords(l *layer.Layer, features []int, at int) string {
	var end []string
	for n, k := range features {
		all := strings.Split(oneLine(layer.ValueText(l.Features[k].Values[at])), " ")
		if n == 0 {
			end = all
		}
		same := 0
		for same < len(end) && same < len(all)-1 && end[len(end)-1-same] == all[len(all)-1-same] {
			same++
		}
		end = end[len(end)-same:]
	}
	if len(features) < 3 || len(end) < 2 {
		return ""
	}
	return " " + strings.Join(end, " ")
}

// nameOf is the name of a feature; false if it has none or no place.
func (s *scene) nameOf(l, flat *layer.Layer, k, at int, end string, onPlane func(orb.Point) orb.Point) (name, bool) {
	u := s.sheet.Unit
	f := &l.Features[k]
	n := name{kind: layer.KindOf(l.Geometry), points: 7 * u, geometry: flat.Features[k].Geometry}
	if n.kind == layer.AreaKind {
		n.points, n.bold = float64(s.how.points*u), true
	}
	n.whole = strings.TrimSuffix(oneLine(layer.ValueText(f.Values[at])), end)
	if n.text = n.whole; n.kind == layer.AreaKind {
		n.text = s.how.label(oneLine(layer.ValueText(f.Values[at])), n.whole)
	}
	n.text = page.ClipText(n.text, 45*u, n.points, n.bold)
	if n.text == "" || n.geometry == nil || layer.Empty(n.geometry) {
		return n, false
	}
	switch g := f.Geometry.(type) {
	case orb.MultiPolygon:
		n.at = onPlane(labelpoint.LabelPoint(g))
	case orb.Polygon:
		n.at = onPlane(labelpoint.LabelPoint(orb.MultiPolygon{g}))
	default:
		n.at = onPlane(f.Geometry.Bound().Center())
	}
	if s.perTile > 0 {
		n.at = middleTile(n.geometry)
	}
	return n, layer.Drawable(n.at)
}

// groups says whether a layer has areas in unnamed groups, in fewer colours than
// there are groups: then each group is named, once.
func groups(l *layer.Layer) bool {
	if l.Labelled() || layer.KindOf(l.Geometry) != layer.AreaKind || l.Style.Kind != layer.StyleCategories || len(l.Style.Classes) > mostNeeded {
		return false
	}
	colours := map[string]bool{}
	for _, c := range l.Style.Classes {
		colours[c.Colour] = true
	}
	return len(colours) < len(l.Style.Classes)
}

// classNames are the names of groups of areas, each in its largest area.
func (s *scene) classNames(l, flat *layer.Layer, onPlane func(orb.Point) orb.Point) (names []name) {
	if !groups(l) {
		return nil
	}
	u := s.sheet.Unit
	es := l.Entries()
	entry := l.Finder(es)
	on, ground := make([]orb.Collection, len(es)), make([]orb.Collection, len(es))
	for k := range l.Features {
		if g := l.Features[k].Geometry; g != nil && !layer.Empty(g) {
			e := entry(k)
			on[e], ground[e] = append(on[e], flat.Features[k].Geometry), append(ground[e], g)
		}
	}
	for e := range es {
		text := oneLine(layer.ValueText(es[e].Class.Value))
		if text == "" || len(on[e]) == 0 {
			continue
		}
		n := name{whole: text, kind: layer.AreaKind, points: float64(s.how.points * u), bold: true, needed: true, geometry: united(on[e]), at: onPlane(labelpoint.LabelPoint(united(ground[e])))}
		if n.text = page.ClipText(s.how.label(text, text), 45*u, n.points, true); layer.Drawable(n.at) {
			names = append(names, n)
		}
	}
	return names
}

// labels are names as the placing of labels takes them.
func (s *scene) labels(names []name, v *view) []lettering.Label {
	out := make([]lettering.Label, len(names))
	for i, n := range names {
		l := lettering.Label{
			W: page.TextWidth(n.text, n.points, n.bold) + 0.6, H: float64(n.points*page.Millimetre) + 0.4,
			At: v.place(n.at), Needed: n.needed,
		}
		if n.kind == layer.AreaKind {
			l.Shape = v.rings(n.geometry)
		}
		out[i] = l
	}
	return out
}

// dots are the symbols of a view that names should leave in sight.
func (s *scene) dots(v *view) []lettering.Box {
	var out []lettering.Box
	for i, l := range s.layers {
		if layer.KindOf(l.Geometry) != layer.PointKind {
			continue
		}
		sizes := sizesOf(l)
		for k := range s.flat[i].Features {
			f := &s.flat[i].Features[k]
			if f.Geometry == nil || layer.Empty(f.Geometry) {
				continue
			}
			layer.EachPoint(f.Geometry, func(q orb.Point) {
				if q = v.place(q); layer.Drawable(q) && v.box.Holds(q) {
					side := sizes(k) * s.sheet.Unit
					out = append(out, lettering.Around(q, side, side))
				}
			})
		}
	}
	return out
}

// drawLabels writes the names of a view, and the lines to what they name.
func (v *view) drawLabels(c canvas, unit float64) {
	for _, p := range v.labels {
		if p.Line != nil {
			c.shape(shape{lines: [][]orb.Point{p.Line}, stroke: page.InkColour, width: 0.2 * unit})
			c.shape(symbolShape(&layer.Style{Outline: "#ffffff", Width: 0.1}, &layer.Entry{Class: layer.Class{Colour: page.InkColour}}, p.Line[0], 0.9*unit, 1, ""))
		}
	}
	for _, p := range v.labels {
		m := p.Box.Middle()
		c.text(label{
			x: m[0], y: m[1] + float64(p.points*page.Millimetre*0.36), points: p.points, bold: p.bold,
			anchor: middle, colour: page.InkColour, halo: true, text: p.text,
		})
	}
}
