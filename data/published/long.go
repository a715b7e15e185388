package published

import (
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

func (x *longReader) Read(name string, r io.Reader) error {
	im := x.im
	opts := []table.Option{data.Columns(im.Options.Area, im.Options.Provider, im.Options.Count), table.Suppressed(im.Options.Suppressed)}
	for _, c := range im.Options.Where {
		opts = append(opts, table.Where(c.Column, c.Value))
	}
	rep := &im.Result.Report
	for rec, err := range data.Records(im.Ctx, name, r, opts...) {
		if err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) {
				return err
			}
			im.Faults.Add(bad)
			continue
		}
		rep.Rows++
		if rec.Absent {
			rep.Absent++
			continue
		}
		if rec.Count.Suppressed() {
			rep.Suppressed++
		}
		rep.Used++
		x.pairs.Add([]byte(rec.Area), []byte(rec.Provider), nil, rec.Count, false, name, rec.Line)
	}
	return nil
}

func (x *longReader) Finish() error {
	x.im.Result.Flows = x.pairs.Records(x.im.Differs)
	x.im.CountOutside()
	return nil
}
