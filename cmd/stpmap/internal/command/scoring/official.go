package scoring

import (
	"context"
	"errors"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/data"
	"stpmap/footprint/score"
	"stpmap/footprint/score/official"
)

// Official reads official ratings from a file and holds a score against them.
func Official(ctx context.Context, env *cli.Env, files study.Source, name string, res *score.Result) (*official.Comparison, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, rep, err := data.ReadRatings(ctx, name, f)
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
		return nil, cli.Inputf("%s: %v", name, err)
	}
	return c, err
}
