package published

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// tacFormat is the trusts' accounts (TAC): two workbooks a year, of NHS trusts
// and of foundation trusts, in long form. They have names, not codes.
func tacFormat() *importer.Format {
	return &importer.Format{
		Name: "tac", Title: "NHS England, trust accounts consolidation (TAC) data, published",
		Kinds:  []importer.Kind{importer.IndicatorTable},
		Sheets: []string{"All data", "All Data", "Data"},
		Layouts: []importer.Layout{{
			Era:  "trust accounts",
			Need: []string{"WorkSheetName", "MainCode", "SubCode"},
			Also: func(h *importer.Heading) bool { return h.Column(tacNames...) >= 0 && h.Column(tacValues...) >= 0 },
			What: "of an organisation's name and of an amount",
		}},
		Open: func(im *importer.Import) importer.Reader { return &tacReader{im: im} },
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
	im                             *importer.Import
	name, sheet, main, sub, amount int
	period                         string
	by                             map[[2]string]*[3]data.Number
	order                          [][2]string
}

func (x *tacReader) Heading(h *importer.Heading) error {
	x.name, x.sheet = h.Column(tacNames...), h.Column("WorkSheetName")
	x.main, x.sub, x.amount = h.Column("MainCode"), h.Column("SubCode"), h.Column(tacValues...)
	x.period, _ = calendar.PeriodIn(h.File)
	if p := x.im.Options.Period; p != "" {
		x.period = p
	}
	if x.by == nil {
		x.by = map[[2]string]*[3]data.Number{}
	}
	return nil
}

func (x *tacReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	i := slices.Index([]string{tacPatientCare, tacOtherIncome, tacExpenses}, string(r.Cell(x.sub)))
	switch {
	case i < 0:
		rep.LeaveOut("other line of the accounts")
		return nil
	case !strings.HasPrefix(strings.ToUpper(r.Text(x.sheet)), "TAC02"):
		rep.LeaveOut("other sheet of the accounts")
		return nil
	case !strings.HasSuffix(strings.ToUpper(r.Text(x.main)), "CY01"):
		rep.LeaveOut("other year or column of the accounts")
		return nil
	}
	name := r.Text(x.name)
	if name == "" {
		return x.im.Fault(r, x.name, table.ErrMissingCode)
	}
	n, err := x.im.Number(r, x.amount)
	if err != nil {
		return err
	}
	if !n.Known {
		rep.LeaveOut("no amount")
		return nil
	}
	rep.Used++
	return x.add(r, name, i, n)
}

// add keeps line i of an organisation's accounts, which it has once.
func (x *tacReader) add(r importer.Row, name string, i int, n data.Number) error {
	k := [2]string{name, x.period}
	s := x.by[k]
	if s == nil {
		s = new([3]data.Number)
		x.by[k] = s
		x.order = append(x.order, k)
	}
	if s[i].Known {
		return x.im.Fault(r, x.sub, fmt.Errorf("%w: %s of %s", table.ErrDuplicate, r.Text(x.sub), table.Quoted(name)))
	}
	s[i] = n
	return nil
}

func (x *tacReader) Finish() error {
	var unknown []string
	for _, k := range x.order {
		s := x.by[k]
		income := data.Number{Value: s[0].Value + s[1].Value, Known: s[0].Known || s[1].Known}
		if !income.Known || !s[2].Known || income.Value <= 0 {
			x.im.Result.Report.Note("%s: income or expenses are missing", table.Quoted(k[0]))
			continue
		}
		code, ok := x.im.Options.Names[codebook.OrganisationNameKey(k[0])]
		if !ok {
			code = k[0]
			unknown = append(unknown, k[0])
		}
		// Expenses are printed below 0; files that print them above mean the
		// same.
		surplus := income.Value - math.Abs(s[2].Value)
		x.im.AddFigure(data.Figure{Entity: code, Indicator: "finance", Period: k[1], Numerator: data.Known(surplus), Denominator: income})
	}
	if len(unknown) > 0 {
		x.im.Result.Report.Note("%d organisations have no code, as %s: give their names' codes with --organisations", len(unknown), table.Quoted(unknown[0]))
	}
	x.im.Result.Report.Note("finance is the operating surplus or deficit over operating income: control totals are not in these accounts")
	x.im.SettleFigures()
	return nil
}
