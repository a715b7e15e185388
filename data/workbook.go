package data

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is a file of several sheets.
type workbook interface {
	names() ([]string, error)
	// open starts a sheet; nil where there is none of that name.
	open(sheet string) (workbookRows, error)
}

// workbookRows streams the rows of a sheet.
type workbookRows interface {
	// next gives the cells of the next row as text, and its number; io.EOF
	// after the last.
	next() (cells []string, row int, err error)
	close() error
}

// workbook reads a sheet of an Excel workbook.
func (im *importer) workbook(name string, ra io.ReaderAt, size int64) (err error) {
	if size > MaxWorkbookFile {
		return &InputError{File: name, Err: fmt.Errorf("%w: a workbook of more than %d MiB", ErrTooLarge, MaxWorkbookFile>>20)}
	}
	// A malformed workbook is bad input, whatever the library makes of it.
	defer func() {
		if p := recover(); p != nil {
			err = &InputError{File: name, Err: fmt.Errorf("damaged workbook: %v", p)}
		}
	}()
	b, err := openExcel(ra, size)
	if err != nil {
		return &InputError{File: name, Err: fmt.Errorf("damaged workbook: %w", err)}
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return im.book(name, b)
}

// excelBook is an Excel workbook (xlsx). What it is made of may be malformed,
// and the library that reads it may panic then.
type excelBook struct{ f *excelize.File }

// openExcel opens a workbook of size bytes, within the limits.
func openExcel(ra io.ReaderAt, size int64) (excelBook, error) {
	f, err := excelize.OpenReader(io.NewSectionReader(ra, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxWorkbook, UnzipXMLSizeLimit: 64 << 20,
	})
	return excelBook{f}, err
}

func (b excelBook) close() error { return b.f.Close() }

func (b excelBook) names() ([]string, error) { return b.f.GetSheetList(), nil }

func (b excelBook) open(sheet string) (workbookRows, error) {
	names := b.f.GetSheetList()
	i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(sheet)) })
	if i < 0 {
		return nil, nil
	}
	rows, err := b.f.Rows(names[i])
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", names[i], err)
	}
	return &excelRows{rows: rows}, nil
}

type excelRows struct {
	rows *excelize.Rows
	n    int
	cells
}

// cells counts the cells of a sheet: few bytes can stand for very many.
type cells int

func (c *cells) add(n int) error {
	if *c += cells(n); *c > MaxCells {
		return fmt.Errorf("%w: more than %d million cells in a sheet", ErrTooLarge, MaxCells/1_000_000)
	}
	return nil
}

func (r *excelRows) next() ([]string, int, error) {
	if !r.rows.Next() {
		if err := r.rows.Error(); err != nil {
			return nil, r.n, fmt.Errorf("row %d: %w", r.n, err)
		}
		return nil, r.n, io.EOF
	}
	if r.n++; r.n > excelize.TotalRows {
		return nil, r.n, fmt.Errorf("%w: more than %d rows in a sheet", ErrTooLarge, excelize.TotalRows)
	}
	cells, err := r.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, r.n, fmt.Errorf("row %d: %w", r.n, err)
	}
	return cells, r.n, r.add(len(cells))
}

func (r *excelRows) close() error { return r.rows.Close() }

// openDocument reads a sheet of an OpenDocument spreadsheet.
func (im *importer) openDocument(name string, z *zip.Reader) error {
	return im.book(name, openODS(z))
}

// book finds the sheet to read: the one asked for, one of those that the
// format is known to use, or the only one with the heading.
func (im *importer) book(name string, b workbook) error {
	located := func(err error) error {
		var fault *InputError
		if err == nil || errors.As(err, &fault) || im.ctx.Err() != nil {
			return err
		}
		return &InputError{File: name, Err: fmt.Errorf("damaged workbook: %w", err)}
	}
	var tried []*sheetHeader
	// look reads as far as the heading of a sheet, and on if that is wanted.
	look := func(sheet string, read bool) (found, there bool, err error) {
		rows, err := b.open(sheet)
		if err != nil || rows == nil {
			return false, false, located(err)
		}
		defer func() { err = errors.Join(err, rows.close()) }()
		s := &seeker{im: im, name: name + "[" + sheet + "]"}
		in := &bookSheet{rows: rows, name: s.name}
		for n := 0; s.found == nil && n < MaxPreamble; n++ {
			cells, line, err := rows.next()
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
				in.heading = s.found.names
			}
		}
		tried = append(tried, s.tried...)
		if s.found == nil || !read {
			return s.found != nil, true, nil
		}
		if s.format.plain {
			text, err := asText(im.ctx, s.found.names, s.found.line, in)
			if err != nil {
				return true, true, located(err)
			}
			return true, true, im.plain(s, text)
		}
		return true, true, located(im.rows(s, in))
	}

	// 1. The sheet asked for, or one that the format is known to use.
	if want := im.opts.Sheet; want != "" {
		found, there, err := look(want, true)
		switch {
		case err != nil || found:
			return err
		case there:
			return im.noHeading(name, tried)
		}
		names, err := b.names()
		if err != nil {
			return located(err)
		}
		return &InputError{File: name, Err: fmt.Errorf("no sheet %q; there are %s", want, quotedList(names))}
	}
	if im.format != nil {
		for _, want := range im.format.sheets {
			if found, _, err := look(want, true); err != nil || found {
				return err
			}
		}
	}

	// 2. The only one with the heading.
	names, err := b.names()
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
		return &InputError{File: name, Err: fmt.Errorf("%w: sheets %s all have the heading; choose one with --sheet", ErrMixedSets, quotedList(have))}
	}
	_, _, err = look(have[0], true)
	return err
}

func quotedList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quoted(n)
	}
	return strings.Join(q, ", ")
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
	rows    workbookRows
	name    string
	heading []string
	cells   [][]byte
}

func (s *bookSheet) next() (sheetRow, error) {
	for {
		texts, line, err := s.rows.next()
		if err != nil {
			return sheetRow{line: line}, err
		}
		if allBlank(texts) || s.repeats(texts) {
			continue
		}
		s.cells = s.cells[:0]
		for _, t := range texts {
			s.cells = append(s.cells, []byte(t))
		}
		return sheetRow{cells: s.cells, line: line}, nil
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
