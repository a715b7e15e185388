package codebook

import (
	"regexp"

	"stpmap/flow"
)

// Outside is how many patients an import has of areas, or for providers, of
// one kind that no map of England shows.
type Outside struct {
	Kind     string // "Wales", "Scotland", "not an English commissioner", …
	Codes    []string
	Patients flow.Count
}

var outsideKinds = []struct {
	kind string
	code *regexp.Regexp
}{
	{"Wales", regexp.MustCompile(`^(?:W\d{8}|7A[1-9])$`)},
	{"Scotland", regexp.MustCompile(`^(?:S\d{8}|S[A-Z]\d{3})$`)},
	{"Northern Ireland", regexp.MustCompile(`^(?:N\d{8}|Z[CT]\d{3})$`)},
	{"commissioned outside England", regexp.MustCompile(`^NONC$`)},
	{"NHS England and its regions", regexp.MustCompile(`^(?:X24|Y5[4-9]|Y6[0-3]|1[34][A-Z])$`)},
	{"no residence known", regexp.MustCompile(`^(?:NO20\d\d|Q99|X98|XXX|Y99|U|UNK|UNKNOWN)$`)},
}

// OutsideOf says which kind of place that no map of England's areas shows a
// code of an area stands for: a country, the national commissioner, or none
// known. It is "" for an English area, and for what it does not know.
func OutsideOf(code string) string {
	for _, k := range outsideKinds {
		if k.code.MatchString(code) {
			if k.kind == "NHS England and its regions" && groupsOnce[code] {
				return ""
			}
			return k.kind
		}
	}
	return ""
}

// groupsOnce are the clinical commissioning groups whose codes look like those
// of commissioning hubs: Newcastle Gateshead, Manchester, Buckinghamshire.
var groupsOnce = map[string]bool{"13T": true, "14L": true, "14Y": true}
