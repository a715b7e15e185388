package spreadsheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
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
	raised := map[string]bool{} // styles of text in superscript
	style := ""
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
		if ok && e.Name.Space == "style" {
			if e.Name.Local == "style" {
				style = attr(e, "name")
			}
			if p := attr(e, "text-position"); strings.HasPrefix(p, "super") || p != "" && p[0] >= '1' && p[0] <= '9' {
				raised[style] = true
			}
		}
		if ok && e.Name.Space == "table" && e.Name.Local == "table" && strings.EqualFold(strings.TrimSpace(attr(e, "name")), strings.TrimSpace(sheet)) {
			return &odsRows{d: d, c: c, raised: raised}, nil
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
	raised map[string]bool
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
			if len(r.texts) == 0 {
				r.row += n // a blank stretch, which some programs write beyond the last row
				continue
			}
			if r.row+n > maxSheetRows {
				return nil, r.row, fmt.Errorf("%w: more than %d rows in a sheet", table.ErrTooLarge, maxSheetRows)
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

// cell gives the value of a cell: numbers and dates as they are stored, codes
// with leading zeros and other cells as they are shown. Notes and what is in
// superscript, which are marks of footnotes, are left out; unless there is
// nothing else.
func (r *odsRows) cell(e xml.StartElement) (string, error) {
	var b, marks strings.Builder
	depth, paragraphs, annotation, raised := 1, 0, 0, 0
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
			case t.Name.Local == "span" && raised == 0 && r.raised[attr(t, "style-name")]:
				raised = depth
			case t.Name.Space == "text" && t.Name.Local == "p":
				if paragraphs++; paragraphs > 1 {
					b.WriteByte('\n')
				}
			case t.Name.Space == "text" && (t.Name.Local == "s" || t.Name.Local == "tab"):
				b.WriteByte(' ')
			case t.Name.Space == "text" && t.Name.Local == "line-break":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			if depth == annotation {
				annotation = 0
			}
			if depth == raised {
				raised = 0
			}
			depth--
		case xml.CharData:
			switch {
			case paragraphs == 0 || annotation > 0:
			case raised > 0:
				marks.Write(t)
			default:
				b.Write(t)
			}
		}
	}
	shown := strings.TrimSpace(b.String())
	if shown == "" {
		shown = strings.TrimSpace(marks.String())
	}
	return odsText(e, shown), nil
}

// odsText is the text of a cell that shows shown.
func odsText(e xml.StartElement, shown string) string {
	value := attr(e, "value")
	switch attr(e, "value-type") {
	case "float", "currency", "percentage":
		value = cellFormat{}.text(value, since1900)
		if zeros := strings.TrimRight(strings.TrimSuffix(shown, value), "0"); table.DigitsCode.MatchString(value) && len(shown) > len(value) &&
			strings.HasSuffix(shown, value) && (zeros == "" || odsPrefix.MatchString(zeros)) {
			return shown // 017, E06000001
		}
		return value
	case "date":
		return strings.TrimSuffix(attr(e, "date-value"), "T00:00:00")
	case "":
		if f := attr(e, "formula"); f != "" && shown == "" {
			return "=" + f
		}
	}
	return shown
}

var odsPrefix = regexp.MustCompile(`^[A-Z]{1,3}$`)

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// repeated is how often a row or cell stands for itself. What is over the limit is
// one more than that, so that it is refused and not cut.
func repeated(e xml.StartElement, name string, limit int) (int, error) {
	s := attr(e, name)
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s is %q", name, s)
	}
	return min(n, limit+1), nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
