package data

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// dm01Format is the monthly diagnostics return DM01, by NHS England: provider by
// commissioner by test. Sort order 16 is the sum of the fifteen tests.
func dm01Format() *Format {
	return &Format{
		Name: "dm01", Title: "NHS England, diagnostics waiting times and activity (DM01), full extract",
		Kinds: []FormatKind{FlowTable, IndicatorTable},
		layouts: []layout{{
			era:  "DM01 full extract",
			need: []string{"Provider Org Code", "Commissioner Org Code", "Diagnostic Tests", "Total WL", "Total Activity"},
			also: func(h *sheetHeader) bool { return len(dm01Bands(h)) > 0 },
			what: `"00 < 01 Week" and so on`,
		}},
		open: func(im *importer) tableReader {
			x := &dm01Reader{im: im}
			if im.kind == IndicatorTable {
				return x
			}
			return &pairReader{
				im:       im,
				area:     func(h *sheetHeader) int { return h.col("Commissioner Org Code") },
				provider: func(h *sheetHeader) int { return h.col("Provider Org Code") },
				count:    func(h *sheetHeader) int { return h.col("Total Activity") },
				columns:  x.heading,
				total:    x.isTotal,
				group: func(r sheetRow) ([]byte, error) {
					p, err := x.months.of(im, r)
					return []byte(p), err
				},
				skip: func(r sheetRow) string { return x.skip(r) },
			}
		},
	}
}

var dm01Band = regexp.MustCompile(`(?i)^(\d+)\s*<\s*(\d+)\s*weeks?$`)

// dm01Bands are the columns of patients by weeks waited, from the lower bound.
func dm01Bands(h *sheetHeader) []rttBand {
	var bands []rttBand
	for i, name := range h.names {
		name = strings.ReplaceAll(name, "_", " ")
		if m := dm01Band.FindStringSubmatch(name); m != nil {
			b := rttBand{col: i}
			b.from, _ = strconv.Atoi(m[1])
			b.to, _ = strconv.Atoi(m[2])
			bands = append(bands, b)
		} else if Normalise(name) == "13+weeks" {
			bands = append(bands, rttBand{col: i, from: 13})
		}
	}
	return bands
}

type dm01Reader struct {
	im                                  *importer
	months                              monthColumn
	order, test, entity, waiting, other int
	bands                               []rttBand
	codes                               names
	sums                                sumTally
}

func (x *dm01Reader) heading(h *sheetHeader) error {
	x.months.heading(x.im, h)
	x.order, x.test = h.col("Diagnostic Tests Sort Order"), h.col("Diagnostic Tests")
	x.entity, x.other = h.col("Provider Org Code"), h.col("Commissioner Org Code")
	if x.im.opts.Level == "commissioner" {
		x.entity, x.other = x.other, x.entity
	}
	x.waiting = h.col("Total WL")
	x.bands = dm01Bands(h)
	return nil
}

func (x *dm01Reader) isTotal(r sheetRow) bool {
	return string(r.cell(x.order)) == "16" || sumName(r.text(x.test))
}

func (x *dm01Reader) skip(r sheetRow) string {
	if len(r.cell(x.entity)) == 0 || sumName(r.text(x.entity)) || sumName(r.text(x.other)) {
		return "sum over organisations, without a code"
	}
	return x.months.skip(x.im, r)
}

func (x *dm01Reader) row(r sheetRow) error {
	if reason := x.skip(r); reason != "" {
		x.im.out.Report.leave(reason)
		return nil
	}
	period, err := x.months.of(x.im, r)
	if err != nil {
		return err
	}
	var over6, sum float64
	for _, b := range x.bands {
		n, err := x.im.number(r, b.col)
		if err != nil {
			return err
		}
		sum += n.Value
		if b.from >= 6 {
			over6 += n.Value
		}
	}
	waiting, err := x.im.number(r, x.waiting)
	if err != nil {
		return err
	}
	if waiting.Known && waiting.Value != sum {
		x.im.differs(x.im.head.file, r.line, fmt.Sprintf("bands of weeks of %s", r.text(x.entity)))
	}
	x.im.out.Report.Used++
	x.sums.add(sumKey{x.codes.kept(r.cell(x.entity)), period, "diag_6w", x.codes.kept(r.cell(x.other))}, []Number{Known(over6), Known(sum)}, x.isTotal(r), x.im.head.file, r.line)
	return nil
}

func (x *dm01Reader) finish() error {
	for _, s := range x.sums.checked(x.im.differs) {
		if s.n[1].Value > 0 {
			x.im.figure(Figure{Entity: s.entity, Indicator: s.series, Period: s.period, Numerator: s.n[0], Denominator: s.n[1]})
		}
	}
	x.im.figures()
	return nil
}

// monthColumn reads the column "Period" of a table, or the file's name where
// there is none.
type monthColumn struct {
	col      int
	fallback string
	seen     map[string]string
}

func (m *monthColumn) heading(im *importer, h *sheetHeader, names ...string) {
	m.col = h.col(append(names, "Period")...)
	m.fallback, _ = periodIn(h.file)
	if m.seen == nil {
		m.seen = map[string]string{}
	}
}

// of is a row's period; "" where neither column nor file name has one.
func (m *monthColumn) of(im *importer, r sheetRow) (string, error) {
	if m.col < 0 {
		return m.fallback, nil
	}
	raw := r.cell(m.col)
	if p, ok := m.seen[string(raw)]; ok {
		return p, nil
	}
	p, ok := Period(string(raw))
	if !ok {
		return "", im.fault(r, m.col, fmt.Errorf("%w: %s is none", ErrPeriod, quoted(string(raw))))
	}
	m.seen[string(raw)] = p
	return p, nil
}

// skip gives the reason to leave a row out for its period.
func (m *monthColumn) skip(im *importer, r sheetRow) string {
	if im.opts.Period == "" {
		return ""
	}
	if p, err := m.of(im, r); err == nil && !im.wanted(p) {
		return "other period"
	}
	return ""
}
