// Package job is the commands run and demo: the whole job into one folder.
//
// In: their options. Out: the files of a folder, provenance.json last. May
// import: data (the sample), render, internal/cli, internal/study,
// internal/stage, internal/command/clustering, …/mapping, …/scoring and
// …/sharing.
package job

import (
	"context"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/data/sample"
)

// Run is the command run.
var Run = &cli.Command{
	Name:    "run",
	Usage:   "the whole job: validate, cluster and draw, into one folder",
	Example: "stpmap run --flows flows.csv -o out",
	Needs:   []string{"flows", "out"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap run --flows flows.csv --boundaries areas.geojson --providers providers.csv -o out
  stpmap run --config stpmap.yaml
  stpmap run --flows flows.csv --area-points points.csv -o out

Writes tables (partition.csv, footprints.csv) and GeoJSON of footprints, areas,
providers and flows, with a QGIS style beside each. With --bootstrap it also
writes borders by their strength. Then it writes footprints.gpkg,
footprints.qgz, footprints.svg, footprints.png, report.html and provenance.json.
Where borders do not match, it writes mismatches.geojson with every gap and
overlap. Where --indicators are given, it also writes indicators.csv,
scores.csv, sensitivity.csv, charts and the map of ratings, scores.svg and
scores.png. --xlsx adds footprints.xlsx, one workbook with a sheet for each
table.

Without boundaries the areas' points will do. The maps then show the cells
around them (the land nearest to each), and say that they are approximate.

With --merge, the --bootstrap runs come from the parts that cluster --shard made
on several machines, with the same --suppress-below: run's is 5, cluster's 0.`,
}

// Demo is the command demo.
var Demo = &cli.Command{
	Name:    "demo",
	Usage:   "the whole job on the embedded sample, Synthetic England",
	Example: "stpmap demo -o out",
	Needs:   []string{"out"},
	New:     func() cli.Job { return &DemoOptions{} },
	Description: `The sample is invented: no real place or organisation is in it. It has 37
planted health systems, so 37 footprints are made unless --footprints or
--resolution says otherwise. Their confidence is told from 50 resampled runs;
--bootstrap 0 leaves that out, and so does --levels. workbench.html is a page to
change the map by hand, in any browser. The sample's own tables are written too,
into the folder sample, for trying the other commands.`,
}

// Shared are the flags that run and demo share.
type Shared struct {
	clustering.Flags
	Maps    mapping.Flags
	Scores  scoring.Flags
	Publish bool   `flag:"publish"`
	XLSX    bool   `flag:"xlsx"`
	Out     string `flag:"out"`
	JSON    bool   `flag:"json"`
}

// Options are the flags of run.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Succession
	Shared
	study.PartitionHeadings
	Merging   sharing.Flags
	Reference string `flag:"reference"`
	Config    string `flag:"config"`
}

// DemoOptions are the flags of demo.
type DemoOptions struct {
	cli.Line
	study.Door
	Shared
}

// demoBootstrap is how many resampled runs the demo makes unless told.
const demoBootstrap = 50

// Run does the job on the user's files.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	j := &job{Shared: &o.Shared, line: &o.Line, env: env}
	at := clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != "", OneMode: o.OneMode, Directed: o.Directed}
	if err := j.prepare(at, o.Merging); err != nil {
		return err
	}
	if j.plan.Open() && o.Preset == "" {
		j.plan.ChooseNumber()
	}
	j.request = j.read(study.Request{
		Flows: o.Flows, Places: o.Places, Succession: o.Succession, Source: study.Disk{Stdin: env.Stdin},
		Reference: o.Reference, PartitionHeadings: o.PartitionHeadings,
	})
	return j.do(ctx)
}

// Writes are the files that the folder may get.
func (o *Options) Writes() []string { return o.Shared.writes() }

// Run does the job on the sample.
func (o *DemoOptions) Run(ctx context.Context, env *cli.Env) error {
	j := &job{Shared: &o.Shared, line: &o.Line, env: env, sample: sample.Files()}
	if err := j.prepare(clustering.Places{Boundaries: true}, sharing.Flags{}); err != nil {
		return err
	}
	if j.plan.Open() {
		j.plan.Footprints = sample.Footprints
	}
	if !o.Given("bootstrap") && j.ks == nil {
		j.plan.Bootstrap = demoBootstrap
	}
	j.request = j.read(study.Request{
		Flows:  study.Flows{Flows: []string{"flows.csv"}, Door: o.Door},
		Places: study.Places{Boundaries: "areas.geojson", Providers: "providers.csv"},
		Source: study.Sample{Disk: study.Disk{Stdin: env.Stdin}, Files: j.sample},
	})
	if !o.Given("indicators") {
		o.Scores.Indicators = []string{"indicators.csv"}
	}
	return j.do(ctx)
}

// Writes are the files that the folder may get.
func (o *DemoOptions) Writes() []string { return o.Shared.writes() }
