package layer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// classifier finds the class that draws a value: its position, or -1.
func (s *Style) classifier() func(v any) int {
	if s.Kind == StyleCategories {
		at := make(map[any]int, len(s.Classes))
		for i := len(s.Classes) - 1; i >= 0; i-- { // of equals the first
			at[categoryKey(s.Classes[i].Value)] = i
		}
		return func(v any) int {
			if i, ok := at[categoryKey(v)]; ok {
				return i
			}
			return -1
		}
	}
	if s.Kind != StyleGraduated {
		return func(any) int { return -1 }
	}
	return func(v any) int {
		x, ok := Numeric(v)
		first := true
		for i := range s.Classes {
			c := &s.Classes[i]
			if c.ForUnknown() {
				if !ok {
					return i
				}
				continue
			}
			if ok && x <= c.Upper && (x > c.Lower || x == c.Lower && (first || c.Lower == c.Upper)) {
				return i
			}
			first = false
		}
		return -1
	}
}

// categoryKey makes numbers of different types equal, and whatever is unknown.
func categoryKey(v any) any {
	if i, ok := v.(int); ok {
		return float64(i)
	}
	if x, ok := Numeric(v); ok {
		return x
	}
	switch v := Known(v).(type) {
	case nil, string, bool:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// Finder tells which of the layer's entries draws a feature.
func (l *Layer) Finder(es []Entry) func(feature int) int {
	if at := l.FieldIndex(l.Style.Field); at >= 0 && (l.Style.Kind == StyleCategories || l.Style.Kind == StyleGraduated) {
		class := l.Style.classifier()
		return func(f int) int {
			if k := class(l.Features[f].Values[at]); k >= 0 {
				return k
			}
			return len(es) - 1
		}
	}
	at := l.SizeField()
	if at < 0 {
		return func(int) int { return 0 }
	}
	sizes := legendSizes(l.Largest(at))
	return func(f int) int {
		x, ok := Numeric(l.Features[f].Values[at])
		if !ok {
			return len(es) - 1
		}
		for i := 1; i < len(sizes); i++ {
			if x >= math.Sqrt(sizes[i]*sizes[i-1]) {
				return i - 1
			}
		}
		return max(len(sizes)-1, 0)
	}
}

// Labelled says whether the layer has labels.
func (l *Layer) Labelled() bool {
	return l.FieldIndex(l.Style.LabelField) >= 0 && KindOf(l.Geometry) != NoKind
}

// NameField is the column that stands for a feature in lists and tips.
func (l *Layer) NameField() string {
	for _, n := range [...]string{"name", l.Style.LabelField, "footprint", "code"} {
		if l.FieldIndex(n) >= 0 {
			return n
		}
	}
	return ""
}

// OtherLabel is the label of what no class of a style takes.
const OtherLabel = "Other"

// Takes says which features an entry of a legend draws.
type Takes int8

// What an entry takes.
const (
	TakesAll     Takes = iota // every feature
	TakesValue                // those whose field is the class's value
	TakesRange                // those whose number lies from the class's lower bound to its upper
	TakesAbove                // as TakesRange, without the lower bound
	TakesUnknown              // those whose field is unknown
	TakesSized                // those whose size is at least Least and under Most
	TakesRest                 // those that no other entry takes
)

// Entry is one symbol of a layer as clients list it.
type Entry struct {
	Class Class
	Size  float64 // millimetres: points and lines
	Takes Takes
	// Least and Most bound the sizes of TakesSized; −Inf and +Inf where open.
	Least, Most float64
}

// Entries are a layer's symbols in legend order. Every feature fits exactly
// one of them.
func (l *Layer) Entries() []Entry {
	s := &l.Style
	size := l.symbolSize()
	if at := l.FieldIndex(s.Field); at >= 0 && (s.Kind == StyleCategories || s.Kind == StyleGraduated) {
		return l.classEntries(at, size)
	}
	one := Class{Label: l.Title, Colour: s.Colour}
	if one.Colour == "" {
		one.Colour = "#77aadd"
	}
	if at := l.SizeField(); at >= 0 {
		return l.sizeEntries(one, at)
	}
	return []Entry{{Class: one, Size: size}}
}

// symbolSize is the size of a symbol of no size of its own.
func (l *Layer) symbolSize() float64 {
	s, k := &l.Style, KindOf(l.Geometry)
	lo, hi := s.SizeRange(k)
	switch {
	case l.SizeField() >= 0:
		return (lo + hi) / 2
	case s.Width > 0 && k == LineKind:
		return s.Width
	case k == LineKind:
		return 0.4
	case k == PointKind:
		return 2.4
	}
	return hi
}

// classEntries are the classes of a style, and one for the rest where there is
// any.
func (l *Layer) classEntries(at int, size float64) []Entry {
	s := &l.Style
	var out []Entry
	first := true
	for _, c := range s.Classes {
		e := Entry{Class: c, Size: size, Takes: TakesAbove}
		switch {
		case s.Kind == StyleCategories && Known(c.Value) == nil, s.Kind == StyleGraduated && c.ForUnknown():
			e.Takes = TakesUnknown
		case s.Kind == StyleCategories:
			e.Takes = TakesValue
		case first || c.Lower == c.Upper:
			e.Takes, first = TakesRange, false
		}
		out = append(out, e)
	}
	class := s.classifier()
	rest := slices.ContainsFunc(l.Features, func(f Feature) bool { return class(f.Values[at]) < 0 })
	if rest || len(out) == 0 {
		other := Class{Label: OtherLabel, Colour: NotRated, Hatched: true}
		out = append(out, Entry{Class: other, Size: size, Takes: TakesRest})
	}
	return out
}

// KeyEntries are the entries of a picture's legend: those of the layer, and the
// scale of sizes where points differ in class and size.
func (l *Layer) KeyEntries() []Entry {
	es := l.Entries()
	at := l.SizeField()
	if l.Style.Kind != StyleCategories || at < 0 || KindOf(l.Geometry) != PointKind {
		return es
	}
	for _, e := range l.sizeEntries(Class{Colour: l.Style.Colour}, at) {
		if e.Takes != TakesRest {
			e.Class.Label += " " + strings.ToLower(l.Fields[at].Alias)
			es = append(es, e)
		}
	}
	return es
}

// sizeEntries cut a layer of one colour by size, so that the legend has a
// scale; each symbol is still drawn in exact proportion.
func (l *Layer) sizeEntries(one Class, at int) []Entry {
	s, k := &l.Style, KindOf(l.Geometry)
	top := l.Largest(at)
	sizes := legendSizes(top)
	var out []Entry
	for i, v := range sizes {
		e := Entry{Class: one, Size: s.SizeOf(k, v, top), Takes: TakesSized, Least: math.Inf(-1), Most: math.Inf(1)}
		e.Class.Label = "about " + PlainNumber(v)
		// Between two round numbers the cut lies at their geometric mean.
		if i > 0 {
			e.Most = math.Sqrt(v * sizes[i-1])
		}
		if i+1 < len(sizes) {
			e.Least = math.Sqrt(v * sizes[i+1])
		}
		out = append(out, e)
	}
	unknown := slices.ContainsFunc(l.Features, func(f Feature) bool { _, ok := Numeric(f.Values[at]); return !ok })
	if unknown || len(out) == 0 {
		lo, _ := s.SizeRange(k)
		c := Class{Label: "Not known", Colour: NotRated, Hatched: true}
		if len(out) == 0 && !unknown {
			c = one
		}
		out = append(out, Entry{Class: c, Size: lo, Takes: TakesRest})
	}
	return out
}

// LineColour is the colour of a line of a class.
func LineColour(c *Class) string {
	if c.Hatched {
		return "#787878"
	}
	return c.Colour
}

// LegendTitle is what stands above a layer's classes, and whether they are
// listed: with long, a list of many categories is too.
func (l *Layer) LegendTitle(long bool) (title string, listed bool) {
	title = l.Style.LegendTitle
	if title == "" {
		title = l.Title
	}
	if title == "" {
		title = l.Name
	}
	if !long && l.Style.Kind == StyleCategories && len(l.Entries()) > MaxLegend {
		title += ": "
		if l.Labelled() {
			title += "named on the map; "
		}
		return title + "colours only tell neighbours apart", false
	}
	return title, true
}

// MaxLegend is the most classes a legend lists at its full size on paper.
const MaxLegend = 12
