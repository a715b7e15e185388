package scoring

import (
	"context"
	"errors"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/data"
	"stpmap/data/table"
	"stpmap/footprint/score"
	"stpmap/footprint/score/official"
)

// Official reads official ratings from a file and holds a score against them.
func Official(ctx context.Context, env *cli.Env, files study.Source, name string, in *study.Study, res *score.Result) (*official.Comparison, error) {
	var list []data.OfficialRating
	var rep table.Report
	err := in.Hashed(files, "reference-ratings", name, func(f io.Reader) (err error) {
		list, rep, err = data.ReadRatings(ctx, cli.InputName(name), f)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, note := range rep.Notes {
		env.Log.Info(note)
	}
	ratings := make([]official.Rating, len(list))
	for i, one := range list {
		ratings[i] = official.Rating(one)
	}
	c, err := official.Compare(res, ratings)
	if errors.Is(err, official.ErrNoMatch) {
		return nil, cli.Inputf("%s: %v", cli.InputName(name), err)
	}
	return c, err
}
