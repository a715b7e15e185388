package published

import (
	"fmt"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/internal/intern"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// aeFormat is monthly A&E attendances and emergency admissions, by NHS England.
// Until about 2018 the files count attendances within 4 hours, later those over
// 4 hours; the row of totals has its mark in any of three columns. The long
// form of the R package NHSRdatasets is read too.
func aeFormat() *importer.Format {
	return &importer.Format{
		Name: "ae-monthly", Title: "NHS England, A&E attendances and emergency admissions, monthly CSV",
		Kinds: []importer.Kind{importer.IndicatorTable},
		Layouts: []importer.Layout{
			{
				Era: "A&E from 2019 (over 4 hours)",
				Need: []string{
					"Period", "Org Code", "A&E attendances Type 1", "A&E attendances Type 2", "A&E attendances Other A&E Department",
					"Attendances over 4hrs Type 1", "Attendances over 4hrs Type 2", "Attendances over 4hrs Other Department",
				},
			},
			{
				Era: "A&E 2018 to 2019 (over 4 hours)",
				Need: []string{
					"Period", "Org Code", "Number of A&E attendances Type 1", "Number of A&E attendances Type 2", "Number of A&E attendances Other A&E Department",
					"Number of attendances over 4hrs Type 1",
				},
			},
			{
				Era: "A&E to 2018 (within 4 hours)",
				Need: []string{
					"Period", "Org Code", "Type 1 Departments - Major A&E - Total Attendances",
					"Type 1 Departments - Major A&E - Number of attendances within 4 hours",
				},
			},
			{Era: "A&E in long form", Need: []string{"period", "org_code", "type", "attendances", "breaches", "admissions"}},
		},
		Open: func(im *importer.Import) importer.Reader { return &aeReader{im: im} },
	}
}

// aeKind is one kind of department: where its attendances are, and those over
// or within 4 hours.
type aeKind struct {
	attended, timed int
	within          bool
}

type aeReader struct {
	im                          *importer.Import
	months                      importer.MonthColumn
	period, code, parent, name  int
	kinds                       [3]aeKind // major, single specialty, other
	booked                      []int
	waited12, waited4, admitted []int
	kind                        int // the long form's column
	codes                       intern.Names
	sums                        tally.Sums
	seen                        map[tally.Key]string // where an organisation's month was read
	untimed, noCode             int
}

func (x *aeReader) Heading(h *importer.Heading) error {
	x.months.Heading(x.im, h)
	x.period, x.code, x.parent, x.name = h.Column("Period"), h.Column("Org Code"), h.Column("Parent Org"), h.Column("Org name")
	x.booked, x.waited12, x.waited4, x.admitted = nil, nil, nil, nil
	x.kinds = [3]aeKind{{-1, -1, false}, {-1, -1, false}, {-1, -1, false}}
	x.kind = -1
	if h.Column("breaches") >= 0 && h.Column("type") >= 0 {
		x.kind = h.Column("type")
		x.kinds[0] = aeKind{h.Column("attendances"), h.Column("breaches"), false}
		x.admitted = []int{h.Column("admissions")}
		return nil
	}
	for i, name := range h.Names {
		x.column(i, table.Normalise(name))
	}
	for _, k := range x.kinds {
		if (k.attended < 0) != (k.timed < 0) {
			return fmt.Errorf("%w: a kind of department has attendances or times only", table.ErrMissingColumn)
		}
	}
	return nil
}

// column notes what a column holds, by its normalised heading.
func (x *aeReader) column(i int, heading string) {
	has := func(s string) bool { return strings.Contains(heading, s) }
	kind := aeKindOf(heading)
	switch {
	case has("booked"):
		if !has("over4h") {
			x.booked = append(x.booked, i)
		}
	case has("fromdta"), has("decisiontoadmit"):
		if has("12+") || has("over12") || has("morethan12") {
			x.waited12 = append(x.waited12, i)
		} else {
			x.waited4 = append(x.waited4, i)
		}
	case has("admissions"):
		if has("via") {
			x.admitted = append(x.admitted, i)
		}
	case kind < 0:
	case has("over4h"), has("greaterthan4h"):
		x.kinds[kind].timed, x.kinds[kind].within = i, false
	case has("within4h"):
		x.kinds[kind].timed, x.kinds[kind].within = i, true
	case has("attendances") && !has("%"):
		x.kinds[kind].attended = i
	}
}

// aeKindOf is the kind of department that a heading names, -1 for none.
func aeKindOf(heading string) int {
	switch {
	case strings.Contains(heading, "type1"):
		return 0
	case strings.Contains(heading, "type2"):
		return 1
	case strings.Contains(heading, "other") && strings.Contains(heading, "department"):
		return 2
	}
	return -1
}

// The sums of an A&E series; each kind of department has two.
const (
	aeTrolley12  = 6
	aeAdmissions = 7
)

func (x *aeReader) Row(r importer.Row) error {
	code := r.Cell(x.code)
	// The mark of the total may stand in any of four columns.
	if table.IsSum(string(code)) || table.IsSum(r.Text(x.period)) || table.IsSum(r.Text(x.parent)) || table.IsSum(r.Text(x.name)) {
		return x.take(r, "", "", true)
	}
	switch kind, err := x.im.Place(r, x.code); {
	case err != nil:
		return err
	case kind != table.APlace:
		x.noCode++
		return nil
	}
	if reason := x.months.Skip(x.im, r); reason != "" {
		x.im.Result.Report.LeaveOut(reason)
		return nil
	}
	period, err := x.months.Of(x.im, r)
	if err != nil {
		return err
	}
	// A month read twice, from a file and its revision, would count twice.
	kept := x.codes.Kept(code)
	once := tally.Key{Entity: kept, Period: period}
	if x.kind >= 0 {
		once.Series = r.Text(x.kind)
	}
	if at, ok := x.seen[once]; ok {
		return x.im.Fault(r, x.code, fmt.Errorf("%w: %s in %s is at %s too", table.ErrDuplicate, kept, period, at))
	}
	if x.seen == nil {
		x.seen = map[tally.Key]string{}
	}
	x.seen[once] = fmt.Sprintf("%s:%d", x.im.Heading.File, r.Line)
	return x.take(r, kept, period, false)
}

// aeRow is what a row of attendances comes to.
type aeRow struct {
	counts, printed [tally.MaxNumbers]data.Number // what counts, and what England's sums are held against
	untimed         bool                          // some kind of department has no times
}

// take adds a row to its organisation and to England, whose sums are held
// against the published ones. A row of totals often has no period: it belongs
// to its file.
func (x *aeReader) take(r importer.Row, code, period string, total bool) error {
	var row aeRow
	if err := x.departments(r, &row); err != nil {
		return err
	}
	if err := x.others(r, &row, total); err != nil {
		return err
	}
	england := tally.Key{Entity: "", Period: x.im.Heading.File, Series: "england"}
	if total {
		x.im.Result.Report.LeaveOut("published total")
		x.sums.Add(england, row.printed[:], true, x.im.Heading.File, r.Line)
		return nil
	}
	x.im.Result.Report.Used++
	series := "ae"
	if row.untimed {
		x.untimed++
		series = "untimed"
	}
	x.sums.Add(tally.Key{Entity: code, Period: period, Series: series}, row.counts[:], false, x.im.Heading.File, r.Line)
	x.sums.Add(england, row.printed[:], false, x.im.Heading.File, r.Line)
	return nil
}

// departments reads the attendances at each kind of department: all of them in a
// row, or one in the long form.
func (x *aeReader) departments(r importer.Row, row *aeRow) error {
	if x.kind < 0 {
		for at, k := range x.kinds {
			if err := x.department(r, k, at, row); err != nil {
				return err
			}
		}
		return nil
	}
	at, ok := map[string]int{"1": 0, "2": 1, "other": 2, "3": 2}[strings.ToLower(r.Text(x.kind))]
	if !ok {
		return x.im.Fault(r, x.kind, fmt.Errorf("%s is no type of A&E department: 1, 2 or other", table.Quoted(r.Text(x.kind))))
	}
	return x.department(r, x.kinds[0], at, row)
}

// department reads the attendances at one kind of department, and those within 4
// hours.
func (x *aeReader) department(r importer.Row, k aeKind, at int, row *aeRow) error {
	if k.attended < 0 {
		return nil
	}
	a, err := x.im.Number(r, k.attended)
	if err != nil {
		return err
	}
	t, err := x.im.Number(r, k.timed)
	if err != nil {
		return err
	}
	for i, v := range []data.Number{a, t} {
		if v.Value < 0 {
			return x.im.Fault(r, []int{k.attended, k.timed}[i], fmt.Errorf("%w: %g", table.ErrNegativeCount, v.Value))
		}
	}
	row.printed[2*at], row.printed[2*at+1] = a, t
	row.counts[2*at] = a
	switch {
	case !a.Known || a.Value == 0:
		row.counts[2*at+1] = data.Number{Value: 0, Known: a.Known}
		return nil
	case !t.Known:
		row.untimed = true // the field test of new standards, from May 2019 on
		return nil
	case t.Value > a.Value:
		return x.im.Fault(r, k.timed, fmt.Errorf("more attendances timed than there were: %g", t.Value))
	case !k.within:
		t.Value = a.Value - t.Value
	}
	row.counts[2*at+1] = t
	return nil
}

// others reads waits on trolleys and admissions, and notes booked appointments.
func (x *aeReader) others(r importer.Row, row *aeRow, total bool) error {
	for _, s := range []struct {
		at   int
		cols []int
	}{{aeTrolley12, x.waited12}, {aeAdmissions, x.admitted}} {
		for _, c := range s.cols {
			v, err := x.im.Number(r, c)
			if err != nil {
				return err
			}
			if v.Known {
				row.counts[s.at] = data.Known(row.counts[s.at].Value + v.Value)
				row.printed[s.at] = row.counts[s.at]
			}
		}
	}
	for _, c := range x.booked {
		if v, err := x.im.Number(r, c); err != nil {
			return err
		} else if v.Value > 0 && !total {
			x.im.Result.Report.Note("booked appointments are not in ae_4h: the file counts them apart")
		}
	}
	return nil
}

func (x *aeReader) Finish() error {
	rep := &x.im.Result.Report
	if x.noCode > 0 {
		rep.LeftOut = append(rep.LeftOut, importer.LeftOut{Reason: "no organisation code", Rows: x.noCode})
	}
	if x.untimed > 0 {
		rep.Note("%d rows have attendances but no times (trusts in the field test of new standards, May 2019 to May 2023): no 4-hour figure for them", x.untimed)
	}
	for _, k := range x.sums.Keys() {
		s := x.sums.By[k]
		if k.Series == "england" {
			s.Check(x.im.Differs, "England")
			continue
		}
		n := s.Check(x.im.Differs, k.Entity)
		add := func(indicator string, num, den data.Number) {
			if num.Known && den.Known && den.Value > 0 {
				x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: indicator, Period: k.Period, Numerator: num, Denominator: den})
			}
		}
		// A trolley wait is the time from the decision to admit.
		add("ae_12h_trolley", n[aeTrolley12], n[aeAdmissions])
		if k.Series == "untimed" || x.sums.By[tally.Key{Entity: k.Entity, Period: k.Period, Series: "untimed"}] != nil {
			continue
		}
		all, within := data.Number{}, data.Number{}
		for at := range x.kinds {
			if n[2*at].Known {
				all, within = data.Known(all.Value+n[2*at].Value), data.Known(within.Value+n[2*at+1].Value)
			}
		}
		add("ae_4h", within, all)
		add("ae_4h_type1", n[1], n[0])
	}
	x.im.SettleFigures()
	return nil
}
