package published

import (
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/importer"
)

func TestPointsThatCannotBeMeant(t *testing.T) {
	for _, c := range []struct{ name, rows, without string }{
		{"null island", "RA,0,0\nRB,-0.95,52.15\n", "RA"},
		{"null island in decimals", "RA,0.000000,-0.0\nRB,151.2,-33.9\n", "RA"},
		{"a made-up map at 0, 0", "RA,0,0\nRB,1,1\n", ""},
		{"false origin of the national grid", "RA,-7.557145,49.766798\nRB,-0.95,52.15\n", "RA"},
		{"false origin of the Irish grid", "RA,-10.858,51.2165\nRB,-6.2,53.3\n", "RA"},
		{"99.999999", "RA,0,99.999999\nRB,-0.95,52.15\n", "RA"},
		{"Scilly and Greenwich", "RA,-6.3,49.9\nRB,0,51.48\n", ""},
	} {
		p, _, err := data.ReadProviders(t.Context(), "p.csv", strings.NewReader("provider_code,lon,lat\n"+c.rows))
		if err != nil {
			t.Fatal(c.name, err)
		}
		without := ""
		for _, one := range p.List {
			if !one.HasPoint {
				without += one.Code
			}
		}
		if without != c.without {
			t.Errorf("%s: without a point: %q, want %q", c.name, without, c.without)
		}
	}
	list, rep, err := data.ReadAreaPoints(t.Context(), "a.csv", strings.NewReader("area,lon,lat\nE1,-0.95,52\nE2,0,0\nE3,-7.55716,49.76681\n"))
	if err != nil || len(list) != 1 || rep.Absent != 2 || rep.Kept != 1 {
		t.Errorf("area points: %v, %+v, %v", list, rep, err)
	}
	out, err := Import(t.Context(), "postcodes", []importer.Input{{Name: "pc.csv", R: strings.NewReader("pcds,lat,long\nAA1 1AA,52.05,-0.95\nAA1 1AB,0,0\nAA1 1AC,49.766798,-7.557145\n")}}, importer.Options{})
	if err != nil || len(out.Points) != 1 {
		t.Errorf("postcodes: %+v, %v", out, err)
	}
}
