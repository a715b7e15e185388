// Package scores is the command that scores the footprints of a partition.
//
// In: its options. Out: a league table, or the files of a score. May import:
// footprint/score, internal/cli, internal/study, internal/stage,
// internal/words, internal/command/scoring and …/sharing.
package scores

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/score"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/official"
	"stpmap/render/layer"
)

// Command is score.
var Command = &cli.Command{
	Name:    "score",
	Usage:   "score the footprints of a partition: which have serious underperformance, and how sure that is",
	Example: "stpmap score --flows flows.csv --partition partition.csv --indicators indicators.csv -o scores",
	New:     func() cli.Job { return &Options{} },
	Description: `Providers' figures reach a footprint by where their patients live (--view
residents) or by where the provider lies (--view providers). Into a folder go
indicators.csv, scores.csv, sensitivity.csv, score.json, charts, and trend.csv
where there are several periods. Where figures are too few for a rating, the
table is of those there are. A .csv or .json file gets the scores alone, and an
.xlsx file a sheet for each table.
Without --out a league table is printed.

On several machines, each makes a part of the --draws and keeps it in a folder.
Then the same command, with --merge in place of --shard, joins the parts. The
result is the same bytes as from one machine:

  stpmap score … --draws 1000000 --shard 3/16 -o parts
  stpmap score … --draws 1000000 --merge --part parts -o scores

This prints a set of definitions to edit, for --definitions:

  stpmap score --print-definitions headline-2017 > indicators.yaml`,
}

// Options are the flags of score.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Succession
	scoring.Flags
	Merging sharing.Flags
	study.PartitionHeadings
	Partition        []string `flag:"partition"`
	Publish          bool     `flag:"publish"`
	XLSX             bool     `flag:"xlsx"`
	Out              string   `flag:"out"`
	JSON             bool     `flag:"json"`
	Seed             uint64   `flag:"seed"`
	Jobs             int      `flag:"jobs"`
	Shard            string   `flag:"shard"`
	PrintDefinitions string   `flag:"print-definitions"`
	PrintSchema      bool     `flag:"print-schema"`
	ReferenceRatings string   `flag:"reference-ratings"`

	official *official.Comparison // with official ratings; nil unless asked for
}

// Run scores, or prints a set of definitions.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	switch {
	case o.PrintSchema:
		_, err := env.Stdout.Write(definition.Schema())
		return err
	case o.PrintDefinitions != "":
		text, err := definition.BuiltinYAML(o.PrintDefinitions)
		if err != nil {
			return cli.Usagef("stpmap score --print-definitions "+definition.Default, "%w", err)
		}
		_, err = env.Stdout.Write(text)
		return err
	}
	return o.score(ctx, env)
}

// score reads the inputs and scores the partition.
func (o *Options) score(ctx context.Context, env *cli.Env) error {
	for _, name := range []string{"flows", "partition", "indicators"} {
		if !o.Given(name) {
			return cli.Usagef("", "missing flag --%s", name)
		}
	}
	if err := tables.NeedsFolder(o.XLSX, o.Out); err != nil {
		return err
	}
	if o.JSON && o.Out == "-" {
		return cli.Usagef(o.Try("--json"), "--json and --out - would mix on standard output")
	}
	options, err := o.Flags.Options(o.Seed, o.Jobs)
	if err != nil {
		return err
	}
	share, err := o.ReadSharing(o.Shard, o.Merging, o.Out, o.JSON)
	if err != nil {
		return err
	}
	request := study.Request{
		Flows: o.Flows, Places: o.Places, Succession: o.Succession, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Hashes: true,
		Partition: o.Partition, PartitionHeadings: o.PartitionHeadings, Publish: o.Publish,
	}
	in, err := request.Read(ctx, env)
	if err != nil {
		return err
	}
	if len(in.Given) == 0 {
		return cli.Inputf("no partition to score")
	}
	main := in.Given[0]
	if n := len(main.Unmatched); n > 0 {
		env.Log.Info(fmt.Sprintf("%s of %s %s no flow: %s", words.Counted(n, "code"), main.File, words.Has(n), words.Few(main.Unmatched)))
	}
	res, err := o.Score(ctx, env, scoring.Input{
		Study: in, Request: request, Partition: main.Partition, Names: main.NamesOrNil(), Confidence: main.Confidence, Options: options, Sharing: share,
	})
	if err != nil {
		return err
	}
	if share.Shards > 0 {
		return scoring.WriteDraws(env, o.Out, in, res, share)
	}
	if o.ReferenceRatings != "" {
		if o.official, err = scoring.Official(ctx, env, request.Source, o.ReferenceRatings, in, res); err != nil {
			return err
		}
	}
	return o.write(env, in, res)
}

// write writes the results and prints what is asked for.
func (o *Options) write(env *cli.Env, in *study.Study, res *score.Result) error {
	if o.Out != "" {
		if err := o.writeFiles(env, in, res); err != nil {
			return err
		}
	}
	for _, note := range res.Notes {
		env.Log.Info(note)
	}
	switch {
	case o.JSON:
		if err := stage.WriteJSON(env.Stdout, o.summary(in, res)); err != nil {
			return err
		}
	case o.Out == "":
		return o.tables(env.Stdout, res, 0)
	}
	if !env.Quiet && o.Out != "" {
		return o.tables(env.Stderr, res, 2*res.Options.Worst)
	}
	return nil
}

// tables prints the league table, and how it stands against official ratings.
func (o *Options) tables(w io.Writer, res *score.Result, limit int) error {
	if err := res.WriteLeague(w, limit); err != nil || o.official == nil {
		return err
	}
	return o.official.WriteText(w)
}

// Writes are the files that the folder may get.
func (o *Options) Writes() []string { return stage.Within(o.Out, scoring.Names()) }

// summaryJSON is what score --json prints, and score.json holds.
type summaryJSON struct {
	score.Summary
	Period     string        `json:"period,omitempty"`
	CutPoints  [3]float64    `json:"cut_points"`
	Certainty  float64       `json:"certainty"`
	Version    string        `json:"version"`
	Parameters string        `json:"parameters"`
	FlowSHA256 string        `json:"flow_sha256"`
	Notice     string        `json:"notice,omitempty"`
	Official   *officialJSON `json:"reference_ratings,omitempty"`
}

// officialJSON is how a score stands against official ratings.
type officialJSON struct {
	Footprints int      `json:"footprints"`
	Agree      int      `json:"agree"`
	Rho        *float64 `json:"rank_correlation"`
	Lower      *float64 `json:"lower"`
	Upper      *float64 `json:"upper"`
	Overall    bool     `json:"overall_ratings"`
}

func (o *Options) summary(in *study.Study, res *score.Result) summaryJSON {
	s := summaryJSON{
		Summary: res.Summary(), Period: res.Options.Period, CutPoints: *res.Options.Cuts, Certainty: res.Options.Certainty,
		Version: cli.Version, Parameters: o.Parameters(), FlowSHA256: in.Matrix.SHA256(), Notice: in.Notice,
	}
	if c := o.official; c != nil {
		s.Official = &officialJSON{len(c.Rows), c.Agree, stage.Nullable(c.Rho), stage.Nullable(c.Lower), stage.Nullable(c.Upper), c.Overall}
	}
	return s
}

// about says what a workbook holds.
func (o *Options) about(in *study.Study, res *score.Result) layer.About {
	return layer.About{Title: "Scores of " + words.Counted(len(res.Footprints), "footprint"), Version: cli.Version, Parameters: o.Parameters(), Notice: in.Notice, Sources: in.Sources, FlowSHA256: in.Matrix.SHA256()}
}

// writeFiles writes the results to a folder, or the scores to a file.
func (o *Options) writeFiles(env *cli.Env, in *study.Study, res *score.Result) error {
	summary := func(w io.Writer) error { return stage.WriteJSON(w, o.summary(in, res)) }
	switch suffix := strings.ToLower(filepath.Ext(o.Out)); {
	case o.Out == "-", suffix == ".csv":
		return stage.WriteOut(env.Stdout, o.Out, res.WriteScores)
	case suffix == ".json":
		return stage.WriteOut(env.Stdout, o.Out, summary)
	case suffix == ".xlsx":
		return stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error { return scoring.Workbook(w, o.about(in, res), res) })
	case suffix != "":
		return cli.Usagef("", "score writes a folder, .csv, .json or .xlsx, not %q", suffix)
	}
	var s stage.Files
	defer s.Discard()
	if err := scoring.Stage(&s, o.Out, in, res); err != nil {
		return err
	}
	if o.XLSX {
		if err := s.Create(filepath.Join(o.Out, "score.xlsx"), func(w io.Writer) error { return scoring.Workbook(w, o.about(in, res), res) }); err != nil {
			return err
		}
	}
	if err := s.CreateIn(o.Out, stage.File{Name: "score.json", Write: summary}); err != nil {
		return err
	}
	if o.official != nil {
		if err := s.CreateIn(o.Out, stage.File{Name: "reference_ratings.csv", Write: o.official.WriteCSV}); err != nil {
			return err
		}
	}
	p := in.Provenance(&o.Line, "given", res.Notes)
	p.Seed = &res.Options.Seed
	if err := s.AddProvenanceBeside(o.Out, p); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}
