package boundary

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stpmap/flow/fault"
	"stpmap/flow/plaintext"
	"stpmap/render/datum"
	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/refsys"
	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// polygonTable is what the readers of all formats hand over: polygons in
// millionths of a degree and the properties of each feature.
type polygonTable struct {
	file       string
	crs        refsys.System
	grid       *datum.Grid
	rings      topology.Rings
	keys       []string
	features   []geojsonread.Feature
	outOfRange int
	faults     fault.List
	notices    []string
	emptied    []int32 // features of which holes take a polygon, rising
	nested     bool    // the reader has found them
}

func (t *polygonTable) note(format string, args ...any) {
	t.notices = append(t.notices, fmt.Sprintf(format, args...))
}

// codeKeys are what code properties are called, the most telling first: plain
// names, then the ONS's by vintage, from small areas to large.
var codeKeys = []*regexp.Regexp{
	regexp.MustCompile(`^areacode$`),
	regexp.MustCompile(`^code$`),
	regexp.MustCompile(`^oa\d{2}cd$`),
	regexp.MustCompile(`^lsoa\d{2}(cd|code)$`),
	regexp.MustCompile(`^msoa\d{2}(cd|code)$`),
	regexp.MustCompile(`^(ccg|sicbl)\d{2}(cd|code)$`),
	regexp.MustCompile(`^(lad|ltla|utla|ctyua)\d{2}(cd|code)$`),
	regexp.MustCompile(`^(stp|icb)\d{2}(cd|code)$`),
	regexp.MustCompile(`^(nhser|rgn)\d{2}(cd|code)$`),
	regexp.MustCompile(`^(ccg|sicbl|stp|icb|nhser)\d{2}cdh$`),
	regexp.MustCompile(`^(geo|gss|ons|ccg|sicbl|lad|ltla|lsoa|msoa|commissioner|sa2|zone|district)(code|cd)$`),
	regexp.MustCompile(`^(area|areaid|geoid|geocode|zone|footprint|id)$`),
	regexp.MustCompile(`^@id$`),
}

var populationKey = regexp.MustCompile(`^(population|totalpopulation|pop|residents)$`)

// key finds a property by pattern; −1 if there is none.
func (t *polygonTable) key(p *regexp.Regexp) int32 {
	return int32(slices.IndexFunc(t.keys, func(k string) bool { return p.MatchString(words.Plain(k)) }))
}

func (t *polygonTable) keyNamed(name string) int32 {
	i := slices.Index(t.keys, name)
	if i < 0 {
		i = slices.IndexFunc(t.keys, func(k string) bool { return words.Plain(k) == words.Plain(name) })
	}
	return int32(i)
}

func (t *polygonTable) value(feature int, key int32) (geojsonread.Property, bool) {
	for _, p := range t.features[feature].Properties {
		if p.Key == key && p.Kind != geojsonread.Null {
			return p, true
		}
	}
	return geojsonread.Property{}, false
}

func (t *polygonTable) keyList() string {
	var ks []string
	for _, k := range t.keys {
		if k != "@id" {
			ks = append(ks, k)
		}
	}
	if len(ks) == 0 {
		return "it has none"
	}
	const most = 30
	if len(ks) > most {
		ks = append(ks[:most], "…")
	}
	return "it has " + strings.Join(ks, ", ")
}

// codeProperty finds the property that holds the codes.
func (t *polygonTable) codeProperty(o Options) (int32, error) {
	if o.CodeProperty != "" {
		if k := t.keyNamed(o.CodeProperty); k >= 0 {
			return k, nil
		}
		return -1, &fault.Error{File: t.file, Err: fmt.Errorf("%w: no property %q; %s", ErrNoCode, o.CodeProperty, t.keyList())}
	}
	for _, p := range codeKeys {
		if k := t.key(p); k >= 0 {
			return k, nil
		}
	}
	return -1, &fault.Error{File: t.file, Err: fmt.Errorf("%w; %s (--boundary-code names it outright)", ErrNoCode, t.keyList())}
}

var (
	codeEnding = regexp.MustCompile(`(cdh|cd|code)$`)
	nameKeys   = []*regexp.Regexp{
		regexp.MustCompile(`^(areaname|name)$`),
		regexp.MustCompile(`^[a-z]+\d{2}(nm|name)$`),
		regexp.MustCompile(`^(geo|gss|ons|ccg|lad|ltla|commissioner|footprint)(name|nm)$`),
	}
)

// nameProperty finds the property that holds the names, the code property's
// partner first; −1 if there is none.
func (t *polygonTable) nameProperty(o Options, code int32) (int32, error) {
	if o.NameProperty != "" {
		if k := t.keyNamed(o.NameProperty); k >= 0 {
			return k, nil
		}
		return -1, &fault.Error{File: t.file, Err: fmt.Errorf("no property %q for names; %s", o.NameProperty, t.keyList())}
	}
	stem := codeEnding.ReplaceAllString(words.Plain(t.keys[code]), "")
	for _, ending := range []string{"nm", "name"} {
		if k := t.keyNamed(stem + ending); k >= 0 {
			return k, nil
		}
	}
	for _, p := range nameKeys {
		if k := t.key(p); k >= 0 {
			return k, nil
		}
	}
	return -1, nil
}

// maxCode is the most bytes of a code: messages and tables repeat it.
const maxCode = 255

// boundaries checks the features and builds the coverage.
func (t *polygonTable) boundaries(ctx context.Context, o Options) (*Set, error) {
	if len(t.features) == 0 {
		return nil, &fault.Error{File: t.file, Err: ErrNoFeatures}
	}
	if !(o.Snap >= 0) || o.Snap > 10_000 {
		return nil, fmt.Errorf("snapping distance of %g m is not between 0 and 10000", o.Snap)
	}
	code, name := int32(-1), int32(-1)
	if !o.numbered {
		var err error
		if code, err = t.codeProperty(o); err != nil {
			return nil, err
		}
		if name, err = t.nameProperty(o, code); err != nil {
			return nil, err
		}
	}
	if said := t.grid.Note(t.file, t.crs); said != "" {
		t.note("%s", said)
	}
	b := &Set{file: t.file, crs: t.crs.Code, grid: t.grid, taken: t.taken(code, name, t.key(populationKey))}
	codes, order, empty := t.placed(code)
	if err := t.faults.Err(); err != nil {
		return nil, err
	}
	if len(order) == 0 {
		return nil, &fault.Error{File: t.file, Err: fmt.Errorf("%w: no feature has a polygon", ErrNoFeatures)}
	}
	if len(empty) > 0 {
		slices.Sort(empty)
		b.note("%s: %s without a polygon: %s", t.file, words.Counted(len(empty), "feature"), words.Some(empty))
	}
	b.notices = slices.Concat(t.notices, b.notices)
	b.vertices = len(t.rings.XY)/2 + len(t.rings.Rings) - 1
	b.codes, b.lines = make([]string, len(order)), make([]int32, len(order))
	for k, i := range order {
		b.codes[k], b.lines[k] = codes[i], int32(t.features[i].Line)
	}
	b.names, b.populations = t.names(order, name), t.populations(order, codes)
	if err := t.faults.Err(); err != nil {
		return nil, err
	}
	b.takeProperties(t, order)
	t.features = nil
	t.findEmptied()
	if err := b.build(ctx, &t.rings, order, placesOf(t.emptied, order), o); err != nil {
		return nil, err
	}
	return b, nil
}

// placed gives each feature's code, the features that have a polygon in the
// order of their codes, and the codes of those that have none. A code that is
// missing, or there twice, is a fault. Without a code's key features are
// numbered.
func (t *polygonTable) placed(code int32) (codes []string, order []int32, empty []string) {
	codes = make([]string, len(t.features))
	order = make([]int32, 0, len(t.features))
	for i := range t.features {
		p, _ := t.value(i, code)
		codes[i] = plainText(p)
		if code < 0 {
			codes[i] = numberedCode(i)
		}
	}
	if withoutFractions(codes) {
		t.note("%s: codes are texts of numbers with \".0\" behind them, which is left out", t.file)
	}
	for i := range t.features {
		f := &t.features[i]
		if codes[i] == "" {
			t.faults.Add(&fault.Error{File: t.file, Line: f.Line, Column: f.Column, Err: fmt.Errorf("%w: property %q", ErrMissingCode, t.keys[code])})
			continue
		}
		if len(codes[i]) > maxCode {
			t.faults.Add(&fault.Error{File: t.file, Line: f.Line, Column: f.Column, Err: fmt.Errorf("a code of %d bytes, beginning %.40q: %w", len(codes[i]), codes[i], ErrTooLarge)})
			continue
		}
		if t.rings.Areas[i] == t.rings.Areas[i+1] {
			empty = append(empty, codes[i])
			continue
		}
		order = append(order, int32(i))
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(codes[i], codes[j]) })
	for k := 1; k < len(order); k++ {
		if i, j := order[k-1], order[k]; codes[i] == codes[j] {
			f := &t.features[j]
			t.faults.Add(&fault.Error{File: t.file, Line: f.Line, Column: f.Column, Err: fmt.Errorf("%w: %q, as at line %d", ErrDuplicateCode, codes[j], t.features[i].Line)})
		}
	}
	return codes, order, empty
}

// names are those of features, empty where there is none.
func (t *polygonTable) names(features []int32, key int32) []string {
	out := make([]string, len(features))
	for k, i := range features {
		if p, ok := t.value(int(i), key); ok {
			out[k] = plaintext.Name(strings.TrimSpace(p.Text))
		}
	}
	return out
}

// populations are the people of features, NaN where there is none; nil without
// such a property. One that is no number of people is a fault.
func (t *polygonTable) populations(features []int32, codes []string) []float64 {
	key := t.key(populationKey)
	if key < 0 {
		return nil
	}
	out := make([]float64, len(features))
	for k, i := range features {
		n, err := t.people(int(i), key)
		if err != nil {
			t.faults.Add(&fault.Error{File: t.file, Line: t.features[i].Line, Column: t.features[i].Column, Err: fmt.Errorf("%s: %w", codes[i], err)})
		}
		out[k] = n
	}
	return out
}

func (b *Set) note(format string, args ...any) {
	b.notices = append(b.notices, fmt.Sprintf(format, args...))
}

// takeProperties keeps the text of every property, by area.
func (b *Set) takeProperties(t *polygonTable, order []int32) {
	b.properties = t.keys
	b.values = make([][]string, len(t.keys))
	for k := range b.values {
		b.values[k] = make([]string, len(order))
	}
	for k, i := range order {
		for _, p := range t.features[i].Properties {
			b.values[p.Key][k] = p.Text
			if p.Kind == geojsonread.Number {
				b.values[p.Key][k] = wholeNumber(p.Text)
			}
		}
	}
}
