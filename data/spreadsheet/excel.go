package spreadsheet

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"stpmap/data/table"
)

// maxStrings is how many bytes the shared strings of a workbook may take.
const maxStrings = 512 << 20

// Excel streams the sheets of an Excel workbook (ECMA-376, part 1, section
// 18) as a person sees them, where that decides what a cell means: codes with
// leading zeros, dates, footnotes in superscript, formulas without a value.
// (Excelize gives the text of a cell without its format, runs and formula.)
type Excel struct {
	z       *zip.Reader
	sheets  []xlsxSheet
	strings []string
	styles  []cellFormat // by number of a cell's style
	days    epoch
}

type xlsxSheet struct{ name, part string }

// OpenExcel opens a workbook of size bytes.
func OpenExcel(ra io.ReaderAt, size int64) (*Excel, error) {
	z, err := zip.NewReader(ra, size)
	if err != nil {
		return nil, err
	}
	if err := check(z); err != nil {
		return nil, err
	}
	return readExcel(z)
}

// readExcel reads what the sheets of a workbook share.
func readExcel(z *zip.Reader) (*Excel, error) {
	b := &Excel{z: z}
	targets, kinds, err := b.relations("xl/_rels/workbook.xml.rels")
	if err != nil {
		return nil, err
	}
	err = b.each("xl/workbook.xml", func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.days = since1904
			}
		case "sheet":
			for _, a := range e.Attr {
				if a.Name.Local == "id" && targets[a.Value] != "" {
					b.sheets = append(b.sheets, xlsxSheet{attr(e, "name"), targets[a.Value]})
				}
			}
		}
		return nil
	})
	if err == nil && kinds["styles"] != "" {
		err = b.readStyles(kinds["styles"])
	}
	if err == nil && kinds["sharedStrings"] != "" {
		err = b.readStrings(kinds["sharedStrings"])
	}
	return b, err
}

// part opens a part of the archive, whatever the case of its name; nil where
// there is none.
func (b *Excel) part(name string) (io.ReadCloser, error) {
	for _, f := range b.z.File {
		if strings.EqualFold(f.Name, name) {
			return f.Open()
		}
	}
	return nil, nil
}

// each calls f for every start of an element in a part.
func (b *Excel) each(part string, f func(d *xml.Decoder, e xml.StartElement) error) (err error) {
	r, err := b.part(part)
	if err != nil || r == nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d := xml.NewDecoder(r)
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return err
			}
		}
	}
}

// relations gives the parts that the workbook is made of, by id and by kind.
func (b *Excel) relations(part string) (targets, kinds map[string]string, err error) {
	targets, kinds = map[string]string{}, map[string]string{}
	err = b.each(part, func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		target = strings.TrimPrefix(target, "/")
		targets[attr(e, "Id")] = target
		kinds[path.Base(attr(e, "Type"))] = target
		return nil
	})
	return targets, kinds, err
}

func (b *Excel) readStyles(part string) error {
	codes := map[int]string{} // of formats that the workbook defines
	inCells := false
	return b.each(part, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				codes[id] = attr(e, "formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				b.styles = append(b.styles, formatOf(id, codes[id]))
			}
		}
		return nil
	})
}

func (b *Excel) readStrings(part string) error {
	size := 0
	return b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := richText(d, "si")
		if err != nil {
			return err
		}
		if size += len(text) + 16; size > maxStrings {
			return fmt.Errorf("%w: more than %d MiB of text in a workbook", table.ErrTooLarge, maxStrings>>20)
		}
		b.strings = append(b.strings, text)
		return nil
	})
}

// richText reads the text up to the end of an element, without the runs in
// superscript, which are marks of footnotes, unless there is nothing else; and
// without what is there to be spoken.
func richText(d *xml.Decoder, end string) (string, error) {
	var plain, raised strings.Builder
	inText, superscript, spoken := false, false, false
	for {
		tok, err := d.RawToken()
		if err != nil {
			return "", noEOF(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "r":
				superscript = false
			case "t":
				inText = true
			case "rPh":
				spoken = true
			case "vertAlign":
				superscript = attr(t, "val") == "superscript"
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "r":
				superscript = false
			case "rPh":
				spoken = false
			case end:
				if strings.TrimSpace(plain.String()) == "" {
					return unescape(raised.String()), nil
				}
				return unescape(plain.String()), nil
			}
		case xml.CharData:
			switch {
			case !inText || spoken:
			case superscript:
				raised.Write(t)
			default:
				plain.Write(t)
			}
		}
	}
}

// unescape reads characters written as _x000D_.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+7 <= len(s) && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Names are the names of the sheets, in their order.
func (b *Excel) Names() ([]string, error) {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names, nil
}

// Open starts a sheet; nil where there is none of that name.
func (b *Excel) Open(sheet string) (Rows, error) {
	for _, s := range b.sheets {
		if !strings.EqualFold(strings.TrimSpace(s.name), strings.TrimSpace(sheet)) {
			continue
		}
		r, err := b.part(s.part)
		if err != nil || r == nil {
			return nil, err
		}
		return &excelRows{book: b, r: r, d: xml.NewDecoder(r)}, nil
	}
	return nil, nil
}

type excelRows struct {
	cells
	book  *Excel
	r     io.ReadCloser
	d     *xml.Decoder
	texts []string
	row   int
}

func (x *excelRows) Close() error { return x.r.Close() }

func (x *excelRows) Next() ([]string, int, error) {
	for {
		tok, err := x.d.RawToken()
		if err != nil {
			return nil, x.row, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		x.row++
		if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > x.row {
			x.row = n
		}
		if x.row > maxSheetRows {
			return nil, x.row, fmt.Errorf("%w: more than %d rows in a sheet", table.ErrTooLarge, maxSheetRows)
		}
		if err := x.read(); err != nil {
			return nil, x.row, fmt.Errorf("row %d: %w", x.row, err)
		}
		return x.texts, x.row, x.add(len(x.texts))
	}
}

// read takes the cells of a row.
func (x *excelRows) read() error {
	x.texts = x.texts[:0]
	for {
		tok, err := x.d.RawToken()
		if err != nil {
			return noEOF(err)
		}
		switch t := tok.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			column := len(x.texts)
			if c, ok := columnOf(attr(t, "r")); ok && c >= column {
				column = c
			}
			if column >= maxSheetColumns {
				return fmt.Errorf("%w: more than %d columns in a sheet", table.ErrTooLarge, maxSheetColumns)
			}
			text, err := x.cell(t)
			if err != nil {
				return err
			}
			for len(x.texts) < column {
				x.texts = append(x.texts, "")
			}
			x.texts = append(x.texts, text)
		}
	}
}

// columnOf is the number, from 0, of the column in a reference such as AB12.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i]
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		if n = 26*n + int(c-'A') + 1; n > maxSheetColumns {
			return n, true
		}
	}
	return n - 1, n > 0
}

// cell reads a cell as it is shown, where that decides what it means.
func (x *excelRows) cell(e xml.StartElement) (string, error) {
	kind, style := attr(e, "t"), attr(e, "s")
	var value, formula strings.Builder
	var into *strings.Builder
	calculated, stored := false, false
	inline := ""
	for {
		tok, err := x.d.RawToken()
		if err != nil {
			return "", noEOF(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				into, stored = &value, true
			case "f":
				into, calculated = &formula, true
			case "is":
				if inline, err = richText(x.d, "is"); err != nil {
					return "", err
				}
			}
		case xml.EndElement:
			into = nil
			if t.Name.Local != "c" {
				continue
			}
			// An empty text that is stored is what the formula gave.
			if calculated && value.Len() == 0 && (kind != "str" || !stored) {
				return "=" + cmp.Or(formula.String(), "…"), nil
			}
			return x.book.shown(kind, style, value.String(), inline)
		case xml.CharData:
			if into != nil {
				into.Write(t)
			}
		}
	}
}

// shown is the text of a cell of that kind and style.
func (b *Excel) shown(kind, style, value, inline string) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(b.strings) {
			return "", fmt.Errorf("a cell has string %s of %d", table.Quoted(value), len(b.strings))
		}
		return b.strings[i], nil
	case "inlineStr":
		return inline, nil
	case "str":
		return unescape(value), nil
	case "e", "d":
		return value, nil
	case "b":
		if value == "1" {
			return "TRUE", nil
		}
		return "FALSE", nil
	}
	format := cellFormat{}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.styles) {
		format = b.styles[i]
	}
	return format.text(value, b.days), nil
}
