package data

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"

	"stpmap/flow"
)

// headSize is how much of a text table is looked at to recognise it.
const headSize = 1 << 18

// Published looks at the first bytes of a table and gives a reader of the whole
// of it. format is nil for a plain table; archives and workbooks, whose heading
// lies deeper, are told by isArchive. r is unpacked text, or an archive as it
// is.
func Published(name string, r io.Reader, kind FormatKind) (format *Format, isArchive bool, whole io.Reader, err error) {
	br := bufio.NewReaderSize(r, headSize)
	head, err := br.Peek(headSize)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, false, br, err
	}
	if isZip(head) {
		return nil, true, br, nil
	}
	if Sniff(head) != Text {
		return nil, false, br, nil
	}
	formats := Formats()
	_, err = NewTable(name, bytes.NewReader(head), TableOptions{Ragged: true, Header: func(cells []string) bool {
		f := formats.Recognise(cells, kind)
		if f != nil && !f.plain {
			format = f
		}
		return f != nil
	}})
	if err != nil {
		format = nil // whoever reads the table says what is wrong with it
	}
	return format, false, br, nil
}

// ReadPublishedFlows adds the flows of a table to b: of a plain one as
// ReadFlows does, of a published one (recognised by its heading, or in a zip
// archive or a workbook) as Import does. imported is nil for a plain table.
func ReadPublishedFlows(ctx context.Context, name string, r io.Reader, b *flow.Builder, more ImportOptions, opts ...Option) (rep FlowReport, imported *Imported, err error) {
	format, archive, whole, err := Published(name, r, FlowTable)
	if err != nil {
		return FlowReport{File: name}, nil, err
	}
	if format == nil && !archive {
		rep, err = ReadFlows(ctx, name, whole, b, opts...)
		return rep, nil, err
	}
	o := collect(opts)
	more.Kind, more.Suppressed = FlowTable, o.marks
	more.Area, more.Provider, more.Count = o.columns[AreaRole.Name], o.columns[ProviderRole.Name], o.columns[CountRole.Name]
	more.Where = nil
	for _, c := range o.where {
		more.Where = append(more.Where, Condition{c.column, c.value})
	}
	formatName := ""
	if format != nil {
		formatName = format.Name
	}
	rep.File = name
	imported, err = Import(ctx, formatName, []Input{{name, whole}}, more)
	if err != nil {
		rep, err = faultReport(name, err)
		return rep, nil, err
	}
	ir := &imported.Report
	rep.Rows, rep.Absent, rep.SuppressedRows = ir.Rows, ir.Absent, ir.Suppressed
	for _, l := range ir.LeftOut {
		if l.Reason == notChosen {
			rep.Filtered += l.Rows
		}
	}
	for _, f := range imported.Flows {
		if err := b.Add(f.Area, f.Provider, f.Count); err != nil {
			return rep, imported, &InputError{File: name, Err: err}
		}
	}
	rep.Added = ir.Used
	return rep, imported, nil
}

// ReadPublishedIndicators reads a table of indicators: a plain one as
// ReadIndicators does, a published one as Import does. imported is nil for a
// plain table.
func ReadPublishedIndicators(ctx context.Context, name string, r io.Reader, more ImportOptions, opts ...Option) (list []Observation, rep TableReport, imported *Imported, err error) {
	rep.File = name
	format, archive, whole, err := Published(name, r, IndicatorTable)
	if err != nil {
		return nil, rep, nil, err
	}
	if format == nil && !archive {
		list, rep, err = ReadIndicators(ctx, name, whole, opts...)
		return list, rep, nil, err
	}
	formatName := ""
	if format != nil {
		formatName = format.Name
	}
	more.Kind, more.Suppressed = IndicatorTable, collect(opts).marks
	imported, err = Import(ctx, formatName, []Input{{name, whole}}, more)
	if err != nil {
		var faults *Faults
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

// Observation is the figure as a row of a table of indicators: NaN for what is
// not known.
func (f Figure) Observation() Observation {
	num := func(n Number) float64 {
		if !n.Known {
			return math.NaN()
		}
		return n.Value
	}
	return Observation{
		Entity: f.Entity, Indicator: f.Indicator, Period: f.Period,
		Numerator: num(f.Numerator), Denominator: num(f.Denominator),
		Value: num(f.Value), Lower: num(f.Lower), Upper: num(f.Upper),
	}
}
