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
		k := table.Normalise(name)
		kind := -1
		switch {
		case strings.Contains(k, "type1"):
			kind = 0
		case strings.Contains(k, "type2"):
			kind = 1
		case strings.Contains(k, "other") && strings.Contains(k, "department"):
			kind = 2
		}
		switch {
		case strings.Contains(k, "booked"):
			if !strings.Contains(k, "over4h") {
				x.booked = append(x.booked, i)
			}
		case strings.Contains(k, "fromdta"), strings.Contains(k, "decisiontoadmit"):
			switch {
			case strings.Contains(k, "12+"), strings.Contains(k, "over12"), strings.Contains(k, "morethan12"):
				x.waited12 = append(x.waited12, i)
			default:
				x.waited4 = append(x.waited4, i)
			}
		case strings.Contains(k, "admissions"):
			if strings.Contains(k, "via") {
				x.admitted = append(x.admitted, i)
			}
		case kind < 0:
		case strings.Contains(k, "over4h"), strings.Contains(k, "greaterthan4h"):
			x.kinds[kind].timed, x.kinds[kind].within = i, false
		case strings.Contains(k, "within4h"):
			x.kinds[kind].timed, x.kinds[kind].within = i, true
		case strings.Contains(k, "attendances") && !strings.Contains(k, "%"):
			x.kinds[kind].attended = i
		}
	}
	for _, k := range x.kinds {
		if (k.attended < 0) != (k.timed < 0) {
			return fmt.Errorf("%w: a kind of department has attendances or times only", table.ErrMissingColumn)
		}
	}
	return nil
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

// take adds a row to its organisation and to England, whose sums are held
// against the published ones. A row of totals often has no period: it belongs
// to its file.
func (x *aeReader) take(r importer.Row, code, period string, total bool) error {
	var n, printed [tally.MaxNumbers]data.Number // what counts, and what England's sums are held against
	untimed := false
	one := func(k aeKind, at int) error {
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
		printed[2*at], printed[2*at+1] = a, t
		if !a.Known || a.Value == 0 {
			n[2*at], n[2*at+1] = a, data.Number{Value: 0, Known: a.Known}
			return nil
		}
		n[2*at] = a
		if !t.Known {
			untimed = true // the field test of new standards, from May 2019 on
			return nil
		}
		if t.Value > a.Value {
			return x.im.Fault(r, k.timed, fmt.Errorf("more attendances timed than there were: %g", t.Value))
		}
		if !k.within {
			t.Value = a.Value - t.Value
		}
		n[2*at+1] = t
		return nil
	}
	if x.kind >= 0 {
		at, ok := map[string]int{"1": 0, "2": 1, "other": 2, "3": 2}[strings.ToLower(r.Text(x.kind))]
		if !ok {
			return x.im.Fault(r, x.kind, fmt.Errorf("%s is no type of A&E department: 1, 2 or other", table.Quoted(r.Text(x.kind))))
		}
		if err := one(x.kinds[0], at); err != nil {
			return err
		}
	} else {
		for at, k := range x.kinds {
			if err := one(k, at); err != nil {
				return err
			}
		}
	}
	for i, cols := range map[int][]int{aeTrolley12: x.waited12, aeAdmissions: x.admitted} {
		for _, c := range cols {
			v, err := x.im.Number(r, c)
			if err != nil {
				return err
			}
			if v.Known {
				n[i] = data.Known(n[i].Value + v.Value)
				printed[i] = n[i]
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
	x.im.Result.Report.Used++
	england := tally.Key{Entity: "", Period: x.im.Heading.File, Series: "england"}
	if total {
		x.im.Result.Report.Used--
		x.im.Result.Report.LeaveOut("published total")
		x.sums.Add(england, printed[:], true, x.im.Heading.File, r.Line)
		return nil
	}
	if untimed {
		x.untimed++
	}
	series := "ae"
	if untimed {
		series = "untimed"
	}
	x.sums.Add(tally.Key{Entity: code, Period: period, Series: series}, n[:], false, x.im.Heading.File, r.Line)
	x.sums.Add(england, printed[:], false, x.im.Heading.File, r.Line)
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
