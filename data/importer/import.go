package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// Errors of published files; test with errors.Is.
var (
	// ErrTotal marks a published total that its rows do not add up to.
	ErrTotal = errors.New("rows do not add up to the published total")
	// ErrSubset marks a demand to add a set of patients to one that holds it.
	ErrSubset = errors.New("one is part of the other")
	// ErrPeriod marks a period that cannot be read, or several where one is
	// meant.
	ErrPeriod = errors.New("period")
)

// Import is one import in progress: what a format's reader is given, and where it
// puts what it reads.
type Import struct {
	Ctx     context.Context
	Kind    Kind       // what the files are read as
	Options Options    // as they were asked for
	Heading *Heading   // of the table at hand
	Result  *Result    // what was read so far
	Faults  fault.List // of rows, past which the import goes on

	formats FormatList
	format  *Format
	reader  Reader
	kinds   map[string]table.PlaceKind
	twins   *table.Twins // of several inputs; nil for one
	where   []int        // column of each condition in the table at hand
}

// Read reads files of one of the formats, together. An empty name stands
// for the format whose heading the first table has. The error is *fault.List (each
// an *fault.Error with its place) where the files are at fault, and otherwise of
// the source or of the context.
func Read(ctx context.Context, formats FormatList, format string, inputs []Input, opts Options) (*Result, error) {
	im := &Import{Ctx: ctx, formats: formats, Options: opts, Kind: opts.Kind, Result: &Result{}}
	if format != "" {
		f, err := formats.Named(format)
		if err != nil {
			return nil, err
		}
		if err := im.setFormat(f); err != nil {
			return nil, err
		}
	}
	if len(inputs) > 1 {
		im.twins = &table.Twins{}
	}
	for _, in := range inputs {
		if err := im.tables(in); err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) {
				return nil, err
			}
			im.Faults.Add(bad)
		}
	}
	if im.reader == nil && im.Faults.Len() == 0 {
		im.Faults.Add(&fault.Error{File: "input", Err: table.ErrEmptyTable})
	}
	if im.Faults.Len() > 0 {
		return nil, im.Faults.Err()
	}
	if err := im.reader.Finish(); err != nil {
		return nil, err
	}
	if !opts.IgnoreTotals {
		for _, d := range im.Result.Report.Differences {
			im.Faults.Add(d)
		}
	}
	if err := im.Faults.Err(); err != nil {
		return nil, err
	}
	im.Result.Format, im.Result.Kind = im.format, im.Kind
	return im.Result, nil
}

func (im *Import) setFormat(f *Format) error {
	im.format = f
	if im.Kind == "" {
		im.Kind = f.Kinds[0]
	}
	if !f.Is(im.Kind) {
		return fmt.Errorf("%w: %s is read as %s, not as %s", ErrUnknownFormat, f.Name, f.Kinds[0], im.Kind)
	}
	return nil
}

// text reads the table in delimiter-separated text.
func (im *Import) text(name string, r io.Reader) error {
	plain, err := table.Decompress(name, r)
	if err != nil {
		return err
	}
	defer plain.Close()
	if im.twins != nil {
		twin := im.twins.Reader(plain)
		if err := im.plainText(name, twin); err != nil {
			return err
		}
		return im.twins.Check(name, twin)
	}
	return im.plainText(name, plain)
}

// plainText is text for what is unpacked.
func (im *Import) plainText(name string, plain io.Reader) error {
	s := &seeker{im: im, name: name}
	head := &capture{r: plain, on: true}
	t, err := table.New(name, head, table.Layout{Ragged: true, Header: func(cells []string) bool { return s.try(cells, 0) }})
	if err != nil {
		return err
	}
	head.on = false
	line, _ := t.HeaderPos(-1)
	if s.found == nil {
		for _, h := range s.tried {
			h.Line = line
		}
		return im.noHeading(name, s.tried)
	}
	s.found.Line = line
	if s.format.Plain {
		return im.plain(s, io.MultiReader(bytes.NewReader(head.taken), plain), false)
	}
	head.taken = nil
	err = im.rows(s, &textSheet{t: t})
	if n := t.RepeatedHeaders(); n > 0 {
		im.Result.Report.Rows += n
		im.Result.Report.LeftOut = append(im.Result.Report.LeftOut, LeftOut{"heading repeated", n})
	}
	return err
}

// plain hands a table in canonical form to its reader as it is; inCells says
// that it is a sheet written as text.
func (im *Import) plain(s *seeker, r io.Reader, inCells bool) error {
	if err := im.begin(s); err != nil {
		return err
	}
	return im.reader.(PlainReader).Read(s.name, r, inCells)
}

// capture keeps what is read while the heading is sought.
type capture struct {
	r     io.Reader
	on    bool
	taken []byte
}

func (c *capture) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.on {
		c.taken = append(c.taken, p[:n]...)
	}
	return n, err
}

// begin settles the format at the first table that has its heading.
func (im *Import) begin(s *seeker) error {
	if im.format == nil {
		if err := im.setFormat(s.format); err != nil {
			return err
		}
	}
	if im.reader == nil {
		im.reader = im.format.Open(im)
	}
	rep := &im.Result.Report
	if s.era != "" && !slices.Contains(rep.Layouts, s.era) {
		rep.Layouts = append(rep.Layouts, s.era)
	}
	im.Heading = s.found
	return nil
}

// rows hands a table's rows to the format's reader, which serves all tables of
// the import.
func (im *Import) rows(s *seeker, rows Rows) error {
	if err := im.begin(s); err != nil {
		return err
	}
	h := s.found
	im.where = im.where[:0]
	for _, c := range im.Options.Where {
		i := h.Column(c.Column)
		if i < 0 {
			return &fault.Error{File: s.name, Line: h.Line, Err: fmt.Errorf("%w: no column %q to choose rows by", table.ErrMissingColumn, c.Column)}
		}
		im.where = append(im.where, i)
	}
	n := 0
	var err error
	if s.bare {
		if err = im.reader.Heading(nil); err == nil {
			n++
			err = im.take(Row{cells: byteCells(h.Names), Line: h.Line})
		}
	} else {
		err = im.reader.Heading(h)
	}
	if err != nil {
		return im.located(err, h.Line)
	}
	for {
		r, err := rows.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			if n++; n%4096 == 0 && im.Ctx.Err() != nil {
				return context.Cause(im.Ctx)
			}
			err = im.take(r)
		}
		if err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) {
				return err
			}
			im.Faults.Add(bad)
		}
	}
	if n == 0 {
		return &fault.Error{File: s.name, Line: h.Line, Err: table.ErrEmptyTable}
	}
	return nil
}

func (im *Import) take(r Row) error {
	im.Result.Report.Rows++
	if !im.chosen(r) {
		im.Result.Report.Filtered++
		im.Result.Report.LeaveOut(NotChosen)
		return nil
	}
	return im.reader.Row(r)
}

// chosen reports whether a row meets the conditions.
func (im *Import) chosen(r Row) bool {
	for i, c := range im.Options.Where {
		if c.Value == "*" || string(r.Cell(im.where[i])) == c.Value {
			continue
		}
		other := false // another value of the column will do
		for j, d := range im.Options.Where {
			other = other || im.where[j] == im.where[i] && (d.Value == "*" || string(r.Cell(im.where[j])) == d.Value)
		}
		if !other {
			return false
		}
	}
	return true
}

// pointed reads a number whose points may part thousands, in a table parted by
// semicolons: as asked for, or it asks.
func (im *Import) pointed(r Row, column int, text []byte) (n float64, ok bool, err error) {
	if r.t == nil || !bytes.ContainsAny(text, ".,") {
		return 0, false, nil
	}
	p := table.Collect([]table.Option{table.Decimal(im.Options.Decimal)}).Points(r.t)
	if p == nil {
		return 0, false, nil
	}
	thousands, decimal, dotted := p.See(string(text))
	if !dotted {
		return 0, false, nil
	}
	if !p.Thousands {
		return 0, false, im.Fault(r, column, p.Fault(thousands, decimal))
	}
	return thousands, true, nil
}

// Place says what the code in a cell stands for; text that a spreadsheet left
// in place of one is a fault.
func (im *Import) Place(r Row, column int) (table.PlaceKind, error) {
	code := r.Cell(column)
	if len(code) == 0 {
		return table.WithoutCode, nil
	}
	if kind, ok := im.kinds[string(code)]; ok {
		return kind, nil
	}
	if err := table.LeftBySpreadsheet(code); err != nil {
		return table.APlace, im.Fault(r, column, err)
	}
	kind := table.KindOfPlace(code)
	if im.kinds == nil {
		im.kinds = map[string]table.PlaceKind{}
	}
	im.kinds[string(code)] = kind
	return kind, nil
}
