package codebook

import (
	"testing"

	"stpmap/data/table"
)

func TestOutsideOf(t *testing.T) {
	for code, want := range map[string]string{
		"W01000001": "Wales", "7A3": "Wales", "S08000015": "Scotland", "N09000001": "Northern Ireland", "NONC": "commissioned outside England",
		"X24": "NHS England and its regions", "Y56": "NHS England and its regions", "Y63": "NHS England and its regions", "13R": "NHS England and its regions",
		"13T": "", "14L": "", "15E": "", "01W": "", "E01000001": "", "E38000001": "", "": "", "R1H": "", "A3A8R": "",
	} {
		if got := table.OutsideOf(code); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}
