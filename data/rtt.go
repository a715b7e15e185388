package data

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rttFormat is referral to treatment waiting times, by NHS England: the full
// CSV extract (monthly; provider by commissioner by treatment function) in all
// its eras, and for indicators also the tables of one organisation that were
// published from 2010 to 2016.
func rttFormat() *Format {
	return &Format{
		Name: "rtt", Title: "NHS England, RTT waiting times, full CSV extract",
		Kinds: []FormatKind{FlowTable, IndicatorTable},
		layouts: []layout{
			{
				era:  "RTT full extract",
				need: []string{"Provider Org Code", "Commissioner Org Code", "RTT Part Type", "Total All"},
				also: func(h *sheetHeader) bool { return len(rttBands(h)) > 0 },
				what: `"Gt 00 To 01 Weeks SUM 1" and so on`,
			},
			{
				era:  "RTT by one organisation, 2010 to 2016",
				need: []string{"Treatment Function Code", "Total within 18 weeks"},
				also: func(h *sheetHeader) bool {
					return h.col(rttEntities...) >= 0 && h.col(rttTotals...) >= 0 && len(rttBands(h)) > 0
				},
				what: `of a commissioner or provider code and ">0-1" and so on`,
			},
		},
		open: func(im *importer) tableReader { return &rttReader{im: im} },
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

func rttBands(h *sheetHeader) []rttBand {
	var bands []rttBand
	for i, name := range h.names {
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
	im    *importer
	parts []string

	// columns of the table at hand
	area, provider, part, function, functionName, period, all, unknown, entity, within int

	bands      []rttBand
	filePeriod string
	periods    map[string]string // as published: as we write it
	ofPart     map[string]string // a row's part and period: the group, "" for those not asked for
	group      []byte
	pairs      pairTally
	sums       sumTally
	entities   names
	otherPeriod, otherPart,
	noCode int
	bandsOff int
	offAt    *InputError
}

func (x *rttReader) heading(h *sheetHeader) error {
	usual := []string{"PART_1A", "PART_1B"}
	if x.im.kind == IndicatorTable {
		usual = []string{"PART_2"}
	}
	asked := x.im.opts.Parts
	for _, c := range x.im.opts.Where { // a condition on the part chooses it
		if len(x.im.opts.Parts) == 0 && h.col(c.Column) >= 0 && h.col(c.Column) == h.col("RTT Part Type") && c.Value != "*" {
			asked = append(asked, c.Value)
		}
	}
	parts, err := rttChoose(asked, usual)
	if err != nil {
		return err
	}
	if x.im.kind == FlowTable && len(parts) > 1 && !slices.Equal(parts, []string{"PART_1A", "PART_1B"}) {
		if slices.Contains(parts, "PART_2") && slices.Contains(parts, "PART_2A") {
			return fmt.Errorf("%w: Part_2A lies within Part_2: %w", ErrPart, ErrSubset)
		}
		return fmt.Errorf("%w: only Part_1A and Part_1B may be added up: the others count the same patients again", ErrPart)
	}
	x.parts = parts
	x.area, x.provider = h.col("Commissioner Org Code"), h.col("Provider Org Code")
	x.part, x.all = h.col("RTT Part Type"), h.col("Total All")
	x.function, x.functionName = h.col("Treatment Function Code"), h.col("Treatment Function Name", "Treatment Function")
	x.period, x.unknown = h.col("Period"), h.col("Patients with unknown clock start date")
	x.bands = rttBands(h)
	x.entity, x.within = -1, -1
	if x.part < 0 {
		if x.im.kind == FlowTable {
			return errors.New("this RTT table has commissioners or providers, not both: it holds no flows")
		}
		x.entity, x.all, x.within = h.col(rttEntities...), h.col(rttTotals...), h.col("Total within 18 weeks")
	}
	x.filePeriod, _ = periodIn(h.file)
	x.ofPart, x.periods = map[string]string{}, map[string]string{}
	return nil
}

func (x *rttReader) isTotal(r sheetRow) bool {
	if x.function < 0 {
		return false
	}
	switch f := r.cell(x.function); string(f) {
	case "C_999", "999", "IP999", "AP999", "NP999", "c_999":
		return true
	case "":
		return sumName(r.text(x.functionName))
	}
	return false
}

// chosen gives the part of a row, and its period as we write it; ok is false
// where the row is not asked for.
func (x *rttReader) chosen(r sheetRow) (period, part string, ok bool, err error) {
	if x.entity >= 0 {
		return x.filePeriod, "PART_2", x.wanted(x.filePeriod), nil
	}
	raw := r.cell(x.part)
	part, known := x.ofPart[string(raw)]
	if !known {
		p := strings.ToUpper(strings.ReplaceAll(string(raw), " ", "_"))
		if rttParts[p] == "" {
			return "", "", false, x.im.fault(r, x.part, fmt.Errorf("%w: %s is none of Part_1A, Part_1B, Part_2, Part_2A, Part_3", ErrPart, quoted(string(raw))))
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
		raw := r.cell(x.period)
		p, known := x.periods[string(raw)]
		if !known {
			var ok bool
			if p, ok = Period(string(raw)); !ok {
				return "", "", false, x.im.fault(r, x.period, fmt.Errorf("%w: %s is none", ErrPeriod, quoted(string(raw))))
			}
			x.periods[string(raw)] = p
		}
		period = p
	}
	return period, part, x.wanted(period), nil
}

func (x *rttReader) wanted(period string) bool {
	if !x.im.wanted(period) {
		x.otherPeriod++
		return false
	}
	return true
}

func (x *rttReader) row(r sheetRow) error {
	period, part, ok, err := x.chosen(r)
	if err != nil || !ok {
		return err
	}
	if x.im.kind == IndicatorTable {
		return x.indicator(r, period, part)
	}
	area, provider := r.cell(x.area), r.cell(x.provider)
	if len(area) == 0 || len(provider) == 0 {
		if sumName(r.text(x.area)) || len(area) == 0 && len(provider) == 0 {
			x.noCode++
			return nil
		}
		return x.im.fault(r, x.area, ErrMissingCode)
	}
	c, absent, err := x.im.count(r, x.all)
	if err != nil || absent {
		return err
	}
	x.group = append(append(append(x.group[:0], period...), ' '), part...)
	x.im.out.Report.Used++
	x.pairs.add(area, provider, x.group, c, x.isTotal(r), x.im.head.file, r.line)
	return nil
}

// The sums of an RTT series.
const (
	rttWithin18 = iota
	rttOver52
	rttAll
)

func (x *rttReader) indicator(r sheetRow, period, part string) error {
	col, other := x.provider, x.area
	switch {
	case x.entity >= 0:
		col, other = x.entity, -1
	case x.im.opts.Level == "commissioner":
		col, other = x.area, x.provider
	}
	code := r.cell(col)
	if len(code) == 0 || sumName(string(code)) {
		x.noCode++
		return nil
	}
	var n [3]Number
	var sum float64
	for _, b := range x.bands {
		c, err := x.im.number(r, b.col)
		if err != nil {
			return err
		}
		if !c.Known {
			continue // a blank band holds nobody
		}
		if c.Value < 0 {
			return x.im.fault(r, b.col, fmt.Errorf("%w: %s", ErrNegativeCount, r.text(b.col)))
		}
		sum += c.Value
		if b.to > 0 && b.to <= 18 {
			n[rttWithin18].Value += c.Value
		}
		if b.from >= 52 {
			n[rttOver52].Value += c.Value
		}
	}
	all, err := x.im.number(r, x.all)
	if err != nil {
		return err
	}
	unknown, err := x.im.number(r, x.unknown)
	if err != nil {
		return err
	}
	// The bands hold all but those whose clock start is unknown.
	if all.Known && sum+unknown.Value != all.Value {
		x.bandsOff++
		if x.offAt == nil {
			line, column := r.position(x.all)
			x.offAt = &InputError{File: x.im.head.file, Line: line, Column: column, Err: fmt.Errorf("%w: bands of weeks of %s", ErrTotal, code)}
		}
	}
	if x.within >= 0 {
		w, err := x.im.number(r, x.within)
		if err != nil {
			return err
		}
		if w.Known && w.Value != n[rttWithin18].Value {
			x.im.differs(x.im.head.file, r.line, fmt.Sprintf("bands up to 18 weeks of %s", code))
		}
	}
	n[rttWithin18].Known, n[rttOver52].Known, n[rttAll] = true, true, Known(sum)
	x.im.out.Report.Used++
	entity := x.entities.kept(code)
	x.sums.add(sumKey{entity, period, part, x.entities.kept(r.cell(other))}, n[:], x.isTotal(r), x.im.head.file, r.line)
	return nil
}

func (x *rttReader) finish() error {
	rep := &x.im.out.Report
	leave := func(reason string, n int) {
		if n > 0 {
			rep.LeftOut = append(rep.LeftOut, LeftOut{reason, n})
		}
	}
	leave("other part of the return", x.otherPart)
	leave("other period", x.otherPeriod)
	leave("sum over organisations, without a code", x.noCode)
	if x.im.kind == FlowTable {
		if err := x.onePeriod(); err != nil {
			return err
		}
		rep.note("counted: %s", x.described())
		x.im.out.Flows = x.pairs.records(x.im.differs)
		x.im.outside()
		return nil
	}
	if x.offAt != nil {
		rep.Differences = append(rep.Differences, x.offAt)
	}
	for _, k := range x.sums.checked(x.im.differs) {
		n := k.n
		name := map[string]string{"PART_1A": "_admitted", "PART_1B": "_nonadmitted", "PART_2A": "_dta", "PART_3": "_new"}[k.series]
		if n[rttAll].Value <= 0 {
			continue // nobody waits: no share
		}
		x.im.figure(Figure{Entity: k.entity, Indicator: "rtt_18w" + name, Period: k.period, Numerator: n[rttWithin18], Denominator: n[rttAll]})
		x.im.figure(Figure{Entity: k.entity, Indicator: "rtt_52w" + name, Period: k.period, Numerator: n[rttOver52], Denominator: n[rttAll]})
	}
	x.im.figures()
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
	if !slices.Contains(x.parts, "PART_2") && !slices.Contains(x.parts, "PART_2A") || len(x.pairs.groups.list) < 2 {
		return nil
	}
	return &InputError{File: x.im.head.file, Err: fmt.Errorf("%w: incomplete pathways of %d months must not be added; choose one with --period", ErrPeriod, len(x.pairs.groups.list))}
}
