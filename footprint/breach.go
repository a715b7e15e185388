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
	// "together", "keep-whole", "min-providers", "apart", "fix"; or "health-system", the rule that every
	// footprint has an area and a provider, treats as many of its residents and is
	// as large as Floor says, and is one piece in the flow network.
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
	return BreachesMeasured(m, before, Measure(m, before, cs.Population, cs.Contiguous), after, Measure(m, after, cs.Population, cs.Contiguous), cs)
}

// BreachesMeasured is Breaches of two partitions whose figures are known.
func BreachesMeasured(m *flow.Matrix, before Partition, was Measures, after Partition, is Measures, cs Constraints) []Breach {
	c := newChange(m, before, after, cs)
	out, old := c.unmet(after, is), c.unmet(before, was)
	for i := range out {
		out[i].Already = slices.ContainsFunc(old, func(b Breach) bool {
			return b.Demand == out[i].Demand && b.Footprint == out[i].Footprint
		})
	}
	return out
}

// Unmet lists the demands of cs that a partition does not meet, in all its
// footprints; ms are its figures.
func Unmet(m *flow.Matrix, p Partition, ms Measures, cs Constraints) []Breach {
	c := newChange(m, p, p, cs)
	for f := range c.touched {
		c.touched[f] = true
	}
	for v := range c.moved {
		c.moved[v] = true
	}
	return c.unmet(p, ms)
}

// change is a change of a partition under demands.
type change struct {
	Constraints
	m             *flow.Matrix
	was           []int32 // where the nodes lay before
	moved         []bool  // by node
	touched, gave []bool  // by footprint: some nodes came or left; some left
	found         []Breach
}

func newChange(m *flow.Matrix, before, after Partition, cs Constraints) *change {
	c := &change{
		Constraints: cs, m: m, was: slices.Concat(before.Areas, before.Providers),
		touched: make([]bool, before.Len()), gave: make([]bool, before.Len()),
	}
	c.moved = make([]bool, len(c.was))
	for v, is := range slices.Concat(after.Areas, after.Providers) {
		was := c.was[v]
		if c.moved[v] = was != is; !c.moved[v] {
			continue
		}
		if was >= 0 {
			c.touched[was], c.gave[was] = true, true
		}
		if is >= 0 {
			c.touched[is] = true
		}
	}
	return c
}

// unmet lists the demands that p does not meet in the touched footprints and
// about the moved nodes; ms are its figures.
func (c *change) unmet(p Partition, ms Measures) []Breach {
	c.found = nil
	held := 0
	for f := range ms.ByFootprint {
		fm := &ms.ByFootprint[f]
		if fm.Areas+fm.Providers == 0 {
			continue
		}
		held++
		if c.touched[f] {
			c.system(fm)
			c.floor(fm, ms.Footprints)
			c.contiguity(fm, p, f)
			c.sizes(fm)
			c.hospitals(fm, p, f)
		}
	}
	if c.Footprints > 0 && held != c.Footprints {
		c.addNumber("footprints", "", float64(held), float64(c.Footprints), "leave %d of --footprints %d", held, c.Footprints)
	}
	c.groups(slices.Concat(p.Areas, p.Providers))
	return c.found
}

func (c *change) add(demand, id, format string, args ...any) {
	c.found = append(c.found, Breach{Demand: demand, Footprint: id, Words: fmt.Sprintf(format, args...)})
}

func (c *change) addNumber(demand, id string, value, limit float64, format string, args ...any) {
	c.add(demand, id, format, args...)
	b := &c.found[len(c.found)-1]
	if !math.IsNaN(value) {
		b.Value, b.Limit = &value, &limit
	}
}

// system looks at the rule that a footprint is a health system.
func (c *change) system(fm *FootprintMeasures) {
	words, oneMode := "", c.m.OneMode()
	switch {
	case c.AllowSingleKind:
	case !oneMode && fm.Areas == 0:
		words = "leave %s without an area"
	case !oneMode && fm.Providers == 0:
		words = "leave %s without a provider"
	case !oneMode && !(fm.Inside.Value > 0):
		words = "leave %s with none of its residents treated inside"
	case !oneMode && !fm.Connected:
		words = "leave parts of %s without patients between them"
	case !fm.Connected:
		words = "leave parts of %s without flow between them"
	}
	if words != "" {
		c.add("health-system", fm.ID, words, fm.ID)
	}
}

// floor looks at what Floor says of a health system, beyond MinLocalisation. A
// footprint that exchanges patients with no other is exempt.
func (c *change) floor(fm *FootprintMeasures, footprints int) {
	least, ofMean := c.Floor(c.m.OneMode())
	resident, inside := fm.Resident.Value, fm.Inside.Value
	if !(inside > 0) || inside == resident && inside == fm.Treated.Value {
		return
	}
	id := fm.ID
	if li := fm.LocalisationIndex; c.MinLocalisation == 0 && li < least-1e-9 {
		c.addNumber("health-system", id, li, least, "leave %s with a localisation index of %s, and %s is the least of a health system (--allow-degenerate lifts that)", id, thousandths(li), thousandths(least))
	}
	if size := ofMean * c.m.Total().Value / float64(max(1, footprints)); resident < size*(1-1e-9) {
		c.addNumber("health-system", id, resident, size, "leave %s with less than %s of the mean footprint's patients (--allow-degenerate lifts that)", id, percentOf(ofMean))
	}
}

// percentOf writes a share in per cent.
func percentOf(x float64) string { return strconv.FormatFloat(100*x, 'g', 3, 64) + "%" }

func (c *change) contiguity(fm *FootprintMeasures, p Partition, f int) {
	if c.Contiguous == nil || fm.Areas == 0 || fm.Contiguous {
		return
	}
	pieces := "two"
	if n := GroundOf(c.Contiguous, len(p.Areas)).Pieces(p.Areas, p.Len())[f]; n > 2 {
		pieces = strconv.Itoa(n)
	}
	if c.gave[f] {
		c.add("contiguous", fm.ID, "cut %s into %s pieces", fm.ID, pieces)
	} else {
		c.add("contiguous", fm.ID, "leave %s in %s pieces on the ground", fm.ID, pieces)
	}
}

// sizes looks at people, patients and the localisation index.
func (c *change) sizes(fm *FootprintMeasures) {
	id, people := fm.ID, fm.Population
	if c.MinPopulation > 0 && people < c.MinPopulation {
		c.addNumber("min-population", id, people, c.MinPopulation, "leave %s with %s people, under --min-population %s", id, wording.People(people), wording.People(c.MinPopulation))
	}
	if c.MaxPopulation > 0 && people > c.MaxPopulation {
		c.addNumber("max-population", id, people, c.MaxPopulation, "leave %s with %s people, over --max-population %s", id, wording.People(people), wording.People(c.MaxPopulation))
	}
	if li := fm.LocalisationIndex; c.MinLocalisation > 0 && li < c.MinLocalisation-1e-9 {
		c.addNumber("min-localisation", id, li, c.MinLocalisation, "leave %s with a localisation index of %s, under --min-localisation %s", id, thousandths(li), thousandths(c.MinLocalisation))
	}
	if total := c.m.Total().Value; c.MaxShare > 0 && fm.Resident.Value > c.MaxShare*total*(1+1e-9) {
		share := fm.Resident.Value / total
		c.addNumber("max-share", id, share, c.MaxShare, "leave %s with %s of all patients, over --max-share %s", id, thousandths(share), thousandths(c.MaxShare))
	}
}

// hospitals looks at the number of providers that count.
func (c *change) hospitals(fm *FootprintMeasures, p Partition, f int) {
	n := 0
	for j, g := range p.Providers {
		if int(g) == f && c.Counts(j) {
			n++
		}
	}
	if n < c.MinProviders {
		what := "providers"
		if c.CountedProviders != nil {
			what = "providers of the types asked for"
		}
		c.addNumber("min-providers", fm.ID, float64(n), float64(c.MinProviders), "leave %s with %d %s, under --min-providers %d", fm.ID, n, what, c.MinProviders)
	}
}

// thousandths writes a share with up to three decimals.
func thousandths(x float64) string {
	return strconv.FormatFloat(math.Round(1000*x)/1000, 'g', -1, 64)
}

// groups looks at what must be together, apart or where it was.
func (c *change) groups(label []int32) {
	codes := slices.Concat(c.m.Areas(), c.m.Providers())
	for _, group := range c.Together {
		if v, w, ok := firstPair(group, c.moved, func(v, w int32) bool { return label[v] != label[w] }); ok {
			c.add("together", "", "part %s from %s, which --together keeps in one footprint", codes[v], codes[w])
		}
	}
	for _, u := range c.KeepWhole {
		if v, w, ok := firstPair(u.Areas, c.moved, func(v, w int32) bool { return label[v] != label[w] }); ok {
			c.add("keep-whole", "", "part %s from %s, and --keep-whole keeps %s in one footprint", codes[v], codes[w], u.Name)
		}
	}
	for _, group := range c.Apart {
		if v, w, ok := firstPair(group, c.moved, func(v, w int32) bool { return label[v] == label[w] && label[v] >= 0 }); ok {
			c.add("apart", "", "put %s with %s, which --apart keeps in different footprints", codes[v], codes[w])
		}
	}
	for v, moved := range c.moved {
		if moved && v < len(c.Fixed) && c.Fixed[v] && label[v] != c.was[v] {
			c.add("fix", "", "move %s, which --fix holds where it is", codes[v])
			return
		}
	}
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
