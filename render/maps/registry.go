package maps

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Kind is one layer of a map, declared in a file of its own: what it is called,
// what must be known for it, its columns, its rows and how it is drawn.
type Kind struct {
	Name, Title string
	Geometry    string // the widest type; layers of areas are points where only points are known
	Group       layer.Group
	// Needs says in words which flags of stpmap it needs; empty for none beyond
	// areas and a partition.
	Needs string
	// RunOnly says that a run alone makes it: render cannot be asked for it.
	RunOnly bool
	// Depth is its place in a picture: a layer lies over those of greater depth.
	Depth int
	// Asked says that a picture leaves it out beside footprints unless it is asked
	// for by name.
	Asked bool
	// Numbers says that its polygons can be coloured by a column of numbers.
	Numbers bool

	along    bool // its lines run along boundaries
	optional bool // left out where it has no rows
	// known says whether a map has it; nil for a layer that is made by itself.
	known   func(m *Map) bool
	columns func(m *Map) []layer.Field
	rows    func(d *drawing, l *layer.Layer) (notes []string)
	style   func(d *drawing, l *layer.Layer)
	page    func(s *layer.Style) // changes the style for a picture; nil for nothing
}

// registry has the layers in the order in which a map has them, the upper ones
// of polygons first.
var registry = []*Kind{
	&scoresKind,
	&footprintsKind,
	&indicatorsKind,
	&areasKind,
	&providersKind,
	&flowsKind,
	&movedKind,
	&bordersKind,
	&levelsKind,
	&mismatchesKind,
}

// Kinds are all layers that there are, in the order in which a map has them.
func Kinds() []Kind {
	out := make([]Kind, len(registry))
	for i, k := range registry {
		out[i] = *k
	}
	return out
}

// Names are the names of all layers.
func Names() []string {
	out := make([]string, len(registry))
	for i, k := range registry {
		out[i] = k.Name
	}
	return out
}

// KindOf is the layer of a name; false if there is none.
func KindOf(name string) (Kind, bool) {
	i := slices.IndexFunc(registry, func(k *Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return *registry[i], true
}

// empty is the layer before it has rows.
func (k *Kind) empty(about layer.About, fields []layer.Field) layer.Layer {
	return layer.Layer{Name: k.Name, Title: k.Title, Geometry: k.Geometry, Group: k.Group, About: about, Fields: fields}
}

// drawing is a map while its layers are made: what several of them need.
type drawing struct {
	*Map
	shapes  []orb.Geometry // of areas
	table   layer.Layer    // footprints that have a polygon
	classes []layer.Class  // of footprints: a colour for each
}

func (c *Map) drawing() *drawing {
	d := &drawing{Map: c, shapes: c.areaGeometries(), classes: c.footprintClasses()}
	if c.Boundaries != nil {
		d.table = c.FootprintTable()
		d.table.Features = slices.DeleteFunc(d.table.Features, func(f layer.Feature) bool { return f.Geometry == nil })
	}
	return d
}

// make makes a layer.
func (d *drawing) make(k *Kind) (layer.Layer, []string) {
	l := k.empty(d.About, k.columns(d.Map))
	notes := k.rows(d, &l)
	if k.along || layer.KindOf(l.Geometry) == layer.AreaKind {
		l.Title = d.titled(l.Title)
	}
	k.style(d, &l)
	return l, notes
}

// Layers makes the layers of a map, in the order of Kinds. Without boundaries
// those of footprints are left out, unless areas have points. The notes say, in
// sentences, what could not be drawn.
func (c *Map) Layers() (layers []layer.Layer, notes []string) {
	d := c.drawing()
	for _, k := range registry {
		if k.known == nil || !k.known(c) {
			continue
		}
		l, note := d.make(k)
		if k.optional && len(l.Features) == 0 {
			continue
		}
		layers = append(layers, l)
		notes = append(notes, note...)
	}
	return layers, notes
}

// OnPage picks and styles layers for a picture, the first on top. Beside
// footprints a layer that is Asked stays out unless layers were asked for by
// name; those are drawn even where they are hidden. Over footprints lie the areas
// that are less sure to belong to theirs, where that is known.
func OnPage(layers []layer.Layer, asked bool) []layer.Layer {
	out := slices.Clone(layers)
	kind := func(l layer.Layer) Kind { k, _ := KindOf(l.Name); return k }
	slices.SortStableFunc(out, func(a, b layer.Layer) int { return kind(a).Depth - kind(b).Depth })
	if !asked && slices.ContainsFunc(out, func(l layer.Layer) bool { return l.Name == footprintsKind.Name }) {
		out = slices.DeleteFunc(out, func(l layer.Layer) bool { return kind(l).Asked })
	}
	if over, ok := doubtful(layers); ok && !asked {
		at := slices.IndexFunc(out, func(l layer.Layer) bool { return l.Name == footprintsKind.Name })
		if at >= 0 {
			out = slices.Insert(out, at, over)
		}
	}
	for i := range out {
		s := &out[i].Style
		s.Hidden = s.Hidden && !asked
		if page := kind(out[i]).page; page != nil {
			page(s)
		}
	}
	return out
}
