package data

import (
	"fmt"
	"slices"
	"strings"
)

// SitesToTrusts counts sites with their trusts (see TrustOf); sites is how many
// codes changed.
func SitesToTrusts(records []Record) (out []Record, sites int) {
	var pairs pairTally
	seen := map[string]bool{}
	for _, r := range records {
		if r.Absent {
			continue
		}
		trust := TrustOf(r.Provider)
		if trust != r.Provider {
			seen[r.Provider] = true
		}
		pairs.add([]byte(r.Area), []byte(trust), nil, r.Count, false, "", 0)
	}
	return pairs.records(nil), len(seen)
}

// FilterProviders keeps the flows to providers that keep wants; left are the
// others with their patients, by code.
func FilterProviders(records []Record, keep func(code string) bool) (out []Record, left []CodeUse) {
	wanted := map[string]bool{}
	dropped := map[string]float64{}
	for _, r := range records {
		w, ok := wanted[r.Provider]
		if !ok {
			w = keep(r.Provider)
			wanted[r.Provider] = w
		}
		if w {
			out = append(out, r)
		} else {
			dropped[r.Provider] += r.Count.Value
		}
	}
	return out, uses(dropped)
}

// DropOutside leaves out the flows of areas outside England and of providers
// that the table does not name; left are these with their patients, by code.
func DropOutside(records []Record) (out []Record, left []CodeUse) {
	dropped := map[string]float64{}
	for _, r := range records {
		switch {
		case OutsideOf(r.Area) != "":
			dropped[r.Area] += r.Count.Value
		case catchAll(r.Provider):
			dropped[r.Provider] += r.Count.Value
		default:
			out = append(out, r)
		}
	}
	return out, uses(dropped)
}

func uses(by map[string]float64) []CodeUse {
	list := make([]CodeUse, 0, len(by))
	for code, n := range by {
		list = append(list, CodeUse{code, n})
	}
	slices.SortFunc(list, func(a, b CodeUse) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// String says what became of a code: "RW6 to R0A and RM3 (equal parts)".
func (m Move) String() string {
	codes := make([]string, len(m.New))
	for i, p := range m.New {
		codes[i] = p.Code
	}
	s := fmt.Sprintf("%s to %s", m.Old, strings.Join(codes, " and "))
	switch {
	case m.Rule == "equal":
		s += " (equal parts, by rule)"
	case m.Rule != "":
		s += " (by rule)"
	}
	return s
}
