package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// bootstrapSharing reads how the runs of --bootstrap are shared out.
func bootstrapSharing(c *cli.Context, cl clustering) (sharing, error) {
	name := "stpmap " + c.Command.Name
	part := "stpmap cluster --flows flows.csv --bootstrap 1000 --shard 3/16 -o parts"
	whole := name + " --flows flows.csv --bootstrap 1000 --merge --part parts -o partition.csv"
	if c.Command.Name == "run" {
		whole = name + " --flows flows.csv --bootstrap 1000 --merge --part parts -o out"
	}
	s, err := sharingFromFlags(c, part, whole)
	if err != nil {
		return s, err
	}
	if (s.shards > 0 || s.merge) && cl.bootstrap == 0 {
		if s.merge {
			part = whole
		}
		return s, usagef(part, "--shard and --merge share out the runs of --bootstrap: say how many they are")
	}
	return s, s.checkParts(c, part, whole)
}

// setHosts tells the methods that look at it in which area each provider lies.
func (cl *clustering) setHosts(in *inputs) {
	cl.ttwa.Host = in.hosts()
	cl.hsa.Host = cl.ttwa.Host
}

// bootstrapping is a bootstrap with its method, and what its shards go by.
type bootstrapping struct {
	sweep.Bootstrap
	method func(seed uint64) footprint.Method
	cs     footprint.Constraints
}

func (env *environment) bootstrapping(in *inputs, cl clustering) (*bootstrapping, error) {
	cs, err := cl.constraints(in)
	if err != nil {
		return nil, err
	}
	cl.restarts, cl.jobs = 1, 1
	if _, err := cl.build(cs, nil); err != nil {
		return nil, err
	}
	b := &bootstrapping{
		Bootstrap: sweep.Bootstrap{Runs: cl.bootstrap, Seed: cl.seed, Progress: env.progress()},
		method: func(seed uint64) footprint.Method {
			one := cl
			one.seed = seed
			m, _ := one.build(cs, nil) // as above
			return m
		},
		cs: cs,
	}
	return b, nil
}

// shared is the log of the bootstrap's runs, with room for them.
func (b *bootstrapping) shared(in *inputs, cl clustering) (sweep.RunLog, *sweep.Runs) {
	ttwa, hsa := cl.ttwa, cl.hsa
	ttwa.Host, hsa.Host = nil, nil
	setting := sweep.Setting{Method: cl.method, Quality: cl.quality, Resolution: cl.resolution, Footprints: cl.footprints}
	if setting.Footprints == 0 && math.IsNaN(setting.Resolution) && slices.Contains(resolving, cl.method) {
		setting.Resolution = 1 // said or not
	}
	salt := fmt.Sprintf("%s %v %v %v%s", version, cl.directed, ttwa, hsa, hostSalt(in, cl.method))
	log := sweep.RunLog{
		Kind: sweep.BootstrapLog, Fingerprint: b.Fingerprint(in.matrix, setting, b.cs, salt),
		Shard: 1, Shards: 1, Tasks: b.Runs, Nodes: len(in.matrix.Areas()),
	}
	if !in.matrix.OneMode() {
		log.Nodes += len(in.matrix.Providers())
	}
	return log, sweep.NewRuns(log.Tasks)
}

// bootstrapShard makes one shard of the runs on resampled flows and keeps them
// in a folder.
func (env *environment) bootstrapShard(c *cli.Context, in *inputs, cl clustering) error {
	if in.matrix.Len() == 0 {
		return inputf("no patients in the flows: nothing to cluster")
	}
	cl.setHosts(in)
	if cl.auto {
		if _, _, err := env.partition(c.Context, in, &cl); err != nil {
			return err
		}
	}
	b, err := env.bootstrapping(in, cl)
	if err != nil {
		return err
	}
	b.Jobs = cl.jobs
	log, runs := b.shared(in, cl)
	return env.runShard(c.Context, cl.from, log, runs, c.String("out"), func(todo []int, done func(int, []int32) error) error {
		b.Tasks = append([]int{}, todo...) // none is not all
		b.Made = func(run int, p footprint.Partition) error { return done(run, sweep.RunLabels(p)) }
		_, _, err := b.Partitions(c.Context, in.matrix, b.method)
		return err
	})
}

// merged reads the runs from the shards that others made.
func (b *bootstrapping) merged(ctx context.Context, in *inputs, cl clustering) (ps []footprint.Partition, failed int, err error) {
	log, runs := b.shared(in, cl)
	if err := mergeShards(cl.from.parts, log, runs); err != nil {
		return nil, 0, err
	}
	ps = make([]footprint.Partition, log.Tasks)
	for i := range ps {
		if ps[i], err = sweep.LabelledRun(in.matrix, runs.Labels(i)); err != nil {
			return nil, 0, err
		}
		if ps[i].IDs == nil {
			failed++
		}
	}
	if failed == len(ps) { // the first run knows why
		b.Runs = 1
		return b.Partitions(ctx, in.matrix, b.method)
	}
	return ps, failed, nil
}

// resample runs the method on resampled flows and notes how often they agree
// with p, or with what they have in common where that was asked for.
func (env *environment) resample(ctx context.Context, in *inputs, res *clustered, p footprint.Partition) (footprint.Partition, error) {
	b, err := env.bootstrapping(in, res.clustering)
	if err != nil {
		return p, err
	}
	b.Jobs = res.jobs
	var runs []footprint.Partition
	var failed int
	if res.from.merge {
		runs, failed, err = b.merged(ctx, in, res.clustering)
	} else {
		runs, failed, err = b.Partitions(ctx, in.matrix, b.method)
	}
	if err != nil {
		return p, err
	}
	if failed > 0 {
		env.log.Warn(fmt.Sprintf("%s of %d could not meet the demands and count for nothing", counted(failed, "resampled run"), res.bootstrap))
	}
	if res.consensus {
		c := sweep.Consensus{Seed: res.seed, Jobs: res.jobs, Population: b.cs.Population, Progress: env.progress()}
		agreed, rounds, same, err := c.Partition(ctx, in.matrix, runs, b.method)
		if err != nil {
			return p, err
		}
		if !same {
			env.log.Warn(fmt.Sprintf("the runs still differ after %s of consensus", counted(rounds, "round")))
		}
		if p, err = in.named(agreed); err != nil {
			return p, err
		}
	}
	if in.adjacency != nil {
		for a := range in.matrix.Areas() {
			for b := range in.adjacency.Neighbours(a) {
				if a < b {
					res.borders = append(res.borders, [2]int32{int32(a), int32(b)})
				}
			}
		}
	}
	res.doubt, err = sweep.MeasureUncertainty(p, runs, res.borders)
	return p, err
}
