package published

import (
	"errors"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

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
