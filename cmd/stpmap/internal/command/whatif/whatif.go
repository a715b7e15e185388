package whatif

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/whatif"
)

// Command is whatif.
var Command = &cli.Command{
	Name:    "whatif",
	Usage:   "a provider closes, opens, moves or merges: where its patients go, and what that does to the footprints",
	Example: "stpmap whatif --flows flows.csv --boundaries areas.geojson --providers providers.csv --close RXX -o out",
	Needs:   []string{"flows"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap whatif --flows flows.csv --times minutes.csv --close RXX --headroom 10% -o out
  stpmap whatif --flows flows.csv --area-points points.csv --providers providers.csv --open NEW=-1.5,52.4,80000 -o out
  stpmap whatif --flows flows.csv --join RXX+RYY=RZZ --partition partition.csv -o out
  stpmap whatif --flows flows.csv --boundaries areas.geojson --providers providers.csv --scenario a.yaml --scenario b.yaml -o out

Observed flows stay as they are; only the patients of what changes move. Four
models say where to, side by side. Into the folder go flows_after.csv,
providers.csv, areas.csv, footprints.csv (with --partition), diversion.csv,
models.json, charts, layers and report.html; with --backtest or --flows-after
also backtest.csv. Several scenarios have a folder each, and scenarios.csv.`,
}

// Options are the flags of whatif.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Journeys
	study.PartitionHeadings
	Scores     scoring.Flags
	Partition  []string `flag:"partition"`
	Close      []string `flag:"close"`
	Open       []string `flag:"open"`
	Move       []string `flag:"move"`
	Join       []string `flag:"join"`
	Capacity   []string `flag:"capacity"`
	Headroom   string   `flag:"headroom"`
	Scenario   []string `flag:"scenario"`
	CloseEach  bool     `flag:"close-each"`
	Model      []string `flag:"model"`
	Use        string   `flag:"use"`
	Cost       string   `flag:"cost"`
	Attraction string   `flag:"attraction"`
	Sizes      string   `flag:"sizes"`
	Detour     float64  `flag:"detour"`
	Catchment  float64  `flag:"catchment"`
	Bootstrap  int      `flag:"bootstrap"`
	Backtest   bool     `flag:"backtest"`
	FlowsAfter []string `flag:"flows-after"`
	Seed       uint64   `flag:"seed"`
	Publish    bool     `flag:"publish"`
	XLSX       bool     `flag:"xlsx"`
	Out        string   `flag:"out"`
	JSON       bool     `flag:"json"`
}

// Run answers.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	if err := tables.NeedsFolder(o.XLSX, o.Out); err != nil {
		return err
	}
	plans, files, err := o.plans(env)
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	in.Files = append(in.Files, files...)
	w, err := o.prepare(env, in)
	if err != nil {
		return err
	}
	if o.CloseEach {
		return w.closeEach(ctx, plans[0])
	}
	answers, err := w.answers(ctx, plans)
	if err != nil {
		return err
	}
	if w.tests, err = w.backtests(ctx, answers); err != nil {
		return err
	}
	return w.write(ctx, answers)
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{
		Flows: o.Flows, Places: o.Places, Journeys: o.Journeys, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Hashes: true,
		Partition: o.Partition, PartitionHeadings: o.PartitionHeadings, Publish: o.Publish,
	}
}

// plans are the scenarios that the flags and files ask for, and those files.
func (o *Options) plans(env *cli.Env) ([]plan, []stage.Input, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	own, err := o.flagPlan()
	if err != nil {
		return nil, nil, err
	}
	if len(o.Scenario) == 0 {
		if own.empty() && !o.Backtest && !o.CloseEach {
			return nil, nil, cli.Usagef("", "nothing changes: give --close, --open, --move or --join, a --scenario, or --backtest")
		}
		return []plan{own}, nil, nil
	}
	if !own.empty() || o.CloseEach {
		return nil, nil, cli.Usagef(o.Try(""), "--scenario holds what changes: leave --close, --open, --move, --join, --capacity, --headroom and --close-each out")
	}
	var list []plan
	var files []stage.Input
	for _, name := range o.Scenario {
		p, file, err := readPlan(name, env.Stdin)
		if err != nil {
			return nil, nil, err
		}
		if slices.ContainsFunc(list, func(q plan) bool { return q.name == p.name }) {
			return nil, nil, cli.Usagef("", "two scenarios are called %s: give their files different names", p.name)
		}
		list, files = append(list, p), append(files, file)
	}
	return list, files, nil
}

// check refuses flags that make no sense by themselves.
func (o *Options) check() error {
	if o.Out == "-" {
		return cli.Usagef("", "whatif writes a folder of files, which standard output cannot hold")
	}
	if o.Out == "" && !o.JSON {
		return cli.Usagef("", "missing flag --out (or --json for the figures alone)")
	}
	if len(o.Partition) > 1 {
		return cli.Usagef("", "whatif takes one --partition")
	}
	if len(o.Scores.Indicators) > 0 && len(o.Partition) == 0 {
		return cli.Usagef("", "--indicators are figures of footprints: give --partition")
	}
	if !(o.Detour >= 1 && o.Detour < 10) {
		return cli.Usagef(o.Try("--detour 1.3"), "--detour must be from 1 to below 10, got %v", o.Detour)
	}
	for _, f := range []struct {
		flag, value string
		known       []string
	}{
		{"cost", o.Cost, []string{"exponential", "power"}},
		{"attraction", o.Attraction, []string{"effects", "size"}},
		{"use", o.Use, append([]string{""}, whatif.ModelNames()...)},
	} {
		if !slices.Contains(f.known, f.value) {
			return cli.Usagef(o.Try("--"+f.flag+" "+f.known[len(f.known)-1]), "unknown --%s %q; there are %s", f.flag, f.value, strings.TrimPrefix(strings.Join(f.known, ", "), ", "))
		}
	}
	for _, name := range o.modelNames() {
		if !slices.Contains(whatif.ModelNames(), name) {
			return cli.Usagef(o.Try("--model gravity"), "unknown --model %q; there are %s", name, strings.Join(whatif.ModelNames(), ", "))
		}
	}
	return nil
}

// modelNames are those of --model, which takes commas too.
func (o *Options) modelNames() (names []string) {
	for _, list := range o.Model {
		for name := range strings.SplitSeq(list, ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// Writes are the files that the folder may get.
func (o *Options) Writes() []string {
	names := []string{
		"flows_after.csv", "providers.csv", "areas.csv", "footprints.csv", "diversion.csv", "mergers.csv", "backtest.csv", "closures.csv", "scenarios.csv", "models.json",
		"words.txt", "report.html", "moves.geojson", "moves.qml", "affected.geojson", "affected.qml",
		"receivers.svg", "receivers.png", "whatif.xlsx", stage.ProvenanceName,
	}
	all := stage.Within(o.Out, names)
	for _, s := range o.Scenario {
		all = append(all, stage.Within(filepath.Join(o.Out, stem(s)), names)...)
	}
	return all
}
