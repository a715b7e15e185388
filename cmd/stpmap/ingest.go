package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/ingest"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
)

func ingestCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "ingest",
		Usage: "count records, from files or an engine, into pairs of area and provider",
		Description: `Examples:

  stpmap ingest --from 'apc_*.csv.gz' --area lsoa --provider procode -o pairs.csv
  stpmap ingest --from records.parquet --area lsoa --provider procode --where year=2016/17 -o pairs.parquet
  stpmap ingest --from postgres://analyst@host/db --table apc.records --area lsoa --provider procode -o pairs.csv
  stpmap sql --dialect snowflake --table records --area lsoa --provider procode > count.sql
  snowsql -f count.sql -o output_format=csv | stpmap ingest --from - -o pairs.csv

Files are CSV or TSV, plain or in gzip or Zstandard, or Parquet, told apart by
content. An engine counts where the rows live; its URL is postgres://,
clickhouse:// (the HTTP port) or sqlserver:// (not exercised), and never holds
a password: that comes from PGPASSFILE or PGPASSWORD, CLICKHOUSE_PASSWORD or
MSSQL_PASSWORD. A query that fails is asked again as a whole, three times.

Beside the output goes OUT.provenance.json with what was counted.`,
		Flags: join([]cli.Flag{
			&cli.StringSliceFlag{Name: "from", Usage: "`SOURCE` of records (repeatable): a file, a pattern such as 'apc_*.csv', - for standard input, or an engine's URL"},
		}, statementFlags(), []cli.Flag{
			outFlag("`FILE` for the pairs, .csv or .parquet; - is standard output"),
			&cli.StringFlag{Name: "format", Usage: "`csv|parquet`, if not told by the file's suffix"},
			&cli.BoolFlag{Name: "skip-missing", Usage: "leave out records without an area or a provider (blank, NULL, NA, Unknown), and count them"},
			&cli.StringFlag{Name: "decimal", Usage: "`point|comma` that parts a number's decimals, where the numbers do not tell"},
			&cli.Int64Flag{Name: "expect-rows", Usage: "fail unless exactly `N` records are counted: the guard against a shard that lost its rows"},
			&cli.StringFlag{Name: "max-memory", Value: "2GB", Usage: "`SIZE` that the pairs may take, such as 500MB"},
			&cli.DurationFlag{Name: "timeout", Value: time.Hour, Usage: "`TIME` after which an engine's statement is ended"},
			&cli.IntFlag{Name: "jobs", Usage: "workers at a `TIME` (default: one a processor); never changes the result"},
			jsonFlag(),
		}),
	}, []string{"from"}, env.ingestAction)
}

// statementFlags say what is counted; ingest and sql share them.
func statementFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "area", Usage: "`COLUMN` with the code of the area of residence"},
		&cli.StringFlag{Name: "provider", Usage: "`COLUMN` with the code of the provider"},
		&cli.StringFlag{Name: "count", Usage: "`COLUMN` to add up; else every record counts 1 (a file's column headed count is always added up)"},
		&cli.StringSliceFlag{Name: "where", Usage: "keep only records with `COLUMN=VALUE` (repeatable)"},
		&cli.StringFlag{Name: "table", Usage: "engine: `NAME` of the table, such as schema.records"},
		&cli.StringFlag{Name: "query-file", Usage: "engine: `FILE` with a SELECT in place of a table"},
	}
}

func (env *environment) ingestAction(c *cli.Context) error {
	const works = "stpmap ingest --from records.csv --area lsoa --provider procode -o pairs.csv"
	out := c.String("out")
	format := suffixFormat(out, c.String("format"))
	if format == "" || out == "-" && c.String("format") == "" {
		format = "csv"
	}
	if format != "csv" && format != "parquet" {
		return usagef(works, "ingest writes csv or parquet, not %q", format)
	}
	if c.Bool("json") && (out == "" || out == "-") {
		return usagef(works+" --json", "--json and the pairs would mix on standard output: name a file with --out")
	}
	o, err := env.ingestOptions(c, works)
	if err != nil {
		return err
	}
	from := c.StringSlice("from")
	pairs, rep, err := ingest.Count(c.Context, from, env.stdin, o)
	if err != nil {
		return ingestFault(err, works)
	}

	write := pairs.WriteCSV
	if format == "parquet" {
		write = pairs.WriteParquet
	}
	p := ingestJSON(pairs, rep)
	if out == "" || out == "-" {
		if err := env.writeOut(out, write); err != nil {
			return err
		}
	} else {
		var s staging
		defer s.discard()
		if err := s.create(out, write); err != nil {
			return err
		}
		p.Files = s.hashes()
		p.Parameters = parameters(c)
		if err := s.create(out+".provenance.json", func(w io.Writer) error { return writeJSON(w, p) }); err != nil {
			return err
		}
		if err := s.commit(); err != nil {
			return err
		}
	}
	said := fmt.Sprintf("%s counted into %s of %s and %s, %s in all", countedTotal(rep.Counted, "record"), counted(len(pairs.List), "pair"),
		counted(len(pairs.Areas), "area"), counted(len(pairs.Providers), "provider"), string(flow.AppendNumber(nil, rep.Total)))
	for _, left := range []struct {
		n    int64
		what string
	}{{rep.Filtered, "by --where"}, {rep.Missing, "without a code"}, {rep.Absent, "without a count"}} {
		if left.n > 0 {
			said += fmt.Sprintf("; %s left out %s", countedTotal(left.n, "record"), left.what)
		}
	}
	env.log.Info(ingestUnderstood("records", strings.Join(shortened(rep.Sources), ", "), &rep).String())
	for _, o := range rep.Omitted {
		env.log.Info(o.String())
	}
	if rep.Attempts > 1 {
		said += fmt.Sprintf("; the engine was asked %d times", rep.Attempts)
	}
	env.log.Info(said)
	if c.Bool("json") {
		return writeJSON(env.stdout, p)
	}
	return nil
}

func countedTotal(n int64, what string) string { return counted(int(n), what) }

// ingestOptions reads the flags.
func (env *environment) ingestOptions(c *cli.Context, works string) (ingest.Options, error) {
	o := ingest.Options{
		Table:       []tablepkg.Option{data.Columns(c.String("area"), c.String("provider"), c.String("count"))},
		SkipMissing: c.Bool("skip-missing"), Jobs: c.Int("jobs"), ExpectRows: c.Int64("expect-rows"),
		Progress: env.ingestProgress(),
	}
	if o.Jobs == 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Jobs < 0 {
		return o, usagef(works+" --jobs 2", "--jobs must be 1 or more, got %d", o.Jobs)
	}
	if o.ExpectRows < 0 || c.IsSet("expect-rows") && o.ExpectRows == 0 {
		return o, usagef(works+" --expect-rows 1000000", "--expect-rows must be 1 or more, got %d", o.ExpectRows)
	}
	for _, w := range c.StringSlice("where") {
		opt, err := tablepkg.ParseWhere(w)
		if err != nil {
			return o, usagef(works+" --where year=2016/17", "--where: %w", err)
		}
		o.Table = append(o.Table, opt)
	}
	decimal, err := decimalOf(c)
	if err != nil {
		return o, err
	}
	o.Table = append(o.Table, tablepkg.Decimal(decimal))
	if o.MaxMemory, err = parseSize(c.String("max-memory")); err != nil {
		return o, usagef(works+" --max-memory 500MB", "--max-memory: %w", err)
	}
	if o.Engine.Timeout = c.Duration("timeout"); o.Engine.Timeout <= 0 {
		return o, usagef(works+" --timeout 30m", "--timeout must be above 0, got %v", o.Engine.Timeout)
	}
	o.Engine.Table = c.String("table")
	if o.Engine.Query, err = queryFile(c, works); err != nil {
		return o, err
	}
	engine := false
	for _, f := range c.StringSlice("from") {
		engine = engine || ingest.IsEngine(f)
		if scheme, _, ok := strings.Cut(f, "://"); ok && !ingest.IsEngine(f) {
			return o, usagef(works, "unknown engine %s://: there are postgres://, clickhouse:// and sqlserver://; for others see stpmap sql", scheme)
		}
	}
	if engine && c.String("area") == "" || engine && c.String("provider") == "" {
		return o, usagef("stpmap ingest --from postgres://analyst@host/db --table records --area lsoa --provider procode -o pairs.csv", "an engine needs --area and --provider")
	}
	if !engine && (o.Engine.Table != "" || o.Engine.Query != "") {
		return o, usagef(works, "--table and --query-file are for engines")
	}
	return o, nil
}

// queryFile reads --query-file.
func queryFile(c *cli.Context, works string) (string, error) {
	name := c.String("query-file")
	if name == "" {
		return "", nil
	}
	if c.String("table") != "" {
		return "", usagef(works, "--table and --query-file contradict each other")
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", unreadable(name, err)
	}
	if info.Size() > 1<<20 {
		return "", inputf("%s: a query of more than 1 MiB", name)
	}
	text, err := os.ReadFile(name)
	return string(text), err
}

// ingestFault chooses the exit status for what went wrong.
func ingestFault(err error, works string) error {
	var path *fs.PathError
	var bad *tablepkg.InputError
	var faults *tablepkg.Faults
	switch {
	case errors.As(err, &bad), errors.As(err, &faults):
		return err
	case errors.Is(err, ingest.ErrSource):
		return usagef(works, "%w", err)
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		return unreadable(path.Path, err)
	case errors.Is(err, ingest.ErrMemory):
		return inputf("%v", err)
	}
	return err
}

// ingestProgress draws records, rate and time left on a terminal.
func (env *environment) ingestProgress() func(records, bytes, of int64) {
	p := env.terminal()
	if p == nil {
		return nil
	}
	start := time.Now()
	var last int64 = -1
	return func(records, bytes, of int64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if records == last {
			fmt.Fprint(p.w, "\r\x1b[K")
			return
		}
		last = records
		spent := time.Since(start)
		fmt.Fprintf(p.w, "\r\x1b[Kcounting: %d records, %.0f a second", records, float64(records)/max(spent.Seconds(), 1e-3))
		if bytes > 0 && of > bytes {
			left := time.Duration(float64(spent) / float64(bytes) * float64(of-bytes))
			fmt.Fprintf(p.w, ", %s left", left.Round(time.Second))
		}
	}
}

// ingestSummary is what --json prints and the provenance holds.
type ingestSummary struct {
	Version      string            `json:"version"`
	Command      string            `json:"command"`
	Parameters   string            `json:"parameters,omitempty"`
	Sources      []string          `json:"sources"`
	Rows         int64             `json:"rows"`
	Counted      int64             `json:"counted"`
	Filtered     int64             `json:"filtered"`
	Absent       int64             `json:"absent"`
	Missing      int64             `json:"missing"`
	Left         []leftJSON        `json:"left_out"`
	Columns      []tablepkg.Taken  `json:"columns"`
	Pairs        int               `json:"pairs"`
	Areas        int               `json:"areas"`
	Providers    int               `json:"providers"`
	Total        float64           `json:"total"`
	SumOfSquares float64           `json:"sum_of_squares"`
	Attempts     int               `json:"attempts,omitempty"`
	Files        map[string]string `json:"sha256,omitempty"`
}

func ingestJSON(pairs *ingest.Pairs, rep ingest.Report) *ingestSummary {
	return &ingestSummary{
		Version: version, Command: "ingest", Sources: rep.Sources,
		Rows: rep.Rows, Counted: rep.Counted, Filtered: rep.Filtered, Absent: rep.Absent, Missing: rep.Missing, Left: leftOut(rep.Omitted), Columns: append([]tablepkg.Taken{}, rep.Columns...),
		Pairs: len(pairs.List), Areas: len(pairs.Areas), Providers: len(pairs.Providers),
		Total: rep.Total, SumOfSquares: pairs.SumOfSquares(), Attempts: rep.Attempts,
	}
}

// parseSize reads a number of bytes: 500MB, 2GB, 1GiB, 1000000.
func parseSize(s string) (int64, error) {
	text := strings.TrimSpace(s)
	unit := int64(1)
	for _, u := range []struct {
		suffix string
		bytes  int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"G", 1e9}, {"M", 1e6}, {"B", 1}} {
		if len(text) > len(u.suffix) && strings.EqualFold(text[len(text)-len(u.suffix):], u.suffix) {
			text, unit = strings.TrimSpace(text[:len(text)-len(u.suffix)]), u.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n*float64(unit) < 1<<62) {
		return 0, fmt.Errorf("%q is not a size such as 500MB", s)
	}
	return int64(n * float64(unit)), nil
}
