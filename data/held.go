package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// Omitted are rows of a plain table that do not count, and why.
type Omitted struct {
	Reason   string   // LeftSum, LeftNowhere or LeftWithoutCode
	Codes    []string // for which they are left out, sorted
	Rows     int
	Patients float64 // in them, as far as they can be read
}

// heldRow is a row whose meaning is known at the end of the table only: of a
// country that may be a sum, or with a count like 1.234.
type heldRow struct {
	area, provider int32
	count          flow.Count
	absent         bool
	line, column   int     // of the count
	decimal        float64 // the other reading of a count with points
	dotted         bool
}

// omit counts a row that is left out for one of its codes.
func (r *FlowReport) omit(reason, code string, patients float64) {
	r.Left++
	(*Omissions)(&r.Omitted).Add(reason, code, 1, patients)
}

// Omissions are what was left out, by reason.
type Omissions []Omitted

// Add counts rows that are left out for a code; an empty code adds none.
func (l *Omissions) Add(reason, code string, rows int, patients float64) {
	i := slices.IndexFunc(*l, func(o Omitted) bool { return o.Reason == reason })
	if i < 0 {
		i = len(*l)
		*l = append(*l, Omitted{Reason: reason})
	}
	o := &(*l)[i]
	o.Rows += rows
	o.Patients += patients
	if at, found := slices.BinarySearch(o.Codes, code); !found && (rows == 0 || code != "" || reason == table.LeftWithoutCode) {
		o.Codes = slices.Insert(o.Codes, at, code)
	}
}

// Sorted are the omissions by reason.
func (l Omissions) Sorted() []Omitted {
	slices.SortFunc(l, func(a, b Omitted) int { return strings.Compare(a.Reason, b.Reason) })
	return l
}

// odd settles a row of which a code is no plain place: it is left out, held
// until the end, or at fault. keep is true for a row that counts after all.
func (f *flowReader) odd(area, provider int32, count flow.Count, absent bool) (keep bool) {
	a, p := f.Areas.kind(area), f.Providers.kind(provider)
	code := f.Areas.List[area]
	worst := a
	// What is missing or nowhere says more than that it is a sum.
	if Rank(p) > Rank(a) {
		worst, code = p, f.Providers.List[provider]
	}
	switch worst {
	case table.WithoutCode:
		f.Report.omit(table.LeftWithoutCode, code, count.Value)
	case table.Nowhere:
		f.Report.omit(table.LeftNowhere, code, count.Value)
	case table.SumOfRows:
		f.Report.omit(table.LeftSum, code, count.Value)
	case table.PerhapsSum:
		f.held = append(f.held, heldRow{area: area, provider: provider, count: count, absent: absent, line: f.table.Line()})
	default:
		return true
	}
	return false
}

// Rank orders kinds: of a row's two codes the one of the higher rank is why the
// row does not count.
func Rank(k table.PlaceKind) int {
	return [...]int{table.APlace: 0, table.PerhapsSum: 1, table.SumOfRows: 2, table.Nowhere: 3, table.WithoutCode: 4}[k]
}

// settle decides about the rows that were held, once the table has ended.
func (f *flowReader) settle() {
	f.settled = true
	if len(f.held) == 0 {
		return
	}
	areas, providers := table.SumsAmong(f.Areas.List), table.SumsAmong(f.Providers.List)
	if f.points != nil {
		f.settlePoints()
	}
	kept := f.held[:0]
	for _, h := range f.held {
		area, provider := f.Areas.List[h.area], f.Providers.List[h.provider]
		switch {
		case areas[area]:
			f.Report.omit(table.LeftSum, area, h.count.Value)
		case providers[provider]:
			f.Report.omit(table.LeftSum, provider, h.count.Value)
		default:
			kept = append(kept, h)
		}
	}
	f.held = kept
}

// release gives the next of the rows that were held and count; false after the
// last.
func (f *flowReader) release() (h heldRow, ok bool) {
	if !f.settled {
		f.settle()
	}
	if f.released == len(f.held) {
		return h, false
	}
	h = f.held[f.released]
	f.released++
	f.Line = h.line
	return h, true
}

// String says what was left out, in a sentence.
func (o Omitted) String() string { return o.Sentence(true) }

// Sentence is String, and leaves out the number of patients unless that is known
// to whoever reads it.
func (o Omitted) Sentence(known bool) string {
	rows := "rows"
	if o.Rows == 1 {
		rows = "row"
	}
	patients := ""
	if known {
		patients = ", " + table.FormatNumber(o.Patients) + " patients"
	}
	return fmt.Sprintf("%d %s left out%s: %s (%s)", o.Rows, rows, patients, o.Reason, SomeCodes(o.Codes))
}

// SomeCodes lists the first five of many.
func SomeCodes(codes []string) string {
	shown := make([]string, 0, 5)
	for _, c := range codes[:min(len(codes), 5)] {
		shown = append(shown, cmp.Or(c, "blank"))
	}
	s := strings.Join(shown, ", ")
	if n := len(codes) - len(shown); n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return s
}

// settlePoints reads the counts of the rows that were held for their points.
func (f *flowReader) settlePoints() {
	p := f.points
	thousands, known := p.Meaning()
	first := -1
	for i := range f.held {
		h := &f.held[i]
		switch {
		case !h.dotted:
		case !known:
			if first < 0 {
				first = i
				f.last = append(f.last, &fault.Error{File: f.Report.File, Line: h.line, Column: h.column, Err: p.Fault(h.count.Value, h.decimal)})
			}
		case !thousands:
			h.count.Value, h.count.Published, h.count.Lower, h.count.Upper = h.decimal, h.decimal, h.decimal, h.decimal
		}
	}
}

// Columns are the columns in use; none where the report is of a published
// format, whose columns are fixed.
func (r *FlowReport) Columns() []table.Taken {
	if r.Area == "" {
		return nil
	}
	out := []table.Taken{{Role: AreaRole.Name, Heading: r.Area}, {Role: ProviderRole.Name, Heading: r.Provider}, {Role: CountRole.Name, Heading: r.Count}}
	for i := range out {
		if i < len(r.Others) {
			out[i].Others = r.Others[i]
		}
	}
	return out
}
