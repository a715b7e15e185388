package ensemble

import (
	"context"
	"path/filepath"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/ensemble"
	"stpmap/footprint/sweep"
)

// Category is that of the flags of an ensemble, as help shows it.
const Category = "Maps to draw"

// Command is ensemble.
var Command = &cli.Command{
	Name:    "ensemble",
	Usage:   "where a map lies among all the maps that the rules allow",
	Example: "stpmap ensemble --boundaries areas.geojson --flows flows.csv --partition stp.csv --footprints 44 -o ensemble",
	Needs:   []string{"footprints"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap ensemble --boundaries areas.geojson --flows flows.csv --partition stp.csv --footprints 44 --min-population 300000 --max-population 3000000 -o ensemble
  stpmap ensemble --boundaries counties.geojson --footprints 4 --tolerance 0.01 --samples 20000 -o ensemble
  stpmap ensemble --boundaries grid.geojson --footprints 4 --enumerate --json

It draws maps at random, each footprint in one piece and every demand met, and
says how many of them the map of --partition beats. A percentile is given only
where the draws have converged. An interrupted run goes on with --resume. On
several machines, each runs --shard i/n into the same folder, and then the same
command with --merge in its place joins the parts.`,
}

// Options are the flags of ensemble.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.PartitionHeadings
	clustering.Demands
	Merging    sharing.Flags
	Partition  []string `flag:"partition"`
	Start      string   `flag:"start"`
	Fix        string   `flag:"fix"`
	Footprints int      `flag:"footprints"`
	Tolerance  float64  `flag:"tolerance"`
	Near       float64  `flag:"near"`
	Measure    string   `flag:"measure"`
	Samples    int      `flag:"samples"`
	Chains     int      `flag:"chains"`
	Thin       int      `flag:"thin"`
	Enumerate  bool     `flag:"enumerate"`
	Seed       uint64   `flag:"seed"`
	Jobs       int      `flag:"jobs"`
	Shard      string   `flag:"shard"`
	Resume     bool     `flag:"resume"`
	Publish    bool     `flag:"publish"`
	XLSX       bool     `flag:"xlsx"`
	Out        string   `flag:"out"`
	JSON       bool     `flag:"json"`
}

// try begins a line that would work.
const try = "stpmap ensemble --boundaries areas.geojson --footprints 44 "

// Run draws the maps, or lists them all.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	if err := tables.NeedsFolder(o.XLSX, o.Out); err != nil {
		return err
	}
	plan, measure, share, err := o.plan()
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	r := &result{options: o, in: in, share: share}
	if err := r.setProblem(plan, measure); err != nil {
		return err
	}
	if r.space, err = ensemble.NewSpace(r.problem); err != nil {
		return err
	}
	r.figures = ensemble.NewFigures(r.space, r.geometry)
	r.placeGiven()
	if o.Enumerate {
		err = r.enumerate(ctx)
	} else {
		err = r.sample(ctx, env)
	}
	if err != nil || share.Shards > 0 {
		return err
	}
	return r.finish(env)
}

// plan reads the flags and refuses what contradicts itself.
func (o *Options) plan() (plan clustering.Plan, measure ensemble.Measure, share sharing.Sharing, err error) {
	if plan, err = o.Demands.Plan(&o.Line, clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != "", OneMode: o.OneMode}); err != nil {
		return plan, measure, share, err
	}
	plan.Footprints, plan.Contiguous = o.Footprints, true
	if measure, err = ensemble.ParseMeasure(o.Measure); err != nil {
		return plan, measure, share, cli.Usagef(try+"--measure uniform", "--measure: %w", err)
	}
	if share, err = sharing.Read(o.Shard, o.Resume, o.Merging, sharing.Examples{Part: try + "--shard 1/2 -o ensemble", Whole: try + "--merge -o ensemble"}); err != nil {
		return plan, measure, share, err
	}
	return plan, measure, share, o.check(share)
}

// check refuses flags that do not go together.
func (o *Options) check(share sharing.Sharing) error {
	switch {
	case o.Boundaries == "" && o.AreaPoints == "":
		return cli.Usagef(try+"-o ensemble", "ensemble needs --boundaries: without polygons nothing has neighbours")
	case len(o.Partition) > 1:
		return cli.Usagef(try+"--partition stp.csv", "ensemble places one --partition")
	case o.Near > 0 && len(o.Partition) == 0:
		return cli.Usagef(try+"--partition stp.csv --near 0.1", "--near needs --partition: the map to stay near to")
	case o.Tolerance > 0 && (o.MinPopulation > 0 || o.MaxPopulation > 0):
		return cli.Usagef(try+"--tolerance 0.05", "--tolerance sets the bounds of people: leave out --min-population and --max-population")
	case o.Fix != "" && o.Start == "":
		return cli.Usagef(try+"--start partition.csv --fix codes.txt", "--fix needs --start: it says where the fixed codes stay")
	case o.Samples < 8*o.Chains:
		return cli.Usagef(try+"--samples 10000", "--samples %d are too few for %d chains: ask for %d or more", o.Samples, o.Chains, 8*o.Chains)
	case share.Shards > 0 && o.Chains%share.Shards != 0:
		return cli.Usagef(try+"--shard 1/2 -o ensemble", "--shard i/%d: a part holds whole chains, so that the number of parts must divide --chains %d", share.Shards, o.Chains)
	case o.Enumerate && (share.Shards > 0 || share.Merge || share.Resume):
		return cli.Usagef(try+"--enumerate", "--enumerate lists all maps at once: leave out --shard, --merge and --resume")
	}
	return o.checkOut(share)
}

// checkOut refuses a place that cannot hold a folder of results.
func (o *Options) checkOut(share sharing.Sharing) error {
	switch format := stage.Format(o.Out, ""); {
	case o.Out == "-":
		return cli.Usagef(try+"-o ensemble", "an ensemble is a folder of files, which standard output cannot hold")
	case format == "csv" || format == "json" || format == "geojson":
		return cli.Usagef(try+"-o ensemble", "an ensemble is a folder of files, and %q is the name of one file", o.Out)
	case o.Out == "" && (share.Shards > 0 || share.Resume):
		return cli.Usagef(try+"--shard 1/2 -o ensemble", "--shard and --resume need --out: the maps are kept there")
	case o.Out == "" && share.Merge && len(share.Parts) == 0:
		return cli.Usagef(try+"--merge -o ensemble", "--merge needs --out or --part, which say where the parts are")
	}
	return nil
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Hashes: true, Publish: o.Publish, Alone: true,
		Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole, Fix: o.Fix, Start: o.Start,
		Partition: o.Partition, PartitionHeadings: o.PartitionHeadings,
	}
}

// keptName is the log of the maps drawn, while the work goes on.
const keptName = "ensemble.drawn"

// sample draws the maps, or a shard of them, or reads them from shards.
func (r *result) sample(ctx context.Context, env *cli.Env) error {
	o := r.options
	r.sampling = &ensemble.Sampling{
		Space: r.space, Samples: o.Samples, Chains: o.Chains, Thin: o.Thin, Seed: o.Seed, Jobs: o.Jobs, Progress: env.Progress(),
		Starts: r.starts(ctx),
	}
	log := sweep.RunLog{Kind: sweep.EnsembleLog, Fingerprint: r.fingerprint(), Shard: 1, Shards: 1, Tasks: o.Samples, Nodes: r.sampling.Nodes()}
	r.runs = sweep.NewRuns(log.Tasks)
	work := func(todo []int, done func(int, []int32) error) error {
		began, known := clustering.CPUTime()
		start := time.Now()
		err := r.sampling.Run(ctx, todo, r.runs.Labels, done)
		r.seconds, r.drawn = time.Since(start).Seconds(), len(todo)
		if now, ok := clustering.CPUTime(); ok && known {
			r.seconds = (now - began).Seconds()
		}
		return err
	}
	switch {
	case r.share.Merge:
		places := r.share.Parts
		if len(places) == 0 {
			places = []string{o.Out}
		}
		if err := sharing.Merge(places, log, r.runs); err != nil {
			return err
		}
	case r.share.Shards > 0:
		return r.share.Run(ctx, env, log, r.runs, o.Out, work)
	case o.Out != "":
		if err := sharing.Logged(ctx, env, log, r.runs, filepath.Join(o.Out, keptName), r.share.Resume, work); err != nil {
			return err
		}
	default:
		if err := work(r.runs.Missing(1, 1), r.runs.Put); err != nil {
			return err
		}
	}
	r.collect()
	return r.testLocally(ctx)
}

// finish writes the results and says them.
func (r *result) finish(env *cli.Env) error {
	o := r.options
	r.say()
	if o.Out != "" {
		if err := r.write(env); err != nil {
			return err
		}
		sharing.Forget(env, filepath.Join(o.Out, keptName))
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, r.object())
	}
	if !env.Quiet || o.Out == "" {
		r.print(env.Stdout)
	}
	if o.Out != "" {
		env.Log.Info("written to " + o.Out)
	}
	return nil
}
