package compare

import (
	"maps"
	"math"
	"path/filepath"
	"slices"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/compare"
)

// mapPair is one partition held against another, over the areas of their
// tables, whether or not the flows know them.
type mapPair struct {
	a, b      *study.NamedPartition
	codes     []string // of all areas in either, sorted
	areas     []int    // index in the flows, −1 for none
	la, lb    []int32  // groups by code's place, negative for none
	ida, idb  []string // ids of the groups
	agreement compare.Agreement
	unmatched []string // codes in one of the two only
	limit     float64  // patients under which counts are hidden
}

// groupsOf gives the groups of a table's areas by code. A table that places
// providers only has its areas follow them.
//
// Without flows, a plain code that the other table has as a provider's is none
// of an area.
func groupsOf(p, other *study.NamedPartition, in *study.Study) map[string]string {
	if in.Matrix == nil {
		groups := maps.Clone(p.AreaGroups)
		for code := range other.Providers {
			if _, area := other.AreaGroups[code]; !area {
				delete(groups, code)
			}
		}
		return groups
	}
	if len(p.AreaGroups) > 0 {
		return p.AreaGroups
	}
	groups := map[string]string{}
	for a, f := range p.Partition.Areas {
		if f >= 0 {
			groups[in.Matrix.Areas()[a]] = p.Partition.IDs[f]
		}
	}
	return groups
}

// newMapPair joins two partitions by code. limit is --suppress-below.
func newMapPair(a, b *study.NamedPartition, in *study.Study, limit float64) *mapPair {
	p := &mapPair{a: a, b: b, limit: limit}
	ga, gb := groupsOf(a, b, in), groupsOf(b, a, in)
	p.ida, p.idb = idsOf(ga), idsOf(gb)
	p.codes = slices.AppendSeq(slices.Collect(maps.Keys(ga)), maps.Keys(gb))
	slices.Sort(p.codes)
	p.codes = slices.Compact(p.codes)
	for _, code := range p.codes {
		la, lb := label(p.ida, ga[code]), label(p.idb, gb[code])
		p.la, p.lb = append(p.la, la), append(p.lb, lb)
		if (la < 0) != (lb < 0) {
			p.unmatched = append(p.unmatched, code)
		}
		at := -1
		if in.Matrix != nil {
			if i, ok := in.Matrix.AreaIndex(code); ok {
				at = i
			}
		}
		p.areas = append(p.areas, at)
	}
	p.addUnmatched()
	p.agreement = compare.Agree(p.la, p.lb)
	return p
}

// idsOf are the ids of groups, sorted.
func idsOf(groups map[string]string) (ids []string) {
	for _, id := range groups {
		if id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// label is the place of a group among ids.
func label(ids []string, group string) int32 {
	if k, ok := slices.BinarySearch(ids, group); ok {
		return int32(k)
	}
	return footprint.Unplaced
}

// addUnmatched adds the codes that are in one of the tables only.
func (p *mapPair) addUnmatched() {
	a, b := p.a, p.b
	for _, one := range []*study.NamedPartition{a, b} {
		for _, code := range one.Unmatched {
			if _, known := slices.BinarySearch(p.codes, code); !known && !(slices.Contains(a.Unmatched, code) && slices.Contains(b.Unmatched, code)) {
				p.unmatched = append(p.unmatched, code)
			}
		}
	}
	// Providers count where both tables place them: in one that has areas only
	// they follow their flows.
	if len(a.Providers) > 0 && len(b.Providers) > 0 {
		for _, two := range [][2]*study.NamedPartition{{a, b}, {b, a}} {
			for code := range two[0].Providers {
				if !two[1].Providers[code] {
					p.unmatched = append(p.unmatched, code)
				}
			}
		}
	}
	slices.Sort(p.unmatched)
	p.unmatched = slices.Compact(p.unmatched)
}

// groupTitle is a group's name, or its code where it has none.
func groupTitle(p *study.NamedPartition, id string) string {
	if name := p.GroupNames[id]; name != "" {
		return name
	}
	return id
}

// areaTitle is the name of an area, or its code where that is not known.
func (p *mapPair) areaTitle(in *study.Study, i int) string {
	if a := p.areas[i]; a >= 0 && in.AreaNames != nil && in.AreaNames[a] != "" {
		return in.AreaNames[a]
	}
	return p.codes[i]
}

// patients and people of one area; NaN where not known.
func (p *mapPair) size(in *study.Study, i int) (patients, people float64) {
	patients, people = math.NaN(), math.NaN()
	if a := p.areas[i]; a >= 0 {
		patients = in.Matrix.RowCount(a).Published
		if in.Population != nil {
			people = in.Population[a]
		}
	}
	return patients, people
}

// sum adds up areas; NaN where one is not known.
func (p *mapPair) sum(in *study.Study, things []int32) (patients, people float64) {
	for _, i := range things {
		n, m := p.size(in, int(i))
		patients += n
		people += m
	}
	return patients, people
}

// agreementJSON are the keys of a comparison that need no flows.
type agreementJSON struct {
	Footprints      int      `json:"footprints"`
	ReferenceGroups int      `json:"reference_groups"`
	ARI             *float64 `json:"ari"`
	AMI             *float64 `json:"ami"`
	NMI             *float64 `json:"nmi"`
	VI              *float64 `json:"vi"`
	AreasCompared   int      `json:"areas_compared"`
	Moved           int      `json:"moved"`
	Unmatched       []string `json:"unmatched"`
}

func (p *mapPair) agreementJSON() agreementJSON {
	g := p.agreement
	j := agreementJSON{
		Footprints: len(p.ida), ReferenceGroups: len(p.idb), AreasCompared: g.Compared, Moved: g.Moved, Unmatched: append([]string{}, p.unmatched...),
		ARI: stage.Nullable(g.ARI), AMI: stage.Nullable(g.AMI), NMI: stage.Nullable(g.NMI), VI: stage.Nullable(g.VI),
	}
	return j
}

// mapFigures are the measures of one map.
type mapFigures struct {
	Name            string   `json:"name"`
	Footprints      int      `json:"footprints"`
	InsideShare     *float64 `json:"inside_share"`
	MinLocalisation *float64 `json:"min_localisation_index"`
	MedLocalisation *float64 `json:"median_localisation_index"`
	Modularity      *float64 `json:"modularity"`
	MinPopulation   *float64 `json:"min_population"`
	MaxPopulation   *float64 `json:"max_population"`
	LargestShare    *float64 `json:"largest_share"`
}

func figuresOfMap(p *study.NamedPartition, in *study.Study) mapFigures {
	f := mapFigures{Name: filepath.Base(p.File)}
	if in.Matrix == nil {
		groups := map[string]bool{}
		for _, id := range p.AreaGroups {
			if id != "" {
				groups[id] = true
			}
		}
		f.Footprints = len(groups)
		return f
	}
	m := footprint.Measure(in.Matrix, p.Partition, in.Population, in.Adjacency)
	f.Footprints, f.InsideShare, f.MinLocalisation = m.Footprints, stage.Nullable(m.InsideShare), stage.Nullable(m.MinLocalisation)
	f.MedLocalisation, f.Modularity, f.LargestShare = stage.Nullable(m.MedianLocalisation), stage.Nullable(m.Modularity), stage.Nullable(m.LargestShare)
	f.MinPopulation, f.MaxPopulation = stage.Nullable(m.MinPopulation), stage.Nullable(m.MaxPopulation)
	return f
}
