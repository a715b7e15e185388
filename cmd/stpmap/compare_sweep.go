package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
)

// Names of the logs that keep runs: of a whole sweep while it goes on, and of
// a shard until it is merged.
const (
	sweepLog    = "sweep.runs"
	shardSuffix = ".runs"
)

func shardLog(shard, shards int) string {
	return fmt.Sprintf("shard-%0*d-of-%d%s", len(fmt.Sprint(shards)), shard, shards, shardSuffix)
}

// compareSweep runs a sweep, or a shard of it, or merges shards.
func (env *environment) compareSweep(c *cli.Context) error {
	plan, err := sweepFromFlags(c)
	if err != nil {
		return err
	}
	in, err := env.load(c.Context, c, needs{})
	if err != nil {
		return err
	}
	if in.matrix.Len() == 0 {
		return inputf("no patients in the flows: nothing to cluster")
	}
	cs, err := plan.constraints(in)
	if err != nil {
		return err
	}
	s := plan.sweep(in, cs, version+" "+runParameters(c), env.progress())
	start := time.Now()
	log := footprint.RunLog{
		Fingerprint: s.Fingerprint(in.matrix), Shard: 1, Shards: 1, Tasks: len(s.Tasks()), Nodes: len(in.matrix.Areas()),
	}
	if !in.matrix.OneMode() {
		log.Nodes += len(in.matrix.Providers())
	}
	runs := footprint.NewSweepRuns(log.Tasks)
	out := c.String("out")
	switch {
	case plan.merge:
		if err := mergeShards(plan, out, log, runs); err != nil {
			return err
		}
	case plan.shards > 0:
		log.Shard, log.Shards = plan.shard, plan.shards
		name := filepath.Join(out, shardLog(plan.shard, plan.shards))
		if err := env.runLogged(c.Context, in, &s, log, runs, name, plan.resume); err != nil {
			return err
		}
		env.log.Info(fmt.Sprintf("shard %d of %d is in %s; when all are there, the same command with --merge in place of --shard joins them", plan.shard, plan.shards, name))
		return nil
	case out != "":
		if err := env.runLogged(c.Context, in, &s, log, runs, filepath.Join(out, sweepLog), plan.resume); err != nil {
			return err
		}
	default:
		if err := s.Run(c.Context, in.matrix, runs.Missing(1, 1), runs.Put); err != nil {
			return err
		}
	}
	o := footprint.SweepOptions{Population: in.population, Adjacency: in.adjacency, Scale: plan.scale, Jobs: plan.jobs}
	if in.reference != nil {
		o.Reference = in.reference.partition.Areas
	}
	comparison, err := s.Summarise(c.Context, in.matrix, runs, o)
	if err != nil {
		return err
	}
	r := &sweepReport{plan: plan, in: in, sweep: &s, runs: runs, Comparison: comparison, parameters: parameters(c)}
	r.measureReference()
	r.recommended = r.clustered(time.Since(start).Seconds())
	if out != "" {
		if err := env.writeSweep(c, r); err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(out, sweepLog)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, r.recommendation())
	}
	env.saySweep(c, r)
	return nil
}

// runParameters are the parameters that runs hang on; what is read off them
// afterwards may change between shards and merging.
func runParameters(c *cli.Context) string {
	var parts []string
	for _, name := range []string{"directed", "min-size", "target-size", "min-containment", "target-containment", "ttwa-compatible", "start", "fix"} {
		if c.IsSet(name) {
			parts = append(parts, fmt.Sprintf("--%s=%v", name, c.Value(name)))
		}
	}
	return fmt.Sprint(parts)
}

// runLogged does what is missing of a shard, keeping every run in a log. With
// resume, runs that the log holds are not done again.
func (env *environment) runLogged(ctx context.Context, in *inputs, s *footprint.Sweep, log footprint.RunLog, runs *footprint.SweepRuns, name string, resume bool) error {
	log.Name = name
	if resume {
		complete, err := readLog(name, log, runs)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			env.log.Info("nothing to resume in " + filepath.Dir(name) + ": starting anew")
		case err != nil:
			return err
		case complete:
			return nil
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	todo := runs.Missing(log.Shard, log.Shards)
	all := (log.Tasks + log.Shards - log.Shard) / log.Shards
	if done := all - len(todo); done > 0 {
		env.log.Info(fmt.Sprintf("%s of %s are there already", thousands(done), counted(all, "run")))
	}
	f, w, err := newLog(name, log, runs, todo)
	if err != nil {
		return err
	}
	left := len(todo)
	err = s.Run(ctx, in.matrix, todo, func(task int, label []int32) error {
		left--
		return errors.Join(runs.Put(task, label), w.Write(task, label))
	})
	if err == nil {
		err = w.End()
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		if ctx.Err() != nil {
			return &keptError{done: all - left, all: all, cause: err}
		}
		return err
	}
	return nil
}

// newLog begins a log with the runs that are done already; an older log is
// replaced only when they are in the new one.
func newLog(name string, log footprint.RunLog, runs *footprint.SweepRuns, todo []int) (*os.File, *footprint.RunLogWriter, error) {
	var aside staging
	defer aside.discard()
	f, err := aside.temp(name)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (*os.File, *footprint.RunLogWriter, error) {
		return nil, nil, errors.Join(err, f.Close())
	}
	w, err := footprint.NewRunLogWriter(f, log)
	if err != nil {
		return fail(err)
	}
	for t := log.Shard - 1; t < log.Tasks; t += log.Shards {
		if label := runs.Labels(t); label != nil {
			if err := w.Write(t, label); err != nil {
				return fail(err)
			}
		}
	}
	if err := aside.commit(); err != nil {
		return fail(err)
	}
	return f, w, nil
}

func readLog(name string, want footprint.RunLog, runs *footprint.SweepRuns) (complete bool, err error) {
	_, complete, err = readAnyLog(name, want, runs)
	return complete, err
}

func readAnyLog(name string, want footprint.RunLog, runs *footprint.SweepRuns) (got footprint.RunLog, complete bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		return got, false, err
	}
	defer f.Close()
	want.Name = name
	got, complete, err = footprint.ReadRunLog(f, want, runs)
	return got, complete, logFault(err)
}

// logFault makes a log that does not fit the input's fault.
func logFault(err error) error {
	var bad *footprint.RunLogError
	if errors.As(err, &bad) {
		return inputf("%v", bad)
	}
	return err
}

// mergeShards reads every log of the given places into runs.
func mergeShards(plan *sweepPlan, out string, want footprint.RunLog, runs *footprint.SweepRuns) error {
	places := plan.parts
	if len(places) == 0 {
		places = []string{out}
	}
	var names []string
	for _, place := range places {
		info, err := os.Stat(place)
		if errors.Is(err, fs.ErrNotExist) {
			return inputf("%s: no such file or folder", place)
		}
		if err != nil {
			return err
		}
		if !info.IsDir() {
			names = append(names, place)
			continue
		}
		entries, err := os.ReadDir(place)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if filepath.Ext(e.Name()) == shardSuffix && e.Name() != sweepLog && e.Name()[0] != '.' {
				names = append(names, filepath.Join(place, e.Name()))
			}
		}
	}
	slices.Sort(names)
	want.Shards = 0
	logs, complete := make([]footprint.RunLog, len(names)), make([]bool, len(names))
	for i, name := range names {
		var err error
		if logs[i], complete[i], err = readAnyLog(name, want, runs); err != nil {
			return err
		}
	}
	return logFault(footprint.MergeRunLogs(logs, complete))
}

// sweepReport is a sweep with all that its outputs need.
type sweepReport struct {
	*footprint.Comparison
	plan       *sweepPlan
	in         *inputs
	sweep      *footprint.Sweep
	runs       *footprint.SweepRuns
	parameters string
	reference  *footprint.Measures // of --reference; nil if not given
	// recommended is nil where nothing could be recommended.
	recommended *clustered
}

func (r *sweepReport) measureReference() {
	if r.in.reference == nil {
		return
	}
	ms := footprint.Measure(r.in.matrix, r.in.reference.partition, r.in.population, r.in.adjacency)
	r.reference = &ms
}

// clustered makes the recommended partition what the other commands write.
func (r *sweepReport) clustered(seconds float64) *clustered {
	k := r.Recommendation.Setting
	if k < 0 {
		return nil
	}
	s := r.Settings[k]
	result := r.Results[r.Representatives[k]]
	cl := r.plan.clustering
	cl.method, cl.quality, cl.resolution, cl.footprints = s.Method, s.Quality, s.Resolution, s.Asked
	if !math.IsNaN(s.Resolution) {
		cl.footprints = 0
	}
	return &clustered{clustering: cl, partition: result.Partition, measures: result.Measures, seconds: seconds, parameters: r.parameters}
}
