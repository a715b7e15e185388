package published

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/internal/intern"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// dm01Format is the monthly diagnostics return DM01, by NHS England: provider by
// commissioner by test. Sort order 16 is the sum of the fifteen tests.
func dm01Format() *importer.Format {
	return &importer.Format{
		Name: "dm01", Title: "NHS England, diagnostics waiting times and activity (DM01), full extract",
		Kinds: []importer.Kind{importer.FlowTable, importer.IndicatorTable},
		Layouts: []importer.Layout{{
			Era:  "DM01 full extract",
			Need: []string{"Provider Org Code", "Commissioner Org Code", "Diagnostic Tests", "Total WL", "Total Activity"},
			Also: func(h *importer.Heading) bool { return len(dm01Bands(h)) > 0 },
			What: `"00 < 01 Week" and so on`,
		}},
		Open: func(im *importer.Import) importer.Reader {
			x := &dm01Reader{im: im}
			if im.Kind == importer.IndicatorTable {
				return x
			}
			return &importer.PairReader{
				Import:   im,
				Area:     func(h *importer.Heading) int { return h.Column("Commissioner Org Code") },
				Provider: func(h *importer.Heading) int { return h.Column("Provider Org Code") },
				Count:    func(h *importer.Heading) int { return h.Column("Total Activity") },
				Columns:  x.Heading,
				Total:    x.isTotal,
				Group: func(r importer.Row) ([]byte, error) {
					p, err := x.months.Of(im, r)
					return []byte(p), err
				},
				Skip: func(r importer.Row) string { return x.skip(r) },
			}
		},
	}
}

var dm01Band = regexp.MustCompile(`(?i)^(\d+)\s*<\s*(\d+)\s*weeks?$`)

// dm01Bands are the columns of patients by weeks waited, from the lower bound.
func dm01Bands(h *importer.Heading) []rttBand {
	var bands []rttBand
	for i, name := range h.Names {
		name = strings.ReplaceAll(name, "_", " ")
		if m := dm01Band.FindStringSubmatch(name); m != nil {
			b := rttBand{col: i}
			b.from, _ = strconv.Atoi(m[1])
			b.to, _ = strconv.Atoi(m[2])
			bands = append(bands, b)
		} else if table.Normalise(name) == "13+weeks" {
			bands = append(bands, rttBand{col: i, from: 13})
		}
	}
	return bands
}

type dm01Reader struct {
	im                                  *importer.Import
	months                              importer.MonthColumn
	order, test, entity, waiting, other int
	bands                               []rttBand
	codes                               intern.Names
	sums                                tally.Sums
}

func (x *dm01Reader) Heading(h *importer.Heading) error {
	x.months.Heading(x.im, h)
	x.order, x.test = h.Column("Diagnostic Tests Sort Order"), h.Column("Diagnostic Tests")
	x.entity, x.other = h.Column("Provider Org Code"), h.Column("Commissioner Org Code")
	if x.im.Options.Level == "commissioner" {
		x.entity, x.other = x.other, x.entity
	}
	x.waiting = h.Column("Total WL")
	x.bands = dm01Bands(h)
	return nil
}

func (x *dm01Reader) isTotal(r importer.Row) bool {
	return string(r.Cell(x.order)) == "16" || table.IsSum(r.Text(x.test))
}

func (x *dm01Reader) skip(r importer.Row) string {
	if kind, err := x.im.Place(r, x.entity); err == nil && kind != table.APlace || table.IsSum(r.Text(x.other)) {
		return "sum over organisations, without a code"
	}
	return x.months.Skip(x.im, r)
}

func (x *dm01Reader) Row(r importer.Row) error {
	if reason := x.skip(r); reason != "" {
		x.im.Result.Report.LeaveOut(reason)
		return nil
	}
	period, err := x.months.Of(x.im, r)
	if err != nil {
		return err
	}
	var over6, sum float64
	for _, b := range x.bands {
		n, err := x.im.Number(r, b.col)
		if err != nil {
			return err
		}
		sum += n.Value
		if b.from >= 6 {
			over6 += n.Value
		}
	}
	waiting, err := x.im.Number(r, x.waiting)
	if err != nil {
		return err
	}
	if waiting.Known && waiting.Value != sum {
		x.im.Differs(x.im.Heading.File, r.Line, fmt.Sprintf("bands of weeks of %s", r.Text(x.entity)))
	}
	x.im.Result.Report.Used++
	x.sums.Add(tally.Key{Entity: x.codes.Kept(r.Cell(x.entity)), Period: period, Series: "diag_6w", Other: x.codes.Kept(r.Cell(x.other))}, []data.Number{data.Known(over6), data.Known(sum)}, x.isTotal(r), x.im.Heading.File, r.Line)
	return nil
}

func (x *dm01Reader) Finish() error {
	for _, s := range x.sums.Checked(x.im.Differs) {
		if s.N[1].Value > 0 {
			x.im.AddFigure(data.Figure{Entity: s.Entity, Indicator: s.Series, Period: s.Period, Numerator: s.N[0], Denominator: s.N[1]})
		}
	}
	x.im.SettleFigures()
	return nil
}
