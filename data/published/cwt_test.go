package published

import (
	"errors"
	"strings"
	"testing"

	"stpmap/data/importer"
)

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
