package spreadsheet

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"stpmap/data/table"
)

// Excel is an Excel workbook (xlsx). What it is made of may be malformed,
// and the library that reads it may panic then.
type Excel struct{ f *excelize.File }

// OpenExcel opens a workbook of size bytes, within the limits.
func OpenExcel(ra io.ReaderAt, size int64) (Excel, error) {
	z, err := zip.NewReader(ra, size)
	if err != nil {
		return Excel{}, err
	}
	if err := check(z); err != nil {
		return Excel{}, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(ra, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxWorkbook, UnzipXMLSizeLimit: 64 << 20,
	})
	return Excel{f}, err
}

// Close frees what the workbook holds.
func (b Excel) Close() error { return b.f.Close() }

// Names are the names of the sheets, in their order.
func (b Excel) Names() ([]string, error) { return b.f.GetSheetList(), nil }

// Open starts a sheet; nil where there is none of that name.
func (b Excel) Open(sheet string) (Rows, error) {
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

func (r *excelRows) Next() ([]string, int, error) {
	if !r.rows.Next() {
		if err := r.rows.Error(); err != nil {
			return nil, r.n, fmt.Errorf("row %d: %w", r.n, err)
		}
		return nil, r.n, io.EOF
	}
	if r.n++; r.n > excelize.TotalRows {
		return nil, r.n, fmt.Errorf("%w: more than %d rows in a sheet", table.ErrTooLarge, excelize.TotalRows)
	}
	cells, err := r.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, r.n, fmt.Errorf("row %d: %w", r.n, err)
	}
	return cells, r.n, r.add(len(cells))
}

func (r *excelRows) Close() error { return r.rows.Close() }
