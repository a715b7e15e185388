package data

import (
	"cmp"
	"regexp"
	"slices"

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

// outside counts the flows of places outside England, which stay in the table
// under their own codes.
func (im *importer) outside() {
	type sum struct {
		codes []string
		n     flow.Count
	}
	by := map[string]*sum{}
	note := func(kind, code string, c flow.Count) {
		s := by[kind]
		if s == nil {
			s = &sum{}
			by[kind] = s
		}
		if !slices.Contains(s.codes, code) {
			s.codes = append(s.codes, code)
		}
		s.n = s.n.Plus(c)
	}
	kinds := map[string]string{}
	for _, r := range im.out.Flows {
		k, ok := kinds[r.Area]
		if !ok {
			k = OutsideOf(r.Area)
			kinds[r.Area] = k
		}
		if k != "" {
			note(k, r.Area, r.Count)
		}
		if catchAll(r.Provider) {
			note("provider outside the table", r.Provider, r.Count)
		}
	}
	for kind, s := range by {
		slices.Sort(s.codes)
		im.out.Report.Outside = append(im.out.Report.Outside, Outside{kind, s.codes, s.n})
	}
	slices.SortFunc(im.out.Report.Outside, func(a, b Outside) int { return cmp.Compare(a.Kind, b.Kind) })
}
