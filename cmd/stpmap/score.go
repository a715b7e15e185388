package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/data/importer"
	publishedpkg "stpmap/data/published"
	tablepkg "stpmap/data/table"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/render/chart"
	"stpmap/render/maps"
)

func scoreCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "score",
		Usage: "score the footprints of a partition: which carry serious underperformance, and how sure that is",
		Description: `Example:

  stpmap score --flows flows.csv --partition partition.csv --indicators indicators.csv -o scores

Providers' figures reach a footprint by where their patients live (--view
residents) or by where the provider lies (--view providers). Into a folder go
indicators.csv, scores.csv, sensitivity.csv, score.json, charts, and trend.csv
where there are several periods; a .csv or .json file gets the scores alone.
Without --out a league table is printed.

On several machines, each makes a part of the --draws and keeps it in a folder;
then the same command with --merge in place of --shard joins the parts, into the
same bytes as one machine would give:

  stpmap score … --draws 1000000 --shard 3/16 -o parts
  stpmap score … --draws 1000000 --merge --part parts -o scores

  stpmap score --print-definitions headline-2017 > indicators.yaml

prints a set of definitions to edit, for --definitions.`,
		Flags: join(flowFlags(), successorFlags(), placeFlags(), []cli.Flag{
			&cli.StringSliceFlag{Name: "partition", Usage: "`FILE` with the footprints: our partition.csv, or any table of codes and groups; further ones are alternatives, for the doubt about ranks"},
			&cli.StringFlag{Name: "reference-column", Usage: "`HEADING` of the group in --partition"},
			outFlag("`FOLDER` for the results, or a .csv or .json file; - is standard output"),
			jsonFlag(),
		}, scoreFlags(), []cli.Flag{
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "`SEED` of the draws"},
			&cli.IntFlag{Name: "jobs", Usage: "draws at a `TIME` (default: one a processor); never changes the result"},
			&cli.StringFlag{Name: "print-definitions", Usage: "print the built-in set of this `NAME` and end: " + strings.Join(definition.BuiltinNames(), ", ")},
			&cli.BoolFlag{Name: "print-schema", Usage: "print the JSON Schema of definitions and end"},
		}, shardFlags("--draws")),
	}, nil, env.scoreAction)
}

// scoreFlags are those of a score that score and run share.
func scoreFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "indicators", Usage: "`FILE` of figures: entity, indicator, numerator, denominator, … (repeatable)"},
		&cli.StringFlag{Name: "definitions", Value: definition.Default, Usage: "`FILE` of definitions, YAML or CSV, or the name of a built-in set"},
		&cli.StringFlag{Name: "view", Value: string(attribution.Residents), Usage: "`residents|providers`: whose care a footprint is judged by"},
		&cli.StringFlag{Name: "period", Usage: "the `PERIOD` to score (default: the latest of each indicator)"},
		&cli.StringFlag{Name: "aggregation", Value: string(score.ByDomains), Usage: "`domains|arithmetic|geometric`: how indicators make a score"},
		&cli.StringFlag{Name: "normalisation", Value: string(score.ZScores), Usage: "`z|target|minmax|rank`: how indicators are made comparable"},
		&cli.StringFlag{Name: "failing", Value: string(score.FailsTarget), Usage: "`target|outlier|either|both`: when an indicator fails"},
		&cli.Float64Flag{Name: "certainty", Value: 0.95, Usage: "one-sided `CERTAINTY` with which a target must be missed, from 0.5 to below 1"},
		&cli.StringFlag{Name: "cut-points", Usage: "the three `A,B,C` that part ratings 1 to 4 (default: see score.json)"},
		&cli.Float64Flag{Name: "min-reported", Value: 0.5, Usage: "`SHARE` of a footprint's patients whose figures an indicator needs"},
		&cli.Float64Flag{Name: "min-indicators", Value: 0.6, Usage: "`SHARE` of a domain's indicators it needs to be rated"},
		&cli.Float64Flag{Name: "min-domains", Value: 2. / 3, Usage: "`SHARE` of the domains a footprint needs to be rated"},
		&cli.BoolFlag{Name: "whole-set", Usage: "count coverage over all indicators of the definitions, not those with figures"},
		&cli.BoolFlag{Name: "allow-unknown", Usage: "take figures of unknown entities as unattributed"},
		&cli.IntFlag{Name: "worst", Value: 5, Usage: "`N`: how many are the worst"},
		&cli.IntFlag{Name: "draws", Value: 10000, Usage: "Monte Carlo `DRAWS`; 0 is none"},
		&cli.Float64Flag{Name: "concentration", Value: 16, Usage: "how closely drawn weights keep to the stated ones: their coefficient of variation is 1/√`C`"},
		&cli.BoolFlag{Name: "fixed-choices", Usage: "keep aggregation and normalisation as stated in every draw"},
	}
}

func (env *environment) scoreAction(c *cli.Context) error {
	if c.Bool("print-schema") {
		_, err := env.stdout.Write(definition.Schema())
		return err
	}
	if name := c.String("print-definitions"); name != "" {
		text, err := definition.BuiltinYAML(name)
		if err != nil {
			return usagef("stpmap score --print-definitions "+definition.Default, "%w", err)
		}
		_, err = env.stdout.Write(text)
		return err
	}
	for _, name := range []string{"flows", "partition", "indicators"} {
		if !c.IsSet(name) {
			return usagef("stpmap score --flows flows.csv --partition partition.csv --indicators indicators.csv", "missing flag --%s", name)
		}
	}
	out := c.String("out")
	if c.Bool("json") && out == "-" {
		return usagef("stpmap score --json -o scores …", "--json and --out - would mix on standard output")
	}
	opt, err := scoreOptions(c)
	if err != nil {
		return err
	}
	share, err := scoreSharing(c)
	if err != nil {
		return err
	}
	in, err := env.load(c.Context, c, needs{partition: true})
	if err != nil {
		return err
	}
	if len(in.given) == 0 {
		return inputf("no partition to score")
	}
	main := in.given[0]
	if n := len(main.unmatched); n > 0 {
		env.log.Info(fmt.Sprintf("%s of %s %s no flow: %s", counted(n, "code"), main.file, has(n), firstFew(main.unmatched)))
	}
	names := main.names
	if !slices.ContainsFunc(names, func(s string) bool { return s != "" }) {
		names = nil
	}
	res, err := env.score(c, filesOnDisk{stdin: env.stdin}, in, main.partition, names, main.confidence, opt, share)
	if err != nil {
		return err
	}
	if share.shards > 0 {
		return env.writeDraws(c.String("out"), in, res, share)
	}
	if out != "" {
		if err := env.writeScores(c, in, res, out); err != nil {
			return err
		}
	}
	for _, note := range res.Notes {
		env.log.Info(note)
	}
	switch {
	case c.Bool("json"):
		if err := writeJSON(env.stdout, in.scoreSummary(c, res)); err != nil {
			return err
		}
	case out == "":
		return res.WriteLeague(env.stdout, 0)
	}
	if !env.quiet && out != "" {
		return res.WriteLeague(env.stderr, 2*res.Options.Worst)
	}
	return nil
}

// scoreOptions takes the options from the flags.
func scoreOptions(c *cli.Context) (score.Options, error) {
	none := func(name string) float64 { // 0 as a flag is none, in Options the default
		if v := c.Float64(name); v != 0 {
			return v
		}
		return -1
	}
	opt := score.Options{
		View: attribution.View(c.String("view")), Period: c.String("period"),
		Aggregation: score.Aggregation(c.String("aggregation")), Normalisation: score.Normalisation(c.String("normalisation")),
		Failing: score.Failing(c.String("failing")), Certainty: c.Float64("certainty"),
		MinReported: none("min-reported"), MinIndicators: none("min-indicators"), MinDomains: none("min-domains"),
		WholeSet: c.Bool("whole-set"), AllowUnknown: c.Bool("allow-unknown"),
		Worst: c.Int("worst"), Draws: c.Int("draws"), Seed: c.Uint64("seed"), Jobs: c.Int("jobs"),
		Concentration: c.Float64("concentration"), FixedChoices: c.Bool("fixed-choices"),
	}
	hint := "stpmap " + c.Command.Name + " --help"
	if opt.Draws == 0 {
		opt.Draws = -1
	} else if opt.Draws < 0 {
		return opt, usagef(hint, "--draws must not be negative: %d", opt.Draws)
	}
	if opt.Worst < 1 {
		return opt, usagef(hint, "--worst must be at least 1: %d", opt.Worst)
	}
	for _, name := range []string{"min-reported", "min-indicators", "min-domains"} {
		if v := c.Float64(name); !(v >= 0 && v <= 1) {
			return opt, usagef(hint, "--%s is a share, from 0 to 1: %v", name, v)
		}
	}
	if v := c.Float64("certainty"); v == 0 {
		return opt, usagef(hint, "--certainty must be from 0.5 to below 1: %v", v)
	}
	if v := c.Float64("concentration"); v == 0 {
		return opt, usagef(hint, "--concentration must be above 0")
	}
	if s := c.String("cut-points"); s != "" {
		var cuts [3]float64
		parts := strings.Split(s, ",")
		ok := len(parts) == len(cuts)
		for i := 0; ok && i < len(parts); i++ {
			v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			cuts[i], ok = v, err == nil && !math.IsNaN(v)
		}
		if !ok {
			return opt, usagef("stpmap score --cut-points 0,0.33,0.67 …", "--cut-points takes three rising numbers: %q", s)
		}
		opt.Cuts = &cuts
	}
	if err := opt.Check(); err != nil {
		return opt, usagef(hint, "%w", err)
	}
	return opt, nil
}

// definitions reads the set that --definitions names.
func (env *environment) definitions(c *cli.Context, files fileSource) (*definition.Definitions, error) {
	name := c.String("definitions")
	if name == "" {
		name = definition.Default
	}
	if slices.Contains(definition.BuiltinNames(), name) {
		return definition.Builtin(name)
	}
	f, err := files.open(name)
	if err != nil {
		if input := (*tablepkg.InputError)(nil); errors.As(err, &input) && !strings.ContainsAny(name, "./\\") {
			return nil, usagef("stpmap score --definitions "+definition.Default+" …", "--definitions %q is neither a file nor one of %s", name, strings.Join(definition.BuiltinNames(), ", "))
		}
		return nil, err
	}
	defer f.Close()
	read := definition.Read
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		read = definition.ReadCSV
	}
	defs, err := read(f)
	if err != nil {
		return nil, scoreFault(name, err)
	}
	if defs.Name == "" {
		defs.Name = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	return defs, nil
}

// scoreFault turns the faults that scoring finds into those of input files.
// file is where definitions are from; observations carry their own.
func scoreFault(file string, err error) error {
	var many *fault.List
	switch {
	case errors.As(err, &many):
		for _, f := range many.List {
			f.File = cmp.Or(f.File, file)
		}
		return many
	case errors.Is(err, attribution.ErrNothing):
		return inputf("no figure to score: no row of --indicators is of an indicator of --definitions")
	case errors.Is(err, attribution.ErrUnknownPeriod):
		return inputf("%v", err)
	}
	return err
}

// score reads the indicators and scores a partition, or makes a part of its
// draws, or takes them from parts. names and confidence may be nil.
func (env *environment) score(c *cli.Context, files fileSource, in *inputs, p footprint.Partition, names []string, confidence []float64, opt score.Options, share sharing) (*score.Result, error) {
	defs, err := env.definitions(c, files)
	if err != nil {
		return nil, err
	}
	l := &loader{ctx: c.Context, c: c, files: files, in: in}
	successors, err := env.successorsOf(c)
	if err != nil {
		return nil, err
	}
	decimal, err := decimalOf(c)
	if err != nil {
		return nil, err
	}
	var rows []attribution.Observation
	seen := map[[3]string]string{}
	for _, name := range files.resolve(c, "indicators") {
		err := l.read("indicators", name, func(r io.Reader) error {
			list, rep, published, err := publishedpkg.ReadIndicators(l.ctx, displayName(name), r, importer.Options{IgnoreTotals: c.Bool("ignore-totals"), Decimal: decimal}, tablepkg.Decimal(decimal))
			if err != nil {
				return err
			}
			if published != nil {
				rep.Notes = importNotes(&published.Report)
			}
			in.understand(indicatorsUnderstood(name, &rep, list, published))
			for _, note := range rep.Notes {
				env.log.Info(note)
			}
			for _, o := range list {
				rows = append(rows, attribution.Observation(o))
			}
			return nil
		})
		if err != nil {
			if e := l.fault(err); e != nil {
				return nil, e
			}
		}
	}
	if err := l.faults.Err(); err != nil {
		return nil, err
	}
	// A table finds its own doubles; two tables may still say the same thing.
	for _, o := range rows {
		key := [3]string{o.Entity, o.Indicator, o.Period}
		if first, ok := seen[key]; ok && first != o.Source {
			l.faults.Add(&tablepkg.InputError{File: o.Source, Line: o.Line, Column: int(o.Column.Entity), Err: fmt.Errorf("%w: %s, as in %s", attribution.ErrDoubled, strings.TrimSpace(strings.Join(key[:], " ")), first)})
		}
		seen[key] = o.Source
	}
	if err := l.faults.Err(); err != nil {
		return nil, err
	}
	if successors != nil {
		if rows, err = env.mergeRows(c, in, successors, rows); err != nil {
			return nil, err
		}
	}
	input := score.Input{
		Matrix: in.matrix, Partition: p, Names: names, ProviderNames: in.providerNames, AreaNames: in.areaNames,
		Confidence: confidence, Known: in.knownCodes(), Observations: rows, Definitions: defs, Options: opt, Progress: env.progress(),
		Shard: share.shard, Shards: share.shards,
	}
	if share.merge {
		input.Merge = func(want score.Draws) ([]int32, error) { return mergeDraws(in, want, share.parts) }
	}
	if len(in.areasWithoutPopulation()) == 0 {
		input.Population = in.population
	}
	if input.Names == nil {
		cs := maps.Case{Matrix: in.matrix, Partition: p, Measures: footprint.Measure(in.matrix, p, in.population, nil), AreaNames: in.areaNames, Population: in.population}
		if in.notice != "" {
			cs.NameMark = sampleNameMark
		}
		table := cs.FootprintTable()
		at := table.FieldIndex("name")
		for _, f := range table.Features {
			name, _ := f.Values[at].(string)
			input.Names = append(input.Names, name)
		}
	}
	if len(in.given) > 1 {
		for _, g := range in.given[1:] {
			input.Alternatives = append(input.Alternatives, g.partition)
		}
	}
	res, err := score.Run(c.Context, input)
	if errors.Is(err, score.ErrOption) {
		return nil, usagef("stpmap "+c.Command.Name+" --help", "%w", err)
	}
	if err == nil {
		for _, u := range in.understood {
			if u.Role == "indicators" {
				env.log.Info(u.String())
			}
		}
		for _, line := range figureSums(res) {
			env.log.Info(line)
		}
	}
	return res, scoreFault(c.String("definitions"), err)
}

// knownCodes are those of places and providers that exist without flow: their
// figures are unattributed, and no fault.
func (in *inputs) knownCodes() []string {
	codes := slices.Concat(in.otherCodes, in.matrixReport.AreasWithoutFlow, in.matrixReport.ProvidersWithoutFlow)
	if in.boundaries != nil {
		codes = append(codes, in.boundariesWithoutFlow()...)
	}
	return codes
}

// scoreJSON is what score --json prints, and score.json holds.
type scoreJSON struct {
	score.Summary
	Period     string     `json:"period,omitempty"`
	CutPoints  [3]float64 `json:"cut_points"`
	Certainty  float64    `json:"certainty"`
	Version    string     `json:"version"`
	Parameters string     `json:"parameters"`
	FlowSHA256 string     `json:"flow_sha256"`
	Notice     string     `json:"notice,omitempty"`
}

func (in *inputs) scoreSummary(c *cli.Context, res *score.Result) scoreJSON {
	return scoreJSON{
		Summary: res.Summary(), Period: res.Options.Period, CutPoints: *res.Options.Cuts, Certainty: res.Options.Certainty,
		Version: version, Parameters: parameters(c), FlowSHA256: in.matrix.SHA256(), Notice: in.notice,
	}
}

// writeScores writes the results to a folder, or the scores to a file.
func (env *environment) writeScores(c *cli.Context, in *inputs, res *score.Result, out string) error {
	switch suffix := strings.ToLower(filepath.Ext(out)); {
	case out == "-", suffix == ".csv":
		return env.writeOut(out, res.WriteScores)
	case suffix == ".json":
		return env.writeOut(out, func(w io.Writer) error { return writeJSON(w, in.scoreSummary(c, res)) })
	case suffix != "":
		return usagef("stpmap score -o scores …", "score writes a folder, .csv or .json, not %q", suffix)
	}
	var s staging
	defer s.discard()
	if err := stageScores(&s, out, in, res); err != nil {
		return err
	}
	if err := s.create(filepath.Join(out, "score.json"), func(w io.Writer) error { return writeJSON(w, in.scoreSummary(c, res)) }); err != nil {
		return err
	}
	p := in.provenanceOf(c, "given", res.Notes)
	p.Seed = &res.Options.Seed
	if err := s.provenanceBeside(out, p); err != nil {
		return err
	}
	return env.commitOver(c, &s, out)
}

// stageScores stages the tables and charts of a score.
func stageScores(s *staging, dir string, in *inputs, res *score.Result) error {
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{{"indicators.csv", res.WriteIndicators}, {"scores.csv", res.WriteScores}, {"sensitivity.csv", res.WriteSensitivity}}
	if len(res.Trends) > 0 {
		files = append(files, file{"trend.csv", res.WriteTrends})
	}
	charts, err := chart.OfScore(res, in.notice)
	if err != nil {
		return err
	}
	for _, chart := range charts {
		for _, format := range []string{"svg", "png"} {
			files = append(files, file{filepath.Join("charts", chart.Name+"."+format), func(w io.Writer) error { return chart.Write(w, format) }})
		}
	}
	for _, f := range files {
		if err := s.create(filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}

// mapScores gives the scores as the maps take them.
func mapScores(res *score.Result) []maps.Score {
	list := make([]maps.Score, len(res.Footprints))
	for i, f := range res.Footprints {
		s := maps.Score{Score: f.Score, Rating: f.Rating, Rank: f.Rank, RankLow: math.NaN(), RankHigh: math.NaN(), DomainsFailing: -1, Coverage: f.Coverage}
		if f.Rated {
			s.DomainsFailing = f.DomainsFailing
		}
		if f.RankLow > 0 {
			s.RankLow, s.RankHigh = float64(f.RankLow), float64(f.RankHigh)
		}
		list[i] = s
	}
	return list
}

// mapIndicators gives the indicators as the maps take them.
func mapIndicators(res *score.Result) []maps.IndicatorColumn {
	row := map[string]int{}
	for i, f := range res.Footprints {
		row[f.Footprint] = i
	}
	var list []maps.IndicatorColumn
	at := map[string]int{}
	n := len(res.Footprints)
	for _, d := range res.Definitions.Indicators {
		if slices.Contains(res.Measured, d.ID) {
			at[d.ID] = len(list)
			list = append(list, maps.IndicatorColumn{
				ID: d.ID, Name: d.Name, Unit: d.Unit,
				Values: slices.Repeat([]float64{math.NaN()}, n), Bands: make([]int, n), Used: make([]bool, n),
			})
		}
	}
	for _, v := range res.Indicators {
		if k, ok := row[v.Footprint]; ok {
			c := &list[at[v.Indicator]]
			c.Values[k], c.Bands[k], c.Used[k] = v.Value, v.Band, v.Used
		}
	}
	return list
}

// explainText puts into words why a footprint is scored as it is.
func explainText(res *score.Result, id string) (string, error) {
	e, err := res.Explain(id)
	if err != nil {
		return "", inputf("%v", err)
	}
	return e.Text(), nil
}
