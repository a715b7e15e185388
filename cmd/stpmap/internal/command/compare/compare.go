package compare

import (
	"context"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
)

// Command is compare.
var Command = &cli.Command{
	Name:    "compare",
	Usage:   "a sweep over parameters and methods; or partitions against each other",
	Example: "stpmap compare --flows flows.csv -o sweep",
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap compare --flows flows.csv --resolution 0.2:17:log40 --seeds 20 -o sweep
  stpmap compare --flows flows.csv --footprints 20:110:5 --method leiden --method ward -o sweep
  stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv

A sweep writes runs.csv, summary.csv, champ.csv, recommendation.json,
recommended.csv and charts into the folder; with --boundaries also
borders.geojson and levels.geojson. An interrupted sweep goes on with --resume.
On several machines, each runs --shard i/n into the same folder. Then the same
command, with --merge in its place, joins the parts:

  stpmap compare --flows flows.csv --shard 3/16 -o sweep
  stpmap compare --flows flows.csv --merge -o sweep`,
}

// Options are the flags of compare.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Partitions
	clustering.Common
	Merging    sharing.Flags
	Method     []string `flag:"method"`
	Quality    []string `flag:"quality"`
	Resolution string   `flag:"resolution"`
	Footprints string   `flag:"footprints"`
	Seeds      int      `flag:"seeds"`
	Resamples  int      `flag:"resamples"`
	Scale      string   `flag:"scale"`
	Shard      string   `flag:"shard"`
	Resume     bool     `flag:"resume"`
	Publish    bool     `flag:"publish"`
	XLSX       bool     `flag:"xlsx"`
	Out        string   `flag:"out"`
	JSON       bool     `flag:"json"`
}

// Run sweeps, or compares partitions.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	if err := tables.NeedsFolder(o.XLSX, o.Out); err != nil {
		return err
	}
	if len(o.Partition) > 0 {
		return o.partitions(ctx, env)
	}
	if !o.Given("flows") {
		return cli.Usagef("", "missing flag --flows (for a sweep), or --partition and --reference (for a comparison)")
	}
	return o.sweep(ctx, env)
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Hashes: true, Tables: true, Publish: o.Publish,
		Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole, ReferralFlows: o.ReferralFlows, Fix: o.Fix, Start: o.Start, KeepIDs: o.KeepIDs,
	}.With(o.Partitions)
}

// Writes are the files that the folder may get, as far as they could be the
// user's own.
func (o *Options) Writes() []string {
	p := "." + stage.ProvenanceName
	names := []string{
		"runs.csv", "summary.csv", "champ.csv", "recommended.csv", "recommendation.json", sharing.SweepLog,
		"crosstab.csv", "moved.csv", "pairs.csv", "compare.xlsx", "words.txt", "comparison.json",
		"borders.geojson", "borders.qml", "levels.geojson", "levels.qml",
		stage.ProvenanceName, "recommendation" + p, "comparison" + p, "pairs" + p,
	}
	for _, chart := range []string{"curve", "stability", "vi", "sizes"} {
		names = append(names, chart+".svg", chart+".png")
	}
	return stage.Within(o.Out, names)
}

// fileSuffixes are those of files, which a folder would be a slip for.
var fileSuffixes = []string{"csv", "json", "geojson", "gpkg", "qgz", "html", "svg", "png", "tsv", "txt", "xlsx", "parquet", "yaml", "zip", "gz"}

// namesFile reports whether an output has the suffix of a file.
func namesFile(out string) bool { return slices.Contains(fileSuffixes, stage.Format(out, "")) }
