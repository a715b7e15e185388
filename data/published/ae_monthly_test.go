package published

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// The exact headings of the three eras.
const (
	aeEra1 = "Period,Org Code,Org name," +
		"Type 1 Departments - Major A&E - Total Attendances,Type 1 Departments - Major A&E - Number of attendances within 4 hours," +
		"Type 2 Departments - Single Specialty A&E - Total Attendances,Type 2 Departments - Single Specialty A&E - Number of attendances within 4 hours," +
		"Other A&E Departments - Total Attendances,Other A&E Departments - Number of attendances within 4 hours\n"
	aeEra2 = "Period,Org Code,Parent Org,Org name," +
		"Number of A&E attendances Type 1,Number of A&E attendances Type 2,Number of A&E attendances Other A&E Department," +
		"Number of attendances over 4hrs Type 1,Number of attendances over 4hrs Type 2,Number of attendances over 4hrs Other A&E Department," +
		"Patients who have waited 4-12 hs from DTA to admission,Patients who have waited 12+ hrs from DTA to admission," +
		"Emergency admissions via A&E - Type 1,Emergency admissions via A&E - Type 2,Emergency admissions via A&E - Other A&E department,Other emergency admissions\n"
	aeEra3 = "Period,Org Code,Parent Org,Org name," +
		"A&E attendances Type 1,A&E attendances Type 2,A&E attendances Other A&E Department," +
		"A&E attendances Booked Appointments Type 1,A&E attendances Booked Appointments Type 2,A&E attendances Booked Appointments Other Department," +
		"Attendances over 4hrs Type 1,Attendances over 4hrs Type 2,Attendances over 4hrs Other Department," +
		"Attendances over 4hrs Booked Appointments Type 1,Attendances over 4hrs Booked Appointments Type 2,Attendances over 4hrs Booked Appointments Other Department," +
		"Patients who have waited 4-12 hs from DTA to admission,Patients who have waited 12+ hrs from DTA to admission," +
		"Emergency admissions via A&E - Type 1,Emergency admissions via A&E - Type 2,Emergency admissions via A&E - Other A&E department,Other emergency admissions\n"
)

func TestEmergencyEras(t *testing.T) {
	for _, c := range []struct {
		name, text, era string
		want            map[string]string
	}{
		{
			"within 4 hours", aeEra1 +
				"March 2015,RA1,Tr\xfbst,\"1,000\",900,-,-,200,200\n" +
				"March 2015,NLX01,Walk-in,-,-,-,-,50,50\n" +
				",,,,,,,,\n" +
				"March 2015,TOTAL,,1000,900,-,-,250,250\n",
			"A&E to 2018 (within 4 hours)",
			map[string]string{"RA1 ae_4h 2015-03": "1100/1200", "RA1 ae_4h_type1 2015-03": "900/1000", "NLX01 ae_4h 2015-03": "50/50"},
		},
		{
			"over 4 hours, TOTAL as parent", aeEra2 +
				"MSitAE-DECEMBER-2018,RA1,NHS ENGLAND LONDON,A,1000,0,200,100,0,0,10,2,300,0,0,40\n" +
				"MSitAE-DECEMBER-2018,RA2,NHS ENGLAND LONDON,B,500,20,0,50,1,0,5,0,100,0,0,0\n" +
				"MSitAE-DECEMBER-2018,,TOTAL ,,1500,20,200,150,1,0,15,2,400,0,0,40\n",
			"A&E 2018 to 2019 (over 4 hours)",
			map[string]string{
				"RA1 ae_4h 2018-12": "1100/1200", "RA1 ae_4h_type1 2018-12": "900/1000", "RA1 ae_12h_trolley 2018-12": "2/300",
				"RA2 ae_4h 2018-12": "469/520", "RA2 ae_4h_type1 2018-12": "450/500", "RA2 ae_12h_trolley 2018-12": "0/100",
			},
		},
		{
			"22 columns, TOTAL as period, heading repeated, a trust in the field test", aeEra3 +
				"MSitAE-JUNE-2026,RA1,NHS ENGLAND LONDON,A,1000,0,200,5,0,0,100,0,0,1,0,0,10,2,300,0,7,40\n" + aeEra3 +
				"MSitAE-JUNE-2026,RA3,NHS ENGLAND LONDON,C,700,0,0,0,0,0,,,,,,,5,1,200,0,0,0\n" +
				"TOTAL,,,,1700,0,200,5,0,0,100,0,0,1,0,0,15,3,500,0,7,40\n",
			"A&E from 2019 (over 4 hours)",
			map[string]string{
				"RA1 ae_4h 2026-06": "1100/1200", "RA1 ae_4h_type1 2026-06": "900/1000", "RA1 ae_12h_trolley 2026-06": "2/307",
				"RA3 ae_12h_trolley 2026-06": "1/200",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := importText(t, "", "ae.csv", c.text, importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(out.Report.Layouts, []string{c.era}) {
				t.Errorf("read as %v", out.Report.Layouts)
			}
			same(t, figuresOf(out.Figures), c.want)
			// The same month twice, and a total that is one out.
			half := c.text[strings.IndexByte(c.text, '\n')+1:]
			if _, err := importText(t, "", "ae.csv", c.text+half, importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
				t.Errorf("a month twice: %v", err)
			}
			wrong := strings.NewReplacer("TOTAL,,1000", "TOTAL,,1001", "TOTAL ,,1500", "TOTAL ,,1501", "TOTAL,,,,1700", "TOTAL,,,,1701").Replace(c.text)
			if _, err := importText(t, "", "ae.csv", wrong, importer.Options{}); !errors.Is(err, importer.ErrTotal) {
				t.Errorf("a wrong total: %v", err)
			}
			if _, err := importText(t, "", "ae.csv", wrong, importer.Options{IgnoreTotals: true}); err != nil {
				t.Errorf("waived: %v", err)
			}
		})
	}
}

func TestEmergencyFaults(t *testing.T) {
	for name, row := range map[string]string{
		"text":          "March 2015,RA1,A,many,900,-,-,-,-\n",
		"negative":      "March 2015,RA1,A,-5,0,-,-,-,-\n",
		"more than all": "March 2015,RA1,A,10,11,-,-,-,-\n",
		"no period":     "soon,RA1,A,10,9,-,-,-,-\n",
	} {
		_, err := importText(t, "ae-monthly", "ae.csv", aeEra1+row, importer.Options{})
		var at *fault.Error
		if !errors.As(err, &at) || at.Line != 2 || at.Column == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := importText(t, "", "ae.csv", strings.Replace(aeEra1, "Org Code", "Org Cod", 1)+"March 2015,RA1,A,10,9,-,-,-,-\n", importer.Options{})
	if err == nil || !strings.Contains(err.Error(), `did you mean "Org Cod"`) {
		t.Errorf("a heading that nearly fits: %v", err)
	}
}
