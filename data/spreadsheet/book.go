package spreadsheet

import (
	"fmt"

	"stpmap/data/table"
)

// Book is a file of several sheets.
type Book interface {
	Names() ([]string, error)
	// Open starts a sheet; nil where there is none of that name.
	Open(sheet string) (Rows, error)
}

// Rows streams the rows of a sheet.
type Rows interface {
	// Next gives the cells of the next row as text, and its number; io.EOF
	// after the last.
	Next() (cells []string, row int, err error)
	Close() error
}

// cells counts the cells of a sheet: few bytes can stand for very many.
type cells int

func (c *cells) add(n int) error {
	if *c += cells(n); *c > MaxCells {
		return fmt.Errorf("%w: more than %d million cells in a sheet", table.ErrTooLarge, MaxCells/1_000_000)
	}
	return nil
}

// Limits on spreadsheets, which are archives of another kind.
const (
	MaxCells        = 50_000_000 // cells of a sheet, blank ones between others too
	MaxWorkbook     = 1 << 30    // bytes of all parts of a workbook once unpacked
	MaxWorkbookFile = 256 << 20  // bytes of a workbook as it lies on disk
)
