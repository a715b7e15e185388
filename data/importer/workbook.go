package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"stpmap/data/spreadsheet"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// workbook reads a sheet of an Excel workbook.
func (im *Import) workbook(name string, ra io.ReaderAt, size int64) (err error) {
	if size > spreadsheet.MaxWorkbookFile {
		return &fault.Error{File: name, Err: fmt.Errorf("%w: a workbook of more than %d MiB", table.ErrTooLarge, spreadsheet.MaxWorkbookFile>>20)}
	}
	// A malformed workbook is bad input, whatever the library makes of it.
	defer func() {
		if p := recover(); p != nil {
			err = &fault.Error{File: name, Err: fmt.Errorf("damaged workbook: %v", p)}
		}
	}()
	b, err := spreadsheet.OpenExcel(ra, size)
	if errors.Is(err, table.ErrTooLarge) || errors.Is(err, spreadsheet.ErrCellSize) {
		return &fault.Error{File: name, Err: err}
	}
	if err != nil {
		return &fault.Error{File: name, Err: fmt.Errorf("damaged workbook: %w", err)}
	}
	return im.book(name, b)
}

// openDocument reads a sheet of an OpenDocument spreadsheet.
func (im *Import) openDocument(name string, z *zip.Reader) error {
	b, err := spreadsheet.NewOpenDocument(z)
	if err != nil {
		return &fault.Error{File: name, Err: err}
	}
	return im.book(name, b)
}

// book finds the sheet to read: the one asked for, one of those that the
// format is known to use, or the only one with the heading.
func (im *Import) book(name string, b spreadsheet.Book) error {
	located := func(err error) error {
		var bad *fault.Error
		if err == nil || errors.As(err, &bad) || im.Ctx.Err() != nil {
			return err
		}
		return &fault.Error{File: name, Err: fmt.Errorf("damaged workbook: %w", err)}
	}
	var tried []*Heading
	// look reads as far as the heading of a sheet, and on if that is wanted.
	look := func(sheet string, read bool) (found, there bool, err error) {
		rows, err := b.Open(sheet)
		if err != nil || rows == nil {
			return false, false, located(err)
		}
		defer func() { err = errors.Join(err, located(rows.Close())) }()
		s := &seeker{im: im, name: name + "[" + sheet + "]"}
		in := &bookSheet{rows: rows, name: s.name}
		for n := 0; s.found == nil && n < table.MaxPreamble; n++ {
			cells, line, err := rows.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				return false, true, located(err)
			}
			if allBlank(cells) {
				continue
			}
			if s.try(cells, line) && !s.bare {
				in.heading = s.found.Names
			}
		}
		tried = append(tried, s.tried...)
		if s.found == nil || !read {
			return s.found != nil, true, nil
		}
		if s.format.Plain {
			text, err := asText(im.Ctx, s.found.Names, s.found.Line, in)
			if err != nil {
				return true, true, located(err)
			}
			return true, true, im.plain(s, text, true)
		}
		return true, true, located(im.rows(s, in))
	}

	// 1. The sheet asked for, or one that the format is known to use.
	if want := im.Options.Sheet; want != "" {
		found, there, err := look(want, true)
		switch {
		case err != nil || found:
			return err
		case there:
			return im.noHeading(name, tried)
		}
		names, err := b.Names()
		if err != nil {
			return located(err)
		}
		return &fault.Error{File: name, Err: fmt.Errorf("no sheet %q; there are %s", want, table.QuotedList(names))}
	}
	if im.format != nil {
		for _, want := range im.format.Sheets {
			if found, _, err := look(want, true); err != nil || found {
				return err
			}
		}
	}

	// 2. The only one with the heading.
	names, err := b.Names()
	if err != nil {
		return located(err)
	}
	tried = nil
	var have []string
	for _, sheet := range names {
		found, _, err := look(sheet, false)
		if err != nil {
			return err
		}
		if found {
			have = append(have, sheet)
		}
	}
	switch {
	case len(have) == 0:
		return im.noHeading(name, tried)
	case len(have) > 1:
		return &fault.Error{File: name, Err: fmt.Errorf("%w: sheets %s all have the heading; choose one with --sheet", table.ErrMixedSets, table.QuotedList(have))}
	}
	_, _, err = look(have[0], true)
	return err
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// bookSheet is a sheet of a workbook below its heading.
type bookSheet struct {
	rows    spreadsheet.Rows
	name    string
	heading []string
	cells   [][]byte
}

func (s *bookSheet) next() (Row, error) {
	for {
		texts, line, err := s.rows.Next()
		if err != nil {
			return Row{Line: line}, err
		}
		if allBlank(texts) || s.repeats(texts) {
			continue
		}
		s.cells = s.cells[:0]
		for _, t := range texts {
			s.cells = append(s.cells, []byte(t))
		}
		return Row{cells: s.cells, Line: line}, nil
	}
}

// repeats tells the heading where it occurs again among the rows.
func (s *bookSheet) repeats(texts []string) bool {
	if s.heading == nil || len(texts) != len(s.heading) {
		return false
	}
	for i, n := range s.heading {
		if strings.TrimSpace(texts[i]) != n {
			return false
		}
	}
	return true
}

// asText writes a sheet as CSV, a line for each of its rows, so that faults
// keep their place.
func asText(ctx context.Context, heading []string, line int, rows Rows) (io.Reader, error) {
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
		if n%table.ContextRows == 0 && ctx.Err() != nil {
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
			cells[i] = r.Text(i)
		}
		if err := write(cells, r.Line); err != nil {
			return nil, err
		}
	}
}
