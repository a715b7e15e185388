package codebook

import (
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// SitesToTrusts counts sites with their trusts (see TrustOf); sites is how many
// codes changed.
func SitesToTrusts(records []data.Record) (out []data.Record, sites int) {
	var pairs tally.Pairs
	seen := map[string]bool{}
	for _, r := range records {
		if r.Absent {
			continue
		}
		trust := TrustOf(r.Provider)
		if trust != r.Provider {
			seen[r.Provider] = true
		}
		pairs.Add([]byte(r.Area), []byte(trust), nil, r.Count, false, "", 0)
	}
	return pairs.Records(nil), len(seen)
}

// FilterProviders keeps the flows to providers that keep wants; left are the
// others with their patients, by code.
func FilterProviders(records []data.Record, keep func(code string) bool) (out []data.Record, left []CodeUse) {
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
func DropOutside(records []data.Record) (out []data.Record, left []CodeUse) {
	dropped := map[string]float64{}
	for _, r := range records {
		switch {
		case table.OutsideOf(r.Area) != "":
			dropped[r.Area] += r.Count.Value
		case Elsewhere(r.Provider):
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
