package published

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// cwtFormat is cancer waiting times by provider or by commissioner, by NHS
// England. Rows for all cancers, all routes and all treatments stand among the
// rows that they sum.
func cwtFormat() *importer.Format {
	return &importer.Format{
		Name: "cwt", Title: "NHS England, cancer waiting times, data extract",
		Kinds: []importer.Kind{importer.IndicatorTable},
		Layouts: []importer.Layout{
			{Era: "cancer waiting times from 2024", Need: []string{"ORG CODE", "MONTH", "CANCER TYPE", "STANDARD", "TOTAL TREATED", "WITHIN STANDARD"}},
			{Era: "cancer waiting times to 2023", Need: []string{"PERIOD", "STANDARD", "ORG CODE", "CANCER TYPE", "TOTAL", "WITHIN STANDARD"}},
		},
		Open: func(im *importer.Import) importer.Reader { return &cwtReader{im: im} },
	}
}

type cwtReader struct {
	im                                     *importer.Import
	months                                 importer.MonthColumn
	org, standard, total, within, breaches int
	dims                                   []int // cancer, route, treatment
	rows                                   map[tally.Key]*[8]cwtSum
}

// cwtSum is what rows of one shape add up to: those that name a cancer, a
// route, a treatment, or all of them.
type cwtSum struct {
	total, within float64
	some          bool
	file          string
	line          int
}

func (x *cwtReader) Heading(h *importer.Heading) error {
	x.months.Heading(x.im, h, "MONTH")
	x.org, x.standard = h.Column("ORG CODE"), h.Column("STANDARD")
	x.total, x.within, x.breaches = h.Column("TOTAL TREATED", "TOTAL"), h.Column("WITHIN STANDARD"), h.Column("BREACHES")
	x.dims = []int{h.Column("CANCER TYPE"), h.Column("STAGE/ROUTE", "STAGE OR ROUTE", "REFERRAL ROUTE", "ROUTE"), h.Column("TREATMENT MODALITY", "MODALITY")}
	return nil
}

// cwtStandard gives the indicator of a standard, "" for an unknown one.
func cwtStandard(s string) string {
	k := table.Normalise(s)
	switch {
	case k == "fds" || strings.HasPrefix(k, "28day"):
		return "cancer_28d_fds"
	case k == "dtt" || strings.HasPrefix(k, "31day"):
		return "cancer_31d"
	case strings.Contains(k, "screening"):
		return "cancer_62d_screen"
	case k == "rtt" || strings.HasPrefix(k, "62day"):
		return "cancer_62d"
	case k == "2ww" || strings.HasPrefix(k, "2week") || strings.HasPrefix(k, "twoweek"):
		return "cancer_2ww"
	}
	return ""
}

func (x *cwtReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	code := r.Text(x.org)
	if kind, err := x.im.Place(r, x.org); err != nil {
		return err
	} else if kind != table.APlace || strings.HasPrefix(strings.ToUpper(code), "ALL ") {
		rep.LeaveOut("sum over organisations")
		return nil
	}
	if reason := x.months.Skip(x.im, r); reason != "" {
		rep.LeaveOut(reason)
		return nil
	}
	period, err := x.months.Of(x.im, r)
	if err != nil {
		return err
	}
	indicator := cwtStandard(r.Text(x.standard))
	if indicator == "" {
		return x.im.Fault(r, x.standard, fmt.Errorf("%s is none of the standards FDS, DTT, RTT or the 28, 31 and 62 days", table.Quoted(r.Text(x.standard))))
	}
	var n [3]data.Number
	for i, c := range []int{x.total, x.within, x.breaches} {
		if n[i], err = x.im.Number(r, c); err != nil {
			return err
		}
	}
	total, within, breaches := n[0], n[1], n[2]
	if !total.Known || !within.Known {
		rep.LeaveOut("no figures in the row")
		return nil
	}
	if within.Value < 0 || within.Value > total.Value {
		return x.im.Fault(r, x.within, fmt.Errorf("%s within the standard, more than there are or fewer than none", r.Text(x.within)))
	}
	if breaches.Known && math.Abs(within.Value+breaches.Value-total.Value) > tally.Slack(total.Value) {
		x.im.Differs(x.im.Heading.File, r.Line, "within the standard and breaches of "+code)
	}
	x.add(r, tally.Key{Entity: code, Period: period, Series: indicator}, total.Value, within.Value)
	return nil
}

// shape has a bit for each dimension that a row names no part of.
func (x *cwtReader) shape(r importer.Row) int {
	shape := 0
	for i, c := range x.dims {
		v := strings.ToUpper(r.Text(c))
		if c < 0 || v == "" || v == "ALL" || strings.HasPrefix(v, "ALL ") || table.IsSum(v) {
			shape |= 1 << i
		}
	}
	return shape
}

// add counts a row among those of its shape.
func (x *cwtReader) add(r importer.Row, k tally.Key, total, within float64) {
	if x.rows == nil {
		x.rows = map[tally.Key]*[8]cwtSum{}
	}
	s := x.rows[k]
	if s == nil {
		s = new([8]cwtSum)
		x.rows[k] = s
	}
	c := &s[x.shape(r)]
	c.total, c.within, c.some = c.total+total, c.within+within, true
	c.file, c.line = x.im.Heading.File, r.Line
	x.im.Result.Report.Used++
}

// Finish takes for each organisation the rows that name most, and holds those
// that sum them against these.
func (x *cwtReader) Finish() error {
	keys := make([]tally.Key, 0, len(x.rows))
	for k := range x.rows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b tally.Key) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Series, b.Series), strings.Compare(a.Period, b.Period))
	})
	for _, k := range keys {
		shapes := x.rows[k]
		best := -1
		for i := range shapes {
			if shapes[i].some && (best < 0 || bits.OnesCount(uint(i)) < bits.OnesCount(uint(best))) {
				best = i
			}
		}
		b := shapes[best]
		for i, s := range shapes {
			// A shape sums the best one where it names nothing that that one
			// does not.
			if s.some && i != best && i&best == best && (math.Abs(s.total-b.total) > tally.Slack(b.total) || math.Abs(s.within-b.within) > tally.Slack(b.within)) {
				x.im.Differs(s.file, s.line, fmt.Sprintf("%s, %s, %s", k.Entity, k.Series, k.Period))
			}
		}
		if b.total > 0 {
			x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: k.Series, Period: k.Period, Numerator: data.Known(b.within), Denominator: data.Known(b.total)})
		}
	}
	x.im.SettleFigures()
	return nil
}
