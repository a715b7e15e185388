package table

import "testing"

func TestCountryOf(t *testing.T) {
	for code, want := range map[string]string{
		"E01000001": "England", "E38000001": "England", "15N": "England", "01W": "England", "R1H": "England", "RW6AB": "England", "A81001": "England",
		"W01000001": "Wales", "W11000023": "Wales", "7A1": "Wales", "7A1AU": "Wales", "RQF": "Wales", "RQF31": "Wales", "W91006": "Wales",
		"S08000015": "Scotland", "S27000001": "Scotland", "SB0801": "Scotland", "SN0811": "Scotland", "SA999": "Scotland",
		"N09000003": "Northern Ireland", "ZT001": "Northern Ireland",
		"NONC": "outside England", "RA2702": "the rest of the United Kingdom", "RA2703": "outside the United Kingdom",
		"RA2701": "", "RA2704": "", "": "", "A": "", "NT447": "", "NVC04": "", "F01": "", "E01": "", "Hospital X": "", "999": "",
	} {
		if got := CountryOf(code); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

// A code is never of one country for a map and of another for a border.
func TestCountryOfAgreesWithOutsideOf(t *testing.T) {
	for _, code := range []string{"W01000001", "7A3", "S08000020", "SB0802", "N09000001", "ZT003", "15N", "E02000001", "R0A"} {
		outside, country := OutsideOf(code), CountryOf(code)
		if outside != "" && outside != country || outside == "" && country != "England" {
			t.Errorf("%s: outside %q, of %q", code, outside, country)
		}
	}
}
