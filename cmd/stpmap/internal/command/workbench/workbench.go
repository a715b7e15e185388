package workbench

import (
	"context"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/render/workbench"
)

// Command is workbench.
var Command = &cli.Command{
	Name:    "workbench",
	Usage:   "one page to change the map by hand, with the engine in it",
	Example: "stpmap workbench --flows flows.csv --boundaries areas.geojson -o workbench.html",
	Needs:   []string{"flows", "out"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap workbench --flows flows.csv --boundaries areas.geojson --providers providers.csv --partition stp.csv -o workbench.html
  stpmap workbench --flows flows.csv --boundaries areas.geojson --footprints 42 --contiguous --min-population 300000 -o workbench.html
  stpmap workbench --flows flows.csv --partition stp.csv --indicators indicators.csv -o workbench.html
  stpmap replay --session session.jsonl -o partition.csv

The page opens in any browser from a file, without a network or an installation.
It paints areas from one footprint to another, locks what is settled and
clusters the rest again, with figures at once. It begins with --partition, or
with a map that it clusters. With --indicators it rates the footprints as score
does, while they are changed. Counts under --suppress-below are intervals in the
page too: no count in it can be worked out.`,
}

// Options are the flags of workbench.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.PartitionHeadings
	clustering.Demands
	Scoring    scoring.Rule
	Partition  string   `flag:"partition"`
	Reference  string   `flag:"reference"`
	Session    string   `flag:"session"`
	Ensemble   string   `flag:"ensemble"`
	Footprints string   `flag:"footprints"`
	Resolution float64  `flag:"resolution"`
	Seed       uint64   `flag:"seed"`
	Restarts   int      `flag:"restarts"`
	Title      string   `flag:"title"`
	Source     []string `flag:"source"`
	Out        string   `flag:"out"`
}

// Run writes the page.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	plan, err := o.plan()
	if err != nil {
		return err
	}
	options, err := o.scoring().Options(0, 0)
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	start, names, err := o.start(ctx, env, in, plan)
	if err != nil {
		return err
	}
	x := mapping.WorkbenchInput{Plan: plan, Start: start, Names: names, Title: o.Title, Sources: o.Source, SuppressBelow: o.below()}
	if x.Score, err = o.score(ctx, env, in, x, options); err != nil {
		return err
	}
	p, err := mapping.Workbench(in, x)
	if err != nil {
		return err
	}
	if o.Session != "" {
		if p.Session, err = session(env, o.Session, p.Case); err != nil {
			return err
		}
	}
	if o.Ensemble != "" {
		if p.Ribbons, err = ribbons(env, o.Ensemble, in); err != nil {
			return err
		}
	}
	if err := stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error { return workbench.Write(w, p) }); err != nil {
		return err
	}
	o.say(env, in, p)
	return nil
}

// scoring are the flags of a score from which nothing is drawn.
func (o *Options) scoring() *scoring.Flags {
	return &scoring.Flags{Rule: o.Scoring, Doubt: scoring.NoDoubt()}
}

// score scores the map to begin with; nil without indicators.
func (o *Options) score(ctx context.Context, env *cli.Env, in *study.Study, x mapping.WorkbenchInput, options score.Options) (*score.Result, error) {
	if len(o.Scoring.Indicators) == 0 {
		return nil, nil
	}
	return o.scoring().Score(ctx, env, scoring.Input{Study: in, Request: o.request(env), Partition: x.Start, Names: x.Names, Options: options})
}

// below is the limit under which counts are intervals.
func (o *Options) below() float64 {
	if o.OneMode && !o.Given("suppress-below") {
		return 0
	}
	return o.SuppressBelow
}

// say tells what the page holds.
func (o *Options) say(env *cli.Env, in *study.Study, p workbench.Page) {
	env.Log.Info(p.Privacy)
	if small := smallCounts(in); small > 0 && o.below() == 0 {
		env.Log.Warn(fmt.Sprintf("%s under 5 are in the page as they are: --suppress-below 5 hides them", words.Counted(small, "count")))
	}
	if in.Boundaries == nil {
		env.Log.Info("without --boundaries the page has lists and no map")
	}
	if o.Out != "-" {
		env.Log.Info("written to " + o.Out + ": open it in a browser")
	}
}

// smallCounts is how many published counts are from 1 to 4.
func smallCounts(in *study.Study) (n int) {
	for k := range in.Matrix.Len() {
		if c := in.Matrix.Cell(k); !c.Suppressed() && c.Value > 0 && c.Value < 5 {
			n++
		}
	}
	return n
}

// plan reads what is asked, and refuses what contradicts itself.
func (o *Options) plan() (clustering.Plan, error) {
	f := clustering.Flags{Method: "leiden", Quality: footprint.Modularity.String(), Footprints: o.Footprints, Resolution: o.Resolution}
	f.Demands, f.Seed, f.Restarts = o.Demands, o.Seed, o.Restarts
	plan, err := f.Plan(&o.Line, clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != "", OneMode: o.OneMode})
	if err != nil {
		return plan, err
	}
	if o.Directed {
		return plan, cli.Usagef(o.Try("--one-mode"), "the workbench has no use for --directed: leave it out")
	}
	return plan, nil
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	r := study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line,
		Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole,
		Reference: o.Reference, PartitionHeadings: o.PartitionHeadings,
	}
	if o.Partition != "" {
		r.Partition = []string{o.Partition}
	}
	return r
}

// start is the map to begin with: the one that is given, or one that is made.
func (o *Options) start(ctx context.Context, env *cli.Env, in *study.Study, plan clustering.Plan) (footprint.Partition, []string, error) {
	if len(in.Given) > 0 {
		return in.Given[0].Partition, in.Given[0].NamesOrNil(), nil
	}
	if plan.Open() {
		plan.ChooseNumber()
	}
	res, err := plan.Cluster(ctx, env, in)
	if err != nil {
		return footprint.Partition{}, nil, err
	}
	res.Say(env, in)
	return res.Partition, nil, nil
}
