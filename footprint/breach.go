package footprint

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"stpmap/flow"
	"stpmap/footprint/internal/wording"
)

// Breach is a demand that a partition does not meet.
type Breach struct {
	// Demand is the name of the flag that asks it: "footprints", "contiguous",
	// "min-population", "max-population", "min-localisation", "max-share",
	// "together", "apart", "fix"; or "health-system", the rule that every
	// footprint has an area and a provider, treats some of its residents and is
	// one piece in the flow network.
	Demand    string   `json:"demand"`
	Footprint string   `json:"footprint"` // "" where it is about no single one
	Value     *float64 `json:"value"`     // people, share or number reached; nil where nothing is counted
	Limit     *float64 `json:"limit"`     // what Value may not pass; nil as Value
	// Words go on after "would", as in "cut F03 in two".
	Words string `json:"words"`
	// Already says that it was not met before either.
	Already bool `json:"already"`
}

// Breaches lists the demands of cs that a change from before to after, two
// partitions with the same footprints of the same matrix, would leave unmet, in
// the footprints that the change touches. A footprint that it empties is gone.
// Where cs bounds people, its Population must be known for every area.
func Breaches(m *flow.Matrix, before, after Partition, cs Constraints) []Breach {
	touched, gave := make([]bool, before.Len()), make([]bool, before.Len())
	moved := make([]bool, len(before.Areas)+len(before.Providers))
	was, is := slices.Concat(before.Areas, before.Providers), slices.Concat(after.Areas, after.Providers)
	for v := range was {
		if moved[v] = was[v] != is[v]; moved[v] {
			if was[v] >= 0 {
				touched[was[v]], gave[was[v]] = true, true
			}
			if is[v] >= 0 {
				touched[is[v]] = true
			}
		}
	}
	out := cs.unmet(m, after, was, touched, gave, moved)
	old := cs.unmet(m, before, was, touched, gave, moved)
	for i := range out {
		out[i].Already = slices.ContainsFunc(old, func(b Breach) bool {
			return b.Demand == out[i].Demand && b.Footprint == out[i].Footprint
		})
	}
	return out
}

// unmet lists the demands that p does not meet in the touched footprints and
// about the moved nodes; was is where the nodes lay before, and gave marks the
// footprints that some left.
func (cs Constraints) unmet(m *flow.Matrix, p Partition, was []int32, touched, gave, moved []bool) []Breach {
	var out []Breach
	ms := Measure(m, p, cs.Population, cs.Contiguous)
	share := func(x float64) string { return strconv.FormatFloat(math.Round(1000*x)/1000, 'g', -1, 64) }
	add := func(demand, id string, value, limit float64, format string, args ...any) {
		b := Breach{Demand: demand, Footprint: id, Words: fmt.Sprintf(format, args...)}
		if !math.IsNaN(value) {
			b.Value, b.Limit = &value, &limit
		}
		out = append(out, b)
	}
	none := math.NaN()
	held := 0
	for f := range ms.ByFootprint {
		fm := &ms.ByFootprint[f]
		if fm.Areas+fm.Providers == 0 {
			continue
		}
		held++
		if !touched[f] {
			continue
		}
		id := fm.ID
		if !m.OneMode() && !cs.AllowSingleKind {
			switch {
			case fm.Areas == 0:
				add("health-system", id, none, none, "leave %s without an area", id)
			case fm.Providers == 0:
				add("health-system", id, none, none, "leave %s without a provider", id)
			case !(fm.Inside.Value > 0):
				add("health-system", id, none, none, "leave %s with none of its residents treated inside", id)
			case !fm.Connected:
				add("health-system", id, none, none, "leave parts of %s without patients between them", id)
			}
		} else if !fm.Connected && !cs.AllowSingleKind {
			add("health-system", id, none, none, "leave parts of %s without flow between them", id)
		}
		if cs.Contiguous != nil && fm.Areas > 0 && !fm.Contiguous {
			pieces := "two"
			if n := piecesOnGround(p, int32(f), cs.Contiguous); n > 2 {
				pieces = strconv.Itoa(n)
			}
			if gave[f] {
				add("contiguous", id, none, none, "cut %s into %s pieces", id, pieces)
			} else {
				add("contiguous", id, none, none, "leave %s in %s pieces on the ground", id, pieces)
			}
		}
		if cs.MinPopulation > 0 && fm.Population < cs.MinPopulation {
			add("min-population", id, fm.Population, cs.MinPopulation, "leave %s with %s people, under --min-population %s", id, wording.People(fm.Population), wording.People(cs.MinPopulation))
		}
		if cs.MaxPopulation > 0 && fm.Population > cs.MaxPopulation {
			add("max-population", id, fm.Population, cs.MaxPopulation, "leave %s with %s people, over --max-population %s", id, wording.People(fm.Population), wording.People(cs.MaxPopulation))
		}
		if cs.MinLocalisation > 0 && fm.LocalisationIndex < cs.MinLocalisation-1e-9 {
			add("min-localisation", id, fm.LocalisationIndex, cs.MinLocalisation, "leave %s with a localisation index of %s, under --min-localisation %s", id, share(fm.LocalisationIndex), share(cs.MinLocalisation))
		}
		if total := m.Total().Value; cs.MaxShare > 0 && fm.Resident.Value > cs.MaxShare*total*(1+1e-9) {
			add("max-share", id, fm.Resident.Value/total, cs.MaxShare, "leave %s with %s of all patients, over --max-share %s", id, share(fm.Resident.Value/total), share(cs.MaxShare))
		}
	}
	if cs.Footprints > 0 && held != cs.Footprints {
		add("footprints", "", float64(held), float64(cs.Footprints), "leave %d of --footprints %d", held, cs.Footprints)
	}
	label := slices.Concat(p.Areas, p.Providers)
	codes := slices.Concat(m.Areas(), m.Providers())
	for _, group := range cs.Together {
		if v, w, ok := firstPair(group, moved, func(v, w int32) bool { return label[v] != label[w] }); ok {
			add("together", "", none, none, "part %s from %s, which --together keeps in one footprint", codes[v], codes[w])
		}
	}
	for _, group := range cs.Apart {
		if v, w, ok := firstPair(group, moved, func(v, w int32) bool { return label[v] == label[w] && label[v] >= 0 }); ok {
			add("apart", "", none, none, "put %s with %s, which --apart keeps in different footprints", codes[v], codes[w])
		}
	}
	for v := range moved {
		if moved[v] && cs.Fixed != nil && v < len(cs.Fixed) && cs.Fixed[v] && label[v] != was[v] {
			add("fix", "", none, none, "move %s, which --fix holds where it is", codes[v])
			break
		}
	}
	return out
}

// firstPair finds two nodes of a group, one of them moved, of which bad holds.
func firstPair(group []int32, moved []bool, bad func(v, w int32) bool) (v, w int32, ok bool) {
	for _, v := range group {
		if !moved[v] {
			continue
		}
		for _, w := range group {
			if v != w && bad(v, w) {
				return v, w, true
			}
		}
	}
	return 0, 0, false
}

// Move is the partition with a node elsewhere: an area's index, or the number
// of areas plus a provider's index.
func (p Partition) Move(node int, to int32) Partition {
	p.Areas, p.Providers = slices.Clone(p.Areas), slices.Clone(p.Providers)
	if node < len(p.Areas) {
		p.Areas[node] = to
	} else {
		p.Providers[node-len(p.Areas)] = to
	}
	return p
}

// Merge is the partition with all members of footprint from in footprint to.
func (p Partition) Merge(from, to int32) Partition {
	p.Areas, p.Providers = slices.Clone(p.Areas), slices.Clone(p.Providers)
	for _, labels := range [][]int32{p.Areas, p.Providers} {
		for i := range labels {
			if labels[i] == from {
				labels[i] = to
			}
		}
	}
	return p
}
