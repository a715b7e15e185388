package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/leiden"
	"stpmap/footprint/nest"
	"stpmap/render/csv"
	"stpmap/render/maps"
)

// levelsFromFlag reads --levels: numbers of footprints, the most first.
func levelsFromFlag(c *cli.Context, cl clustering) ([]int, error) {
	text := c.String("levels")
	if text == "" {
		return nil, nil
	}
	try := "stpmap " + c.Command.Name + " --flows flows.csv --levels 100,44,21 -o levels"
	var ks []int
	for _, part := range strings.Split(text, ",") {
		k, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || k < 1 {
			return nil, usagef(try, "--levels takes numbers of footprints with commas between, got %q", part)
		}
		if slices.Contains(ks, k) {
			return nil, usagef(try, "--levels has %d twice", k)
		}
		ks = append(ks, k)
	}
	slices.Sort(ks)
	slices.Reverse(ks)
	if cl.method != "leiden" {
		return nil, usagef(try, "--levels goes with --method leiden, not with %s", cl.method)
	}
	if cl.consensus || cl.bootstrap > 0 {
		return nil, usagef(try, "--levels and --bootstrap do not go together: ask for the confidence of one level at a time")
	}
	return ks, nil
}

// levels makes nested partitions, the finest first, and measures them.
func (env *environment) levels(ctx context.Context, in *inputs, cl clustering, ks []int) ([]maps.Level, error) {
	cl.footprints = 0
	cs, err := cl.constraints(in)
	if err != nil {
		return nil, err
	}
	l := leiden.Leiden{Quality: cl.quality, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: env.progress()}
	partitions, err := nest.Levels(ctx, in.matrix, l, ks...)
	if err != nil {
		return nil, err
	}
	levels := make([]maps.Level, len(partitions))
	for i, p := range partitions {
		levels[i] = maps.Level{Partition: p, Measures: footprint.Measure(in.matrix, p, in.population, in.adjacency)}
		if i+1 < len(partitions) {
			if levels[i].Parents, err = nest.Parents(p, partitions[i+1]); err != nil {
				return nil, err
			}
		}
	}
	return levels, nil
}

// writeLevels writes a partition a level and the tree of all of them.
func (env *environment) writeLevels(c *cli.Context, in *inputs, cl clustering, ks []int) error {
	dir := c.String("out")
	if dir == "" || dir == "-" {
		return usagef("stpmap cluster --flows flows.csv --levels 100,44,21 -o levels", "--levels writes a folder of files: name it with --out")
	}
	levels, err := env.levels(c.Context, in, cl, ks)
	if err != nil {
		return err
	}
	var s staging
	defer s.discard()
	var cs *maps.Case
	var summaries []clusterSummary
	for _, level := range levels {
		res := &clustered{clustering: cl, partition: level.Partition, measures: level.Measures, parameters: parameters(c)}
		res.footprints = level.Partition.Len()
		if res.codelength, err = infomap.Codelength(in.matrix, level.Partition, false); err != nil {
			return err
		}
		cs = in.mapCase(c, res)
		summaries = append(summaries, res.summary(in, cs))
		name := fmt.Sprintf("partition_%d.csv", level.Partition.Len())
		if err := s.create(filepath.Join(dir, name), func(w io.Writer) error { return csv.Write(w, cs.PartitionTable()) }); err != nil {
			return err
		}
		env.sayResult(in, res)
	}
	if err := s.create(filepath.Join(dir, "levels.csv"), func(w io.Writer) error { return csv.Write(w, cs.LevelTable(levels)) }); err != nil {
		return err
	}
	if c.Context.Err() != nil {
		return context.Cause(c.Context)
	}
	if err := s.commit(); err != nil {
		return err
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, struct {
			Levels []clusterSummary `json:"levels"`
		}{summaries})
	}
	return nil
}
