package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data/calendar"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/published"
	"stpmap/data/table"
	"stpmap/flow/wholefile"
)

// Command is import.
var Command = &cli.Command{
	Name:    "import",
	Usage:   "turn a published file into the canonical table",
	Example: works,
	New:     func() cli.Job { return &Options{} },
	Description: `The heading tells the format where --format is left out; --list names them all.
Text, gzip, zip archives of CSV, xlsx and ods are read. What a file holds more
than once (totals, subsets, all besides men and women) is counted once, and
published totals are compared with their rows.

More examples:

  stpmap import --format rtt --in 20260630-RTT-June-2026-full-extract.zip -o flows.csv
  stpmap import --in 2018-09-AE.csv --in 2018-10-AE.csv --by quarter -o ae.csv
  stpmap import --in rtt.csv --as indicators -o waits.csv
  stpmap import --in gp-reg-pat-prac-lsoa-all.csv --as population --lookup lsoa_ccg.csv --from lsoa --to ccg -o population.csv
  stpmap import --in flows.csv --successors succ.csv --successor RW6=RM3 --as-at 2022-04-01 -o flows_2022.csv`,
}

// works is a line that would work.
const works = "stpmap import --in extract.csv -o flows.csv"

// Lists are the flags of lists that codes are looked up in.
type Lists struct {
	Organisations string `flag:"organisations"`
	Successors    string `flag:"successors"`
	Lookup        string `flag:"lookup"`
}

// Options are the flags of import.
type Options struct {
	cli.Line
	Lists
	study.Door
	study.Reading
	Format            string   `flag:"format"`
	List              bool     `flag:"list"`
	In                []string `flag:"in"`
	Out               string   `flag:"out"`
	As                string   `flag:"as"`
	Part              []string `flag:"part"`
	Level             string   `flag:"level"`
	Period            string   `flag:"period"`
	By                string   `flag:"by"`
	Sheet             string   `flag:"sheet"`
	Where             []string `flag:"where"`
	Suppressed        []string `flag:"suppressed"`
	IgnoreTotals      bool     `flag:"ignore-totals"`
	NonEnglish        bool     `flag:"non-english"`
	AreaColumn        string   `flag:"area-column"`
	ProviderColumn    string   `flag:"provider-column"`
	CountColumn       string   `flag:"count-column"`
	Indicator         []string `flag:"indicator"`
	Type              []string `flag:"type"`
	SitesToTrusts     bool     `flag:"sites-to-trusts"`
	Successor         []string `flag:"successor"`
	AsAt              string   `flag:"as-at"`
	SuccessorsOfAreas bool     `flag:"successors-of-areas"`
	From              string   `flag:"from"`
	To                string   `flag:"to"`
	Fit               string   `flag:"fit"`
	Weights           string   `flag:"weights"`
	Outside           string   `flag:"outside"`
	Beds              string   `flag:"beds"`
	Postcodes         string   `flag:"postcodes"`
}

// Run imports the files.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	if o.List {
		listFormats(env.Stdout)
		return nil
	}
	if len(o.In) == 0 {
		return cli.Usagef("", "missing flag --in")
	}
	options, err := o.options(ctx, env)
	if err != nil {
		return err
	}
	im := &importing{Options: o, ctx: ctx, env: env, options: options}
	if err := im.references(); err != nil {
		return err
	}
	out, err := read(ctx, env, o.Format, o.In, im.options)
	if errors.Is(err, importer.ErrUnknownFormat) {
		return cli.Usagef("stpmap import --list", "%w", err)
	}
	if err != nil {
		return err
	}
	known := o.SuppressBelow == 0
	for i := range out.Report.Plain {
		plain := &out.Report.Plain[i]
		env.Log.Info(study.FlowsUnderstood(plain.File, plain, nil).Known(known).String())
	}
	for _, note := range study.ImportNotes(&out.Report, known) {
		env.Log.Info(note)
	}
	if note := o.Door.Records(out.Flows); note != "" {
		env.Log.Info(note)
	}
	if note := study.BorderNote(codebook.Crossings(out.Flows)); note != "" {
		env.Log.Info(note)
	}
	if err := o.kept(out.Report.Used); err != nil {
		return err
	}
	if err := im.change(out); err != nil {
		return err
	}
	return stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error { return im.write(w, out) })
}

// kept refuses conditions that keep no row: a period or value that the files do
// not have would leave an empty table.
func (o *Options) kept(used int) error {
	if used > 0 || o.Period == "" && len(o.Where) == 0 {
		return nil
	}
	return cli.Inputf("%s: no rows that the conditions keep: see --period and --where", strings.Join(o.In, ", "))
}

// listFormats prints the formats that can be read.
func listFormats(w io.Writer) {
	for _, f := range published.Formats() {
		kinds := make([]string, len(f.Kinds))
		for i, k := range f.Kinds {
			kinds[i] = string(k)
		}
		fmt.Fprintf(w, "%-15s %s (%s)\n", f.Name, f.Title, strings.Join(kinds, ", "))
	}
}

// options are what the flags choose of a file.
func (o *Options) options(ctx context.Context, env *cli.Env) (importer.Options, error) {
	opt := importer.Options{
		Kind: importer.Kind(o.As), Parts: o.Part, Level: o.Level,
		Period: o.Period, By: o.By, Sheet: o.Sheet, IgnoreTotals: o.IgnoreTotals, NonEnglish: o.NonEnglish,
		Area: o.AreaColumn, Provider: o.ProviderColumn, Count: o.CountColumn,
	}
	if err := o.checkNames(); err != nil {
		return opt, err
	}
	if p, ok := calendar.Period(o.Period); ok && o.Period != "" {
		opt.Period = p
	}
	for _, w := range o.Where {
		column, value, ok := strings.Cut(w, "=")
		if !ok || strings.TrimSpace(column) == "" {
			return opt, cli.Usagef(works+" --where year=2018", "--where: %w: %q", table.ErrWhere, w)
		}
		opt.Where = append(opt.Where, table.Condition{Column: strings.TrimSpace(column), Value: strings.TrimSpace(value)})
	}
	marks, err := table.ParseSuppression(o.Suppressed...)
	if err != nil {
		return opt, cli.Usagef(works+" --suppressed '*=1:4'", "--suppressed: %w", err)
	}
	opt.Suppressed, opt.SkipMissing = marks, o.SkipMissing
	if opt.Decimal, err = study.DecimalMark(o.Decimal); err != nil {
		return opt, err
	}
	if opt.Shares, err = o.Reading.Shares(ctx, works+" --share-column proportion --totals totals.csv", tables(env, "totals")); err != nil {
		return opt, err
	}
	opt.Indicators, err = o.indicators()
	return opt, err
}

// checkNames refuses names that flags do not take, and flags that miss another.
func (o *Options) checkNames() error {
	for _, f := range []struct {
		flag  string
		value string
		known []string
	}{
		{"as", o.As, []string{"", "flows", "indicators", "organisations", "successors", "lookup", "points", "population"}},
		{"level", o.Level, []string{"", "provider", "commissioner", "area"}},
		{"by", o.By, []string{"", "quarter", "year"}},
		{"fit", o.Fit, []string{"best", "split"}},
		{"outside", o.Outside, []string{"keep", "drop"}},
	} {
		if !slices.Contains(f.known, f.value) {
			return cli.Usagef("", "--%s is %q: it is one of %s", f.flag, f.value, strings.TrimPrefix(strings.Join(f.known, ", "), ", "))
		}
	}
	if o.Lookup != "" && o.To == "" {
		return cli.Usagef(works+" --lookup lsoa_ccg.csv --to ccg", "--lookup needs --to, the column with the areas wanted")
	}
	if o.Lookup == "" && (o.Given("to") || o.Given("from") || o.Given("weights")) {
		return cli.Usagef(works+" --lookup lsoa_ccg.csv --to ccg", "--from, --to and --weights need --lookup")
	}
	return nil
}

// indicators are other names for indicators, by id; nil for none.
func (o *Options) indicators() (names map[string]string, err error) {
	for _, w := range o.Indicator {
		id, name, ok := strings.Cut(w, "=")
		if !ok || id == "" || name == "" {
			return nil, cli.Usagef(works+" --indicator 92848=dementia", "--indicator: %q is not ID=NAME", w)
		}
		if names == nil {
			names = map[string]string{}
		}
		names[id] = name
	}
	return names, nil
}

// tables opens tables for a role, unpacked.
func tables(env *cli.Env, role string) func(name string, read func(io.Reader) error) error {
	return func(name string, read func(io.Reader) error) error {
		return new(study.Study).Hashed(study.Disk{Stdin: env.Stdin}, role, name, read)
	}
}

// read imports files from disk, or standard input for -.
func read(ctx context.Context, env *cli.Env, format string, names []string, opt importer.Options) (*importer.Result, error) {
	var inputs []importer.Input
	for _, name := range names {
		f, err := cli.Open(name, env.Stdin)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		inputs = append(inputs, importer.Input{Name: cli.InputName(name), R: f})
	}
	out, err := published.Import(ctx, format, inputs, opt)
	if err != nil {
		for _, in := range inputs {
			err = cmp.Or(wholefile.Changed(in.R), err)
		}
	}
	return out, err
}

// readOne imports one file of a format.
func readOne(ctx context.Context, env *cli.Env, format, name string) (*importer.Result, error) {
	return read(ctx, env, format, []string{name}, importer.Options{})
}

// Read reads the lists that are given.
func (l *Lists) Read(ctx context.Context, env *cli.Env) (ref codebook.References, err error) {
	if l.Organisations != "" {
		out, err := readOne(ctx, env, "ods", l.Organisations)
		if err != nil {
			return ref, err
		}
		ref.Organisations = out.Organisations
		if _, shared := codebook.NamesToCodes(out.Organisations); len(shared) > 0 {
			env.Log.Info(fmt.Sprintf("%s of --organisations %s several codes, and stand for none: %s", words.Counted(len(shared), "name"), words.Has(len(shared)), words.Few(shared)))
		}
	}
	if l.Successors != "" {
		out, err := readOne(ctx, env, "successors", l.Successors)
		if err != nil {
			return ref, err
		}
		ref.Successors = codebook.NewSuccessors(out.Successors)
	}
	if l.Lookup != "" {
		out, err := readOne(ctx, env, "lookup", l.Lookup)
		if err != nil {
			return ref, err
		}
		ref.Lookup = out.Lookup
	}
	return ref, nil
}
