package data

import (
	"fmt"
	"strings"
)

// aeFormat is monthly A&E attendances and emergency admissions, by NHS England.
// Until about 2018 the files count attendances within 4 hours, later those over
// 4 hours; the row of totals has its mark in any of three columns. The long
// form of the R package NHSRdatasets is read too.
func aeFormat() *Format {
	return &Format{
		Name: "ae-monthly", Title: "NHS England, A&E attendances and emergency admissions, monthly CSV",
		Kinds: []FormatKind{IndicatorTable},
		layouts: []layout{
			{
				era: "A&E from 2019 (over 4 hours)",
				need: []string{
					"Period", "Org Code", "A&E attendances Type 1", "A&E attendances Type 2", "A&E attendances Other A&E Department",
					"Attendances over 4hrs Type 1", "Attendances over 4hrs Type 2", "Attendances over 4hrs Other Department",
				},
			},
			{
				era: "A&E 2018 to 2019 (over 4 hours)",
				need: []string{
					"Period", "Org Code", "Number of A&E attendances Type 1", "Number of A&E attendances Type 2", "Number of A&E attendances Other A&E Department",
					"Number of attendances over 4hrs Type 1",
				},
			},
			{
				era: "A&E to 2018 (within 4 hours)",
				need: []string{
					"Period", "Org Code", "Type 1 Departments - Major A&E - Total Attendances",
					"Type 1 Departments - Major A&E - Number of attendances within 4 hours",
				},
			},
			{era: "A&E in long form", need: []string{"period", "org_code", "type", "attendances", "breaches", "admissions"}},
		},
		open: func(im *importer) tableReader { return &aeReader{im: im} },
	}
}

// aeKind is one kind of department: where its attendances are, and those over
// or within 4 hours.
type aeKind struct {
	attended, timed int
	within          bool
}

type aeReader struct {
	im                          *importer
	months                      monthColumn
	period, code, parent        int
	kinds                       [3]aeKind // major, single specialty, other
	booked                      []int
	waited12, waited4, admitted []int
	kind                        int // the long form's column
	codes                       names
	sums                        sumTally
	seen                        map[sumKey]string // where an organisation's month was read
	untimed, noCode             int
}

func (x *aeReader) heading(h *sheetHeader) error {
	x.months.heading(x.im, h)
	x.period, x.code, x.parent = h.col("Period"), h.col("Org Code"), h.col("Parent Org")
	x.booked, x.waited12, x.waited4, x.admitted = nil, nil, nil, nil
	x.kinds = [3]aeKind{{-1, -1, false}, {-1, -1, false}, {-1, -1, false}}
	x.kind = -1
	if h.col("breaches") >= 0 && h.col("type") >= 0 {
		x.kind = h.col("type")
		x.kinds[0] = aeKind{h.col("attendances"), h.col("breaches"), false}
		x.admitted = []int{h.col("admissions")}
		return nil
	}
	for i, name := range h.names {
		k := Normalise(name)
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
			return fmt.Errorf("%w: a kind of department has attendances or times only", ErrMissingColumn)
		}
	}
	return nil
}

// The sums of an A&E series; each kind of department has two.
const (
	aeTrolley12  = 6
	aeAdmissions = 7
)

func (x *aeReader) row(r sheetRow) error {
	code := r.cell(x.code)
	total := sumName(string(code)) || sumName(r.text(x.period)) || sumName(r.text(x.parent)) && len(code) == 0
	if total {
		return x.take(r, "", "", true)
	}
	if len(code) == 0 {
		x.noCode++
		return nil
	}
	if reason := x.months.skip(x.im, r); reason != "" {
		x.im.out.Report.leave(reason)
		return nil
	}
	period, err := x.months.of(x.im, r)
	if err != nil {
		return err
	}
	// A month read twice, from a file and its revision, would count twice.
	kept := x.codes.kept(code)
	once := sumKey{entity: kept, period: period}
	if x.kind >= 0 {
		once.series = r.text(x.kind)
	}
	if at, ok := x.seen[once]; ok {
		return x.im.fault(r, x.code, fmt.Errorf("%w: %s in %s is at %s too", ErrDuplicate, kept, period, at))
	}
	if x.seen == nil {
		x.seen = map[sumKey]string{}
	}
	x.seen[once] = fmt.Sprintf("%s:%d", x.im.head.file, r.line)
	return x.take(r, kept, period, false)
}

// take adds a row to its organisation and to England, whose sums are held
// against the published ones. A row of totals often has no period: it belongs
// to its file.
func (x *aeReader) take(r sheetRow, code, period string, total bool) error {
	var n, printed [maxSums]Number // what counts, and what England's sums are held against
	untimed := false
	one := func(k aeKind, at int) error {
		if k.attended < 0 {
			return nil
		}
		a, err := x.im.number(r, k.attended)
		if err != nil {
			return err
		}
		t, err := x.im.number(r, k.timed)
		if err != nil {
			return err
		}
		for i, v := range []Number{a, t} {
			if v.Value < 0 {
				return x.im.fault(r, []int{k.attended, k.timed}[i], fmt.Errorf("%w: %g", ErrNegativeCount, v.Value))
			}
		}
		printed[2*at], printed[2*at+1] = a, t
		if !a.Known || a.Value == 0 {
			n[2*at], n[2*at+1] = a, Number{0, a.Known}
			return nil
		}
		n[2*at] = a
		if !t.Known {
			untimed = true // the field test of new standards, from May 2019 on
			return nil
		}
		if t.Value > a.Value {
			return x.im.fault(r, k.timed, fmt.Errorf("more attendances timed than there were: %g", t.Value))
		}
		if !k.within {
			t.Value = a.Value - t.Value
		}
		n[2*at+1] = t
		return nil
	}
	if x.kind >= 0 {
		at, ok := map[string]int{"1": 0, "2": 1, "other": 2, "3": 2}[strings.ToLower(r.text(x.kind))]
		if !ok {
			return x.im.fault(r, x.kind, fmt.Errorf("%s is no type of A&E department: 1, 2 or other", quoted(r.text(x.kind))))
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
			v, err := x.im.number(r, c)
			if err != nil {
				return err
			}
			if v.Known {
				n[i] = Known(n[i].Value + v.Value)
				printed[i] = n[i]
			}
		}
	}
	for _, c := range x.booked {
		if v, err := x.im.number(r, c); err != nil {
			return err
		} else if v.Value > 0 && !total {
			x.im.out.Report.note("booked appointments are not in ae_4h: the file counts them apart")
		}
	}
	x.im.out.Report.Used++
	england := sumKey{entity: "", period: x.im.head.file, series: "england"}
	if total {
		x.im.out.Report.Used--
		x.im.out.Report.leave("published total")
		x.sums.add(england, printed[:], true, x.im.head.file, r.line)
		return nil
	}
	if untimed {
		x.untimed++
	}
	series := "ae"
	if untimed {
		series = "untimed"
	}
	x.sums.add(sumKey{entity: code, period: period, series: series}, n[:], false, x.im.head.file, r.line)
	x.sums.add(england, printed[:], false, x.im.head.file, r.line)
	return nil
}

func (x *aeReader) finish() error {
	rep := &x.im.out.Report
	if x.noCode > 0 {
		rep.LeftOut = append(rep.LeftOut, LeftOut{"no organisation code", x.noCode})
	}
	if x.untimed > 0 {
		rep.note("%d rows have attendances but no times (trusts in the field test of new standards, May 2019 to May 2023): no 4-hour figure for them", x.untimed)
	}
	for _, k := range x.sums.keys() {
		s := x.sums.by[k]
		if k.series == "england" {
			s.check(x.im.differs, "England")
			continue
		}
		n := s.check(x.im.differs, k.entity)
		add := func(indicator string, num, den Number) {
			if num.Known && den.Known && den.Value > 0 {
				x.im.figure(Figure{Entity: k.entity, Indicator: indicator, Period: k.period, Numerator: num, Denominator: den})
			}
		}
		// A trolley wait is the time from the decision to admit.
		add("ae_12h_trolley", n[aeTrolley12], n[aeAdmissions])
		if k.series == "untimed" || x.sums.by[sumKey{entity: k.entity, period: k.period, series: "untimed"}] != nil {
			continue
		}
		all, within := Number{}, Number{}
		for at := range x.kinds {
			if n[2*at].Known {
				all, within = Known(all.Value+n[2*at].Value), Known(within.Value+n[2*at+1].Value)
			}
		}
		add("ae_4h", within, all)
		add("ae_4h_type1", n[1], n[0])
	}
	x.im.figures()
	return nil
}
