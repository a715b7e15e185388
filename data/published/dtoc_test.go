package published

import (
	"fmt"
	"testing"

	"stpmap/data"
	"stpmap/data/importer"
)

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
