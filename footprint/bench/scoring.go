package bench

import (
	"cmp"
	"context"
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// Scoring is what footprints are rated by, as score has it.
type Scoring struct {
	Observations []attribution.Observation
	Definitions  *definition.Definitions
	Options      score.Options
	Known        []string // codes of entities that exist without flow
	ByPatients   bool     // patients weigh areas, though people are known
}

// NewScoring takes from a score what it was made of. Nothing is drawn again, and rows are
// sorted and without the lines that they stood on: a page does not depend on them.
func NewScoring(r *score.Result) *Scoring {
	return newScoring(r.Input(), r.Definitions)
}

func newScoring(in *score.Input, defs *definition.Definitions) *Scoring {
	s := &Scoring{
		Observations: slices.Clone(in.Observations), Definitions: defs, Options: in.Options,
		Known: slices.Sorted(slices.Values(in.Known)), ByPatients: in.Population == nil,
	}
	for i := range s.Observations {
		o := &s.Observations[i]
		o.Source, o.Line, o.Column = "", 0, attribution.Observation{}.Column
	}
	slices.SortStableFunc(s.Observations, func(x, y attribution.Observation) int {
		return cmp.Or(cmp.Compare(x.Indicator, y.Indicator), cmp.Compare(x.Period, y.Period), cmp.Compare(x.Entity, y.Entity),
			cmp.Compare(x.Share, y.Share), cmp.Compare(x.Numerator, y.Numerator), cmp.Compare(x.Denominator, y.Denominator))
	})
	o := &s.Options
	o.Draws, o.Seed, o.Jobs = -1, 0, 1
	// In options that were filled in, 0 is none; in those to fill in it is the default.
	for _, x := range []*float64{&o.MinReported, &o.MinIndicators, &o.MinDomains} {
		if *x == 0 {
			*x = -1
		}
	}
	return s
}

// Scores are the ratings of a map. Note says why there are none.
type Scores struct {
	Footprints []ScoreState `json:"footprints"`
	Rated      [4]int       `json:"rated"` // footprints with each rating, from 1 to 4
	NotRated   int          `json:"not_rated"`
	Period     string       `json:"period"`
	Note       string       `json:"note"`
}

// ScoreState is the score of a footprint, as scores.csv has it; null is not known.
type ScoreState struct {
	ID             string   `json:"id"`
	Score          *float64 `json:"score"`
	Rating         *int     `json:"rating"` // 1 is the best, 4 the worst
	Rank           *int     `json:"rank"`   // 1 is the worst
	DomainsFailing *int     `json:"domains_failing"`
	DomainsRated   int      `json:"domains_rated"`
	Coverage       *float64 `json:"coverage"`
	Failing        []string `json:"failing"` // names of the failing domains
}

// AllScores are the ratings before, now and of the reference.
type AllScores struct {
	Began     Scores  `json:"began"`
	Now       Scores  `json:"now"`
	Reference *Scores `json:"reference"`
}

// Scores rates the map as it is; nil without indicators. It costs more than the
// other figures, and is no part of them: a stroke does not wait for it.
func (b *Bench) Scores() *AllScores {
	if b.Scoring == nil {
		return nil
	}
	if b.rated == nil {
		b.rated = &AllScores{Began: b.scoresOf(b.Start)}
		if b.Reference != nil {
			s := b.scoresOf(*b.Reference)
			b.rated.Reference = &s
		}
	}
	out := *b.rated
	out.Now = Scores{Footprints: []ScoreState{}, Note: "figures are given by footprint, and these footprints are not those of the start"}
	if !b.reclustered() || !b.Scoring.byFootprint(b.Start.IDs) {
		out.Now = b.scoresOf(b.live.Partition)
	}
	return &out
}

// byFootprint says whether a figure is of a footprint as a whole.
func (s *Scoring) byFootprint(ids []string) bool {
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	return slices.ContainsFunc(s.Observations, func(o attribution.Observation) bool { return known[o.Entity] })
}

// scoresOf scores a map by the rule of the command.
func (b *Bench) scoresOf(p footprint.Partition) Scores {
	out := Scores{Footprints: []ScoreState{}}
	r, err := b.Scoring.run(b.Case, held(p))
	if err != nil {
		out.Note = err.Error()
		return out
	}
	names := map[string]string{}
	for _, d := range r.Definitions.Domains {
		names[d.ID] = cmp.Or(d.Name, d.ID)
	}
	out.Period = r.Period
	for i := range r.Footprints {
		one := scoreState(&r.Footprints[i])
		for _, d := range r.Footprints[i].Failing {
			one.Failing = append(one.Failing, cmp.Or(names[d], d))
		}
		if one.Rating == nil {
			out.NotRated++
		} else {
			out.Rated[*one.Rating-1]++
		}
		out.Footprints = append(out.Footprints, one)
	}
	return out
}

func (s *Scoring) run(c *Case, p footprint.Partition) (*score.Result, error) {
	in := score.Input{Matrix: c.Matrix, Partition: p, Known: s.Known, Observations: s.Observations, Definitions: s.Definitions, Options: s.Options, RatingsOnly: true}
	if !s.ByPatients {
		in.Population = c.Population
	}
	return score.Run(context.Background(), in)
}

func scoreState(f *score.FootprintRow) ScoreState {
	s := ScoreState{ID: f.Footprint, DomainsRated: f.DomainsRated, Coverage: known(f.Coverage), Failing: []string{}}
	if f.Rated && !math.IsNaN(f.Score) {
		s.Score, s.Rating, s.Rank, s.DomainsFailing = known(f.Score), &f.Rating, &f.Rank, &f.DomainsFailing
	}
	return s
}

// held is a partition without footprints that stand empty.
func held(p footprint.Partition) footprint.Partition {
	place := make([]int32, len(p.IDs))
	for _, list := range [][]int32{p.Areas, p.Providers} {
		for _, f := range list {
			if f >= 0 {
				place[f] = 1
			}
		}
	}
	var out footprint.Partition
	for f, id := range p.IDs {
		if place[f] > 0 {
			place[f] = int32(len(out.IDs))
			out.IDs = append(out.IDs, id)
		}
	}
	out.Areas, out.Providers = placed(p.Areas, place), placed(p.Providers, place)
	return out
}

func placed(label, place []int32) []int32 {
	out := slices.Clone(label)
	for i, f := range out {
		if f >= 0 {
			out[i] = place[f]
		}
	}
	return out
}
