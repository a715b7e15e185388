package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/data/ingest"
	"stpmap/data/table"
)

// SQL is the command sql.
var SQL = &cli.Command{
	Name:    "sql",
	Usage:   "print the statement that counts the pairs, for an engine's own client",
	Example: sqlWorks,
	Needs:   []string{"dialect", "area", "provider"},
	New:     func() cli.Job { return &SQLOptions{} },
	Description: `Another example:

  stpmap sql --dialect trino --table lake.apc.records --area lsoa --provider procode > count.sql
  trino --output-format=CSV_HEADER -f count.sql | stpmap ingest --from - -o pairs.csv

The answer has the columns area, provider and count, which ingest adds up.
Names are quoted and so taken as they stand. Snowflake keeps plain names in
capitals, so for it names without capitals are put into them.`,
}

// sqlWorks is a line that would work.
const sqlWorks = "stpmap sql --dialect trino --table records --area lsoa --provider procode"

// SQLOptions are the flags of sql.
type SQLOptions struct {
	cli.Line
	Statement
	Dialect string `flag:"dialect"`
	Out     string `flag:"out"`
}

// Dialects are the names that --dialect takes.
func Dialects() []string {
	var names []string
	for _, d := range ingest.Dialects() {
		names = append(names, string(d))
	}
	return names
}

// Run prints the statement.
func (o *SQLOptions) Run(_ context.Context, env *cli.Env) error {
	st := ingest.Statement{Table: o.Table, Area: o.Area, Provider: o.Provider, Count: o.Count}
	var err error
	if st.Query, err = study.ReadQuery(study.Disk{Stdin: env.Stdin}, o.QueryFile, o.Table, sqlWorks); err != nil {
		return err
	}
	for _, w := range o.Where {
		if _, err := table.ParseWhere(w); err != nil {
			return cli.Usagef(sqlWorks+" --where year=2016/17", "--where: %w", err)
		}
		column, value, _ := strings.Cut(w, "=")
		st.Add(strings.TrimSpace(column), strings.TrimSpace(value))
	}
	text, err := ingest.SQL(ingest.Dialect(o.Dialect), st)
	switch {
	case errors.Is(err, ingest.ErrNotSelect):
		return cli.Inputf("%s: %v", o.QueryFile, err)
	case errors.Is(err, ingest.ErrDialect):
		return cli.Usagef(sqlWorks, "%w: there are %s", err, strings.Join(Dialects(), ", "))
	case err != nil:
		return cli.Usagef(sqlWorks, "%w", err)
	}
	return stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s;\n", text)
		return err
	})
}
