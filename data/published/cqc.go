package published

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// cqcFormat is the Care Quality Commission's latest ratings (ods, or CSV of
// it), of which the overall rating of NHS trusts is taken.
func cqcFormat() *importer.Format {
	return &importer.Format{
		Name: "cqc", Title: "Care Quality Commission, latest ratings",
		Kinds:  []importer.Kind{importer.IndicatorTable},
		Sheets: []string{"Providers"},
		Layouts: []importer.Layout{
			{Era: "CQC ratings by domain", Need: []string{"Provider ID", "Provider Type", "Service / Population Group", "Domain", "Latest Rating"}},
			{Era: "CQC ratings by key question", Need: []string{"Provider ID", "Provider Type", "Service / Population Group", "Key Question", "Latest Rating"}},
		},
		Open: func(im *importer.Import) importer.Reader { return &cqcReader{im: im} },
	}
}

// Ratings from best to worst, counted from 1.
var cqcRatings = []string{"outstanding", "good", "requires improvement", "inadequate"}

type cqcReader struct {
	im                                        *importer.Import
	provider, kind, group, domain, rating, on int
	location                                  int
	latest                                    map[string]cqcRating
	order                                     []string
	several                                   int
}

type cqcRating struct {
	band int
	on   string
	line int
}

func (x *cqcReader) Heading(h *importer.Heading) error {
	x.provider, x.kind = h.Column("Provider ID"), h.Column("Provider Type")
	x.group, x.domain = h.Column("Service / Population Group"), h.Column("Domain", "Key Question")
	x.rating, x.on = h.Column("Latest Rating"), h.Column("Publication Date")
	x.location = h.Column("Location ID")
	if x.latest == nil {
		x.latest = map[string]cqcRating{}
	}
	if x.location >= 0 {
		x.im.Result.Report.Note("%s has ratings of locations: a provider's own overall rating is in the sheet Providers", h.File)
	}
	return nil
}

func (x *cqcReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	is := func(c int, want string) bool { return strings.EqualFold(r.Text(c), want) }
	switch {
	case x.location >= 0 && r.Text(x.location) != "":
		rep.LeaveOut("rating of a location")
		return nil
	case !is(x.kind, "NHS Healthcare Organisation"):
		rep.LeaveOut("not an NHS organisation")
		return nil
	case !is(x.domain, "Overall") || !is(x.group, "Overall"):
		rep.LeaveOut("rating of a service or a domain")
		return nil
	}
	code := r.Text(x.provider)
	if code == "" {
		return x.im.Fault(r, x.provider, table.ErrMissingCode)
	}
	text := strings.ToLower(r.Text(x.rating))
	band := slices.Index(cqcRatings, text) + 1
	if band == 0 {
		if cqcUnrated(text) {
			rep.LeaveOut("not rated")
			return nil
		}
		return x.im.Fault(r, x.rating, fmt.Errorf("%s is no rating", table.Quoted(r.Text(x.rating))))
	}
	on, err := x.published(r)
	if err != nil {
		return err
	}
	rep.Used++
	return x.take(r, code, cqcRating{band, on, r.Line})
}

// cqcUnrated tells the words for a rating that was not given.
func cqcUnrated(text string) bool {
	switch text {
	case "not rated", "no published rating", "not formally rated", "insufficient evidence to rate":
		return true
	}
	return table.Absent(text) || strings.HasPrefix(text, "inspected but not")
}

// published is the day or the period of a rating, empty where the row has none.
func (x *cqcReader) published(r importer.Row) (on string, err error) {
	if d := r.Text(x.on); x.on >= 0 && !table.Absent(d) {
		var ok bool
		if on, ok = calendar.Day(d); !ok {
			if on, ok = calendar.Period(d); !ok {
				return "", x.im.Fault(r, x.on, fmt.Errorf("%s is no date", table.Quoted(d)))
			}
		}
	}
	return on, nil
}

// take keeps the latest rating of a provider.
func (x *cqcReader) take(r importer.Row, code string, rating cqcRating) error {
	old, ok := x.latest[code]
	if !ok {
		x.order = append(x.order, code)
	} else {
		x.several++
		if rating.on < old.on {
			return nil
		}
		if rating.on == old.on && rating.band != old.band {
			return x.im.Fault(r, x.rating, fmt.Errorf("%w: %s has another overall rating of the same day in line %d", table.ErrDuplicate, code, old.line))
		}
	}
	x.latest[code] = rating
	return nil
}

func (x *cqcReader) Finish() error {
	if x.several > 0 {
		x.im.Result.Report.Note("%d overall ratings stood beside a later one of the same provider: the latest counts", x.several)
	}
	period := x.im.Options.Period
	if period == "" {
		period, _ = calendar.PeriodIn(x.im.Heading.File)
	}
	for _, code := range x.order {
		x.im.AddFigure(data.Figure{Entity: code, Indicator: "cqc", Period: period, Value: data.Known(float64(x.latest[code].band))})
	}
	x.im.SettleFigures()
	return nil
}
