package published

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/spreadsheet"
	"stpmap/data/table"
)

func TestCatchmentWorkbook(t *testing.T) {
	heading := strings.Split("CatchmentYear,msoa,TrustCode,patients,total_patients,proportion,msoa_total_catchment,trust_total_catchment", ",")
	rows := [][]string{
		heading,
		{"2018", "E02000001", "R1H", "120", "200", "0.6", "8000", "500000"},
		{"2018", "E02000001", "RRV", "80", "200", "0.4", "8000", "400000"},
		{"2019", "E02000001", "R1H", "130", "210", "0.62", "8000", "510000"},
	}
	b := workbookOf(t, "All Admissions", rows, "Elective", "Emergency")
	if _, err := Import(t.Context(), "ohid-catchment", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two years added up: %v", err)
	}
	out, err := Import(t.Context(), "ohid-catchment", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2018"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pairsOf(out.Flows)); got != "map[E02000001 R1H:120 E02000001 RRV:80]" {
		t.Errorf("got %s", got)
	}
	// Not told which format, three sheets could be meant.
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2018"}); !errors.Is(err, table.ErrMixedSets) || !strings.Contains(err.Error(), "--sheet") {
		t.Errorf("three sheets: %v", err)
	}
	out, err = Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2019", Sheet: "elective"})
	if err != nil || pairsOf(out.Flows)["E02000001 R1H"] != 130 {
		t.Errorf("one of three sheets: %v", err)
	}
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Sheet: "Nowhere"}); err == nil || !strings.Contains(err.Error(), "All Admissions") {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

func TestRegistrations(t *testing.T) {
	heading := "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n"
	row := func(date, practice, lsoa, sex string, n int) string {
		return fmt.Sprintf("GP_PRAC_PAT_LIST,%s,%s,\"SURGERY, THE\",%s,%s,%d\n", date, practice, lsoa, sex, n)
	}
	all := heading + row("01APR2024", "A81001", "E01012259", "ALL", 50) + row("01APR2024", "A81001", "W01000001", "ALL", 3) + row("01APR2024", "A81001", "NO2011", "ALL", 2)
	male := heading + row("01APR2024", "A81001", "E01012259", "MALE", 30)
	female := heading + row("01APR2024", "A81001", "E01012259", "FEMALE", 20)
	b := zipOf(t, map[string]string{"gp-reg-pat-prac-lsoa-all.csv": all, "gp-reg-pat-prac-lsoa-male.csv": male, "gp-reg-pat-prac-lsoa-female.csv": female})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "gp.zip", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pairsOf(out.Flows)); out.Format.Name != "gp-lsoa" || got != "map[E01012259 A81001:50 NO2011 A81001:2 W01000001 A81001:3]" {
		t.Errorf("%s: got %s", out.Format.Name, got)
	}
	if o := out.Report.Outside; len(o) != 2 || o[0].Kind != "Wales" || o[0].Patients.Value != 3 || o[1].Patients.Value != 2 {
		t.Errorf("outside: %+v", o)
	}
	// Men and women alone add up to the same; one more does not.
	out, err = importText(t, "", "gp.csv", male+row("01APR2024", "A81001", "E01012259", "FEMALE", 20), importer.Options{})
	if err != nil || pairsOf(out.Flows)["E01012259 A81001"] != 50 {
		t.Errorf("men and women: %v", err)
	}
	if _, err := importText(t, "", "gp.csv", all+row("01APR2024", "A81001", "E01012259", "MALE", 49), importer.Options{}); !errors.Is(err, importer.ErrTotal) {
		t.Errorf("men do not add up to all: %v", err)
	}
	if _, err := importText(t, "", "gp.csv", all+row("01JUL2024", "A81001", "E01012259", "ALL", 50), importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two dates: %v", err)
	}
	out, err = importText(t, "", "gp.csv", all+row("01JUL2024", "A81001", "E01012259", "ALL", 51), importer.Options{Period: "2024-07", Kind: importer.PopulationTable})
	if err != nil || len(out.Populations) != 1 || out.Populations[0].People != 51 {
		t.Errorf("population of one date: %v, %+v", err, out)
	}
}

func TestHospitalEpisodes(t *testing.T) {
	text := "FYEAR,LSOA11,PROCODE3,SPELLS\n2122,E01000001,R1H,105\n2122,E01000001,RRV,*\n2122,E01000002,R1H,-\n2122,E92000001,R1H,5000\n2122,E01000003,Total,10\n"
	out, err := importText(t, "", "hes.csv", text, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Flows) != 2 || out.Format.Name != "hes-tidy" || out.Flows[1].Count.Lower != 1 || out.Flows[1].Count.Upper != 7 || out.Report.Absent != 1 {
		t.Errorf("%s: %+v %+v", out.Format.Name, out.Flows, out.Report)
	}
	marks, err := table.ParseSuppression("*=1:4")
	if err != nil {
		t.Fatal(err)
	}
	out, err = importText(t, "hes-tidy", "hes.csv", text, importer.Options{Suppressed: marks})
	if err != nil || out.Flows[1].Count.Upper != 4 {
		t.Errorf("another meaning of the mark: %v", err)
	}
	if _, err := importText(t, "hes-tidy", "hes.csv", text+"2223,E01000001,R1H,100\n", importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two years: %v", err)
	}
}

func TestWideTable(t *testing.T) {
	text := "Emergency admissions by hospital\n\nArea,Area Name,General & City,Cottage,Outside county,Total\n" +
		"E92000001,England,,,,\nE01000001,One,10,<5,#,12\nE01000002,Two,0,-,7,7\n"
	out, err := importText(t, "", "wide.csv", text, importer.Options{Names: map[string]string{"general and city": "RA1"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"E01000001 Cottage 1 4", "E01000001 Outside county 1 4", "E01000001 RA1 10 10", "E01000002 Outside county 7 7", "E01000002 RA1 0 0"}
	if len(out.Flows) != len(want) {
		t.Fatalf("got %+v", out.Flows)
	}
	for i, r := range out.Flows {
		if got := fmt.Sprint(r.Area, " ", r.Provider, " ", r.Count.Lower, " ", r.Count.Upper); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
	if _, err := importText(t, "matrix", "wide.csv", text+"E01000001,One,1,1,1,3\n", importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("an area twice: %v", err)
	}
	// Without a total, the format must be asked for.
	plain := "code,RA1,RB1\nE01000001,1,2\n"
	if _, err := importText(t, "", "wide.csv", plain, importer.Options{}); !errors.Is(err, importer.ErrNotRecognised) {
		t.Errorf("any table is a matrix: %v", err)
	}
	out, err = importText(t, "matrix", "wide.csv", plain, importer.Options{Area: "code"})
	if err != nil || len(out.Flows) != 2 {
		t.Errorf("asked for: %v", err)
	}
}

func TestLongFormWorkbook(t *testing.T) {
	b := workbookOf(t, "Flows", [][]string{{"made up"}, {}, {"from", "to", "n"}, {"A", "P", "3"}, {}, {"A", "Q", "<5"}, {"B", "P", "x1"}})
	_, err := Import(t.Context(), "", []importer.Input{{Name: "f.xlsx", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable})
	var at *table.InputError
	if !errors.As(err, &at) || at.Line != 7 || at.File != "f.xlsx[Flows]" {
		t.Fatalf("a fault in row 7: %v", err)
	}
	b = workbookOf(t, "Flows", [][]string{{"from", "to", "n"}, {"A", "P", "3"}, {"A", "Q", "<5"}, {"A", "P", "4"}})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "f.xlsx", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable})
	if err != nil || fmt.Sprint(pairsOf(out.Flows)) != "map[A P:7 A Q:2.5]" {
		t.Errorf("%v %+v", err, out)
	}
}

// Archives that say they unpack to more than the limit are refused before
// anything is unpacked; those that lie are cut off by the zip reader.
func TestArchiveLimits(t *testing.T) {
	small := zipOf(t, map[string]string{"a.csv": csvText(rttExtract(52, "RTT-MAY-2019")...)})
	huge := func(b []byte, size uint32) []byte {
		b = bytes.Clone(b)
		i := bytes.LastIndex(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[i+24:], size)
		return b
	}
	twice := func(b []byte) []byte { // two members of 3 GB each
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a.csv", "b.csv"} {
			h := r.File[0].FileHeader
			h.Name = name
			h.UncompressedSize64 = 3 << 30
			f, err := w.CreateRaw(&h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}(small)
	book := huge(zipOf(t, map[string]string{"xl/workbook.xml": "<workbook/>"}), 0xfffffff0)
	ods := huge(zipOf(t, map[string]string{"content.xml": "<x/>"}), 0xfffffff0)
	many := map[string]string{}
	for i := range importer.MaxMembers + 1 {
		many[fmt.Sprint(i, ".csv")] = ""
	}
	for name, c := range map[string]struct {
		b     []byte
		limit string
	}{
		"two large members": {twice, fmt.Sprintf("%d MiB", importer.MaxUnpacked>>20)},
		"workbook":          {book, fmt.Sprintf("%d MiB", spreadsheet.MaxWorkbook>>20)},
		"ods":               {ods, fmt.Sprintf("%d MiB", spreadsheet.MaxWorkbook>>20)},
		"many members":      {zipOf(t, many), fmt.Sprint(importer.MaxMembers)},
	} {
		_, err := Import(t.Context(), "", []importer.Input{{Name: "x.zip", R: bytes.NewReader(c.b)}}, importer.Options{})
		if !errors.Is(err, table.ErrTooLarge) || !strings.Contains(err.Error(), c.limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A member that claims to be shorter than it is.
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "x.zip", R: bytes.NewReader(huge(small, 100))}}, importer.Options{}); err == nil {
		t.Error("a member longer than it says was read")
	}
	// A spreadsheet whose few bytes stand for very many cells.
	bomb := odsOf(t, nil)
	bomb = zipOf(t, map[string]string{"content.xml": strings.Replace(odsContent(t, bomb), `<table:table-cell/>`,
		`<table:table-cell table:number-columns-repeated="1000000" office:value-type="string"><text:p>x</text:p></table:table-cell>`, 1)})
	if _, err := Import(t.Context(), "cqc", []importer.Input{{Name: "x.ods", R: bytes.NewReader(bomb)}}, importer.Options{Sheet: "Locations"}); !errors.Is(err, table.ErrTooLarge) {
		t.Errorf("a million columns: %v", err)
	}
	// Or whose rows repeat.
	wide := `<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`
	bomb = odsOf(t, map[string][][]string{"Providers": cqcRows()})
	bomb = zipOf(t, map[string]string{"content.xml": strings.Replace(odsContent(t, bomb), `</table:table></office:spreadsheet>`, wide+`</table:table></office:spreadsheet>`, 1)})
	if _, err := Import(t.Context(), "cqc", []importer.Input{{Name: "x.ods", R: bytes.NewReader(bomb)}}, importer.Options{}); !errors.Is(err, table.ErrTooLarge) {
		t.Errorf("16 thousand million cells: %v", err)
	}
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "old.xls", R: strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}}, importer.Options{}); err == nil || !strings.Contains(err.Error(), "xlsx") {
		t.Errorf("an old workbook: %v", err)
	}
}

func odsContent(t testing.TB, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormats(t *testing.T) {
	if _, err := Formats().Named("rt"); !errors.Is(err, importer.ErrUnknownFormat) {
		t.Errorf("rt: %v", err)
	}
	if _, err := Formats().Named("gp-losa"); err == nil || !strings.Contains(err.Error(), `did you mean "gp-lsoa"`) {
		t.Errorf("gp-losa: %v", err)
	}
	for i, f := range Formats() {
		if f.Name == "" || f.Title == "" || len(f.Kinds) == 0 || f.Open == nil || i > 0 && f.Name <= Formats()[i-1].Name {
			t.Errorf("%+v", f)
		}
		if g, err := Formats().Named(strings.ToUpper(f.Name)); err != nil || g.Name != f.Name {
			t.Errorf("%s: %v", f.Name, err)
		}
		for _, text := range []string{"", "\n\n", "a,b,c\n", "a\n1\n"} {
			if _, err := importText(t, f.Name, "x.csv", text, importer.Options{}); err == nil {
				t.Errorf("%s reads %q", f.Name, text)
			}
		}
	}
	if _, err := importText(t, "shmi", "x.csv", "a\n", importer.Options{Kind: importer.FlowTable}); err == nil {
		t.Error("SHMI has no flows")
	}
}
