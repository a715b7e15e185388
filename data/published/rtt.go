package published

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
	"stpmap/data/internal/intern"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow/fault"
)

// rttFormat is referral to treatment waiting times, by NHS England: the full
// CSV extract (monthly; provider by commissioner by treatment function) in all
// its eras, and for indicators also the tables of one organisation that were
// published from 2010 to 2016.
func rttFormat() *importer.Format {
	return &importer.Format{
		Name: "rtt", Title: "NHS England, RTT waiting times, full CSV extract",
		Kinds: []importer.Kind{importer.FlowTable, importer.IndicatorTable},
		Layouts: []importer.Layout{
			{
				Era:  "RTT full extract",
				Need: []string{"Provider Org Code", "Commissioner Org Code", "RTT Part Type", "Total All"},
				Also: func(h *importer.Heading) bool { return len(rttBands(h)) > 0 },
				What: `"Gt 00 To 01 Weeks SUM 1" and so on`,
			},
			{
				Era:  "RTT by one organisation, 2010 to 2016",
				Need: []string{"Treatment Function Code", "Total within 18 weeks"},
				Also: func(h *importer.Heading) bool {
					return h.Column(rttEntities...) >= 0 && h.Column(rttTotals...) >= 0 && len(rttBands(h)) > 0
				},
				What: `of a commissioner or provider code and ">0-1" and so on`,
			},
		},
		Open: func(im *importer.Import) importer.Reader { return &rttReader{im: im} },
	}
}

var (
	rttEntities = []string{"CCG Code", "PCT Code", "Commissioner Code", "Provider Code", "Trust Code", "Org Code"}
	rttTotals   = []string{"Total number of incomplete pathways", "Total number of completed pathways", "Total (all)", "Total"}
	bandExtract = regexp.MustCompile(`(?i)^gt\s*(\d+)(?:\s*to\s*(\d+))?\s*weeks(?:\s*sum\s*1)?$`)
	bandTable   = regexp.MustCompile(`^>\s*(\d+)\s*-\s*(\d+)$`)
	bandLast    = regexp.MustCompile(`(?i)^(\d+)\s*(?:plus|\+)$`)
)

// rttBand is a column of patients who waited more than from and up to to
// weeks; to is 0 for the last, open band.
type rttBand struct{ col, from, to int }

func rttBands(h *importer.Heading) []rttBand {
	var bands []rttBand
	for i, name := range h.Names {
		name = strings.ReplaceAll(name, "_", " ")
		m := bandExtract.FindStringSubmatch(name)
		if m == nil {
			m = bandTable.FindStringSubmatch(name)
		}
		if m == nil {
			if l := bandLast.FindStringSubmatch(name); l != nil {
				m = []string{l[0], l[1], ""}
			}
		}
		if m == nil {
			continue
		}
		b := rttBand{col: i}
		b.from, _ = strconv.Atoi(m[1])
		if m[2] != "" {
			b.to, _ = strconv.Atoi(m[2])
		}
		bands = append(bands, b)
	}
	return bands
}

// rttParts are the parts of the return, and what each counts.
var rttParts = map[string]string{
	"PART_1A": "completed pathways, admitted",
	"PART_1B": "completed pathways, not admitted",
	"PART_2":  "incomplete pathways",
	"PART_2A": "incomplete pathways with a decision to admit",
	"PART_3":  "new pathways",
}

// ErrPart marks an RTT part that does not exist, or does not go with another.
var ErrPart = errors.New("RTT part")

// rttChoose checks the parts to count: completed pathways may be added up, the
// others stand alone (2A is part of 2, and who waits in one month waits in the
// next).
func rttChoose(asked, usual []string) ([]string, error) {
	if len(asked) == 0 {
		return usual, nil
	}
	var parts []string
	for _, a := range asked {
		p := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(a), " ", "_"))
		if !strings.HasPrefix(p, "PART_") {
			p = "PART_" + p
		}
		if rttParts[p] == "" {
			return nil, fmt.Errorf("%w: no %q; there are Part_1A, Part_1B, Part_2, Part_2A, Part_3", ErrPart, a)
		}
		if !slices.Contains(parts, p) {
			parts = append(parts, p)
		}
	}
	slices.Sort(parts)
	return parts, nil
}

type rttReader struct {
	im    *importer.Import
	parts []string

	// columns of the table at hand
	area, provider, part, function, functionName, period, all, unknown, entity, within int

	bands      []rttBand
	filePeriod string
	periods    map[string]string // as published: as we write it
	ofPart     map[string]string // a row's part and period: the group, "" for those not asked for
	group      []byte
	pairs      tally.Pairs
	sums       tally.Sums
	entities   intern.Names
	otherPeriod, otherPart,
	noCode,
	nonEnglish int
	bandsOff int
	offAt    *fault.Error
}

func (x *rttReader) Heading(h *importer.Heading) error {
	usual := []string{"PART_1A", "PART_1B"}
	if x.im.Kind == importer.IndicatorTable {
		usual = []string{"PART_2"}
	}
	asked := x.im.Options.Parts
	for _, c := range x.im.Options.Where { // a condition on the part chooses it
		if len(x.im.Options.Parts) == 0 && h.Column(c.Column) >= 0 && h.Column(c.Column) == h.Column("RTT Part Type") && c.Value != "*" {
			asked = append(asked, c.Value)
		}
	}
	parts, err := rttChoose(asked, usual)
	if err != nil {
		return err
	}
	if x.im.Kind == importer.FlowTable && len(parts) > 1 && !slices.Equal(parts, []string{"PART_1A", "PART_1B"}) {
		if slices.Contains(parts, "PART_2") && slices.Contains(parts, "PART_2A") {
			return fmt.Errorf("%w: Part_2A lies within Part_2: %w", ErrPart, importer.ErrSubset)
		}
		return fmt.Errorf("%w: only Part_1A and Part_1B may be added up: the others count the same patients again", ErrPart)
	}
	x.parts = parts
	x.area, x.provider = h.Column("Commissioner Org Code"), h.Column("Provider Org Code")
	x.part, x.all = h.Column("RTT Part Type"), h.Column("Total All")
	x.function, x.functionName = h.Column("Treatment Function Code"), h.Column("Treatment Function Name", "Treatment Function")
	x.period, x.unknown = h.Column("Period"), h.Column("Patients with unknown clock start date")
	x.bands = rttBands(h)
	x.entity, x.within = -1, -1
	if x.part < 0 {
		if x.im.Kind == importer.FlowTable {
			return errors.New("this RTT table has commissioners or providers, not both: it holds no flows")
		}
		x.entity, x.all, x.within = h.Column(rttEntities...), h.Column(rttTotals...), h.Column("Total within 18 weeks")
	}
	x.filePeriod, _ = calendar.PeriodIn(h.File)
	x.ofPart, x.periods = map[string]string{}, map[string]string{}
	return nil
}

func (x *rttReader) isTotal(r importer.Row) bool {
	if x.function < 0 {
		return false
	}
	switch f := r.Cell(x.function); string(f) {
	case "C_999", "999", "IP999", "AP999", "NP999", "c_999":
		return true
	case "":
		return table.IsSum(r.Text(x.functionName))
	}
	return false
}

// chosen gives the part of a row, and its period as we write it; ok is false
// where the row is not asked for.
func (x *rttReader) chosen(r importer.Row) (period, part string, ok bool, err error) {
	if x.entity >= 0 {
		return x.filePeriod, "PART_2", x.wanted(x.filePeriod), nil
	}
	raw := r.Cell(x.part)
	part, known := x.ofPart[string(raw)]
	if !known {
		p := strings.ToUpper(strings.ReplaceAll(string(raw), " ", "_"))
		if rttParts[p] == "" {
			return "", "", false, x.im.Fault(r, x.part, fmt.Errorf("%w: %s is none of Part_1A, Part_1B, Part_2, Part_2A, Part_3", ErrPart, table.Quoted(string(raw))))
		}
		if slices.Contains(x.parts, p) {
			part = p
		}
		x.ofPart[string(raw)] = part
	}
	if part == "" {
		x.otherPart++
		return "", "", false, nil
	}
	period = x.filePeriod
	if x.period >= 0 {
		raw := r.Cell(x.period)
		p, known := x.periods[string(raw)]
		if !known {
			var ok bool
			if p, ok = calendar.Period(string(raw)); !ok {
				return "", "", false, x.im.Fault(r, x.period, fmt.Errorf("%w: %s is none", importer.ErrPeriod, table.Quoted(string(raw))))
			}
			x.periods[string(raw)] = p
		}
		period = p
	}
	return period, part, x.wanted(period), nil
}

func (x *rttReader) wanted(period string) bool {
	if !x.im.Wanted(period) {
		x.otherPeriod++
		return false
	}
	return true
}

func (x *rttReader) Row(r importer.Row) error {
	period, part, ok, err := x.chosen(r)
	if err != nil || !ok {
		return err
	}
	if x.im.Kind == importer.IndicatorTable {
		return x.indicator(r, period, part)
	}
	area, provider := r.Cell(x.area), r.Cell(x.provider)
	a, err := x.im.Place(r, x.area)
	if err != nil {
		return err
	}
	p, err := x.im.Place(r, x.provider)
	switch {
	case err != nil:
		return err
	case a == table.SumOfRows || p == table.SumOfRows || a == table.PerhapsSum || p == table.PerhapsSum || a == table.WithoutCode && p == table.WithoutCode:
		x.noCode++
		return nil
	case a == table.WithoutCode, p == table.WithoutCode:
		return x.im.Fault(r, x.area, table.ErrMissingCode)
	}
	c, absent, err := x.im.Count(r, x.all)
	if err != nil || absent {
		return err
	}
	x.group = append(append(append(x.group[:0], period...), ' '), part...)
	x.im.Result.Report.Used++
	x.pairs.Add(area, provider, x.group, c, x.isTotal(r), x.im.Heading.File, r.Line)
	return nil
}

// The sums of an RTT series.
const (
	rttWithin18 = iota
	rttOver52
	rttAll
)

func (x *rttReader) indicator(r importer.Row, period, part string) error {
	col, other := x.provider, x.area
	switch {
	case x.entity >= 0:
		col, other = x.entity, -1
	case x.im.Options.Level == "commissioner":
		col, other = x.area, x.provider
	}
	code := r.Cell(col)
	switch kind, err := x.im.Place(r, col); {
	case err != nil:
		return err
	case kind != table.APlace:
		x.noCode++
		return nil
	}
	if x.outsideEngland(r) {
		x.nonEnglish++
		return nil
	}
	n, err := x.waits(r)
	if err != nil {
		return err
	}
	if err := x.hold(r, string(code), n); err != nil {
		return err
	}
	x.im.Result.Report.Used++
	entity := x.entities.Kept(code)
	x.sums.Add(tally.Key{Entity: entity, Period: period, Series: part, Other: x.entities.Kept(r.Cell(other))}, n[:], x.isTotal(r), x.im.Heading.File, r.Line)
	return nil
}

// outsideEngland says whether a row of indicators is of a commissioner outside
// England, which England's figures against the standard leave out: NHS England,
// recording and reporting RTT waiting times, guidance on performance by provider.
func (x *rttReader) outsideEngland(r importer.Row) bool {
	if x.im.Options.NonEnglish || x.area < 0 {
		return false
	}
	switch table.OutsideOf(string(r.Cell(x.area))) {
	case "Wales", "Scotland", "Northern Ireland", "commissioned outside England":
		return true
	}
	return false
}

// waits adds up the bands of a row; a blank band holds nobody.
func (x *rttReader) waits(r importer.Row) (n [3]data.Number, err error) {
	n = [3]data.Number{data.Known(0), data.Known(0), data.Known(0)}
	for _, b := range x.bands {
		c, err := x.im.Number(r, b.col)
		if err != nil {
			return n, err
		}
		if c.Value < 0 {
			return n, x.im.Fault(r, b.col, fmt.Errorf("%w: %s", table.ErrNegativeCount, r.Text(b.col)))
		}
		n[rttAll].Value += c.Value
		if b.to > 0 && b.to <= 18 {
			n[rttWithin18].Value += c.Value
		}
		if b.from >= 52 {
			n[rttOver52].Value += c.Value
		}
	}
	return n, nil
}

// hold compares the sums of the bands with those that are printed in the row. The
// bands hold all but those whose clock start is unknown.
func (x *rttReader) hold(r importer.Row, code string, n [3]data.Number) error {
	all, err := x.im.Number(r, x.all)
	if err != nil {
		return err
	}
	unknown, err := x.im.Number(r, x.unknown)
	if err != nil {
		return err
	}
	if all.Known && n[rttAll].Value+unknown.Value != all.Value {
		x.bandsOff++
		if x.offAt == nil {
			line, column := r.Position(x.all)
			x.offAt = &fault.Error{File: x.im.Heading.File, Line: line, Column: column, Err: fmt.Errorf("%w: bands of weeks of %s", importer.ErrTotal, code)}
		}
	}
	if x.within >= 0 {
		w, err := x.im.Number(r, x.within)
		if err != nil {
			return err
		}
		if w.Known && w.Value != n[rttWithin18].Value {
			x.im.Differs(x.im.Heading.File, r.Line, fmt.Sprintf("bands up to 18 weeks of %s", code))
		}
	}
	return nil
}

func (x *rttReader) Finish() error {
	rep := &x.im.Result.Report
	leave := func(reason string, n int) {
		if n > 0 {
			rep.LeftOut = append(rep.LeftOut, importer.LeftOut{Reason: reason, Rows: n})
		}
	}
	leave("other part of the return", x.otherPart)
	leave("other period", x.otherPeriod)
	leave("sum over organisations, without a code", x.noCode)
	leave("commissioner outside England, whom the standard does not count; --non-english brings them in", x.nonEnglish)
	if x.im.Kind == importer.FlowTable {
		if err := x.onePeriod(); err != nil {
			return err
		}
		rep.Note("counted: %s", x.described())
		x.im.Result.Flows = x.pairs.Records(x.im.Differs)
		x.im.CountOutside()
		return nil
	}
	if x.offAt != nil {
		rep.Differences = append(rep.Differences, x.offAt)
	}
	for _, k := range x.sums.Checked(x.im.Differs) {
		n := k.N
		name := map[string]string{"PART_1A": "_admitted", "PART_1B": "_nonadmitted", "PART_2A": "_dta", "PART_3": "_new"}[k.Series]
		if n[rttAll].Value <= 0 {
			continue // nobody waits: no share
		}
		x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: "rtt_18w" + name, Period: k.Period, Numerator: n[rttWithin18], Denominator: n[rttAll]})
		x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: "rtt_52w" + name, Period: k.Period, Numerator: n[rttOver52], Denominator: n[rttAll]})
	}
	x.im.SettleFigures()
	return nil
}

func (x *rttReader) described() string {
	var parts []string
	for _, p := range x.parts {
		parts = append(parts, rttParts[p])
	}
	return strings.Join(parts, "; ")
}

// onePeriod refuses to add the waiting lists of several months: who waits in
// one waits in the next.
func (x *rttReader) onePeriod() error {
	if !slices.Contains(x.parts, "PART_2") && !slices.Contains(x.parts, "PART_2A") || len(x.pairs.Groups.List) < 2 {
		return nil
	}
	return &fault.Error{File: x.im.Heading.File, Err: fmt.Errorf("%w: incomplete pathways of %d months must not be added; choose one with --period", importer.ErrPeriod, len(x.pairs.Groups.List))}
}
