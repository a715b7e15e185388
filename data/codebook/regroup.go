package codebook

import (
	"cmp"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow"
)

// Fit is how an area that lies in several others is brought to them.
type Fit int8

const (
	// BestFit gives an area as a whole to the one that has most of it, as the
	// Office for National Statistics does.
	BestFit Fit = iota
	// Split parts its patients by share, whole patients by largest remainder.
	Split
)

// Regrouping is what Regroup did: every patient is in one of the numbers.
type Regrouping struct {
	Areas     int        // areas that were mapped
	Parted    int        // of these, areas that lie in several others
	Patients  flow.Count // of all areas, mapped or not
	Outside   []Outside  // kept under their own codes: other countries and the like
	Unmatched []Unmapped // kept under their own codes: not in the lookup
}

// Unmapped is an area that a lookup does not have.
type Unmapped struct {
	Code     string
	Patients flow.Count
}

// Regroup brings flows from one geography to another. Patients are conserved:
// areas that the lookup lacks keep their codes and are counted. The result is
// sorted by area and provider, with suppressed cells apart.
func (m *Mapping) Regroup(records []data.Record, fit Fit) ([]data.Record, Regrouping) {
	var rep Regrouping
	var pairs tally.Pairs
	seen := map[string]bool{}
	unmatched := map[string]flow.Count{}
	outside := map[string]*Outside{}
	for _, r := range records {
		if r.Absent {
			continue
		}
		rep.Patients = rep.Patients.Plus(r.Count)
		parts := m.parts[r.Area]
		if !seen[r.Area] {
			seen[r.Area] = true
			if len(parts) > 0 {
				rep.Areas++
			}
			if len(parts) > 1 {
				rep.Parted++
			}
		}
		if len(parts) == 0 {
			if kind := table.OutsideOf(r.Area); kind != "" {
				o := outside[kind]
				if o == nil {
					o = &Outside{Kind: kind}
					outside[kind] = o
				}
				if !slices.Contains(o.Codes, r.Area) {
					o.Codes = append(o.Codes, r.Area)
				}
				o.Patients = o.Patients.Plus(r.Count)
			} else {
				unmatched[r.Area] = unmatched[r.Area].Plus(r.Count)
			}
			parts = []Part{{r.Area, 1}}
		}
		if fit == BestFit {
			parts = []Part{{parts[0].Code, 1}}
		}
		shares := make([]float64, len(parts))
		for i, p := range parts {
			shares[i] = p.Share
		}
		for i, c := range partCount(r.Count, shares) {
			if c == (flow.Count{}) && len(shares) > 1 {
				continue
			}
			pairs.Add([]byte(parts[i].Code), []byte(r.Provider), nil, c, false, "", 0)
		}
	}
	for code, n := range unmatched {
		rep.Unmatched = append(rep.Unmatched, Unmapped{code, n})
	}
	slices.SortFunc(rep.Unmatched, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(b.Patients.Value, a.Patients.Value), strings.Compare(a.Code, b.Code))
	})
	for _, o := range outside {
		slices.Sort(o.Codes)
		rep.Outside = append(rep.Outside, *o)
	}
	slices.SortFunc(rep.Outside, func(a, b Outside) int { return strings.Compare(a.Kind, b.Kind) })
	return pairs.Records(nil), rep
}

// RegroupPopulation brings people from one geography to another, as Regroup
// does patients.
func (m *Mapping) RegroupPopulation(people []data.Population, fit Fit) ([]data.Population, Regrouping) {
	records := make([]data.Record, len(people))
	for i, p := range people {
		records[i] = data.Record{Area: p.Area, Provider: "people", Count: flow.Exactly(p.People)}
	}
	grouped, rep := m.Regroup(records, fit)
	out := make([]data.Population, len(grouped))
	for i, r := range grouped {
		out[i] = data.Population{Area: r.Area, People: r.Count.Value}
	}
	return out, rep
}
