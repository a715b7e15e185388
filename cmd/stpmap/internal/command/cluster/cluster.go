// Package cluster is the command that makes one partition, or nested ones.
//
// In: its options. Out: a table of members, a summary as JSON, or a folder of
// nested levels. May import: render (to write tables), internal/cli,
// internal/study, internal/stage, internal/command/clustering, …/mapping and
// …/sharing.
package cluster

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/render/csv"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/xlsx"
)

// Command is cluster.
var Command = &cli.Command{
	Name:    "cluster",
	Usage:   "group areas and providers into footprints: one partition",
	Example: "stpmap cluster --flows flows.csv -o partition.csv",
	Needs:   []string{"flows"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap cluster --flows flows.csv --footprints 37 --seed 1 -o partition.csv
  stpmap cluster --flows flows.csv --levels 100,44,21 -o levels

On several machines, each makes a part of the --bootstrap runs and keeps it in a
folder. Then the same command, with --merge in place of --shard, joins the
parts. The result is the same bytes as from one machine:

  stpmap cluster --flows flows.csv --bootstrap 1000 --shard 3/16 -o parts
  stpmap cluster --flows flows.csv --bootstrap 1000 --merge --part parts -o partition.csv`,
}

// Options are the flags of cluster.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Succession
	clustering.Flags
	Merging sharing.Flags
	Out     string `flag:"out"`
	Format  string `flag:"format"`
	JSON    bool   `flag:"json"`
	Shard   string `flag:"shard"`
	Resume  bool   `flag:"resume"`
}

// Run makes what the options ask for.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	plan, ks, err := o.plan()
	if err != nil {
		return err
	}
	if plan.From.Shards == 0 && ks == nil {
		if err := o.checkOutput(); err != nil {
			return err
		}
	}
	in, err := o.request(env).Read(ctx, env)
	switch {
	case err != nil:
		return err
	case ks != nil:
		return o.writeLevels(ctx, env, in, plan, ks)
	case plan.From.Shards > 0:
		return plan.MakePart(ctx, env, in, o.Out)
	}
	res, err := plan.Cluster(ctx, env, in)
	if err != nil {
		return err
	}
	res.Parameters = o.Parameters()
	return o.write(env, in, res)
}

// plan reads what is asked; ks are the numbers of nested footprints, nil where
// one partition is asked for.
func (o *Options) plan() (plan clustering.Plan, ks []int, err error) {
	at := clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != "", OneMode: o.OneMode, Directed: o.Directed}
	if plan, err = o.Flags.Plan(&o.Line, at); err != nil {
		return plan, nil, err
	}
	if err := plan.SharePlan(&o.Line, o.Shard, o.Resume, o.Merging, o.Out, o.JSON); err != nil {
		return plan, nil, err
	}
	if ks, err = plan.LevelCounts(&o.Line, o.Levels); err != nil {
		return plan, nil, err
	}
	if ks != nil && (o.Given("footprints") || o.Given("resolution")) {
		return plan, nil, cli.Usagef(levelsExample, "--levels says how many footprints there are: leave out --footprints and --resolution")
	}
	return plan, ks, nil
}

// format is csv, json or xlsx.
func (o *Options) format() string {
	if f := stage.Format(o.Out, o.Format); f != "" {
		return f
	}
	return "csv"
}

func (o *Options) checkOutput() error {
	if f := o.format(); f != "csv" && f != "json" && f != "xlsx" {
		return cli.Usagef("", "cluster writes csv, json or xlsx, not %q", f)
	}
	if o.JSON && o.Out == "-" {
		return cli.Usagef(o.Try("--json"), "--json and --out - would mix on standard output")
	}
	return nil
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{
		Flows: o.Flows, Places: o.Places, Succession: o.Succession, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line,
		Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole, ReferralFlows: o.ReferralFlows, Fix: o.Fix, Start: o.Start, KeepIDs: o.KeepIDs,
		Yearly: o.DoubtsYears(),
	}
}

// write writes the partition, and the summary where it is asked for.
func (o *Options) write(env *cli.Env, in *study.Study, res *clustering.Result) error {
	cs := maps.New(mapping.Flags{}.Case(&o.Line, in, res))
	if o.Out != "" || !o.JSON {
		err := stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error {
			switch o.format() {
			case "json":
				return stage.WriteJSON(w, res.PartitionFile(in, cs))
			case "xlsx":
				return xlsx.Write(w, cs.About, []xlsx.Table{xlsx.FromLayer(cs.PartitionTable()), xlsx.FromLayer(cs.FootprintTable())})
			}
			return csv.Write(w, cs.PartitionTable())
		})
		if err != nil {
			return err
		}
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, res.Summary(in, cs))
	}
	res.Say(env, in)
	return nil
}

// levelsExample is a line that nests.
const levelsExample = "stpmap cluster --flows flows.csv --levels 100,44,21 -o levels"

// writeLevels writes a partition a level and the tree of all of them.
func (o *Options) writeLevels(ctx context.Context, env *cli.Env, in *study.Study, plan clustering.Plan, ks []int) error {
	if o.Out == "" || o.Out == "-" {
		return cli.Usagef(levelsExample, "--levels writes a folder of files: name it with --out")
	}
	levels, err := plan.Nest(ctx, env, in, ks)
	if err != nil {
		return err
	}
	var s stage.Files
	defer s.Discard()
	var cs *maps.Map
	var summaries []clustering.Summary
	for _, level := range levels {
		res, err := plan.OfLevel(in, level)
		if err != nil {
			return err
		}
		res.Parameters = o.Parameters()
		cs = maps.New(mapping.Flags{}.Case(&o.Line, in, res))
		summaries = append(summaries, res.Summary(in, cs))
		if err := stageTable(&s, o.Out, fmt.Sprintf("partition_%d.csv", level.Partition.Len()), cs.PartitionTable()); err != nil {
			return err
		}
		res.Say(env, in)
	}
	if err := stageTable(&s, o.Out, "levels.csv", cs.LevelTable(levels)); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := s.Commit(); err != nil {
		return err
	}
	if !o.JSON {
		return nil
	}
	return stage.WriteJSON(env.Stdout, struct {
		Levels []clustering.Summary `json:"levels"`
	}{summaries})
}

func stageTable(s *stage.Files, dir, name string, table layer.Layer) error {
	return s.Create(filepath.Join(dir, name), func(w io.Writer) error { return csv.Write(w, table) })
}
