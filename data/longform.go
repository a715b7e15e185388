package data

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// longFormat is the canonical long form, under any of the headings that
// Records knows: an area, a provider and a count in each row.
func longFormat() *Format {
	return &Format{
		Name: "long", Title: "A row a pair: area, provider, count",
		Kinds: []FormatKind{FlowTable}, plain: true,
		layouts: []layout{
			{
				era: "long form",
				also: func(h *sheetHeader) bool {
					return len(h.names) >= 3 && AreaRole.Find(h.names) >= 0 && ProviderRole.Find(h.names) >= 0 && CountRole.Find(h.names) >= 0
				},
				what: `"area", "provider" and "count", or others of the same meaning`,
			},
			{era: "long form", asked: true, also: func(h *sheetHeader) bool { return len(h.names) >= 3 }, what: "of an area, a provider and a count"},
		},
		open: func(im *importer) tableReader { return &longReader{im: im} },
	}
}

// longReader hands the table to Records, which finds columns, watches for sets
// that must not be added, and reads the marks.
type longReader struct {
	im    *importer
	pairs pairTally
}

func (x *longReader) heading(*sheetHeader) error { return nil }
func (x *longReader) row(sheetRow) error         { return nil }

func (x *longReader) read(name string, r io.Reader) error {
	im := x.im
	opts := []Option{Columns(im.opts.Area, im.opts.Provider, im.opts.Count), Suppressed(im.opts.Suppressed)}
	for _, c := range im.opts.Where {
		opts = append(opts, Where(c.Column, c.Value))
	}
	rep := &im.out.Report
	for rec, err := range Records(im.ctx, name, r, opts...) {
		if err != nil {
			var fault *InputError
			if !errors.As(err, &fault) {
				return err
			}
			im.faults.Add(fault)
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
		x.pairs.add([]byte(rec.Area), []byte(rec.Provider), nil, rec.Count, false, name, rec.Line)
	}
	return nil
}

func (x *longReader) finish() error {
	x.im.out.Flows = x.pairs.records(x.im.differs)
	x.im.outside()
	return nil
}

// asText writes a sheet as CSV, a line for each of its rows, so that faults
// keep their place.
func asText(ctx context.Context, heading []string, line int, rows sheet) (io.Reader, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	at := 1
	write := func(cells []string, line int) error {
		for ; at < line; at++ {
			w.Flush()
			b.WriteByte('\n')
		}
		at++
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ") // a line break would shift the lines
		}
		return w.Write(cells)
	}
	if err := write(heading, line); err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		if n%ctxRows == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r, err := rows.next()
		if err == io.EOF {
			w.Flush()
			return &b, w.Error()
		}
		if err != nil {
			return nil, err
		}
		cells := make([]string, max(len(heading), r.len()))
		for i := range cells {
			cells[i] = r.text(i)
		}
		if err := write(cells, r.line); err != nil {
			return nil, err
		}
	}
}
