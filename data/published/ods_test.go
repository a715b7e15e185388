package published

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

func TestOrganisationLists(t *testing.T) {
	// epraccur: 27 columns, without a heading, and a comma in a name.
	text := `A81001,"THE SURGERY, STOCKTON",Y63,QHM,STREET,,,STOCKTON,,TS18 1HU,19740401,,A,B,16C,20200401,,01642,,,,0,,16C,,4,` + "\n" +
		`A81005,OLD SURGERY,Y63,QHM,STREET,,,STOCKTON,,TS18 1HX,19740401,20190331,C,B,00M,20130401,20190331,,,,,0,,00M,,4,` + "\n"
	out := importBytes(t, "", "epraccur.csv", []byte(text), importer.Options{})
	o := out.Organisations
	if len(o) != 2 || o[0].Name != "THE SURGERY, STOCKTON" || o[0].Parent != "16C" || o[0].Setting != "4" || o[0].Type != codebook.GeneralPractice || o[0].Status != "A" {
		t.Fatalf("%+v", o)
	}
	if !o[1].Open("2018-01-01") || o[1].Open("2019-03-31") || o[1].Open("1970-01-01") || o[1].Open("") || !o[0].Open("") {
		t.Error("open and closed days are wrong")
	}
	// ets: sites have their trust as parent.
	out = importBytes(t, "ods", "ets.csv", []byte("R0A02,MANCHESTER ROYAL INFIRMARY,Y62,QOP,OXFORD ROAD,,,MANCHESTER,,M13 9WL,20171001\n"), importer.Options{})
	if o := out.Organisations[0]; o.Parent != "R0A" {
		t.Errorf("%+v", o)
	}
	if _, err := importText(t, "ods", "x.csv", text+strings.SplitAfter(text, "\n")[1], importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("a code twice: %v", err)
	}
	// The first row again is taken for a heading that repeats: it is counted.
	out = importBytes(t, "ods", "x.csv", []byte(text+strings.SplitAfter(text, "\n")[0]), importer.Options{})
	if len(out.Organisations) != 2 || len(out.Report.LeftOut) != 1 || out.Report.Rows != 3 {
		t.Errorf("the first row again: %+v", out.Report)
	}
	codes, shared := codebook.NamesToCodes([]codebook.Organisation{
		{Code: "NT447", Name: "Duchy Hospital"},
		{Code: "NVC04", Name: "DUCHY HOSPITAL"},
		{Code: "RW3", Name: "Guy's & St Thomas' NHS FT", Closed: "2010-01-01"},
		{Code: "RJ1", Name: "GUY'S AND ST THOMAS' NHS FOUNDATION TRUST"},
	})
	if !slices.Equal(shared, []string{"duchy hospital"}) || codes[codebook.OrganisationNameKey("The Guys and St Thomas NHS Trust")] != "RJ1" {
		t.Errorf("%v %v", codes, shared)
	}
}
