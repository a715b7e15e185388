package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// sweepLog keeps the runs of a whole sweep while it goes on.
const sweepLog = "sweep.runs"

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
	s := plan.sweep(in, cs, version+" "+runParameters(c)+hostSalt(in, plan.methods...), env.progress())
	start := time.Now()
	log := sweep.RunLog{
		Fingerprint: s.Fingerprint(in.matrix), Shard: 1, Shards: 1, Tasks: len(s.Tasks()), Nodes: len(in.matrix.Areas()),
	}
	if !in.matrix.OneMode() {
		log.Nodes += len(in.matrix.Providers())
	}
	runs := sweep.NewRuns(log.Tasks)
	out := c.String("out")
	work := func(todo []int, done func(int, []int32) error) error { return s.Run(c.Context, in.matrix, todo, done) }
	switch {
	case plan.merge:
		places := plan.parts
		if len(places) == 0 {
			places = []string{out}
		}
		if err := mergeShards(places, log, runs); err != nil {
			return err
		}
	case plan.shards > 0:
		return env.runShard(c.Context, plan.sharing, log, runs, out, work)
	case out != "":
		if err := env.runLogged(c.Context, log, runs, filepath.Join(out, sweepLog), plan.resume, work); err != nil {
			return err
		}
	default:
		if err := work(runs.Missing(1, 1), runs.Put); err != nil {
			return err
		}
	}
	o := sweep.Options{Population: in.population, Adjacency: in.adjacency, Scale: plan.scale, Jobs: plan.jobs}
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

// sweepReport is a sweep with all that its outputs need.
type sweepReport struct {
	*sweep.Comparison
	plan       *sweepPlan
	in         *inputs
	sweep      *sweep.Sweep
	runs       *sweep.Runs
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
