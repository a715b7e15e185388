package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/data/ingest"
	tablepkg "stpmap/data/table"
)

func sqlCommand(env *environment) *cli.Command {
	var names []string
	for _, d := range ingest.Dialects() {
		names = append(names, string(d))
	}
	works := "stpmap sql --dialect trino --table records --area lsoa --provider procode"
	return command(env, &cli.Command{
		Name:  "sql",
		Usage: "print the statement that counts the pairs, for an engine's own client",
		Description: `Example:

  stpmap sql --dialect trino --table lake.apc.records --area lsoa --provider procode > count.sql
  trino --output-format=CSV_HEADER -f count.sql | stpmap ingest --from - -o pairs.csv

The answer has the columns area, provider and count, which ingest adds up.
Names are quoted and so taken as they stand; for snowflake, which keeps plain
names in capitals, names without capitals are put into them.`,
		Flags: join([]cli.Flag{
			&cli.StringFlag{Name: "dialect", Usage: "`NAME` of the dialect: " + strings.Join(names, ", ")},
		}, statementFlags(), []cli.Flag{outFlag("`FILE` for the statement; - is standard output")}),
	}, []string{"dialect", "area", "provider"}, func(c *cli.Context) error {
		st := ingest.Statement{Table: c.String("table"), Area: c.String("area"), Provider: c.String("provider"), Count: c.String("count")}
		var err error
		if st.Query, err = queryFile(c, works); err != nil {
			return err
		}
		for _, w := range c.StringSlice("where") {
			if _, err := tablepkg.ParseWhere(w); err != nil {
				return usagef(works+" --where year=2016/17", "--where: %w", err)
			}
			column, value, _ := strings.Cut(w, "=")
			st.Add(strings.TrimSpace(column), strings.TrimSpace(value))
		}
		text, err := ingest.SQL(ingest.Dialect(c.String("dialect")), st)
		switch {
		case errors.Is(err, ingest.ErrNotSelect):
			return inputf("%s: %v", c.String("query-file"), err)
		case errors.Is(err, ingest.ErrDialect):
			return usagef(works, "%w: there are %s", err, strings.Join(names, ", "))
		case err != nil:
			return usagef(works, "%w", err)
		}
		return env.writeOut(c.String("out"), func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s;\n", text)
			return err
		})
	})
}
