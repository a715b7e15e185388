package merge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/merge"
	"stpmap/footprint/registry"
)

// example is a line that would work.
const example = "stpmap merge --flows flows.csv --partition today.csv --boundaries areas.geojson -o merged"

// Command is merge.
var Command = &cli.Command{
	Name:    "merge",
	Usage:   "which of today's systems should become one",
	Example: example,
	Needs:   []string{"flows", "partition", "out"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap merge --flows flows.csv --partition today.csv --boundaries areas.geojson --preset icb-2027 --footprints 30 -o merged
  stpmap merge --flows flows.csv --partition today.csv --boundaries areas.geojson --contiguous --proposed plan.csv -o merged
  stpmap merge --flows flows.csv --partition today.csv --keep-whole councils.csv --nest authorities.csv -o merged

It ranks every pair of systems by the patients who would no longer leave. It
finds the best map of whole systems for each number of them. A map is called
the best only where that is proven; else the gap is given. The folder gets
pairs.csv, curve.csv, merged.csv, partition.csv, proposed.csv (with
--proposed), words.txt, charts and a page; with --boundaries also maps.
Without --boundaries, systems that exchange patients count as neighbours.`,
}

// Options are the flags of merge.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.PartitionHeadings
	clustering.Demands
	Partition  string `flag:"partition"`
	Proposed   string `flag:"proposed"`
	Preset     string `flag:"preset"`
	Footprints int    `flag:"footprints"`
	Fewest     int    `flag:"fewest"`
	Nest       string `flag:"nest"`
	NestStrict bool   `flag:"nest-strict"`
	Effort     int    `flag:"effort"`
	Seed       uint64 `flag:"seed"`
	Publish    bool   `flag:"publish"`
	XLSX       bool   `flag:"xlsx"`
	Out        string `flag:"out"`
	JSON       bool   `flag:"json"`
}

// near is how far below the best, as a share of all patients, a map is still a
// good one.
const near = 0.001

// Run merges.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	started := time.Now()
	if err := tables.NeedsFolder(o.XLSX, o.Out); err != nil {
		return err
	}
	plan, err := o.plan()
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	r := &result{options: o, in: in, plan: plan, today: in.Given[0]}
	if err := r.prepare(ctx, env); err != nil {
		return err
	}
	if err := r.solve(ctx); err != nil {
		return err
	}
	r.seconds = time.Since(started).Seconds()
	if err := r.write(env); err != nil {
		return err
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, r.json())
	}
	fmt.Fprintln(env.Stdout, strings.Join(r.words(), "\n"))
	return nil
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Hashes: true, Publish: o.Publish,
		Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole,
		Partition: []string{o.Partition}, PartitionHeadings: o.PartitionHeadings,
	}
}

// plan reads the flags, and refuses what contradicts itself.
func (o *Options) plan() (clustering.Plan, error) {
	if err := o.applyPreset(); err != nil {
		return clustering.Plan{}, err
	}
	switch {
	case o.Out == "-":
		return clustering.Plan{}, cli.Usagef(example, "--out is a folder for several files, not standard output")
	case o.NestStrict && o.Nest == "":
		return clustering.Plan{}, cli.Usagef(o.Try("--nest authorities.csv --nest-strict"), "--nest-strict needs --nest: it says which units systems must lie in")
	case o.Given("footprints") && o.Footprints < 1:
		return clustering.Plan{}, cli.Usagef(o.Try("--footprints 37"), "--footprints must be at least 1, got %d", o.Footprints)
	case o.Given("fewest") && o.Fewest < 1:
		return clustering.Plan{}, cli.Usagef(o.Try("--fewest 20"), "--fewest must be at least 1, got %d", o.Fewest)
	case o.Effort > 10:
		return clustering.Plan{}, cli.Usagef(o.Try("--effort 5"), "--effort is a number from 1 to 10, got %d", o.Effort)
	}
	// Without boundaries, systems that exchange patients are neighbours.
	return o.Demands.Plan(&o.Line, clustering.Places{Boundaries: true, OneMode: o.OneMode})
}

// applyPreset sets the flags that a preset stands for, save those given.
func (o *Options) applyPreset() error {
	if o.Preset == "" {
		return nil
	}
	takes := []string{"contiguous", "min-population", "max-population", "min-providers", "footprints"}
	p, ok := registry.FindPreset(o.Preset)
	if !ok || slices.ContainsFunc(p.Parameters, func(q registry.Parameter) bool { return !slices.Contains(takes, q.Flag) }) {
		return cli.Usagef(o.Try("--preset icb-2027"), "unknown --preset %q; there are icb-2022, icb-2027 and stp-2016", o.Preset)
	}
	for _, one := range p.Parameters {
		if o.Given(one.Flag) || one.Flag == "footprints" && o.Proposed != "" {
			continue
		}
		if err := o.Set(one.Flag, one.Value); err != nil {
			return fmt.Errorf("preset %s: %w", p.Name, err)
		}
	}
	return nil
}

// result is what is found, and what it was found from.
type result struct {
	options *Options
	in      *study.Study
	plan    clustering.Plan
	today   *study.NamedPartition
	notes   []string
	units   []string // names of those of --nest

	p        *merge.Problem
	pairs    []merge.Pair
	curve    []merge.Map // from all systems down
	tree     []merge.Step
	at       int // of the chosen map in curve
	good     *merge.Good
	proposal *proposal
	made     footprint.Partition // the chosen map
	ids      []string            // its footprint of each of today's systems
	measures footprint.Measures
	seconds  float64
}

// chosen is the map that the files show.
func (r *result) chosen() merge.Map { return r.curve[r.at] }
