package clustering

import (
	"context"
	"fmt"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/bound"
)

// checkBound refuses --bound for what has no bound.
func (p *Plan) checkBound(line *cli.Line, at Places) error {
	switch {
	case !p.Bound:
		return nil
	case at.OneMode:
		return cli.Usagef("", "--bound is for areas and providers, not for --one-mode")
	case p.Quality != footprint.Modularity:
		return cli.Usagef(line.Try("--quality modularity --bound"), "--bound is for --quality modularity, not for %v", p.Quality)
	case p.AllowSingleKind:
		return cli.Usagef("", "--bound is for footprints with areas and providers, not for --allow-single-kind")
	case p.Objective == footprint.StrongestWeakest:
		return cli.Usagef(line.Try("--footprints 37 --objective inside --bound"), "--bound is for --objective quality and inside, not for weakest")
	}
	return nil
}

// setBound works out how far the map is from the best possible.
func (r *Result) setBound(ctx context.Context, in *study.Study) error {
	if !r.Plan.Bound {
		return nil
	}
	cs, err := r.Constraints(in)
	if err != nil {
		return err
	}
	b, err := bound.Of(ctx, in.Matrix, r.Partition, cs, bound.Options{Objective: r.Objective, Resolution: r.Gamma(), Footprints: r.Footprints})
	if err != nil {
		return err
	}
	r.BestPossible = &b
	return nil
}

// gapInWords says how far the map is from the best possible.
func (r *Result) gapInWords() string {
	b, maps := r.BestPossible, "no map"
	if r.Footprints > 0 {
		maps = fmt.Sprintf("no map of %s", words.Counted(r.Footprints, "footprint"))
	}
	most := fmt.Sprintf("reaches a modularity above %.4f", b.Bound)
	if r.Objective == footprint.MostInside {
		most = "keeps more than " + words.Percent(b.Bound) + " of patients inside"
	}
	return fmt.Sprintf("%s %s: this one, with %.4f, is within %.2f%% of the best possible", maps, most, b.Value, 100*b.Gap)
}
