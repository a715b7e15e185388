package published

import (
	"errors"
	"strings"
	"testing"

	"stpmap/data/importer"
)

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
