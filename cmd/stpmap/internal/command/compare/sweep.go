package compare

import (
	"context"
	"math"
	"path/filepath"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// runFlags are the flags that runs depend on; what is read off the runs
// afterwards may change between shards and merging.
var runFlags = []string{"directed", "min-size", "target-size", "min-containment", "target-containment", "ttwa-compatible", "start", "fix"}

// sweep runs a sweep, or a shard of it, or merges shards.
func (o *Options) sweep(ctx context.Context, env *cli.Env) error {
	plan, err := o.plan()
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	if in.Matrix.Len() == 0 {
		return cli.Inputf("no patients in the flows: nothing to cluster")
	}
	cs, err := plan.Constraints(in)
	if err != nil {
		return err
	}
	s := plan.sweep(in, cs, cli.Version+" "+o.ParametersOf(runFlags...)+clustering.HostSalt(in, plan.methods...), env.Progress())
	r := &sweepReport{options: o, plan: plan, in: in, sweep: &s, parameters: o.Parameters()}
	start := time.Now()
	if err := r.run(ctx, env); err != nil || plan.Shards > 0 {
		return err
	}
	options := sweep.Options{Population: in.Population, Adjacency: in.Adjacency, Scale: plan.scale, Jobs: plan.Jobs, Progress: env.Progress()}
	if in.Reference != nil {
		options.Reference = in.Reference.Partition.Areas
	}
	if r.Comparison, err = s.Summarise(ctx, in.Matrix, r.runs, options); err != nil {
		return err
	}
	r.measureReference()
	r.recommended = r.result(time.Since(start).Seconds())
	return r.finish(ctx, env)
}

// run makes the runs, or a shard of them, or reads them from shards.
func (r *sweepReport) run(ctx context.Context, env *cli.Env) error {
	m, plan, out := r.in.Matrix, r.plan, r.options.Out
	const most = 10_000_000
	if n := len(r.sweep.Settings) * (plan.seeds + plan.resamples); n > most {
		return cli.Usagef(try+"--footprints 20:110 --seeds 20", "%s settings with %s runs each are more than 10 million runs", words.Thousands(len(r.sweep.Settings)), words.Thousands(plan.seeds+plan.resamples))
	}
	log := sweep.RunLog{Fingerprint: r.sweep.Fingerprint(m), Shard: 1, Shards: 1, Tasks: len(r.sweep.Tasks()), Nodes: len(m.Areas())}
	if !m.OneMode() {
		log.Nodes += len(m.Providers())
	}
	r.runs = sweep.NewRuns(log.Tasks)
	work := func(todo []int, done func(int, []int32) error) error { return r.sweep.Run(ctx, m, todo, done) }
	switch {
	case plan.Merge:
		places := plan.Parts
		if len(places) == 0 {
			places = []string{out}
		}
		return sharing.Merge(places, log, r.runs)
	case plan.Shards > 0:
		return plan.Sharing.Run(ctx, env, log, r.runs, out, work)
	case out != "":
		return sharing.Logged(ctx, env, log, r.runs, filepath.Join(out, sharing.SweepLog), plan.Resume, work)
	}
	return work(r.runs.Missing(1, 1), r.runs.Put)
}

// finish writes the results and says what is recommended.
func (r *sweepReport) finish(ctx context.Context, env *cli.Env) error {
	o := r.options
	if o.Out != "" {
		if err := r.write(ctx, env); err != nil {
			return err
		}
		sharing.Forget(env, filepath.Join(o.Out, sharing.SweepLog))
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, r.recommendation())
	}
	r.say(env)
	return nil
}

// say prints the settings as a table and the recommendation below it.
func (r *sweepReport) say(env *cli.Env) {
	if !env.Quiet || r.options.Out == "" {
		r.writeTable(env.Stdout)
	}
	for _, reason := range r.Recommendation.Reasons {
		env.Log.Info(reason)
	}
	if out := r.options.Out; out != "" {
		env.Log.Info("written to " + out)
	}
}

// sweepReport is a sweep with all that its outputs need.
type sweepReport struct {
	*sweep.Comparison
	options    *Options
	plan       *sweepPlan
	in         *study.Study
	sweep      *sweep.Sweep
	runs       *sweep.Runs
	parameters string
	reference  *footprint.Measures // of --reference; nil if not given
	// recommended is nil where nothing could be recommended.
	recommended *clustering.Result
}

func (r *sweepReport) measureReference() {
	if r.in.Reference == nil {
		return
	}
	ms := footprint.Measure(r.in.Matrix, r.in.Reference.Partition, r.in.Population, r.in.Adjacency)
	r.reference = &ms
}

// result makes the recommended partition what the other commands write.
func (r *sweepReport) result(seconds float64) *clustering.Result {
	k := r.Recommendation.Setting
	if k < 0 {
		return nil
	}
	s := r.Settings[k]
	made := r.Results[r.Representatives[k]]
	p := r.plan.Plan
	p.Method, p.Quality, p.Resolution, p.Footprints = s.Method, s.Quality, s.Resolution, s.Asked
	if !math.IsNaN(s.Resolution) {
		p.Footprints = 0
	}
	return &clustering.Result{Plan: p, Partition: made.Partition, Measures: made.Measures, Seconds: seconds, Parameters: r.parameters}
}
