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
		switch {
		case table.Absent(text), text == "not rated", text == "no published rating", strings.HasPrefix(text, "inspected but not"), text == "not formally rated", text == "insufficient evidence to rate":
			rep.LeaveOut("not rated")
			return nil
		}
		return x.im.Fault(r, x.rating, fmt.Errorf("%s is no rating", table.Quoted(r.Text(x.rating))))
	}
	on := ""
	if d := r.Text(x.on); x.on >= 0 && !table.Absent(d) {
		switch m := calendar.SlashDate.FindStringSubmatch(d); {
		case m != nil:
			on = fmt.Sprintf("%s-%02s-%02s", calendar.FullYear(m[3]), m[2], m[1])
		case calendar.ISODate.MatchString(d) && len(d) >= 10:
			on = d[:10]
		default:
			if p, ok := calendar.Period(d); ok {
				on = p
				break
			}
			return x.im.Fault(r, x.on, fmt.Errorf("%s is no date", table.Quoted(d)))
		}
	}
	rep.Used++
	old, ok := x.latest[code]
	if !ok {
		x.order = append(x.order, code)
	} else {
		x.several++
		if on < old.on {
			return nil
		}
		if on == old.on && band != old.band {
			return x.im.Fault(r, x.rating, fmt.Errorf("%w: %s has another overall rating of the same day in line %d", table.ErrDuplicate, code, old.line))
		}
	}
	x.latest[code] = cqcRating{band, on, r.Line}
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
