package job

import (
	"context"
	"io/fs"
	"math"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/score"
	"stpmap/render/maps"
)

// job is one run of either command: they differ only in where the inputs come
// from and in what is made where the flags say nothing.
type job struct {
	*Shared
	line    *cli.Line
	env     *cli.Env
	sample  fs.FS // of a demo, to be written with its result
	request study.Request
	plan    clustering.Plan
	options score.Options
	ks      []int // numbers of nested footprints; nil unless asked
}

// prepare reads the flags.
func (j *job) prepare(at clustering.Places, merging sharing.Flags) (err error) {
	if j.plan, err = j.Flags.Plan(j.line, at); err != nil {
		return err
	}
	if err := j.plan.SharePlan(j.line, "", false, merging, j.Out, j.JSON); err != nil {
		return err
	}
	if j.Out == "-" {
		return cli.Usagef("", "%s writes a folder of files, which standard output cannot hold", j.line.Command())
	}
	if j.options, err = j.Scores.Options(j.Seed, j.Jobs); err != nil {
		return err
	}
	j.ks, err = j.plan.LevelCounts(j.line, j.Levels)
	return err
}

// read adds to what is read what both commands read.
func (j *job) read(r study.Request) study.Request {
	r.Together, r.Apart, r.Fix, r.Start, r.KeepIDs = j.Together, j.Apart, j.Fix, j.Start, j.KeepIDs
	r.Yearly = j.DoubtsYears()
	r.KeepWhole, r.Names, r.ReferralFlows = j.KeepWhole, j.Maps.Names, j.ReferralFlows
	r.Hashes, r.Publish, r.Line = true, j.Publish, j.line
	return r
}

// do is the whole job.
func (j *job) do(ctx context.Context) error {
	said := &cli.Said{}
	j.env = j.env.Keeping(said)
	in, err := j.request.Read(ctx, j.env)
	if err != nil {
		return err
	}
	res, err := j.cluster(ctx, in)
	if err != nil {
		return err
	}
	res.Parameters = j.line.Parameters()
	note, err := in.Unnamed(j.Maps.Names, res.Partition)
	if err != nil {
		return err
	}
	if note != "" {
		j.env.Log.Warn(note)
	}
	if err := j.score(ctx, in, res); err != nil {
		return err
	}
	f := &folder{job: j, in: in, res: res, said: said, cs: maps.New(j.Maps.Case(j.line, in, res))}
	if err := f.write(ctx); err != nil {
		return err
	}
	if j.JSON {
		return stage.WriteJSON(j.env.Stdout, res.Summary(in, f.cs))
	}
	res.Say(j.env, in)
	j.env.Log.Info("written to " + j.Out)
	j.env.Log.Info("Next: open " + f.path("footprints.qgz") + " in QGIS, or " + f.path("report.html") + " in a browser")
	return nil
}

// cluster makes the map. Where nested levels are asked for, the map is one of
// them: that of --footprints, or without a number the finest.
func (j *job) cluster(ctx context.Context, in *study.Study) (*clustering.Result, error) {
	if j.ks == nil || j.plan.Footprints > 0 && !slices.Contains(j.ks, j.plan.Footprints) || !math.IsNaN(j.plan.Resolution) {
		res, err := j.plan.Cluster(ctx, j.env, in)
		if err != nil || j.ks == nil {
			return res, err
		}
		res.Levels, err = res.Plan.Nest(ctx, j.env, in, j.ks)
		return res, err
	}
	plan := j.plan
	plan.Auto = false
	levels, err := plan.Nest(ctx, j.env, in, j.ks)
	if err != nil {
		return nil, err
	}
	main := max(0, slices.Index(j.ks, plan.Footprints))
	res, err := plan.OfLevel(in, levels[main])
	if err != nil {
		return nil, err
	}
	res.Levels, res.CPUSeconds = levels, math.NaN()
	return res, nil
}

// score scores the footprints where there are indicators.
func (j *job) score(ctx context.Context, in *study.Study, res *clustering.Result) (err error) {
	if len(j.Scores.Indicators) == 0 {
		return nil
	}
	res.Scores, err = j.Scores.Score(ctx, j.env, scoring.Input{Study: in, Request: j.request, Partition: res.Partition, Options: j.options})
	if err != nil {
		return err
	}
	for _, note := range res.Scores.Notes {
		j.env.Log.Info(note)
	}
	return nil
}
