package data

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// cwtFormat is cancer waiting times by provider or by commissioner, by NHS
// England. Rows for all cancers, all routes and all treatments stand among the
// rows that they sum.
func cwtFormat() *Format {
	return &Format{
		Name: "cwt", Title: "NHS England, cancer waiting times, data extract",
		Kinds: []FormatKind{IndicatorTable},
		layouts: []layout{
			{era: "cancer waiting times from 2024", need: []string{"ORG CODE", "MONTH", "CANCER TYPE", "STANDARD", "TOTAL TREATED", "WITHIN STANDARD"}},
			{era: "cancer waiting times to 2023", need: []string{"PERIOD", "STANDARD", "ORG CODE", "CANCER TYPE", "TOTAL", "WITHIN STANDARD"}},
		},
		open: func(im *importer) tableReader { return &cwtReader{im: im} },
	}
}

type cwtReader struct {
	im                                     *importer
	months                                 monthColumn
	org, standard, total, within, breaches int
	dims                                   []int // cancer, route, treatment
	rows                                   map[sumKey]*[8]cwtSum
}

// cwtSum is what rows of one shape add up to: those that name a cancer, a
// route, a treatment, or all of them.
type cwtSum struct {
	total, within float64
	some          bool
	file          string
	line          int
}

func (x *cwtReader) heading(h *sheetHeader) error {
	x.months.heading(x.im, h, "MONTH")
	x.org, x.standard = h.col("ORG CODE"), h.col("STANDARD")
	x.total, x.within, x.breaches = h.col("TOTAL TREATED", "TOTAL"), h.col("WITHIN STANDARD"), h.col("BREACHES")
	x.dims = []int{h.col("CANCER TYPE"), h.col("STAGE/ROUTE", "STAGE OR ROUTE", "REFERRAL ROUTE", "ROUTE"), h.col("TREATMENT MODALITY", "MODALITY")}
	return nil
}

// cwtStandard gives the indicator of a standard, "" for an unknown one.
func cwtStandard(s string) string {
	k := Normalise(s)
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

func (x *cwtReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	code := r.text(x.org)
	if code == "" || sumName(code) || strings.HasPrefix(strings.ToUpper(code), "ALL ") {
		rep.leave("sum over organisations")
		return nil
	}
	if reason := x.months.skip(x.im, r); reason != "" {
		rep.leave(reason)
		return nil
	}
	period, err := x.months.of(x.im, r)
	if err != nil {
		return err
	}
	indicator := cwtStandard(r.text(x.standard))
	if indicator == "" {
		return x.im.fault(r, x.standard, fmt.Errorf("%s is none of the standards FDS, DTT, RTT or the 28, 31 and 62 days", quoted(r.text(x.standard))))
	}
	total, err := x.im.number(r, x.total)
	if err != nil {
		return err
	}
	within, err := x.im.number(r, x.within)
	if err != nil {
		return err
	}
	breaches, err := x.im.number(r, x.breaches)
	if err != nil {
		return err
	}
	if !total.Known || !within.Known {
		rep.leave("no figures in the row")
		return nil
	}
	if within.Value < 0 || within.Value > total.Value {
		return x.im.fault(r, x.within, fmt.Errorf("%s within the standard, more than there are or fewer than none", r.text(x.within)))
	}
	if breaches.Known && math.Abs(within.Value+breaches.Value-total.Value) > sumSlack(total.Value) {
		x.im.differs(x.im.head.file, r.line, "within the standard and breaches of "+code)
	}
	shape := 0
	for i, c := range x.dims {
		v := strings.ToUpper(r.text(c))
		if c < 0 || v == "" || v == "ALL" || strings.HasPrefix(v, "ALL ") || sumName(v) {
			shape |= 1 << i
		}
	}
	k := sumKey{entity: code, period: period, series: indicator}
	if x.rows == nil {
		x.rows = map[sumKey]*[8]cwtSum{}
	}
	s := x.rows[k]
	if s == nil {
		s = new([8]cwtSum)
		x.rows[k] = s
	}
	c := &s[shape]
	c.total, c.within, c.some = c.total+total.Value, c.within+within.Value, true
	c.file, c.line = x.im.head.file, r.line
	rep.Used++
	return nil
}

// finish takes for each organisation the rows that name most, and holds those
// that sum them against these.
func (x *cwtReader) finish() error {
	keys := make([]sumKey, 0, len(x.rows))
	for k := range x.rows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b sumKey) int {
		return cmp.Or(strings.Compare(a.entity, b.entity), strings.Compare(a.series, b.series), strings.Compare(a.period, b.period))
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
			if s.some && i != best && i&best == best && (math.Abs(s.total-b.total) > sumSlack(b.total) || math.Abs(s.within-b.within) > sumSlack(b.within)) {
				x.im.differs(s.file, s.line, fmt.Sprintf("%s, %s, %s", k.entity, k.series, k.period))
			}
		}
		if b.total > 0 {
			x.im.figure(Figure{Entity: k.entity, Indicator: k.series, Period: k.period, Numerator: Known(b.within), Denominator: Known(b.total)})
		}
	}
	x.im.figures()
	return nil
}
