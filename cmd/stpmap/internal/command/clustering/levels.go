package clustering

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/leiden"
	"stpmap/footprint/nest"
	"stpmap/render/maps"
)

// LevelCounts reads --levels: numbers of footprints, the most first; nil where
// it was not given.
func (p Plan) LevelCounts(line *cli.Line, text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	try := line.Try("--levels 100,44,21 -o levels")
	var ks []int
	for _, part := range strings.Split(text, ",") {
		k, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || k < 1 {
			return nil, cli.Usagef(try, "--levels takes numbers of footprints with commas between, got %q", part)
		}
		if slices.Contains(ks, k) {
			return nil, cli.Usagef(try, "--levels has %d twice", k)
		}
		ks = append(ks, k)
	}
	slices.Sort(ks)
	slices.Reverse(ks)
	if p.Method != "leiden" {
		return nil, cli.Usagef(try, "--levels goes with --method leiden, not with %s", p.Method)
	}
	if p.Consensus || p.Bootstrap > 0 {
		return nil, cli.Usagef(try, "--levels and --bootstrap do not go together: ask for the confidence of one level at a time")
	}
	return ks, nil
}

// Nest makes nested partitions of so many footprints, the finest first, and
// measures them.
func (p Plan) Nest(ctx context.Context, env *cli.Env, in *study.Study, ks []int) ([]maps.Level, error) {
	p.Footprints = 0
	cs, err := p.Constraints(in)
	if err != nil {
		return nil, err
	}
	l := leiden.Leiden{Quality: p.Quality, Seed: p.Seed, Restarts: p.Restarts, Jobs: p.Jobs, Constraints: cs, Progress: env.Progress()}
	partitions, err := nest.Levels(ctx, in.Matrix, l, ks...)
	if err != nil {
		return nil, err
	}
	levels := make([]maps.Level, len(partitions))
	for i, made := range partitions {
		levels[i] = maps.Level{Partition: made, Measures: footprint.Measure(in.Matrix, made, in.Population, in.Adjacency)}
		if i+1 < len(partitions) {
			if levels[i].Parents, err = nest.Parents(made, partitions[i+1]); err != nil {
				return nil, err
			}
		}
	}
	return levels, nil
}

// OfLevel is a nested level as a result of its own.
func (p Plan) OfLevel(in *study.Study, level maps.Level) (*Result, error) {
	res := &Result{Plan: p, Partition: level.Partition, Measures: level.Measures}
	res.Footprints = level.Partition.Len()
	var err error
	res.Codelength, err = infomap.Codelength(in.Matrix, level.Partition, false)
	return res, err
}
