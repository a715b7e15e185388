package published

import (
	"slices"
	"testing"

	"stpmap/data/codebook"
	"stpmap/data/importer"
)

func TestPostcodes(t *testing.T) {
	text := "pcd,pcds,oa11,lsoa11,lat,long\nAB1 0AA,AB1 0AA,,,99.999999,0\nM13 9WL,M13 9WL,E00,E01,53.46244,-2.22771\nSR4 7TP,SR4 7TP,E00,E01,54.9,-1.4\n"
	out := importBytes(t, "", "ONSPD.csv", []byte(text), importer.Options{})
	if out.Format.Name != "postcodes" || len(out.Points) != 2 || out.Points[0] != (codebook.Point{Code: "M139WL", Lon: -2.22771, Lat: 53.46244}) {
		t.Fatalf("%s: %+v", out.Format.Name, out.Points)
	}
	points, missing := codebook.Locate([]codebook.Organisation{{Code: "R0A", Postcode: "m13  9wl"}, {Code: "R0X", Postcode: "AB1 0AA"}}, out.Points)
	if len(points) != 1 || points[0].Code != "R0A" || !slices.Equal(missing, []string{"R0X"}) {
		t.Errorf("%v %v", points, missing)
	}
	out = importBytes(t, "", "ONSPD.csv", []byte(text), importer.Options{Postcodes: map[string]bool{"SR47TP": true}})
	if len(out.Points) != 1 {
		t.Errorf("%+v", out.Points)
	}
}
