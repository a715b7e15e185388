package published

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// headSize is how much of a text table is looked at to recognise it.
const headSize = 1 << 18

// detect looks at the first bytes of a table and gives a reader of the whole
// of it. format is nil for a plain table; archives and workbooks, whose heading
// lies deeper, are told by isArchive. r is unpacked text, or an archive as it
// is.
func detect(name string, r io.Reader, kind importer.Kind) (format *importer.Format, isArchive bool, whole io.Reader, err error) {
	br := bufio.NewReaderSize(r, headSize)
	head, err := br.Peek(headSize)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, false, br, err
	}
	if table.IsZip(head) {
		return nil, true, br, nil
	}
	if table.Sniff(head) != table.Text {
		return nil, false, br, nil
	}
	known := formats()
	_, err = table.New(name, bytes.NewReader(head), table.Layout{Ragged: true, Header: func(cells []string) bool {
		f := known.Recognise(cells, kind)
		if f != nil && !f.Plain {
			format = f
		}
		return f != nil
	}})
	if err != nil {
		format = nil // whoever reads the table says what is wrong with it
	}
	return format, false, br, nil
}

// ReadFlows adds the flows of a table to b: of a plain one as
// ReadFlows does, of a published one (recognised by its heading, or in a zip
// archive or a workbook) as Import does. imported is nil for a plain table.
func ReadFlows(ctx context.Context, name string, r io.Reader, b *flow.Builder, more importer.Options, opts ...table.Option) (rep data.FlowReport, imported *importer.Result, err error) {
	format, archive, whole, err := detect(name, r, importer.FlowTable)
	if err != nil {
		return data.FlowReport{File: name}, nil, err
	}
	if format == nil && !archive {
		rep, err = data.ReadFlows(ctx, name, whole, b, opts...)
		return rep, nil, err
	}
	o := table.Collect(opts)
	more.Kind, more.Suppressed = importer.FlowTable, o.Marks
	more.SkipMissing, more.Decimal = o.SkipMissing, o.Decimal
	if o.Shares != nil {
		more.Shares = *o.Shares
	}
	more.Area, more.Provider, more.Count = o.Columns[data.AreaRole.Name], o.Columns[data.ProviderRole.Name], o.Columns[data.CountRole.Name]
	more.Where = o.Where
	formatName := ""
	if format != nil {
		formatName = format.Name
	}
	rep.File = name
	imported, err = Import(ctx, formatName, []importer.Input{{Name: name, R: whole}}, more)
	if err != nil {
		rep, err = data.FaultReport(name, err)
		return rep, nil, err
	}
	ir := &imported.Report
	if len(ir.Plain) == 1 {
		rep = ir.Plain[0]
		rep.File = name
	}
	rep.Rows, rep.Absent, rep.SuppressedRows, rep.Filtered = ir.Rows, ir.Absent, ir.Suppressed, ir.Filtered
	for _, f := range imported.Flows {
		if err := b.Add(f.Area, f.Provider, f.Count); err != nil {
			return rep, imported, &fault.Error{File: name, Err: err}
		}
	}
	rep.Added = ir.Used
	return rep, imported, nil
}

// ReadIndicators reads a table of indicators: a plain one as
// ReadIndicators does, a published one as Import does. imported is nil for a
// plain table.
func ReadIndicators(ctx context.Context, name string, r io.Reader, more importer.Options, opts ...table.Option) (list []data.Observation, rep table.Report, imported *importer.Result, err error) {
	rep.File = name
	format, archive, whole, err := detect(name, r, importer.IndicatorTable)
	if err != nil {
		return nil, rep, nil, err
	}
	if format == nil && !archive {
		list, rep, err = data.ReadIndicators(ctx, name, whole, opts...)
		return list, rep, nil, err
	}
	formatName := ""
	if format != nil {
		formatName = format.Name
	}
	more.Kind, more.Suppressed = importer.IndicatorTable, table.Collect(opts).Marks
	imported, err = Import(ctx, formatName, []importer.Input{{Name: name, R: whole}}, more)
	if err != nil {
		var faults *fault.List
		if errors.As(err, &faults) {
			rep.Faults = *faults
		}
		return nil, rep, nil, err
	}
	rep.Rows, rep.Kept, rep.Absent = imported.Report.Rows, imported.Report.Used, imported.Report.Absent
	rep.Notes = append(rep.Notes, imported.Report.Notes...)
	for _, f := range imported.Figures {
		o := f.Observation()
		o.Source = name
		list = append(list, o)
	}
	return list, rep, imported, nil
}
