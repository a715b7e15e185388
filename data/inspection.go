package data

import (
	"fmt"
	"slices"
	"strings"
)

// cqcFormat is the Care Quality Commission's latest ratings (ods, or CSV of
// it), of which the overall rating of NHS trusts is taken.
func cqcFormat() *Format {
	return &Format{
		Name: "cqc", Title: "Care Quality Commission, latest ratings",
		Kinds:  []FormatKind{IndicatorTable},
		sheets: []string{"Providers"},
		layouts: []layout{
			{era: "CQC ratings by domain", need: []string{"Provider ID", "Provider Type", "Service / Population Group", "Domain", "Latest Rating"}},
			{era: "CQC ratings by key question", need: []string{"Provider ID", "Provider Type", "Service / Population Group", "Key Question", "Latest Rating"}},
		},
		open: func(im *importer) tableReader { return &cqcReader{im: im} },
	}
}

// Ratings from best to worst, counted from 1.
var cqcRatings = []string{"outstanding", "good", "requires improvement", "inadequate"}

type cqcReader struct {
	im                                        *importer
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

func (x *cqcReader) heading(h *sheetHeader) error {
	x.provider, x.kind = h.col("Provider ID"), h.col("Provider Type")
	x.group, x.domain = h.col("Service / Population Group"), h.col("Domain", "Key Question")
	x.rating, x.on = h.col("Latest Rating"), h.col("Publication Date")
	x.location = h.col("Location ID")
	if x.latest == nil {
		x.latest = map[string]cqcRating{}
	}
	if x.location >= 0 {
		x.im.out.Report.note("%s has ratings of locations: a provider's own overall rating is in the sheet Providers", h.file)
	}
	return nil
}

func (x *cqcReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	is := func(c int, want string) bool { return strings.EqualFold(r.text(c), want) }
	switch {
	case x.location >= 0 && r.text(x.location) != "":
		rep.leave("rating of a location")
		return nil
	case !is(x.kind, "NHS Healthcare Organisation"):
		rep.leave("not an NHS organisation")
		return nil
	case !is(x.domain, "Overall") || !is(x.group, "Overall"):
		rep.leave("rating of a service or a domain")
		return nil
	}
	code := r.text(x.provider)
	if code == "" {
		return x.im.fault(r, x.provider, ErrMissingCode)
	}
	text := strings.ToLower(r.text(x.rating))
	band := slices.Index(cqcRatings, text) + 1
	if band == 0 {
		switch {
		case Absent(text), text == "not rated", text == "no published rating", strings.HasPrefix(text, "inspected but not"), text == "not formally rated", text == "insufficient evidence to rate":
			rep.leave("not rated")
			return nil
		}
		return x.im.fault(r, x.rating, fmt.Errorf("%s is no rating", quoted(r.text(x.rating))))
	}
	on := ""
	if d := r.text(x.on); x.on >= 0 && !Absent(d) {
		switch m := slashDate.FindStringSubmatch(d); {
		case m != nil:
			on = fmt.Sprintf("%s-%02s-%02s", fullYear(m[3]), m[2], m[1])
		case isoMonth.MatchString(d) && len(d) >= 10:
			on = d[:10]
		default:
			if p, ok := Period(d); ok {
				on = p
				break
			}
			return x.im.fault(r, x.on, fmt.Errorf("%s is no date", quoted(d)))
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
			return x.im.fault(r, x.rating, fmt.Errorf("%w: %s has another overall rating of the same day in line %d", ErrDuplicate, code, old.line))
		}
	}
	x.latest[code] = cqcRating{band, on, r.line}
	return nil
}

func (x *cqcReader) finish() error {
	if x.several > 0 {
		x.im.out.Report.note("%d overall ratings stood beside a later one of the same provider: the latest counts", x.several)
	}
	period := x.im.opts.Period
	if period == "" {
		period, _ = periodIn(x.im.head.file)
	}
	for _, code := range x.order {
		x.im.figure(Figure{Entity: code, Indicator: "cqc", Period: period, Value: Known(float64(x.latest[code].band))})
	}
	x.im.figures()
	return nil
}
