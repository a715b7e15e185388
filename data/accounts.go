package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// tacFormat is the trusts' accounts (TAC): two workbooks a year, of NHS trusts
// and of foundation trusts, in long form. They have names, not codes.
func tacFormat() *Format {
	return &Format{
		Name: "tac", Title: "NHS England, trust accounts consolidation (TAC) data, published",
		Kinds:  []FormatKind{IndicatorTable},
		sheets: []string{"All data", "All Data", "Data"},
		layouts: []layout{{
			era:  "trust accounts",
			need: []string{"WorkSheetName", "MainCode", "SubCode"},
			also: func(h *sheetHeader) bool { return h.col(tacNames...) >= 0 && h.col(tacValues...) >= 0 },
			what: "of an organisation's name and of an amount",
		}},
		open: func(im *importer) tableReader { return &tacReader{im: im} },
	}
}

var (
	tacNames  = []string{"OrganisationName", "OrgName", "ProviderName", "Organisation Name"}
	tacValues = []string{"Total", "ValueNumber", "Amount", "Value"}
)

// Lines of the statement of comprehensive income (TAC02 SoCI).
const (
	tacPatientCare = "SCI0100A" // operating income from patient care activities
	tacOtherIncome = "SCI0110A" // other operating income
	tacExpenses    = "SCI0125A" // operating expenses, printed below 0
)

type tacReader struct {
	im                             *importer
	name, sheet, main, sub, amount int
	period                         string
	by                             map[[2]string]*[3]Number
	order                          [][2]string
}

func (x *tacReader) heading(h *sheetHeader) error {
	x.name, x.sheet = h.col(tacNames...), h.col("WorkSheetName")
	x.main, x.sub, x.amount = h.col("MainCode"), h.col("SubCode"), h.col(tacValues...)
	x.period, _ = periodIn(h.file)
	if p := x.im.opts.Period; p != "" {
		x.period = p
	}
	if x.by == nil {
		x.by = map[[2]string]*[3]Number{}
	}
	return nil
}

func (x *tacReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	i := slices.Index([]string{tacPatientCare, tacOtherIncome, tacExpenses}, string(r.cell(x.sub)))
	if i < 0 {
		rep.leave("other line of the accounts")
		return nil
	}
	if !strings.HasPrefix(strings.ToUpper(r.text(x.sheet)), "TAC02") {
		rep.leave("other sheet of the accounts")
		return nil
	}
	if m := strings.ToUpper(r.text(x.main)); !strings.HasSuffix(m, "CY01") {
		rep.leave("other year or column of the accounts")
		return nil
	}
	name := r.text(x.name)
	if name == "" {
		return x.im.fault(r, x.name, ErrMissingCode)
	}
	n, err := x.im.number(r, x.amount)
	if err != nil {
		return err
	}
	if !n.Known {
		rep.leave("no amount")
		return nil
	}
	rep.Used++
	k := [2]string{name, x.period}
	s := x.by[k]
	if s == nil {
		s = new([3]Number)
		x.by[k] = s
		x.order = append(x.order, k)
	}
	if s[i].Known {
		return x.im.fault(r, x.sub, fmt.Errorf("%w: %s of %s", ErrDuplicate, r.text(x.sub), quoted(name)))
	}
	s[i] = n
	return nil
}

func (x *tacReader) finish() error {
	var unknown []string
	for _, k := range x.order {
		s := x.by[k]
		income := Number{s[0].Value + s[1].Value, s[0].Known || s[1].Known}
		if !income.Known || !s[2].Known || income.Value <= 0 {
			x.im.out.Report.note("%s: income or expenses are missing", quoted(k[0]))
			continue
		}
		code, ok := x.im.opts.Names[OrganisationNameKey(k[0])]
		if !ok {
			code = k[0]
			unknown = append(unknown, k[0])
		}
		// Expenses are printed below 0; files that print them above mean the
		// same.
		surplus := income.Value - math.Abs(s[2].Value)
		x.im.figure(Figure{Entity: code, Indicator: "finance", Period: k[1], Numerator: Known(surplus), Denominator: income})
	}
	if len(unknown) > 0 {
		x.im.out.Report.note("%d organisations have no code, as %s: give their names' codes with --organisations", len(unknown), quoted(unknown[0]))
	}
	x.im.out.Report.note("finance is the operating surplus or deficit over operating income: control totals are not in these accounts")
	x.im.figures()
	return nil
}
