package published

import (
	"fmt"
	"regexp"

	"stpmap/data/calendar"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// organisationFormat is the lists of the Organisation Data Service: the older
// ones have no heading and as many columns as the last that is filled, the
// newer ones have one.
func organisationFormat() *importer.Format {
	return &importer.Format{
		Name: "ods", Title: "Organisation Data Service: etr, ets, eccg, epraccur",
		Kinds: []importer.Kind{importer.OrganisationTable},
		Layouts: []importer.Layout{{
			Era:  "ODS with heading",
			Need: []string{"Organisation Code", "Name", "National Grouping", "Postcode", "Open Date", "Close Date"},
		}},
		Headless: func(cells []string) bool {
			return len(cells) >= 11 && table.ODSCode.MatchString(cells[0]) && cells[1] != "" && odsDate.MatchString(cells[10]) &&
				(cells[9] == "" || postcode.MatchString(cells[9]))
		},
		Open: func(im *importer.Import) importer.Reader { return &organisationReader{im: im, lines: map[string]int{}} },
	}
}

type organisationReader struct {
	im    *importer.Import
	lines map[string]int
	at    [11]int
}

// Places of the nominal 27 columns, counted from 0.
const (
	odsColCode = iota
	odsColName
	odsColGrouping
	odsColGeography
	odsColPostcode
	odsColOpened
	odsColClosed
	odsColStatus
	odsColParent
	odsColCCG
	odsColSetting
)

func (x *organisationReader) Heading(h *importer.Heading) error {
	x.at = [11]int{0, 1, 2, 3, 9, 10, 11, 12, 14, 23, 25}
	if h == nil {
		return nil
	}
	for i, names := range [11][]string{
		{"Organisation Code"},
		{"Name"},
		{"National Grouping"},
		{"Higher Level Health Geography", "High Level Health Geography", "Health Geography"},
		{"Postcode"},
		{"Open Date"},
		{"Close Date"},
		{"Status Code", "Column 13"},
		{"Commissioner", "Parent Organisation Code", "Column 15"},
		{"Provider/Purchaser", "Provider-Purchaser", "CCG"},
		{"Prescribing Setting", "Column 26"},
	} {
		x.at[i] = h.Column(names...)
	}
	return nil
}

func (x *organisationReader) Row(r importer.Row) error {
	get := func(i int) string { return r.Text(x.at[i]) }
	o := codebook.Organisation{
		Code: get(odsColCode), Name: get(odsColName), NationalGrouping: get(odsColGrouping), Geography: get(odsColGeography),
		Postcode: get(odsColPostcode), Status: get(odsColStatus), Parent: get(odsColParent), Setting: get(odsColSetting), Line: r.Line,
	}
	if !table.ODSCode.MatchString(o.Code) {
		return x.im.Fault(r, x.at[odsColCode], fmt.Errorf("%w: %s is no organisation code", table.ErrMissingCode, table.Quoted(o.Code)))
	}
	if line, ok := x.lines[o.Code]; ok {
		return x.im.Fault(r, x.at[odsColCode], fmt.Errorf("%w: %s is in line %d too", table.ErrDuplicate, o.Code, line))
	}
	x.lines[o.Code] = r.Line
	for _, date := range []struct {
		col int
		to  *string
	}{{odsColOpened, &o.Opened}, {odsColClosed, &o.Closed}} {
		d := get(date.col)
		day, ok := odsDay(d)
		if !ok && d != "" {
			return x.im.Fault(r, x.at[date.col], fmt.Errorf("%s is no date like 20171001", table.Quoted(d)))
		}
		*date.to = day
	}
	if o.Parent == "" && o.Setting != "" {
		o.Parent = get(odsColCCG)
	}
	if o.Parent == "" {
		if t := codebook.TrustOf(o.Code); t != o.Code {
			o.Parent = t
		}
	}
	o.Type = codebook.TypeOf(o.Code, o.Name)
	if o.Setting != "" {
		o.Type = codebook.GeneralPractice
	}
	x.im.Result.Report.Used++
	x.im.Result.Organisations = append(x.im.Result.Organisations, o)
	return nil
}

func (x *organisationReader) Finish() error { return nil }

var (
	odsDate  = regexp.MustCompile(`^(?:19|20)\d{6}$`)
	postcode = regexp.MustCompile(`(?i)^[A-Z]{1,2}\d[A-Z\d]? *\d[A-Z]{2}$`)
)

// odsDay gives a day of these lists, "20171001" or "2017-10-01", in the second
// form.
func odsDay(text string) (day string, ok bool) {
	if odsDate.MatchString(text) {
		return text[:4] + "-" + text[4:6] + "-" + text[6:], true
	}
	return calendar.ISODay(text)
}
