package published

import (
	"bytes"
	"errors"
	"testing"

	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow/flowtest"
)

func TestSampleLookups(t *testing.T) {
	for _, c := range []struct {
		name     string
		opts     importer.Options
		rows     int
		from, to string
		pair     [2]string
	}{
		{"samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz", importer.Options{}, 32844, "lsoa", "ccg21", [2]string{"E01012259", "E38000247"}},
		{"samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", importer.Options{}, 106, "SICBL22CDH", "ICB22CDH", [2]string{"02P", "QF7"}},
		{"samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", importer.Options{}, 106, "sicbl", "nhser", [2]string{"E38000006", "E40000012"}},
		{"samples/ebmdatalab_ods/gp-reg-pat-prac-map_head200.csv", importer.Options{}, 199, "practice", "CCG_CODE", [2]string{"A81001", "16C"}},
		{"samples/ebmdatalab_ods/gp-reg-pat-prac-map_head200.csv", importer.Options{}, 199, "practice", "stp", [2]string{"A81001", "E54000050"}},
		{"samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx", importer.Options{Kind: importer.LookupTable, Sheet: "Pre-Apr 2020"}, 191, "CCG Code", "STP Code", [2]string{"06Q", "QH8"}},
		{"samples/hf_winter_pressures/Trust-STP-lookup.csv", importer.Options{}, 137, "code", "stp", [2]string{"RN3", "E54000040"}},
		{"samples/geographr/lookup_nhs_trusts22_stp21.csv", importer.Options{}, 0, "trust", "stp21", [2]string{"R0A", "E54000007"}},
	} {
		b := flowtest.Read(t, c.name)
		out := importBytes(t, "", c.name, b, c.opts)
		if out.Format.Name != "lookup" {
			t.Errorf("%s read as %s", c.name, out.Format.Name)
			continue
		}
		if c.rows > 0 && out.Lookup.Rows() != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, out.Lookup.Rows(), c.rows)
		}
		m, err := out.Lookup.Map(c.from, c.to, "", nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := m.Of(c.pair[0]); len(got) != 1 || got[0] != (codebook.Part{Code: c.pair[1], Share: 1}) {
			t.Errorf("%s: %s is in %v, want %s", c.name, c.pair[0], got, c.pair[1])
		}
	}
	b := flowtest.Read(t, "samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx")
	if _, err := Import(t.Context(), "lookup", []importer.Input{{Name: "x.xlsx", R: bytes.NewReader(b)}}, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("three sheets are lookups: %v", err)
	}
}
