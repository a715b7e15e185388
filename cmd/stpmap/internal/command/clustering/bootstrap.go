package clustering

import (
	"context"
	"fmt"
	"math"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// SharePlan reads how the runs of --bootstrap are shared out. out and json are
// the flags of that name.
func (p *Plan) SharePlan(line *cli.Line, shard string, resume bool, f sharing.Flags, out string, json bool) error {
	try := sharing.Examples{
		Part:  "stpmap cluster --flows flows.csv --bootstrap 1000 --shard 3/16 -o parts",
		Whole: line.Try("--bootstrap 1000 --merge --part parts"),
	}
	s, err := sharing.Read(shard, resume, f, try)
	if err != nil {
		return err
	}
	if (s.Shards > 0 || s.Merge) && p.Bootstrap == 0 {
		if s.Merge {
			try.Part = try.Whole
		}
		return cli.Usagef(try.Part, "--shard and --merge share out the runs of --bootstrap: say how many they are")
	}
	p.From = s
	return s.Check(out, json, try)
}

// bootstrapping is a bootstrap with its method, and what its shards go by.
type bootstrapping struct {
	sweep.Bootstrap
	method func(seed uint64) footprint.Method
	cs     footprint.Constraints
}

func (p Plan) bootstrapping(env *cli.Env, in *study.Study, made footprint.Partition) (*bootstrapping, error) {
	cs, err := p.Constraints(in)
	if err != nil {
		return nil, err
	}
	p.Restarts, p.Jobs = 1, 1
	if _, err := p.Build(cs, nil); err != nil {
		return nil, err
	}
	if err := p.checkDoubted(cs); err != nil {
		return nil, err
	}
	low, high := 0, 0
	if p.Doubt.any() {
		low, high = p.doubtedNumbers(made)
	}
	b := &bootstrapping{
		Bootstrap: sweep.Bootstrap{Runs: p.Bootstrap, Seed: p.Seed, OverDispersion: p.Doubt.OverDispersion, Progress: env.Progress()},
		method: func(seed uint64) footprint.Method {
			one := p.doubted(seed, low, high)
			cs := cs
			cs.Footprints = one.Footprints
			one.Seed, one.Effort = seed, max(1, p.Effort)
			m, _ := one.Build(cs, nil) // as above
			return m
		},
		cs: cs,
	}
	b.setYears(in, p.Doubt)
	return b, b.Check(in.Matrix)
}

// shared is the log of the bootstrap's runs, with room for them.
func (b *bootstrapping) shared(in *study.Study, p Plan) (sweep.RunLog, *sweep.Runs) {
	setting := sweep.Setting{Method: p.Method, Quality: p.Quality, Resolution: p.Resolution, Footprints: p.Footprints}
	if setting.Footprints == 0 && math.IsNaN(setting.Resolution) && Resolves(p.Method) {
		setting.Resolution = 1 // said or not
	}
	salt := fmt.Sprintf("%s %v %v %d %v %v%s", cli.Version, p.Directed, p.Objective, p.Effort, p.Numbers, p.Words, HostSalt(in, p.Method)) + p.Doubt.salt() + yearSalt(in)
	log := sweep.RunLog{
		Kind: sweep.BootstrapLog, Fingerprint: b.Fingerprint(in.Matrix, setting, b.cs, salt),
		Shard: 1, Shards: 1, Tasks: b.Runs, Nodes: len(in.Matrix.Areas()),
	}
	if !in.Matrix.OneMode() {
		log.Nodes += len(in.Matrix.Providers())
	}
	return log, sweep.NewRuns(log.Tasks)
}

// MakePart makes one part of the runs on resampled flows and keeps them in a
// folder.
func (p Plan) MakePart(ctx context.Context, env *cli.Env, in *study.Study, folder string) error {
	if in.Matrix.Len() == 0 {
		return errNothing
	}
	p.SetHosts(in.Hosts())
	p.SetReferral(in.Referral)
	var made footprint.Partition
	if p.Auto || p.Doubt.any() {
		var err error
		if made, _, err = p.partition(ctx, env, in); err != nil {
			return err
		}
	}
	b, err := p.bootstrapping(env, in, made)
	if err != nil {
		return err
	}
	b.Jobs = p.Jobs
	log, runs := b.shared(in, p)
	return p.From.Run(ctx, env, log, runs, folder, func(todo []int, done func(int, []int32) error) error {
		b.Tasks = append([]int{}, todo...) // none is not all
		b.Made = func(run int, made footprint.Partition) error { return done(run, sweep.RunLabels(made)) }
		_, _, err := b.Partitions(ctx, in.Matrix, b.method)
		return err
	})
}

// merged reads the runs from the shards that others made.
func (b *bootstrapping) merged(ctx context.Context, in *study.Study, p Plan) (ps []footprint.Partition, failed int, err error) {
	log, runs := b.shared(in, p)
	if err := sharing.Merge(p.From.Parts, log, runs); err != nil {
		return nil, 0, err
	}
	ps = make([]footprint.Partition, log.Tasks)
	for i := range ps {
		if ps[i], err = sweep.LabelledRun(in.Matrix, runs.Labels(i)); err != nil {
			return nil, 0, err
		}
		if ps[i].IDs == nil {
			failed++
		}
	}
	if failed == len(ps) { // the first run knows why
		b.Runs = 1
		return b.Partitions(ctx, in.Matrix, b.method)
	}
	return ps, failed, nil
}

// resample runs the method on resampled flows and notes how often they agree
// with made, or with what they have in common where that was asked for.
func (res *Result) resample(ctx context.Context, env *cli.Env, in *study.Study, made footprint.Partition) (footprint.Partition, error) {
	b, err := res.bootstrapping(env, in, made)
	if err != nil {
		return made, err
	}
	b.Jobs = res.Jobs
	var runs []footprint.Partition
	var failed int
	if res.From.Merge {
		runs, failed, err = b.merged(ctx, in, res.Plan)
	} else {
		runs, failed, err = b.Partitions(ctx, in.Matrix, b.method)
	}
	if err != nil {
		return made, err
	}
	if failed > 0 {
		env.Log.Warn(fmt.Sprintf("%s of %d could not meet the demands and count for nothing", words.Counted(failed, "resampled run"), res.Bootstrap))
	}
	if res.Consensus {
		if made, err = res.consensus(ctx, env, in, b, runs); err != nil {
			return made, err
		}
	}
	res.Borders = borders(in)
	if res.Uncertainty, err = sweep.MeasureUncertainty(made, runs, res.Borders); err != nil || !res.Doubt.any() {
		return made, err
	}
	if err := res.setDrift(b, env, in, made, runs); err != nil {
		return made, err
	}
	return made, res.calibrate(ctx, env, in, b, made, runs)
}

// calibrate says what confidence is worth: against years that are left out, or
// without years against held-out halves.
func (res *Result) calibrate(ctx context.Context, env *cli.Env, in *study.Study, b *bootstrapping, made footprint.Partition, runs []footprint.Partition) (err error) {
	var c sweep.Calibration
	if len(b.Years) > 0 {
		c, err = sweep.CalibrateYears(made, runs, len(b.Years))
	} else {
		c, err = b.Calibrate(ctx, in.Matrix, made, res.Uncertainty, b.method)
	}
	if err == nil && c.Halves+c.Years > 0 {
		res.Calibration = &c
		env.Log.Info(calibrationWords(c))
	}
	return err
}

// consensus is the partition that runs have in common.
func (res *Result) consensus(ctx context.Context, env *cli.Env, in *study.Study, b *bootstrapping, runs []footprint.Partition) (footprint.Partition, error) {
	c := sweep.Consensus{Seed: res.Seed, Jobs: res.Jobs, Population: b.cs.Population, Progress: env.Progress()}
	agreed, rounds, same, err := c.Partition(ctx, in.Matrix, runs, b.method)
	if err != nil {
		return agreed, err
	}
	if !same {
		env.Log.Warn(fmt.Sprintf("the runs still differ after %s of consensus", words.Counted(rounds, "round")))
	}
	return named(in, agreed)
}

// borders are the pairs of neighbouring areas; none without boundaries.
func borders(in *study.Study) (pairs [][2]int32) {
	if in.Adjacency == nil {
		return nil
	}
	for a := range in.Matrix.Areas() {
		for b := range in.Adjacency.Neighbours(a) {
			if a < b {
				pairs = append(pairs, [2]int32{int32(a), int32(b)})
			}
		}
	}
	return pairs
}
