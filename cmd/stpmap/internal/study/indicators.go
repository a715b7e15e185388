package study

import (
	"context"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/published"
	"stpmap/data/table"
)

// ReadIndicators reads tables of figures with the options of the reader. A
// numerator or denominator from 1 to below − 1 is known within these bounds only;
// 0 keeps all.
func (r Request) ReadIndicators(ctx context.Context, env *cli.Env, in *Study, names []string, below float64, opts ...table.Option) ([]data.Observation, error) {
	l := r.loader(ctx, in)
	decimal, err := DecimalMark(r.Decimal)
	if err != nil {
		return nil, err
	}
	opts = append(opts, table.Decimal(decimal))
	var rows []data.Observation
	var steps []func() error
	for _, name := range names {
		steps = append(steps, func() error {
			return l.read("indicators", name, func(r io.Reader) error {
				list, rep, published, err := published.ReadIndicators(l.ctx, cli.InputName(name), r, importer.Options{IgnoreTotals: l.IgnoreTotals, NonEnglish: l.NonEnglish, Decimal: decimal}, opts...)
				if err != nil {
					return err
				}
				if published != nil {
					rep.Notes = ImportNotes(&published.Report, true)
				}
				in.understand(indicatorsUnderstood(name, &rep, list, published))
				for _, note := range rep.Notes {
					env.Log.Info(note)
				}
				rows = append(rows, list...)
				return nil
			})
		})
	}
	if err := l.steps(steps...); err != nil {
		return rows, err
	}
	admitIndicators(env, rows, below)
	return rows, nil
}
