package published

import (
	"context"
	"errors"
	"io"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow/fault"
)

// longFormat is the canonical long form, under any of the headings that
// Records knows: an area, a provider and a count in each row.
func longFormat() *importer.Format {
	return &importer.Format{
		Name: "long", Title: "A row a pair: area, provider, count",
		Kinds: []importer.Kind{importer.FlowTable}, Plain: true,
		Layouts: []importer.Layout{
			{
				Era: "long form",
				Also: func(h *importer.Heading) bool {
					return len(h.Names) >= 3 && data.AreaRole.Find(h.Names) >= 0 && data.ProviderRole.Find(h.Names) >= 0 && data.CountRole.Find(h.Names) >= 0
				},
				What: `"area", "provider" and "count", or others of the same meaning`,
			},
			{Era: "long form", Asked: true, Also: func(h *importer.Heading) bool { return len(h.Names) >= 3 }, What: "of an area, a provider and a count"},
		},
		Open: func(im *importer.Import) importer.Reader { return &longReader{im: im} },
	}
}

// longReader hands the table to Records, which finds columns, watches for sets
// that must not be added, and reads the marks.
type longReader struct {
	im    *importer.Import
	pairs tally.Pairs
}

func (x *longReader) Heading(*importer.Heading) error { return nil }
func (x *longReader) Row(importer.Row) error          { return nil }

func (x *longReader) Read(name string, r io.Reader, inCells bool) error {
	im := x.im
	opts := []table.Option{data.Columns(im.Options.Area, im.Options.Provider, im.Options.Count), table.Suppressed(im.Options.Suppressed), table.SkipMissing(im.Options.SkipMissing), table.Decimal(im.Options.Decimal), data.Shares(im.Options.Shares)}
	if inCells {
		opts = append(opts, table.NumberedCells())
	}
	for _, c := range im.Options.Where {
		opts = append(opts, table.Where(c.Column, c.Value))
	}
	f, err := data.NewFlowReader(name, r, opts)
	if err != nil {
		return err
	}
	rep := &im.Result.Report
	for n := 0; ; n++ {
		if n%table.ContextRows == 0 && im.Ctx.Err() != nil {
			return context.Cause(im.Ctx)
		}
		area, provider, c, absent, err := f.Next()
		if err == io.EOF {
			break
		}
		var bad *fault.Error
		switch {
		case errors.As(err, &bad):
			im.Faults.Add(bad)
			continue
		case err != nil:
			return err
		case absent:
			continue
		}
		x.pairs.Add([]byte(f.Areas.List[area]), []byte(f.Providers.List[provider]), nil, c, false, name, f.Line)
	}
	rep.Take(&f.Report)
	return nil
}

func (x *longReader) Finish() error {
	x.im.Result.Flows = x.pairs.Records(x.im.Differs)
	x.im.CountOutside()
	return nil
}
