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
	g := regrouper{seen: map[string]bool{}, unmatched: map[string]flow.Count{}, outside: map[string]*Outside{}}
	var pairs tally.Pairs
	for _, r := range records {
		if r.Absent {
			continue
		}
		parts := m.parts[r.Area]
		g.note(r, parts)
		if len(parts) == 0 {
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
	return pairs.Records(nil), g.settled()
}

// regrouper counts what regrouping comes to.
type regrouper struct {
	Regrouping
	seen      map[string]bool
	unmatched map[string]flow.Count
	outside   map[string]*Outside
}

// note counts one record, whose area lies in parts.
func (g *regrouper) note(r data.Record, parts []Part) {
	g.Patients = g.Patients.Plus(r.Count)
	if !g.seen[r.Area] {
		g.seen[r.Area] = true
		if len(parts) > 0 {
			g.Areas++
		}
		if len(parts) > 1 {
			g.Parted++
		}
	}
	if len(parts) > 0 {
		return
	}
	kind := table.OutsideOf(r.Area)
	if kind == "" {
		g.unmatched[r.Area] = g.unmatched[r.Area].Plus(r.Count)
		return
	}
	o := g.outside[kind]
	if o == nil {
		o = &Outside{Kind: kind}
		g.outside[kind] = o
	}
	if !slices.Contains(o.Codes, r.Area) {
		o.Codes = append(o.Codes, r.Area)
	}
	o.Patients = o.Patients.Plus(r.Count)
}

// settled is the report in its order.
func (g *regrouper) settled() Regrouping {
	for code, n := range g.unmatched {
		g.Unmatched = append(g.Unmatched, Unmapped{code, n})
	}
	slices.SortFunc(g.Unmatched, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(b.Patients.Value, a.Patients.Value), strings.Compare(a.Code, b.Code))
	})
	for _, o := range g.outside {
		slices.Sort(o.Codes)
		g.Outside = append(g.Outside, *o)
	}
	slices.SortFunc(g.Outside, func(a, b Outside) int { return strings.Compare(a.Kind, b.Kind) })
	return g.Regrouping
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
