package study

import (
	"context"
	"fmt"
	"io"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/table"
)

// Reading are the flags of how numbers and codes of tables are read.
type Reading struct {
	SkipMissing bool   `flag:"skip-missing"`
	Decimal     string `flag:"decimal"`
	ShareColumn string `flag:"share-column"`
	TotalColumn string `flag:"total-column"`
	Totals      string `flag:"totals"`
	ShareOf     string `flag:"share-of"`
}

// DecimalMark reads --decimal: 0 where it is not given.
func DecimalMark(text string) (byte, error) {
	switch text {
	case "":
		return 0, nil
	case "point", ".":
		return '.', nil
	case "comma", ",":
		return ',', nil
	}
	return 0, cli.Usagef("", "--decimal is point or comma, not %q", text)
}

// Shares reads the flags of shares that stand in for counts. try is a line that
// would work; open opens a table by its name and hands it over unpacked.
func (r Reading) Shares(ctx context.Context, try string, open func(name string, read func(io.Reader) error) error) (table.ShareOptions, error) {
	s := table.ShareOptions{Column: r.ShareColumn, TotalColumn: r.TotalColumn, Of: r.ShareOf}
	switch {
	case s.Column == "" && (s.TotalColumn != "" || r.Totals != "" || s.Of != ""):
		return s, cli.Usagef(try, "--totals, --total-column and --share-of go with --share-column")
	case s.Column == "":
		return s, nil
	case (s.TotalColumn == "") == (r.Totals == ""):
		return s, cli.Usagef(try, "--share-column needs one of --totals and --total-column")
	case s.Of != "" && s.Of != "area" && s.Of != "provider":
		return s, cli.Usagef(try, "--share-of is area or provider, not %q", s.Of)
	case r.Totals == "":
		return s, nil
	}
	err := open(r.Totals, func(f io.Reader) (err error) {
		s.Totals, err = data.ReadTotals(ctx, cli.InputName(r.Totals), f)
		return err
	})
	return s, err
}

// plainNotes are what a person should know of a plain table of flows, in
// sentences.
func plainNotes(rep *data.FlowReport, known bool) []string {
	var notes []string
	for _, o := range rep.Omitted {
		notes = append(notes, o.Sentence(known))
	}
	return append(notes, codeNotes(rep)...)
}

// codeNotes are what a person should know of the codes of a table.
func codeNotes(rep *data.FlowReport) []string {
	var notes []string
	if text := SpeltTwice(rep.Spelt); text != "" {
		notes = append(notes, text)
	}
	if n := rep.FloatCodes; n > 0 {
		notes = append(notes, words.Counted(n, "code")+" written as numbers with .0, read without it")
	}
	return notes
}

// SpeltTwice is the warning about codes that look alike, with the first of
// them; "" where there are none.
func SpeltTwice(list []table.Spelt) string {
	if len(list) == 0 {
		return ""
	}
	const most = 4
	var pairs []string
	for i, s := range list {
		if i == most {
			pairs = append(pairs, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		quoted := make([]string, len(s.Codes))
		for k, c := range s.Codes {
			quoted[k] = visible(c)
		}
		pairs = append(pairs, strings.Join(quoted, " and "))
	}
	return "warning: codes that differ only by case, by how an accent is stored, by characters that cannot be seen, or by letters that look alike are taken for different places: " + strings.Join(pairs, "; ")
}

// visible quotes a code that has characters in it which cannot be seen.
func visible(code string) string {
	for _, r := range code {
		if r <= ' ' || r > '~' {
			return fmt.Sprintf("%+q", code)
		}
	}
	return code
}
