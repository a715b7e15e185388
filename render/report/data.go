package report

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/boundary"
	"stpmap/render/internal/arcs"
	"stpmap/render/internal/jsontext"
	"stpmap/render/internal/labelpoint"
	"stpmap/render/layer"
)

// reportSteps is the grid of the page's map: 50,000 places each way are 15
// metres or so for England.
const reportSteps = 50_000

// The page's data. Names are short because they are in every page; report.js
// reads them.
type pageData struct {
	Title      string          `json:"title"`
	Scale      [2]float64      `json:"scale"`
	Origin     [2]float64      `json:"origin"`
	Arcs       []string        `json:"arcs"`
	Areas      pageAreas       `json:"areas"`
	Providers  pageProviders   `json:"providers"`
	Flows      pageFlows       `json:"flows"`
	Levels     []pageLevel     `json:"levels"`
	LevelTitle string          `json:"levelTitle"`
	Start      int             `json:"start"`
	Indicators []pageIndicator `json:"indicators"`
	Palette    []string        `json:"palette"`
	NotRated   string          `json:"notRated"`
}

type pageAreas struct {
	Code   []string      `json:"code"`
	Name   []string      `json:"name"`
	People []any         `json:"people"`
	Shape  [][][][]int32 `json:"shape"` // polygons of rings of arcs
	At     [][]float64   `json:"at"`    // a place inside, lon and lat; null if none
	Size   []float64     `json:"size"`  // on the page, for weighing
}

type pageProviders struct {
	Code     []string    `json:"code"`
	Name     []string    `json:"name"`
	Kind     []string    `json:"kind"`
	At       [][]float64 `json:"at"`
	Patients []any       `json:"patients"`
}

type pageFlows struct {
	Area     []int32   `json:"area"`
	Provider []int32   `json:"provider"`
	Patients []float64 `json:"patients"`
}

type pageColumn struct {
	Title    string      `json:"title"`
	Help     string      `json:"help,omitempty"`
	Kind     string      `json:"kind"` // text, number, flag
	Percent  bool        `json:"percent,omitempty"`
	Decimals int         `json:"decimals"`
	Worse    int         `json:"worse"`
	Order    bool        `json:"order,omitempty"`
	Classes  []pageClass `json:"classes,omitempty"`
}

type pageClass struct {
	Lower  any    `json:"lower"`
	Upper  any    `json:"upper"`
	Value  any    `json:"value"`
	Label  string `json:"label"`
	Colour string `json:"colour"`
	Hatch  bool   `json:"hatch,omitempty"`
}

type pageLevel struct {
	Name        string          `json:"name"`
	Note        string          `json:"note"`
	Areas       []int32         `json:"areas"`
	Providers   []int32         `json:"providers"`
	Footprints  []pageFootprint `json:"footprints"`
	Columns     []pageColumn    `json:"columns"`
	AreaColumns []pageColumn    `json:"areaColumns"`
	AreaValues  [][]any         `json:"areaValues"`
}

type pageFootprint struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Colour     int           `json:"colour"`
	Values     []any         `json:"values"`
	Exchange   *pageExchange `json:"exchange"`
	Indicators [][]any       `json:"indicators"`       // indicator, value, lower, upper, target, gap, meets, band, standing, goal
	Trends     [][]any       `json:"trends,omitempty"` // indicator, then period, value, lower, upper, target each
	Words      []string      `json:"words"`
}

type pageIndicator struct {
	Title    string `json:"title"`
	Domain   string `json:"domain"`
	Unit     string `json:"unit,omitempty"`
	Percent  bool   `json:"percent,omitempty"`
	Decimals int    `json:"decimals"`
	Worse    int    `json:"worse"`
	Period   string `json:"period"`

	Classes []pageClass `json:"classes"` // that colour the first level
}

// packed is the report as its script reads it.
func (r *Page) packed() (*pageData, error) {
	shapes := layer.Layer{Features: make([]layer.Feature, len(r.Areas))}
	for i := range r.Areas {
		shapes.Features[i].Geometry = r.Areas[i].Geometry
	}
	t := arcs.New([]*layer.Layer{&shapes}, reportSteps)
	d := pageData{Title: r.Title, Scale: t.Scale, Origin: t.Origin, LevelTitle: r.LevelTitle, Start: r.Start, NotRated: layer.NotRated, Palette: layer.Fills[:]}
	var labels labelpoint.Labeller
	for i := range r.Areas {
		a := &r.Areas[i]
		d.Areas.Code = append(d.Areas.Code, a.Code)
		d.Areas.Name = append(d.Areas.Name, a.Name)
		people := orNull(a.Population)
		if a.Population == 0 {
			people = nil
		}
		d.Areas.People = append(d.Areas.People, people)
		d.Areas.Shape = append(d.Areas.Shape, jsontext.NotNil(t.Polygons(a.Geometry)))
		at, size := a.place(&labels)
		d.Areas.At = append(d.Areas.At, at)
		d.Areas.Size = append(d.Areas.Size, size)
	}
	for i := range t.List {
		d.Arcs = append(d.Arcs, packArc(t.Deltas(i)))
	}
	for i := range r.Providers {
		p := &r.Providers[i]
		d.Providers.Code = append(d.Providers.Code, p.Code)
		d.Providers.Name = append(d.Providers.Name, p.Name)
		d.Providers.Kind = append(d.Providers.Kind, p.Kind)
		d.Providers.At = append(d.Providers.At, place5(p.Point))
		d.Providers.Patients = append(d.Providers.Patients, orNull(p.Patients))
	}
	for _, f := range r.Flows {
		if orNull(f.Patients) == nil {
			continue
		}
		d.Flows.Area = append(d.Flows.Area, f.Area)
		d.Flows.Provider = append(d.Flows.Provider, f.Provider)
		d.Flows.Patients = append(d.Flows.Patients, f.Patients)
	}
	var err error
	borders := d.Areas.borders(len(t.List))
	var before *pageLevel
	for i := range r.Levels {
		l, err := r.Levels[i].page(borders, before)
		if err != nil {
			return nil, err
		}
		d.Levels = append(d.Levels, l)
		before = &d.Levels[len(d.Levels)-1]
	}
	d.Indicators, err = r.indicators()
	return &d, err
}

// indicators are the indicators with the classes of their values.
func (r *Page) indicators() (list []pageIndicator, err error) {
	for i, v := range r.Indicators {
		one := pageIndicator{Title: v.Title, Domain: v.Domain, Unit: v.Unit, Percent: v.Percent, Decimals: v.Decimals, Worse: v.Worse, Period: v.Period}
		var rows [][]any
		if len(r.Levels) > 0 {
			for _, f := range r.Levels[r.Start].Footprints {
				rows = append(rows, []any{f.value(i)})
			}
		}
		c := []Column{{Title: v.Title, Type: layer.Real, Percent: v.Percent, Decimals: v.Decimals, Worse: v.Worse}}
		columns, err := pageColumns(c, rows)
		if err != nil {
			return nil, err
		}
		one.Classes = columns[0].Classes
		list = append(list, one)
	}
	return list, nil
}

// value is the footprint's value of an indicator, or nil.
func (f *Footprint) value(indicator int) any {
	for _, v := range f.Indicators {
		if v.Indicator == indicator {
			return orNull(v.Value)
		}
	}
	return nil
}

func place5(p orb.Point) []float64 {
	if !layer.Drawable(p) {
		return nil
	}
	return []float64{math.Round(p[0]*1e5) / 1e5, math.Round(p[1]*1e5) / 1e5}
}

// place is a place for an area's label, and the area's size in square degrees of
// latitude.
func (a *Area) place(labels *labelpoint.Labeller) ([]float64, float64) {
	var m orb.MultiPolygon
	switch g := a.Geometry.(type) {
	case orb.Point:
		return place5(g), 1
	case orb.Polygon:
		m = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		m = g
	}
	if layer.Empty(m) {
		return nil, 0
	}
	size := 0.0
	for _, p := range m {
		for i, r := range p {
			a := 0.0
			for k := 1; k < len(r); k++ {
				a += float64((r[k-1][0]-r[0][0])*(r[k][1]-r[0][1])) - float64((r[k][0]-r[0][0])*(r[k-1][1]-r[0][1]))
			}
			if a = math.Abs(a) / 2; i > 0 {
				a = -a
			}
			size += a
		}
	}
	at := a.At
	if at == (orb.Point{}) {
		at = labels.Place(m)
	}
	size *= portable.Cos(at[1] * math.Pi / 180)
	return place5(at), math.Round(size*1e8) / 1e8
}

// packArc writes steps as zigzag numbers in groups of five bits, low first,
// each a character of the URL alphabet of base 64; the sixth bit says that more
// follow.
func packArc(steps []arcs.Point) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	b := make([]byte, 0, 4*len(steps))
	for _, s := range steps {
		for _, v := range [...]int32{s.X, s.Y} {
			u := uint32(v<<1) ^ uint32(v>>31)
			for u >= 32 {
				b = append(b, digits[u&31|32])
				u >>= 5
			}
			b = append(b, digits[u])
		}
	}
	return string(b)
}

// borders lists the areas on the two sides of each arc; −1 is outside.
func (a *pageAreas) borders(count int) []arcs.Pair {
	out := make([]arcs.Pair, count)
	for i := range out {
		out[i] = arcs.Pair{A: -1, B: -1}
	}
	for area, polygons := range a.Shape {
		for _, rings := range polygons {
			for _, ring := range rings {
				for _, k := range ring {
					if k < 0 {
						k = ^k
					}
					if out[k].A < 0 {
						out[k].A = int32(area)
					} else {
						out[k].B = int32(area)
					}
				}
			}
		}
	}
	return out
}

func (l *Level) page(borders []arcs.Pair, before *pageLevel) (pageLevel, error) {
	out := pageLevel{Name: l.Name, Note: l.Note, Areas: jsontext.NotNil(l.Areas), Providers: jsontext.NotNil(l.Providers)}
	near := make([][]int32, len(l.Footprints))
	join := func(f, g int32) {
		if k, ok := slices.BinarySearch(near[f], g); !ok {
			near[f] = slices.Insert(near[f], k, g)
		}
	}
	for _, b := range borders {
		if b.A < 0 || b.B < 0 {
			continue
		}
		if f, g := l.Areas[b.A], l.Areas[b.B]; f >= 0 && g >= 0 && f != g {
			join(f, g)
			join(g, f)
		}
	}
	colours := levelColours(near, l, before)
	values := make([][]any, len(l.Footprints))
	for i := range l.Footprints {
		f := &l.Footprints[i]
		p := pageFootprint{ID: f.ID, Name: f.Name, Colour: colours[i], Words: jsontext.NotNil(f.Words), Values: make([]any, len(f.Values)), Exchange: f.Exchange.page(), Indicators: [][]any{}}
		for k, v := range f.Values {
			p.Values[k] = layer.Known(v)
		}
		values[i] = f.Values
		for _, v := range f.Indicators {
			p.Indicators = append(p.Indicators, []any{v.Indicator, orNull(v.Value), orNull(v.Lower), orNull(v.Upper), orNull(v.Target), orNull(v.Gap), v.Meets, v.Band, v.Standing, orNull(v.Goal)})
		}
		for _, t := range f.Trends {
			p.Trends = append(p.Trends, t.page())
		}
		out.Footprints = append(out.Footprints, p)
	}
	out.Footprints = jsontext.NotNil(out.Footprints)
	out.AreaValues = make([][]any, len(l.AreaValues))
	for i, row := range l.AreaValues {
		out.AreaValues[i] = make([]any, len(row))
		for k, v := range row {
			out.AreaValues[i][k] = layer.Known(v)
		}
	}
	var err error
	if out.Columns, err = pageColumns(l.Columns, values); err != nil {
		return out, err
	}
	out.AreaColumns, err = pageColumns(l.AreaColumns, l.AreaValues)
	return out, err
}

// page is a trend in a row: the indicator, then five values a period.
func (t *Trend) page() []any {
	row := []any{t.Indicator}
	for _, p := range t.Points {
		row = append(row, p.Period, orNull(p.Value), orNull(p.Lower), orNull(p.Upper), orNull(p.Target))
	}
	return row
}

// levelColours gives neighbours different colours, and a footprint, where it
// can, the colour that most of its areas had a level before.
func levelColours(near [][]int32, l *Level, before *pageLevel) []int {
	fallback := layer.Colouring(boundary.GroupAdjacency(near), len(near))
	if before == nil {
		return fallback
	}
	n := len(l.Footprints)
	votes := make([][len(layer.Fills)]int, n)
	for a, f := range l.Areas {
		if g := before.Areas[a]; f >= 0 && g >= 0 {
			votes[f][before.Footprints[g].Colour%len(layer.Fills)]++
		}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Max(votes[b][:]) - slices.Max(votes[a][:]) })
	for _, f := range order {
		taken := [len(layer.Fills)]bool{}
		for _, g := range near[f] {
			if out[g] >= 0 {
				taken[out[g]] = true
			}
		}
		for c := range taken {
			if !taken[c] && (out[f] < 0 || votes[f][c] > votes[f][out[f]]) {
				out[f] = c
			}
		}
		if out[f] < 0 {
			return fallback
		}
	}
	return out
}

func pageColumns(columns []Column, rows [][]any) ([]pageColumn, error) {
	out := make([]pageColumn, 0, len(columns))
	for i := range columns {
		c := &columns[i]
		p := pageColumn{Title: c.Title, Help: c.Help, Kind: [...]string{"text", "number", "number", "flag"}[c.Type], Percent: c.Percent, Decimals: c.Decimals, Worse: c.Worse, Order: c.Order}
		classes := c.Classes
		if classes == nil && !c.NoMap {
			var err error
			if classes, err = c.classes(i, rows); err != nil {
				return nil, err
			}
		}
		if !c.NoMap {
			for _, k := range needed(classes, i, rows) {
				p.Classes = append(p.Classes, pageClass{orNull(k.Lower), orNull(k.Upper), layer.Known(k.Value), k.Label, k.Colour, k.Hatched})
			}
		}
		out = append(out, p)
	}
	return out, nil
}
