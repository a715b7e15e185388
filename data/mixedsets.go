package data

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Columns whose values part a table into sets of rows that describe the same
// patients in another way, or other years' patients, as normalised headings.
var setHeadings = map[string]bool{
	"mapsource": true, "maplevel": true, "level": true, "source": true, "datasource": true,
	"geographylevel": true, "geolevel": true, "arealevel": true, "areatype": true, "geographytype": true,
	"version": true, "vintage": true, "revision": true, "method": true, "scenario": true,
	"measure": true, "metric": true, "unit": true, "indicator": true, "statistic": true, "variable": true,
	"rttparttype": true, "parttype": true,
	"period": true, "periodname": true, "catchmentyear": true, "year": true, "financialyear": true, "fyear": true,
	"quarter": true, "month": true, "date": true, "extractdate": true, "publication": true,
}

// Columns whose values part the patients themselves, so that adding up is
// right unless one value is the total of the others.
var partHeadings = map[string]bool{
	"sex": true, "gender": true, "age": true, "ageband": true, "agegroup": true, "ethnicity": true, "ethnicgroup": true,
	"admissiontype": true, "admissionmethod": true, "type": true, "category": true, "pointofdelivery": true, "pod": true,
	"specialty": true, "speciality": true, "treatmentfunctioncode": true, "treatmentfunctionname": true,
	"treatmentfunction": true, "diagnostictests": true, "cancertype": true, "deprivation": true, "imdquintile": true,
}

// isTotal reports whether the value of a part stands for all of them.
func isTotal(value string) bool {
	switch v := table.Normalise(value); v {
	case "all", "total", "totals", "persons", "people", "both", "bothsexes", "any", "overall", "c999", "999":
		return true
	default:
		return strings.HasPrefix(v, "all") && strings.HasPrefix(strings.ToLower(value), "all ")
	}
}

// SetWatch looks out for pairs that stand in several sets of a table. It costs
// nothing where no column parts the table.
type SetWatch struct {
	Cols  []setColumn
	ids   map[string]int32 // of each combination of values seen
	sets  []rowSet
	first map[[2]int32]int32 // set of each pair's first row, where there are several sets
	clash map[[2]int32]bool  // sets that share a pair
	key   []byte
}

type setColumn struct {
	Col   int
	parts bool // its values part the patients
	mixed bool // a pair stands under two of its values that must not be added
}

type rowSet struct {
	values []string
	rows   int
}

func newSetWatch(t *table.Reader, used []int, f table.Filter) *SetWatch {
	return WatchSets(t.Header(), used, f)
}

// WatchSets makes the watch of a table with that header; nil where no column
// parts it.
func WatchSets(header []string, used []int, f table.Filter) *SetWatch {
	w := &SetWatch{ids: map[string]int32{}}
	for i, h := range header {
		n := table.Normalise(h)
		if !setHeadings[n] && !partHeadings[n] || slices.Contains(used, i) || f.Names(i) {
			continue
		}
		w.Cols = append(w.Cols, setColumn{Col: i, parts: partHeadings[n]})
	}
	if len(w.Cols) == 0 {
		return nil
	}
	w.first, w.clash = map[[2]int32]int32{}, map[[2]int32]bool{}
	return w
}

// see notes the row that t is at, which is of the given pair.
func (w *SetWatch) see(t *table.Reader, area, provider int32) {
	key := w.key[:0]
	for _, c := range w.Cols {
		key = append(key, t.Field(c.Col)...)
		key = append(key, 0)
	}
	w.key = key
	w.Note(key, area, provider)
}

// Note notes a row of a pair whose values, each with a 0 behind it, are key.
func (w *SetWatch) Note(key []byte, area, provider int32) {
	id, ok := w.ids[string(key)]
	if !ok {
		id = int32(len(w.sets))
		w.ids[string(key)] = id
		values := strings.Split(string(key), "\x00")
		w.sets = append(w.sets, rowSet{values: values[:len(w.Cols)]})
	}
	w.sets[id].rows++
	pair := [2]int32{area, provider}
	before, ok := w.first[pair]
	if !ok {
		w.first[pair] = id
		return
	}
	clash := [2]int32{min(before, id), max(before, id)}
	if before == id || w.clash[clash] {
		return
	}
	if len(w.clash) < 1<<16 {
		w.clash[clash] = true
	}
	for k := range w.Cols {
		c := &w.Cols[k]
		x, y := w.sets[before].values[k], w.sets[id].values[k]
		c.mixed = c.mixed || x != y && (!c.parts || isTotal(x) != isTotal(y))
	}
}

// MixedSetsError says that the same pair stands in several sets of a table,
// which would be added up. It wraps ErrMixedSets.
type MixedSetsError struct {
	Columns []string   // headings of the columns that tell the sets apart
	Values  [][]string // some of the values of each
	Where   []string   // conditions, "column=value", that would take one set
}

// Error names the columns, some of their values, and the way out.
func (e *MixedSetsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: ", table.ErrMixedSets)
	for i, c := range e.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s is ", c)
		for j, v := range e.Values[i] {
			switch {
			case j == 4 && len(e.Values[i]) > 5:
				fmt.Fprintf(&b, " or one of %d more", len(e.Values[i])-j)
			case j > 4 && len(e.Values[i]) > 5:
				continue
			case j > 0:
				b.WriteString(" or " + table.Quoted(v))
			default:
				b.WriteString(table.Quoted(v))
			}
		}
	}
	b.WriteString("; take one set with")
	for _, w := range e.Where {
		b.WriteString(" --where " + shellWord(w))
	}
	column, _, _ := strings.Cut(e.Where[0], "=")
	fmt.Fprintf(&b, " (%s adds them up all the same)", "--where "+shellWord(column+"=*"))
	return b.String()
}

// Unwrap gives ErrMixedSets.
func (e *MixedSetsError) Unwrap() error { return table.ErrMixedSets }

// shellWord quotes s for a shell where it needs that.
func shellWord(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-=./:,", r)) {
			return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
	}
	return s
}

// err is nil where adding up was right.
func (w *SetWatch) err(t *table.Reader) error {
	if e := w.Mixed(t.Header()); e != nil {
		return t.HeaderFault(-1, e)
	}
	return nil
}

// Mixed says which sets of a table share pairs; nil where none do.
func (w *SetWatch) Mixed(header []string) *MixedSetsError {
	if w == nil || !slices.ContainsFunc(w.Cols, func(c setColumn) bool { return c.mixed }) {
		return nil
	}
	e := &MixedSetsError{}
	// The set that most rows are of serves as the example; of equals, the
	// first by its values.
	best := 0
	for i, s := range w.sets {
		if s.rows > w.sets[best].rows || s.rows == w.sets[best].rows && slices.Compare(s.values, w.sets[best].values) < 0 {
			best = i
		}
	}
	for k, c := range w.Cols {
		if !c.mixed {
			continue
		}
		var values []string
		for _, s := range w.sets {
			if !slices.Contains(values, s.values[k]) {
				values = append(values, s.values[k])
			}
		}
		slices.Sort(values)
		e.Columns = append(e.Columns, header[c.Col])
		e.Values = append(e.Values, values)
		e.Where = append(e.Where, header[c.Col]+"="+w.sets[best].values[k])
	}
	return e
}

// Columns of setHeadings that hold a period.
var periodHeadings = map[string]bool{
	"period": true, "periodname": true, "catchmentyear": true, "year": true, "financialyear": true, "fyear": true,
	"quarter": true, "month": true, "date": true,
}

// periods are the values of the first column of periods, sorted: all of up to
// 12, else the first and the last.
func (w *SetWatch) periods(header []string) []string {
	if w == nil {
		return nil
	}
	for k, c := range w.Cols {
		if !periodHeadings[table.Normalise(header[c.Col])] {
			continue
		}
		var values []string
		for _, s := range w.sets {
			values = append(values, s.values[k])
		}
		slices.Sort(values)
		if values = slices.Compact(values); len(values) > 12 {
			values = []string{values[0], values[len(values)-1]}
		}
		return values
	}
	return nil
}
