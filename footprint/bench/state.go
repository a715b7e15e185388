package bench

import (
	"math"
	"slices"
	"strings"

	"stpmap/footprint"
)

// State is the map as it is, with its figures; null is what is not known.
type State struct {
	Footprints      []FootprintState `json:"footprints"` // those with members
	InsideShare     *float64         `json:"inside_share"`
	MinLocalisation *float64         `json:"min_localisation_index"`
	Median          *float64         `json:"median_localisation_index"`
	MinPopulation   *float64         `json:"min_population"`
	MaxPopulation   *float64         `json:"max_population"`
	Modularity      *float64         `json:"modularity"`
	Contiguous      *int             `json:"contiguous"`  // footprints in one piece
	CutBorders      *int             `json:"cut_borders"` // neighbouring areas in different footprints
	Breaches        []BreachState    `json:"breaches"`
	Locked          int              `json:"locked"` // places
	CanUndo         bool             `json:"can_undo"`
	CanRedo         bool             `json:"can_redo"`
	Options         []string         `json:"options"`
	// Renumbered says that ids do not mean what they meant at the start.
	Renumbered bool `json:"renumbered"`
	// Scores is what the indicators say; nil without any, and in the answer to a step.
	Scores *AllScores `json:"scores,omitempty"`
}

// FootprintState are the figures of a footprint, as footprints.csv has them.
type FootprintState struct {
	ID                string   `json:"id"`
	Name              string   `json:"name"`
	Population        *float64 `json:"population"`
	Providers         int      `json:"providers"`
	Areas             int      `json:"areas"`
	PatientsResident  float64  `json:"patients_resident"`
	PatientsTreated   float64  `json:"patients_treated"`
	PatientsInside    float64  `json:"patients_inside"`
	LocalisationIndex *float64 `json:"localisation_index"`
	MarketShareIndex  *float64 `json:"market_share_index"`
	Contiguous        *bool    `json:"contiguous"`
	Score             *float64 `json:"score,omitempty"` // as Scores
	Rating            *int     `json:"rating,omitempty"`
}

// BreachState is a demand that is not met.
type BreachState struct {
	footprint.Breach
	Name string `json:"name"` // of the footprint
}

// Summary are the figures of a whole map.
type Summary struct {
	Footprints      int      `json:"footprints"`
	InsideShare     *float64 `json:"inside_share"`
	MinLocalisation *float64 `json:"min_localisation_index"`
	Modularity      *float64 `json:"modularity"`
	Contiguous      *int     `json:"contiguous"`
	MinPopulation   *float64 `json:"min_population"`
	MaxPopulation   *float64 `json:"max_population"`
	Breaches        int      `json:"breaches"`
}

// known is a number; nil where it is none.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func inOnePiece(ms *footprint.Measures) *int {
	if ms.Contiguous < 0 {
		return nil
	}
	n := 0
	for i := range ms.ByFootprint {
		if fm := &ms.ByFootprint[i]; fm.Contiguous && fm.Areas+fm.Providers > 0 {
			n++
		}
	}
	return &n
}

func summaryOf(ms footprint.Measures, breaches []footprint.Breach) Summary {
	s := Summary{
		InsideShare: known(ms.InsideShare), MinLocalisation: known(ms.MinLocalisation), Modularity: known(ms.Modularity),
		Contiguous: inOnePiece(&ms), MinPopulation: known(ms.MinPopulation), MaxPopulation: known(ms.MaxPopulation), Breaches: len(breaches),
	}
	for i := range ms.ByFootprint {
		if fm := &ms.ByFootprint[i]; fm.Areas+fm.Providers > 0 {
			s.Footprints++
		}
	}
	return s
}

// Summary are the figures of the map as it is.
func (b *Bench) Summary() Summary { return summaryOf(b.live.Measures, b.unmet()) }

// Began are the figures of the map that the bench began with.
func (b *Bench) Began() Summary { return b.began }

// ReferenceSummary are the figures of the reference; nil without one.
func (b *Bench) ReferenceSummary() *Summary { return b.against }

// OptionSummary are the figures of a map that was kept.
func (b *Bench) OptionSummary(o Option) Summary {
	p := b.partition(o.IDs, o.Label)
	ms := footprint.Measure(b.Matrix, p, b.Population, b.adjacency())
	return summaryOf(ms, footprint.Unmet(b.Matrix, p, ms, b.demands))
}

// partition makes a partition of a footprint by place.
func (b *Bench) partition(ids []string, label []int32) footprint.Partition {
	p := footprint.Partition{IDs: ids, Areas: label[:b.Book.Areas]}
	if !b.Matrix.OneMode() {
		p.Providers = label[b.Book.Areas:]
	}
	return p
}

// cutBorders counts the neighbouring areas in different footprints; nil without
// borders.
func (b *Bench) cutBorders() *int {
	if b.Neighbours == nil {
		return nil
	}
	n := 0
	for a, near := range b.Neighbours {
		for _, other := range near {
			if int(other) > a && b.Book.Label[a] != b.Book.Label[other] {
				n++
			}
		}
	}
	return &n
}

// unmet lists the demands that the map does not meet.
func (b *Bench) unmet() []footprint.Breach {
	cs := b.demands
	cs.Footprints = b.Demands.Footprints
	return footprint.Unmet(b.Matrix, b.live.Partition, b.live.Measures, cs)
}

// scored is the map as it is, with its ratings.
func (b *Bench) scored() State {
	s := b.State()
	if s.Scores = b.Scores(); s.Scores == nil {
		return s
	}
	by := map[string]ScoreState{}
	for _, one := range s.Scores.Now.Footprints {
		by[one.ID] = one
	}
	for i := range s.Footprints {
		f := &s.Footprints[i]
		f.Score, f.Rating = by[f.ID].Score, by[f.ID].Rating
	}
	return s
}

// State is the map as it is.
func (b *Bench) State() State {
	ms := &b.live.Measures
	s := State{
		Footprints: []FootprintState{}, Breaches: []BreachState{}, Options: []string{},
		InsideShare: known(ms.InsideShare), MinLocalisation: known(ms.MinLocalisation), Median: known(ms.MedianLocalisation),
		MinPopulation: known(ms.MinPopulation), MaxPopulation: known(ms.MaxPopulation), Modularity: known(ms.Modularity),
		Contiguous: inOnePiece(ms), CutBorders: b.cutBorders(), CanUndo: b.Book.CanUndo(), CanRedo: b.Book.CanRedo(), Renumbered: b.reclustered(),
	}
	names, called := map[string]string{}, b.names()
	for f := range ms.ByFootprint {
		if fm := &ms.ByFootprint[f]; fm.Areas+fm.Providers > 0 {
			one := b.footprintState(int32(f), called[f], ms.Contiguous >= 0)
			names[one.ID] = one.Name
			s.Footprints = append(s.Footprints, one)
		}
	}
	for _, u := range b.unmet() {
		s.Breaches = append(s.Breaches, BreachState{u, names[u.Footprint]})
	}
	for _, on := range b.Book.Locked {
		if on {
			s.Locked++
		}
	}
	for _, o := range b.Book.Options {
		s.Options = append(s.Options, o.Name)
	}
	return s
}

func (b *Bench) footprintState(f int32, name string, ground bool) FootprintState {
	fm := &b.live.Measures.ByFootprint[f]
	s := FootprintState{
		ID: fm.ID, Name: name, Providers: fm.Providers, Areas: fm.Areas,
		PatientsResident: fm.Resident.Published, PatientsTreated: fm.Treated.Published, PatientsInside: fm.Inside.Published,
		LocalisationIndex: known(fm.LocalisationIndex), MarketShareIndex: known(fm.MarketShareIndex),
	}
	if fm.Areas > 0 {
		s.Population = known(fm.Population)
		if ground {
			s.Contiguous = &fm.Contiguous
		}
	}
	return s
}

// setNames makes ready how footprints are named: as on the maps, by the names of
// Start's footprints where their ids stand.
func (b *Bench) setNames() {
	fresh := b.reclustered()
	if b.naming != nil && fresh == b.namedFresh {
		return
	}
	n := footprint.Naming{Areas: b.AreaNames, Size: b.Population, Mark: b.NameMark, Units: b.units(), Given: map[string]string{}}
	if b.Reference != nil && b.ReferenceNames != nil {
		n.Reference, n.ReferenceNames = b.Reference, b.ReferenceNames
	}
	if !fresh {
		for f, name := range b.Case.Names {
			n.Given[b.Start.IDs[f]] = name
		}
	}
	n = n.Prepared()
	b.naming, b.namedFresh = &n, fresh
}

// units are the names of the units that areas lie in, "" for none; nil without any.
func (b *Bench) units() []string {
	if len(b.Demands.KeepWhole) == 0 {
		return nil
	}
	units := make([]string, len(b.Matrix.Areas()))
	for _, u := range b.Demands.KeepWhole {
		for _, a := range u.Areas {
			units[a] = u.Name
		}
	}
	return units
}

// names are the names of the footprints as they are.
func (b *Bench) names() []string {
	names := b.naming.Names(b.Matrix, b.live.Partition)
	for f, name := range names {
		if name != "" && !strings.HasSuffix(name, b.NameMark) {
			names[f] += b.NameMark
		}
	}
	return names
}

// Moved is a place that lies elsewhere than at the start.
type Moved struct {
	Node int32  `json:"node"`
	From string `json:"from"` // where it began
	To   string `json:"to"`   // where it is, by the id there
}

// Moved lists the places that lie elsewhere than at the start. After a
// re-clustering, each footprint is held against the one of the start that it
// shares most patients with.
func (b *Bench) Moved() []Moved {
	began := b.session.Book
	ids := b.Book.IDs
	if b.reclustered() {
		if p, err := b.live.Partition.KeepIDs(b.Matrix, b.Start); err == nil {
			ids = p.IDs
		}
	}
	out := []Moved{}
	for v, f := range b.Book.Label {
		was, is, to := "", "", ""
		if g := began.Label[v]; g >= 0 {
			was = began.IDs[g]
		}
		if f >= 0 {
			is, to = ids[f], b.Book.IDs[f]
		}
		if was != is {
			out = append(out, Moved{Node: int32(v), From: was, To: to})
		}
	}
	return out
}

// reclustered says whether the map comes from a re-clustering or an option, so
// that its ids do not mean those of the start.
func (b *Bench) reclustered() bool {
	return slices.ContainsFunc(b.Book.done, func(c change) bool { return c.renumbered })
}
