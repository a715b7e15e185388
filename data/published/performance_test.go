package published

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

func figuresFrom(t *testing.T, format, name, text string, opts importer.Options) map[string]string {
	t.Helper()
	if opts.Kind == "" {
		opts.Kind = importer.IndicatorTable
	}
	out, err := importText(t, "", name, text, opts)
	if err != nil {
		t.Fatal(err)
	}
	if out.Format.Name != format {
		t.Errorf("%s read as %s", name, out.Format.Name)
	}
	used := out.Report.Used
	for _, l := range out.Report.LeftOut {
		used += l.Rows
	}
	if used != out.Report.Rows {
		t.Errorf("%s: %d rows, of which %d are accounted for: %+v", name, out.Report.Rows, used, out.Report.LeftOut)
	}
	return figuresOf(out.Figures)
}

func TestCancer(t *testing.T) {
	for name, text := range map[string]string{
		"to 2023": "PERIOD,STANDARD,ORG CODE,TREATMENT MODALITY,CANCER TYPE,STAGE/ROUTE,TOTAL,WITHIN STANDARD,BREACHES\n" +
			"APR-2022,RTT,RA1,ALL MODALITIES,Breast,URGENT GP,10.5,8.5,2\n" +
			"APR-2022,RTT,RA1,ALL MODALITIES,Lung,URGENT GP,4,2.5,1.5\n" +
			"APR-2022,RTT,RA1,ALL MODALITIES,ALL CANCERS,URGENT GP,14.5,11,3.5\n" +
			"APR-2022,DTT,RA1,Surgery,ALL CANCERS,ALL STAGES,20,19,1\n" +
			"APR-2022,DTT,RA1,Drugs,ALL CANCERS,ALL STAGES,10,10,0\n" +
			"APR-2022,DTT,RA1,ALL MODALITIES,ALL CANCERS,ALL STAGES,30,29,1\n" +
			"APR-2022,FDS,RA1,ALL MODALITIES,ALL CANCERS,ALL ROUTES,\"1,000\",750,250\n",
		"from 2024": "ORG CODE,MONTH,CANCER TYPE,STAGE/ROUTE,TREATMENT MODALITY,STANDARD,TOTAL TREATED,WITHIN STANDARD,BREACHES\n" +
			"RA1,01/04/2022,Breast,URGENT GP,ALL MODALITIES,62-day Combined,10.5,8.5,2\n" +
			"RA1,01/04/2022,Lung,URGENT GP,ALL MODALITIES,62-day Combined,4,2.5,1.5\n" +
			"RA1,01/04/2022,ALL CANCERS,URGENT GP,ALL MODALITIES,62-day Combined,14.5,11,3.5\n" +
			"RA1,01/04/2022,ALL CANCERS,ALL STAGES,ALL MODALITIES,31-day Combined,30,29,1\n" +
			"RA1,01/04/2022,ALL CANCERS,ALL ROUTES,ALL MODALITIES,28-day FDS,1000,750,250\n" +
			"TOTAL,01/04/2022,ALL CANCERS,ALL ROUTES,ALL MODALITIES,28-day FDS,1000,750,250\n",
	} {
		got := figuresFrom(t, "cwt", name, text, importer.Options{})
		same(t, got, map[string]string{
			"RA1 cancer_62d 2022-04": "11/14.5", "RA1 cancer_31d 2022-04": "29/30", "RA1 cancer_28d_fds 2022-04": "750/1000",
		})
		wrong := strings.NewReplacer(",14.5,11,3.5", ",15.5,12,3.5").Replace(text)
		if _, err := importText(t, "cwt", name, wrong, importer.Options{}); !errors.Is(err, importer.ErrTotal) {
			t.Errorf("%s: a wrong total: %v", name, err)
		}
	}
}

func TestTransfers(t *testing.T) {
	text := "Delayed transfers of care\nOctober 2016\nMonthly extract\n" +
		"Year,Period Name,Provider Parent Org Code,Provider Parent Name,Provider Org Code,Provider Org Name,Local Authority Code,Local Authority Name,Acute Or Non Acute Description,Reason For Delay,NHS A SUM,NHS B SUM,Social Care A SUM,Social Care B SUM,Both A SUM,Both B SUM\n" +
		"2016-17,OCTOBER,Q71,X,RA1,A,817,Here,Acute,A_COMPLETION_ASSESSMENT,1,31,1,10,0,0\n" +
		"2016-17,OCTOBER,Q71,X,RA1,A,817,Here,Acute,H_DISPUTES,0,9,0,12,0,0\n" +
		"2016-17,OCTOBER,Q71,X,RA1,A,818,There,Non Acute,I_HOUSING,,,,,,\n" +
		"2016-17,JANUARY,Q71,X,RA1,A,817,Here,Acute,I_HOUSING,,5,,5,,5\n"
	beds := []data.Figure{{Entity: "RA1", Indicator: "beds_occupied", Period: "2016/17 Q3", Value: data.Known(100)}}
	same(t, figuresFrom(t, "dtoc", "dtoc.csv", text, importer.Options{Beds: beds}), map[string]string{
		"RA1 dtoc_patients 2016-10": "2", "RA1 dtoc_days 2016-10": "62", "RA1 dtoc_beds 2016-10": "2", "RA1 dtoc 2016-10": "62/3100",
		"RA1 dtoc_days 2017-01": "15", "RA1 dtoc_beds 2017-01": fmt.Sprint(15.0 / 31),
	})
	same(t, figuresFrom(t, "dtoc", "dtoc.csv", text, importer.Options{Level: "area", Period: "2017-01"}), map[string]string{
		"817 dtoc_days 2017-01": "15", "817 dtoc_beds 2017-01": fmt.Sprint(15.0 / 31),
	})
}

func TestMortality(t *testing.T) {
	same(t, figuresFrom(t, "shmi", "SHMI 2013-14.csv",
		"INDICATOR_CODE,PROVIDER,PROVIDER NAME,DENOMINATOR,OBSERVED,EXPECTED,VALUE,PO_LL,PO_UL,OD_LL,OD_UL,OD_BANDING\n"+
			"I00714,RA1,A,50000,1000,980.5,1.0199,0.9,1.1,0.88,1.13,2\n"+
			"I00714,RA2,B,40000,1200,1000,1.2,0.9,1.1,0.88,1.13,1\n", importer.Options{}),
		map[string]string{"RA1 shmi 2013/14": "1.0199", "RA1 shmi_band 2013/14": "2", "RA2 shmi 2013/14": "1.2", "RA2 shmi_band 2013/14": "1"})
	// The workbook has ten rows above the heading, and notes below the table.
	b := workbookOf(t, "Data", append(make([][]string, 10),
		[]string{"Provider code", "Provider name", "SHMI value", "SHMI banding", "Number of spells", "Observed deaths", "Expected deaths"},
		[]string{"ENGLAND", "England", "1", "", "9000000", "270000", "270000"},
		[]string{"RA1", "A", "1.0199", "As expected", "50000", "1000", "980"},
		[]string{"RA3", "C", "0.7", "Lower than expected", "50", "*", "*"},
		[]string{"Notes: figures are rounded"},
	))
	out, err := Import(t.Context(), "", []importer.Input{{Name: "SHMI data, Jan 2024.xlsx", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, figuresOf(out.Figures), map[string]string{
		"RA1 shmi 2024-01": "1.0199", "RA1 shmi_band 2024-01": "2", "RA3 shmi 2024-01": "0.7", "RA3 shmi_band 2024-01": "3",
	})
	for _, f := range out.Figures {
		if f.Entity == "RA3" && (f.Numerator.Known || f.Denominator.Known) {
			t.Errorf("a suppressed count became a number: %+v", f)
		}
	}
}

func workbookOf(t testing.TB, sheet string, rows [][]string, more ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "Cover"); err != nil {
		t.Fatal(err)
	}
	for _, name := range append([]string{sheet}, more...) {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			for j, c := range r {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue(name, cell, c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const cqcHeading = "Provider ID,Provider Name,Provider Type,Provider Primary Inspection Category,Service / Population Group,Domain,Latest Rating,Publication Date,Report Type,URL,Brand ID,Brand Name"

func cqcRows() [][]string {
	row := func(id, kind, group, domain, rating, on string) []string {
		return []string{id, "Name of " + id, kind, "Acute", group, domain, rating, on, "Location", "", "-", "-"}
	}
	nhs := "NHS Healthcare Organisation"
	return [][]string{
		{"Care directory, ratings, 1 June 2024"}, // a banner
		strings.Split(cqcHeading, ","),
		row("RA1", nhs, "Overall", "Overall", "Good", "05/02/2020"),
		row("RA1", nhs, "Overall", "Overall", "Requires improvement", "07/11/2023"),
		row("RA1", nhs, "Overall", "Safe", "Inadequate", "07/11/2023"),
		row("RA1", nhs, "Maternity", "Overall", "Inadequate", "07/11/2023"),
		row("RA2", nhs, "Overall", "Overall", "-", "07/11/2023"),
		row("RA3", nhs, "Overall", "Overall", "Inspected but not rated", "07/11/2023"),
		row("RA4", nhs, "Overall", "Overall", "Outstanding", "01/01/2019"),
		row("1-101", "Social Care Org", "Overall", "Overall", "Inadequate", "07/11/2023"),
	}
}

func TestInspection(t *testing.T) {
	rows := cqcRows()
	want := map[string]string{"RA1 cqc 2024-06": "3", "RA4 cqc 2024-06": "1"}
	same(t, figuresFrom(t, "cqc", "June 2024 latest ratings.csv", csvText(rows...), importer.Options{}), want)
	rows[1][5] = "Key Question"
	same(t, figuresFrom(t, "cqc", "June 2024 latest ratings.csv", csvText(rows...), importer.Options{}), want)

	b := odsOf(t, map[string][][]string{"Locations": {{"Location ID", "x"}}, "Providers": cqcRows()})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "June 2024 latest ratings.ods", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, figuresOf(out.Figures), want)
	rows = append(cqcRows(), cqcRows()[3])
	rows[len(rows)-1][6] = "Good"
	if _, err := importText(t, "cqc", "x.csv", csvText(rows...), importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("two ratings of one day: %v", err)
	}
}

// odsOf writes an OpenDocument spreadsheet as LibreOffice does: equal cells and
// blank rows run together.
func odsOf(t testing.TB, sheets map[string][][]string) []byte {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>`)
	for _, name := range []string{"Locations", "Providers"} {
		fmt.Fprintf(&b, `<table:table table:name="%s"><table:table-column table:number-columns-repeated="12"/>`, name)
		for _, r := range sheets[name] {
			b.WriteString(`<table:table-row>`)
			for i := 0; i < len(r); {
				n := 1
				for i+n < len(r) && r[i+n] == r[i] {
					n++
				}
				fmt.Fprintf(&b, `<table:table-cell table:number-columns-repeated="%d" office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>%s</text:p></table:table-cell>`, n, r[i])
				i += n
			}
			b.WriteString(`<table:table-cell table:number-columns-repeated="16000"/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`)
		}
		b.WriteString(`<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row></table:table>`)
	}
	b.WriteString(`</office:spreadsheet></office:body></office:document-content>`)
	return zipOf(t, map[string]string{"content.xml": b.String(), "mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
}

func TestAccounts(t *testing.T) {
	row := func(name, sheet, main, sub, amount string) []string {
		return []string{name, sheet, "Table 1", main, "1", sub, amount}
	}
	for _, heading := range []string{"OrganisationName,WorkSheetName,TableID,MainCode,RowNumber,SubCode,Total", "ProviderName,WorkSheetName,TableID,MainCode,RowNumber,SubCode,ValueNumber"} {
		text := csvText(strings.Split(heading, ","),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0100A", "90,000"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0110A", "10,000"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0125A", "(105,000)"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02PY01", "SCI0125A", "(95,000)"),
			row("A Hospital NHS Trust", "TAC08 Op Exp", "A08CY01", "SCI0125A", "1"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0140A", "5"),
			row("B & C NHS Foundation Trust", "TAC02 SoCI", "A02CY01", "SCI0100A", "200"),
			row("B & C NHS Foundation Trust", "TAC02 SoCI", "A02CY01", "SCI0125A", "-150"))
		codes, _ := codebook.NamesToCodes([]codebook.Organisation{{Code: "RA1", Name: "A HOSPITAL NHS TRUST"}})
		same(t, figuresFrom(t, "tac", "TAC_NHS_trusts_201819.csv", text, importer.Options{Names: codes}), map[string]string{
			"RA1 finance 2018/19": "-5000/100000", "B & C NHS Foundation Trust finance 2018/19": "50/200",
		})
	}
}

func TestFingertips(t *testing.T) {
	heading := "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,Compared to percentiles,Time period Sortable,New data,Compared to goal\n"
	row := func(area, kind, sex, category, value, count string) string {
		return fmt.Sprintf("92848,Dementia,E92000001,England,%s,Name,%s,%s,65+ yrs,%s,,2016/17,%s,60,70,58,72,%s,1000,,,,,20160000,,\n", area, kind, sex, category, value, count)
	}
	text := heading +
		row("E92000001", "England", "Persons", "", "66", "660") +
		row("E38000001", "CCGs", "Persons", "", "65.5", "655") +
		row("E38000001", "CCGs", "Persons", "", "65.5", "655") + // under another parent
		row("E38000001", "CCGs", "Persons", "Deprivation deciles", "1", "10") +
		row("E38000002", "CCGs", "Persons", "", "", "")
	same(t, figuresFrom(t, "fingertips", "f.csv", text, importer.Options{Indicators: map[string]string{"92848": "dementia"}}), map[string]string{"E38000001 dementia 2016/17": "65.5"})
	for name, more := range map[string]string{
		"sexes":      row("E38000001", "CCGs", "Female", "", "64", "300"),
		"area types": row("E06000001", "Counties & UAs", "Persons", "", "64", "300"),
	} {
		if _, err := importText(t, "", "f.csv", text+more, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
			t.Errorf("%s mixed: %v", name, err)
		}
	}
	same(t, figuresFrom(t, "fingertips", "f.csv", text+row("E38000001", "CCGs", "Female", "", "64", "300"), importer.Options{Where: []importer.Condition{{Column: "Sex", Value: "Female"}}}),
		map[string]string{"E38000001 92848 2016/17": "64"})
}

func TestBeds(t *testing.T) {
	text := ",,,,,Available,,,Occupied,,,% Occupied,,\n" +
		"Year,Period End,Region Code,Org Code,Org Name,Total,General & Acute,Maternity,Total,General & Acute,Maternity,Total,General & Acute,Maternity\n" +
		"2016-17,December,,,England,\"1,500\",1400,100,1330,1250,80,88.7%,,\n" +
		",,,,,,,,,,,,,\n" +
		"2016-17,December,Y54,RA1,A,1000,950,50,900,860,40,90%,,\n" +
		"2016-17,December,Y54,RA2,B,500,450,50,430,390,40,86%,,\n" +
		"2016-17,December,Y54,RA3,C,-,-,-,-,-,-,-,-,-\n"
	same(t, figuresFrom(t, "kh03", "beds.csv", text, importer.Options{}), map[string]string{
		"RA1 beds_available 2016/17 Q3": "1000", "RA1 beds_occupied 2016/17 Q3": "900", "RA1 bed_occupancy 2016/17 Q3": "900/1000",
		"RA2 beds_available 2016/17 Q3": "500", "RA2 beds_occupied 2016/17 Q3": "430", "RA2 bed_occupancy 2016/17 Q3": "430/500",
	})
	if _, err := importText(t, "kh03", "b.csv", strings.Replace(text, "1,500", "1,600", 1), importer.Options{}); !errors.Is(err, importer.ErrTotal) {
		t.Errorf("a wrong total: %v", err)
	}
}
