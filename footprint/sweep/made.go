package sweep

import (
	"context"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/wording"
	"stpmap/footprint/leiden"
)

// recommend chooses the number, and a setting that gives it. Where no setting
// does, a map is made for it.
func (z *summary) recommend(ctx context.Context) (err error) {
	c, o := z.c, z.o
	c.Number, err = ChooseNumber(ctx, z.m, NumberOptions{
		Population: o.Population, Scale: o.Scale, OverDispersion: o.OverDispersion, Jobs: o.Jobs, Progress: o.Progress,
	})
	if err != nil {
		return err
	}
	scale := o.Scale.orDefault()
	c.Recommendation = Recommend(c.Settings, c.Number, scale)
	if rec := &c.Recommendation; rec.Footprints == 0 || rec.Setting >= 0 {
		return nil
	}
	cs := z.s.Constraints
	if cs.Population == nil {
		cs.Population = numbering(o.Population)
	}
	p, err := c.Number.makeMap(ctx, z.m, scale, leiden.Leiden{Seed: z.s.Seed, Restarts: z.s.Restarts, Jobs: o.Jobs, Constraints: cs})
	if footprint.IsInfeasible(err) {
		c.Recommendation.Footprints = 0
		c.Recommendation.because("no map of %s meets the scale and the demands, so none is recommended: %v", wording.Counted(c.Number.Footprints, "footprint"), err)
		return nil
	}
	if err != nil {
		return err
	}
	z.addMade(p)
	return nil
}

// orDefault is the scale, or the default for one that is none.
func (p PlanningScale) orDefault() PlanningScale {
	if !(p.Least > 0) || !(p.Most >= p.Least) {
		return DefaultScale
	}
	return p
}

// search makes a search one for the chosen number of footprints, each of which
// has as many people as the scale says where they are known.
func (n NumberChoice) search(scale PlanningScale, l leiden.Leiden) leiden.Leiden {
	l.Constraints.Footprints = n.Footprints
	if l.Quality == footprint.Modularity && n.Resolution > 0 {
		l.Resolution = n.Resolution
	}
	if n.Fits {
		cs := &l.Constraints
		cs.MinPopulation = max(cs.MinPopulation, scale.Least)
		if !(cs.MaxPopulation > 0) || cs.MaxPopulation > scale.Most {
			cs.MaxPopulation = scale.Most
		}
	}
	return l
}

// makeMap makes a map of the chosen number of footprints. Where the scale binds
// nothing, it is the one that the number was read off, if that meets the
// demands; otherwise an exact number is searched for.
func (n NumberChoice) makeMap(ctx context.Context, m *flow.Matrix, scale PlanningScale, l leiden.Leiden) (footprint.Partition, error) {
	if !n.Fits && n.Resolution > 0 {
		free := l
		free.Resolution, free.Seed = n.Resolution, 0
		if p, err := free.Partition(ctx, m); err == nil && p.Len() == n.Footprints {
			return p, nil
		}
	}
	return n.search(scale, l).Partition(ctx, m)
}

// addMade adds a map made for the recommendation behind the settings.
func (z *summary) addMade(p footprint.Partition) {
	c := z.c
	label := nodeLabels(p)
	var r Result
	z.measure(&r, label, numbering(z.o.Population))
	k := len(c.Settings)
	none := math.NaN()
	sum := SettingSummary{
		Method: "leiden", Resolution: none, Asked: c.Number.Footprints, MinFootprints: r.Measures.Footprints, MaxFootprints: r.Measures.Footprints,
		Stability: none, ResampledStability: none, NextVI: none, NextAMI: none, Distinct: 1, Reference: r.Reference,
	}
	sum.found(&r.Measures)
	sum.QualityValue = r.Measures.Modularity
	c.Results = append(c.Results, r)
	c.Representatives = append(c.Representatives, len(c.Results)-1)
	c.Settings = append(c.Settings, sum)
	row := make([]float64, k+1)
	for i, rep := range c.Representatives[:k] {
		row[i] = none
		if rep >= 0 {
			row[i] = compare.Agree(c.Results[rep].Partition.Areas, r.Partition.Areas).VI
		}
		c.VI[i] = append(slices.Clip(c.VI[i]), row[i])
	}
	c.VI = append(c.VI, row)
	c.Recommendation.Setting = k
	c.Recommendation.because("%s", madeWords(c.Number, &r.Measures))
}

// madeWords says why a map was made.
func madeWords(n NumberChoice, m *footprint.Measures) string {
	what := "no setting of the sweep has about so many footprints"
	if n.Fits {
		what += ", each with as many people as the scale says"
	}
	made := fmt.Sprintf("%s; so a map of %s was made", what, wording.Counted(n.Footprints, "footprint"))
	if n.Resolution > 0 {
		made += fmt.Sprintf(" at γ = %.4g", n.Resolution)
	}
	return fmt.Sprintf("%s: %.1f%% of patients inside", made, 100*m.InsideShare)
}
