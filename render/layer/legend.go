package layer

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"stpmap/render/internal/markup"
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

// QuoteName writes a column in QGIS's expression language.
func QuoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// quoteText writes a string in QGIS's expression language.
func quoteText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

const OtherLabel = "Other"

// Entry is one symbol of a layer as clients list it.
type Entry struct {
	Class  Class
	Filter string  // QGIS expression; "ELSE" for the rest; empty for all
	Size   float64 // millimetres: points and lines
	scale  bool    // shows the scale of sized symbols, not a class
}

// Entries are a layer's symbols in legend order. Every feature fits exactly
// one of them.
func (l *Layer) Entries() []Entry {
	s := &l.Style
	k := KindOf(l.Geometry)
	lo, hi := s.SizeRange(k)
	base := hi
	switch {
	case l.SizeField() >= 0:
		base = (lo + hi) / 2
	case s.Width > 0 && k == LineKind:
		base = s.Width
	case k == LineKind:
		base = 0.4
	case k == PointKind:
		base = 2.4
	}
	other := Class{Label: OtherLabel, Colour: NotRated, Hatched: true}
	switch s.Kind {
	case StyleCategories, StyleGraduated:
		at := l.FieldIndex(s.Field)
		if at < 0 {
			break
		}
		var out []Entry
		q := QuoteName(s.Field)
		first, needOther := true, false
		for _, c := range s.Classes {
			e := Entry{Class: c, Size: base}
			switch {
			case s.Kind == StyleCategories && Known(c.Value) == nil:
				e.Filter = q + " IS NULL"
			case s.Kind == StyleCategories:
				e.Filter = q + " = " + expressionValue(c.Value)
			case c.ForUnknown():
				e.Filter = q + " IS NULL"
			case first || c.Lower == c.Upper:
				e.Filter = fmt.Sprintf("%s >= %s AND %s <= %s", q, markup.Decimal(c.Lower), q, markup.Decimal(c.Upper))
				first = false
			default:
				e.Filter = fmt.Sprintf("%s > %s AND %s <= %s", q, markup.Decimal(c.Lower), q, markup.Decimal(c.Upper))
			}
			out = append(out, e)
		}
		class := s.classifier()
		for i := range l.Features {
			if class(l.Features[i].Values[at]) < 0 {
				needOther = true
				break
			}
		}
		if needOther || len(out) == 0 {
			out = append(out, Entry{Class: other, Filter: "ELSE", Size: base})
		}
		return out
	}
	one := Class{Label: l.Title, Colour: s.Colour}
	if one.Colour == "" {
		one.Colour = "#77aadd"
	}
	if at := l.SizeField(); at >= 0 {
		return l.sizeEntries(one, at)
	}
	return []Entry{{Class: one, Size: base}}
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
		if e.Filter != "ELSE" {
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
	q := QuoteName(l.Fields[at].Name)
	sizes := legendSizes(top)
	var out []Entry
	for i, v := range sizes {
		c := one
		e := Entry{Class: c, Size: s.SizeOf(k, v, top), scale: true}
		e.Class.Label = "about " + PlainNumber(v)
		// Between two round numbers the cut lies at their geometric mean.
		var parts []string
		if i > 0 {
			parts = append(parts, q+" < "+markup.Decimal(math.Sqrt(v*sizes[i-1])))
		}
		if i+1 < len(sizes) {
			parts = append(parts, q+" >= "+markup.Decimal(math.Sqrt(v*sizes[i+1])))
		}
		if len(parts) == 0 {
			parts = append(parts, q+" IS NOT NULL")
		}
		e.Filter = strings.Join(parts, " AND ")
		out = append(out, e)
	}
	unknown := false
	for i := range l.Features {
		if _, ok := Numeric(l.Features[i].Values[at]); !ok {
			unknown = true
		}
	}
	if unknown || len(out) == 0 {
		lo, _ := s.SizeRange(k)
		c := Class{Label: "Not known", Colour: NotRated, Hatched: true}
		if len(out) == 0 && !unknown {
			c = one
		}
		out = append(out, Entry{Class: c, Filter: "ELSE", Size: lo, scale: true})
	}
	return out
}

func expressionValue(v any) string {
	switch x := v.(type) {
	case string:
		return quoteText(x)
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case int:
		return strconv.Itoa(x)
	case float64:
		return markup.Decimal(x)
	}
	return quoteText(fmt.Sprint(v))
}

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
