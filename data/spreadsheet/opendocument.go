package spreadsheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stpmap/data/table"
)

// Limits of a sheet of an OpenDocument spreadsheet, as spreadsheet programs
// have them.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// OpenDocument streams the sheets of an OpenDocument spreadsheet out of its
// content.xml (OASIS OpenDocument 1.2, part 1, section 9).
type OpenDocument struct{ z *zip.Reader }

// NewOpenDocument takes the archive that a spreadsheet is, within the limits.
func NewOpenDocument(z *zip.Reader) (OpenDocument, error) { return OpenDocument{z}, check(z) }

func (b OpenDocument) decoder() (*xml.Decoder, io.Closer, error) {
	f, err := b.z.Open("content.xml")
	if err != nil {
		return nil, nil, err
	}
	return xml.NewDecoder(f), f, nil
}

// Names are the names of the sheets, in their order.
func (b OpenDocument) Names() (names []string, err error) {
	d, c, err := b.decoder()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Space == "table" && e.Name.Local == "table" {
			names = append(names, attr(e, "name"))
		}
	}
}

// Open starts a sheet; nil where there is none of that name.
func (b OpenDocument) Open(sheet string) (Rows, error) {
	d, c, err := b.decoder()
	if err != nil {
		return nil, err
	}
	for {
		tok, err := d.RawToken()
		if err != nil {
			_ = c.Close()
			if err == io.EOF {
				return nil, nil
			}
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if ok && e.Name.Space == "table" && e.Name.Local == "table" && strings.EqualFold(strings.TrimSpace(attr(e, "name")), strings.TrimSpace(sheet)) {
			return &odsRows{d: d, c: c}, nil
		}
	}
}

type odsRows struct {
	cells
	d      *xml.Decoder
	c      io.Closer
	texts  []string
	row    int
	again  int // times that cells still stand for a row
	closed bool
}

func (r *odsRows) Close() error { return r.c.Close() }

func (r *odsRows) Next() ([]string, int, error) {
	if r.again > 0 {
		r.again--
		r.row++
		return r.texts, r.row, r.add(len(r.texts))
	}
	if r.closed {
		return nil, r.row, io.EOF
	}
	for {
		tok, err := r.d.RawToken()
		if err == io.EOF {
			return nil, r.row, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, r.row, err
		}
		switch e := tok.(type) {
		case xml.EndElement:
			if e.Name.Space == "table" && e.Name.Local == "table" {
				r.closed = true
				return nil, r.row, io.EOF
			}
		case xml.StartElement:
			if e.Name.Space != "table" || e.Name.Local != "table-row" {
				continue
			}
			n, err := repeated(e, "number-rows-repeated", maxSheetRows)
			if err != nil {
				return nil, r.row, err
			}
			if err := r.read(); err != nil {
				return nil, r.row, err
			}
			if r.row+n > maxSheetRows {
				return nil, r.row, fmt.Errorf("%w: more than %d rows in a sheet", table.ErrTooLarge, maxSheetRows)
			}
			if len(r.texts) == 0 {
				r.row += n // a blank stretch
				continue
			}
			r.again = n - 1
			r.row++
			return r.texts, r.row, r.add(len(r.texts))
		}
	}
}

// read takes the cells of a row, without the blank ones at its end.
func (r *odsRows) read() error {
	r.texts = r.texts[:0]
	blank := 0 // blank cells not yet put down
	for {
		tok, err := r.d.RawToken()
		if err != nil {
			return noEOF(err)
		}
		switch e := tok.(type) {
		case xml.EndElement:
			if e.Name.Local == "table-row" {
				return nil
			}
		case xml.StartElement:
			if e.Name.Local != "table-cell" && e.Name.Local != "covered-table-cell" {
				continue
			}
			n, err := repeated(e, "number-columns-repeated", 1<<20)
			if err != nil {
				return err
			}
			text, err := r.cell(e)
			if err != nil {
				return err
			}
			if text == "" {
				blank += n
				continue
			}
			if len(r.texts)+blank+n > maxSheetColumns {
				return fmt.Errorf("%w: more than %d columns in a sheet", table.ErrTooLarge, maxSheetColumns)
			}
			for range blank {
				r.texts = append(r.texts, "")
			}
			blank = 0
			for range n {
				r.texts = append(r.texts, text)
			}
		}
	}
}

// cell gives the value of a cell: numbers and dates as they are stored, other
// cells as they are shown.
func (r *odsRows) cell(e xml.StartElement) (string, error) {
	var b strings.Builder
	depth, paragraphs, annotation := 1, 0, 0
	for depth > 0 {
		tok, err := r.d.RawToken()
		if err != nil {
			return "", noEOF(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			switch {
			case t.Name.Local == "annotation":
				annotation = depth
			case annotation > 0:
			case t.Name.Space == "text" && t.Name.Local == "p":
				if paragraphs++; paragraphs > 1 {
					b.WriteByte('\n')
				}
			case t.Name.Space == "text" && (t.Name.Local == "s" || t.Name.Local == "tab"):
				b.WriteByte(' ')
			}
		case xml.EndElement:
			if depth == annotation {
				annotation = 0
			}
			depth--
		case xml.CharData:
			if paragraphs > 0 && annotation == 0 {
				b.Write(t)
			}
		}
	}
	switch attr(e, "value-type") {
	case "float", "currency", "percentage":
		return attr(e, "value"), nil
	case "date":
		return attr(e, "date-value"), nil
	}
	return strings.TrimSpace(b.String()), nil
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func repeated(e xml.StartElement, name string, limit int) (int, error) {
	s := attr(e, name)
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s is %q", name, s)
	}
	return min(n, limit), nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
