package ingest

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/ingest"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/render/layer"
	"stpmap/render/xlsx"
)

// Command is ingest.
var Command = &cli.Command{
	Name:    "ingest",
	Usage:   "count records, from files or an engine, into pairs of area and provider",
	Example: works,
	Needs:   []string{"from"},
	// The watch over all memory would stop it later, and say less.
	CountsMemory: true,
	New:          func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap ingest --from 'apc_*.csv.gz' --area lsoa --provider procode -o pairs.csv
  stpmap ingest --from records.parquet --area lsoa --provider procode --where year=2016/17 -o pairs.parquet
  stpmap ingest --from postgres://analyst@host/db --table apc.records --area lsoa --provider procode -o pairs.csv
  stpmap sql --dialect snowflake --table records --area lsoa --provider procode > count.sql
  snowsql -f count.sql -o output_format=csv | stpmap ingest --from - -o pairs.csv

Files are CSV or TSV, plain or in gzip or Zstandard, or Parquet; their content
tells which. An engine counts where the rows are. Its URL is postgres://,
clickhouse:// (the HTTP port) or sqlserver:// (not tried out), and never holds a
password: that comes from PGPASSFILE or PGPASSWORD, CLICKHOUSE_PASSWORD or
MSSQL_PASSWORD. A query that fails is asked again as a whole, three times.

Beside the output goes OUT.provenance.json with what was counted.`,
}

// works is a line that would work.
// usualMemory is what pairs and codes may take unless told, in bytes.
const usualMemory = 2e9

const works = "stpmap ingest --from records.csv --area lsoa --provider procode -o pairs.csv"

// Statement are the flags that say what is counted.
type Statement struct {
	Area      string   `flag:"area"`
	Provider  string   `flag:"provider"`
	Count     string   `flag:"count"`
	Where     []string `flag:"where"`
	Table     string   `flag:"table"`
	QueryFile string   `flag:"query-file"`
}

// Options are the flags of ingest.
type Options struct {
	cli.Line
	Statement
	study.Door
	From        []string      `flag:"from"`
	Out         string        `flag:"out"`
	Format      string        `flag:"format"`
	SkipMissing bool          `flag:"skip-missing"`
	Decimal     string        `flag:"decimal"`
	ExpectRows  int64         `flag:"expect-rows"`
	Timeout     time.Duration `flag:"timeout"`
	Jobs        int           `flag:"jobs"`
	JSON        bool          `flag:"json"`
}

// Run counts the records.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	format := o.format()
	if format != "csv" && format != "parquet" && format != "xlsx" {
		return cli.Usagef(works, "ingest writes csv, parquet or xlsx, not %q", format)
	}
	if format == "parquet" && o.SuppressBelow > 0 {
		return cli.Usagef(works+" --suppress-below 5", "--suppress-below writes marks such as <5, which a Parquet file of numbers cannot hold: write .csv")
	}
	if o.JSON && o.toStdout() {
		return cli.Usagef(works+" --json", "--json and the pairs would mix on standard output: name a file with --out")
	}
	options, err := o.options(env)
	if err != nil {
		return err
	}
	pairs, rep, err := ingest.Count(ctx, o.From, env.Stdin, options)
	if err != nil {
		return study.IngestFault(err, works)
	}
	write := pairs.WriteCSV
	if format == "parquet" {
		write = pairs.WriteParquet
	}
	s := summaryOf(pairs, rep)
	if o.SuppressBelow > 0 {
		if write, err = o.protect(env, pairs, s); err != nil {
			return err
		}
	}
	if format == "xlsx" {
		write = xlsx.Of("pairs", "Patients by area and provider", layer.About{Title: "Patients by area and provider", Version: cli.Version}, write)
	}
	if err := o.write(env, s, write); err != nil {
		return err
	}
	known := o.SuppressBelow == 0
	env.Log.Info(study.IngestUnderstood("records", strings.Join(shortened(rep.Sources), ", "), &rep).Known(known).String())
	for _, left := range rep.Omitted {
		env.Log.Info(left.Sentence(known))
	}
	if text := study.SpeltTwice(append(table.SpeltTwice(pairs.Areas), table.SpeltTwice(pairs.Providers)...)); text != "" {
		env.Log.Info(text)
	}
	env.Log.Info(s.said(rep))
	if o.JSON {
		return stage.WriteJSON(env.Stdout, s)
	}
	return nil
}

func (o *Options) toStdout() bool { return o.Out == "" || o.Out == "-" }

// format is that of the pairs: csv, parquet, xlsx, or what is not known.
func (o *Options) format() string {
	format := stage.Format(o.Out, o.Format)
	if format == "" || o.Out == "-" && o.Format == "" {
		return "csv"
	}
	return format
}

// Writes are the pairs and what was counted.
func (o *Options) Writes() []string { return []string{o.Out, o.Out + "." + stage.ProvenanceName} }

// write writes the pairs, and beside a file what was counted.
func (o *Options) write(env *cli.Env, s *summary, write func(io.Writer) error) error {
	if o.toStdout() {
		return stage.WriteOut(env.Stdout, o.Out, write)
	}
	var files stage.Files
	defer files.Discard()
	if err := files.Create(o.Out, write); err != nil {
		return err
	}
	s.Files, s.Parameters = files.Hashes(), o.Parameters()
	if err := files.Create(o.Out+"."+stage.ProvenanceName, func(w io.Writer) error { return stage.WriteJSON(w, s) }); err != nil {
		return err
	}
	return files.Commit()
}

// protect is the door for pairs that were counted from records. What was counted
// of the records says the small counts too, and goes.
func (o *Options) protect(env *cli.Env, pairs *ingest.Pairs, s *summary) (write func(io.Writer) error, err error) {
	b := flow.NewBuilder()
	if err := pairs.AddTo(b); err != nil {
		return nil, err
	}
	m, _, err := b.Build()
	if err != nil {
		return nil, err
	}
	m, note := o.Door.Matrix(m)
	if note != "" {
		env.Log.Info(note)
	}
	var records []data.Record
	for a, area := range m.Areas() {
		ps, _ := m.Row(a)
		for i, p := range ps {
			records = append(records, data.Record{Area: area, Provider: m.Providers()[p], Count: m.Cell(m.RowOffset(a) + i)})
		}
	}
	s.Rows, s.Counted, s.SumOfSquares, s.Total = nil, nil, nil, m.Total().Published
	return func(w io.Writer) error {
		_, err := data.WriteFlows(w, records)
		return err
	}, nil
}

// said says in a sentence what was counted.
func (s *summary) said(rep ingest.Report) string {
	records := "records"
	if s.Counted != nil {
		records = words.Counted(*s.Counted, "record")
	}
	text := fmt.Sprintf("%s counted into %s of %s and %s, %s in all", records, words.Counted(s.Pairs, "pair"),
		words.Counted(s.Areas, "area"), words.Counted(s.Providers, "provider"), words.Plain(s.Total))
	for _, left := range []struct {
		n    int64
		what string
	}{{rep.Filtered, "by --where"}, {rep.Missing, "without a code"}, {rep.Absent, "without a count"}} {
		if left.n > 0 {
			text += fmt.Sprintf("; %s left out %s", words.Counted(left.n, "record"), left.what)
		}
	}
	if rep.Attempts > 1 {
		text += fmt.Sprintf("; the engine was asked %d times", rep.Attempts)
	}
	return text
}

// shortened are the first three of many names, and how many more there are.
func shortened(names []string) []string {
	if len(names) <= 3 {
		return names
	}
	return append(slices.Clone(names[:3]), fmt.Sprintf("%d more", len(names)-3))
}

// options reads the flags.
func (o *Options) options(env *cli.Env) (ingest.Options, error) {
	opt := ingest.Options{
		Table:       []table.Option{data.Columns(o.Area, o.Provider, o.Count)},
		SkipMissing: o.SkipMissing, Jobs: o.Jobs, ExpectRows: o.ExpectRows,
	}
	if t := env.Steps(); t != nil {
		opt.Progress = t.Counting()
	}
	if opt.Jobs == 0 {
		opt.Jobs = runtime.GOMAXPROCS(0)
	}
	for _, w := range o.Where {
		where, err := table.ParseWhere(w)
		if err != nil {
			return opt, cli.Usagef(works+" --where year=2016/17", "--where: %w", err)
		}
		opt.Table = append(opt.Table, where)
	}
	decimal, err := study.DecimalMark(o.Decimal)
	if err != nil {
		return opt, err
	}
	opt.Table = append(opt.Table, table.Decimal(decimal))
	opt.MaxMemory = usualMemory
	if o.MaxMemory != "" {
		opt.MaxMemory, err = cli.ParseSize(o.MaxMemory)
	}
	if err != nil {
		return opt, cli.Usagef(works+" --max-memory 500MB", "--max-memory: %w", err)
	}
	if opt.Engine.Timeout = o.Timeout; o.Timeout <= 0 {
		return opt, cli.Usagef(works+" --timeout 30m", "--timeout must be above 0, got %v", o.Timeout)
	}
	opt.Engine.Table = o.Table
	if opt.Engine.Query, err = study.ReadQuery(study.Disk{Stdin: env.Stdin}, o.QueryFile, o.Table, works); err != nil {
		return opt, err
	}
	return opt, o.checkEngine(opt.Engine.Query)
}

// checkEngine refuses what engines lack, and what is for engines only.
func (o *Options) checkEngine(query string) error {
	engine := false
	for _, f := range o.From {
		engine = engine || ingest.IsEngine(f)
		if scheme, _, ok := strings.Cut(f, "://"); ok && !ingest.IsEngine(f) {
			return cli.Usagef(works, "unknown engine %s://: there are postgres://, clickhouse:// and sqlserver://; for others see stpmap sql", scheme)
		}
	}
	if engine && (o.Area == "" || o.Provider == "") {
		return cli.Usagef("stpmap ingest --from postgres://analyst@host/db --table records --area lsoa --provider procode -o pairs.csv", "an engine needs --area and --provider")
	}
	if !engine && (o.Table != "" || query != "") {
		return cli.Usagef(works, "--table and --query-file are for engines")
	}
	return nil
}

// summary is what --json prints and the provenance holds.
type summary struct {
	Version      string            `json:"version"`
	Command      string            `json:"command"`
	Parameters   string            `json:"parameters,omitempty"`
	Sources      []string          `json:"sources"`
	Rows         *int64            `json:"rows"` // nil, as the two other pointers, where it would tell a small count
	Counted      *int64            `json:"counted"`
	Filtered     int64             `json:"filtered"`
	Absent       int64             `json:"absent"`
	Missing      int64             `json:"missing"`
	Left         []stage.LeftOut   `json:"left_out"`
	Columns      []table.Taken     `json:"columns"`
	Pairs        int               `json:"pairs"`
	Areas        int               `json:"areas"`
	Providers    int               `json:"providers"`
	Total        float64           `json:"total"`
	SumOfSquares *float64          `json:"sum_of_squares"`
	Attempts     int               `json:"attempts,omitempty"`
	Files        map[string]string `json:"sha256,omitempty"`
}

func summaryOf(pairs *ingest.Pairs, rep ingest.Report) *summary {
	squares := pairs.SumOfSquares()
	return &summary{
		Version: cli.Version, Command: "ingest", Sources: rep.Sources,
		Rows: &rep.Rows, Counted: &rep.Counted, Filtered: rep.Filtered, Absent: rep.Absent, Missing: rep.Missing, Left: study.LeftOut(rep.Omitted), Columns: append([]table.Taken{}, rep.Columns...),
		Pairs: len(pairs.List), Areas: len(pairs.Areas), Providers: len(pairs.Providers),
		Total: rep.Total, SumOfSquares: &squares, Attempts: rep.Attempts,
	}
}
