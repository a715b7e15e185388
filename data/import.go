package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"stpmap/flow"
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

// Input is a file to import: text, gzip or Zstandard of it, a zip of CSV files,
// an Excel workbook (xlsx) or an OpenDocument spreadsheet (ods), told apart by
// content.
type Input struct {
	Name string    // for messages; the period is looked for in it where the table has none
	R    io.Reader // an io.ReaderAt with Seek (a file) is read in place, where that is needed
}

// ImportOptions choose what of a published file is taken. The zero value takes
// what is usual.
type ImportOptions struct {
	// Kind is what to read the file as; "" is the format's usual.
	Kind FormatKind
	// Parts of an RTT extract to count: Part_1A, Part_1B, Part_2, Part_2A,
	// Part_3. Flows take completed pathways (1A and 1B) unless told otherwise,
	// indicators take Part_2.
	Parts []string
	// Level of the entities of indicators where the file has both: "provider"
	// (or "") or "commissioner".
	Level string
	// Period keeps the rows of one period, in the form that Period gives: a
	// quarter or a financial year keeps its months.
	Period string
	// By adds periods up: "" leaves them, "quarter" and "year" (financial,
	// from April) pool numerators and denominators.
	By string
	// Sheet of a workbook; "" is the one that has the heading.
	Sheet string
	// Where keeps the rows whose column has the value. Several values of one
	// column are alternatives; "*" keeps every row.
	Where []Condition
	// Suppressed says what the marks of suppressed counts stand for.
	Suppressed Suppression
	// IgnoreTotals takes tables whose rows do not add up to the published
	// totals: the rows count, and the report lists the differences.
	IgnoreTotals bool
	// Area, Provider and Count name the columns of a table outright.
	Area, Provider, Count string
	// Names turns names of organisations into codes, for files without codes.
	Names map[string]string
	// Beds are occupied beds by provider and period, for the share of occupied
	// bed days that delayed transfers take; of indicator beds_occupied.
	Beds []Figure
	// Indicators gives other names to indicators: "90366" to "le_birth".
	Indicators map[string]string
	// Postcodes are those to take of a postcode directory, as PostcodeKey gives
	// them; nil takes all.
	Postcodes map[string]bool
}

// Condition keeps the rows that have Value in Column.
type Condition struct{ Column, Value string }

// Imported is a published file in canonical form.
type Imported struct {
	Format *Format
	Kind   FormatKind

	Flows         []Record       // sorted by area and provider; suppressed cells stand apart
	Figures       []Figure       // sorted by entity, indicator and period
	Organisations []Organisation // in file order
	Successors    []Succession   // in file order
	Populations   []Population
	Lookup        *Lookup
	Points        []Point

	Report ImportReport
}

// Figure is one number about an entity: a provider, an area or a footprint.
type Figure struct {
	Entity, Indicator, Period string
	Numerator, Denominator    Number
	Value, Lower, Upper       Number
}

// Number is a number that may be unknown; the zero value is unknown.
type Number struct {
	Value float64
	Known bool
}

// Known is a number that is known.
func Known(v float64) Number { return Number{v, true} }

// ImportReport says what was seen: nothing is left out without being counted.
type ImportReport struct {
	Layouts    []string // the era of each table, as found
	Rows       int      // rows below the heading, blank ones apart
	Used       int      // rows that count
	LeftOut    []LeftOut
	Suppressed int // cells known only within bounds
	Absent     int // cells that say nothing
	// Outside are patients of areas, or from providers, that lie outside
	// England, kept with their codes.
	Outside []Outside
	// Differences are published totals that the rows do not add up to.
	Differences []*InputError
	Notes       []string
}

// LeftOut is a number of rows that do not count, and why.
type LeftOut struct {
	Reason string
	Rows   int
}

func (r *ImportReport) leave(reason string) {
	for i := range r.LeftOut {
		if r.LeftOut[i].Reason == reason {
			r.LeftOut[i].Rows++
			return
		}
	}
	r.LeftOut = append(r.LeftOut, LeftOut{reason, 1})
}

func (r *ImportReport) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	if !slices.Contains(r.Notes, n) {
		r.Notes = append(r.Notes, n)
	}
}

// notChosen is the reason of rows that the conditions leave out.
const notChosen = "not chosen by --where"

// importer is one import in progress.
type importer struct {
	ctx     context.Context
	formats FormatList
	format  *Format
	kind    FormatKind
	opts    ImportOptions
	out     *Imported
	faults  Faults

	reader tableReader
	where  []int // column of each condition in the table at hand
	head   *sheetHeader
}

// importFiles reads files of one of the formats, together. An empty name stands
// for the format whose heading the first table has. The error is *Faults (each
// an *InputError with its place) where the files are at fault, and otherwise of
// the source or of the context.
func importFiles(ctx context.Context, formats FormatList, format string, inputs []Input, opts ImportOptions) (*Imported, error) {
	im := &importer{ctx: ctx, formats: formats, opts: opts, kind: opts.Kind, out: &Imported{}}
	if format != "" {
		f, err := formats.Named(format)
		if err != nil {
			return nil, err
		}
		if err := im.setFormat(f); err != nil {
			return nil, err
		}
	}
	for _, in := range inputs {
		if err := im.tables(in); err != nil {
			var fault *InputError
			if !errors.As(err, &fault) {
				return nil, err
			}
			im.faults.Add(fault)
		}
	}
	if im.reader == nil && im.faults.Len() == 0 {
		im.faults.Add(&InputError{File: "input", Err: ErrEmptyTable})
	}
	if im.faults.Len() > 0 {
		return nil, im.faults.Err()
	}
	if err := im.reader.finish(); err != nil {
		return nil, err
	}
	if !opts.IgnoreTotals {
		for _, d := range im.out.Report.Differences {
			im.faults.Add(d)
		}
	}
	if err := im.faults.Err(); err != nil {
		return nil, err
	}
	im.out.Format, im.out.Kind = im.format, im.kind
	return im.out, nil
}

func (im *importer) setFormat(f *Format) error {
	im.format = f
	if im.kind == "" {
		im.kind = f.Kinds[0]
	}
	if !f.Is(im.kind) {
		return fmt.Errorf("%w: %s is read as %s, not as %s", ErrUnknownFormat, f.Name, f.Kinds[0], im.kind)
	}
	return nil
}

// seeker looks for the heading of a table among its first rows.
type seeker struct {
	im     *importer
	name   string
	tried  []*sheetHeader
	found  *sheetHeader
	format *Format
	era    string
	bare   bool // the row found is data: the format has no heading
}

// try reports whether the row is the heading of the format that is asked for,
// or of any where none is.
func (s *seeker) try(cells []string, line int) bool {
	h := newSheetHeader(cells, line)
	h.file = s.name
	if n := len(s.tried); n > 0 {
		h.above = s.tried[n-1].names
	}
	first := len(s.tried) == 0
	s.tried = append(s.tried, h)
	format := s.im.format
	if format == nil {
		if s.im.kind != "" {
			format = s.im.formats.recognise(h, s.im.kind)
		} else {
			format = s.im.formats.recognise(h)
		}
	}
	if format == nil && first {
		format = s.im.formats.headless(h, s.im.kind)
	}
	if format == nil {
		return false
	}
	l := format.match(h)
	s.bare = l == nil && first && format.headless != nil && format.headless(h.names)
	switch {
	case l != nil:
		s.era = l.era
	case s.bare:
		s.era = "without heading"
	default:
		return false
	}
	s.found, s.format = h, format
	return true
}

// text reads the table in delimiter-separated text.
func (im *importer) text(name string, r io.Reader) error {
	plain, err := Decompress(name, r)
	if err != nil {
		return err
	}
	defer plain.Close()
	s := &seeker{im: im, name: name}
	head := &capture{r: plain, on: true}
	t, err := NewTable(name, head, TableOptions{Ragged: true, Header: func(cells []string) bool { return s.try(cells, 0) }})
	if err != nil {
		return err
	}
	head.on = false
	line, _ := t.HeaderPos(-1)
	if s.found == nil {
		for _, h := range s.tried {
			h.line = line
		}
		return im.noHeading(name, s.tried)
	}
	s.found.line = line
	if s.format.plain {
		return im.plain(s, io.MultiReader(bytes.NewReader(head.taken), plain))
	}
	head.taken = nil
	err = im.rows(s, &textSheet{t: t})
	if n := t.RepeatedHeaders(); n > 0 {
		im.out.Report.Rows += n
		im.out.Report.LeftOut = append(im.out.Report.LeftOut, LeftOut{"heading repeated", n})
	}
	return err
}

// plain hands a table in canonical form to its reader as it is.
func (im *importer) plain(s *seeker, r io.Reader) error {
	if err := im.begin(s); err != nil {
		return err
	}
	return im.reader.(plainReader).read(s.name, r)
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
func (im *importer) begin(s *seeker) error {
	if im.format == nil {
		if err := im.setFormat(s.format); err != nil {
			return err
		}
	}
	if im.reader == nil {
		im.reader = im.format.open(im)
	}
	rep := &im.out.Report
	if s.era != "" && !slices.Contains(rep.Layouts, s.era) {
		rep.Layouts = append(rep.Layouts, s.era)
	}
	im.head = s.found
	return nil
}

// noHeading says what is wrong with a table whose heading was not found.
func (im *importer) noHeading(name string, tried []*sheetHeader) error {
	if len(tried) == 0 {
		return &InputError{File: name, Err: ErrEmptyTable}
	}
	formats := im.formats
	if im.format != nil {
		formats = FormatList{im.format}
	}
	var best *InputError
	most := 1
	for _, f := range formats {
		if im.kind != "" && !f.Is(im.kind) {
			continue
		}
		for i := range f.layouts {
			for _, h := range tried {
				n, message, ok := f.layouts[i].nearMiss(h)
				if ok && n > most {
					most = n
					best = &InputError{File: name, Line: h.line, Err: fmt.Errorf("%w: %s: %s", ErrMissingColumn, f.Name, message)}
				}
			}
		}
	}
	if best != nil {
		return best
	}
	if im.format == nil {
		return &InputError{File: name, Err: fmt.Errorf("%w within %d rows", ErrNotRecognised, MaxPreamble)}
	}
	return &InputError{File: name, Err: fmt.Errorf("%w: the heading of %s needs %s", ErrNotRecognised, im.format.Name, im.format.needs())}
}

// needs lists the headings of the latest layout.
func (f *Format) needs() string {
	if len(f.layouts) == 0 {
		return "an organisation code in the first column"
	}
	l := f.layouts[0]
	s := quotedList(l.need)
	if l.what != "" {
		s = strings.TrimPrefix(s+" and columns "+l.what, " and ")
	}
	return s
}

// rows hands a table's rows to the format's reader, which serves all tables of
// the import.
func (im *importer) rows(s *seeker, rows sheet) error {
	if err := im.begin(s); err != nil {
		return err
	}
	h := s.found
	im.where = im.where[:0]
	for _, c := range im.opts.Where {
		i := h.col(c.Column)
		if i < 0 {
			return &InputError{File: s.name, Line: h.line, Err: fmt.Errorf("%w: no column %q to choose rows by", ErrMissingColumn, c.Column)}
		}
		im.where = append(im.where, i)
	}
	n := 0
	var err error
	if s.bare {
		if err = im.reader.heading(nil); err == nil {
			n++
			err = im.take(sheetRow{cells: byteCells(h.names), line: h.line})
		}
	} else {
		err = im.reader.heading(h)
	}
	if err != nil {
		return im.located(err, h.line)
	}
	for {
		r, err := rows.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			if n++; n%4096 == 0 && im.ctx.Err() != nil {
				return context.Cause(im.ctx)
			}
			err = im.take(r)
		}
		if err != nil {
			var fault *InputError
			if !errors.As(err, &fault) {
				return err
			}
			im.faults.Add(fault)
		}
	}
	if n == 0 {
		return &InputError{File: s.name, Line: h.line, Err: ErrEmptyTable}
	}
	return nil
}

func (im *importer) take(r sheetRow) error {
	im.out.Report.Rows++
	if !im.chosen(r) {
		im.out.Report.leave(notChosen)
		return nil
	}
	return im.reader.row(r)
}

// chosen reports whether a row meets the conditions.
func (im *importer) chosen(r sheetRow) bool {
	for i, c := range im.opts.Where {
		if c.Value == "*" || string(r.cell(im.where[i])) == c.Value {
			continue
		}
		other := false // another value of the column will do
		for j, d := range im.opts.Where {
			other = other || im.where[j] == im.where[i] && (d.Value == "*" || string(r.cell(im.where[j])) == d.Value)
		}
		if !other {
			return false
		}
	}
	return true
}

// located is err with its place, unless it has one.
func (im *importer) located(err error, line int) error {
	var fault *InputError
	if errors.As(err, &fault) {
		return err
	}
	return &InputError{File: im.head.file, Line: line, Err: err}
}

// fault is an error about a cell of the table at hand.
func (im *importer) fault(r sheetRow, column int, err error) error {
	line, col := r.position(column)
	return &InputError{File: im.head.file, Line: line, Column: col, Err: err}
}

// count reads a cell as a number of patients; absent is true for a cell that
// says nothing.
func (im *importer) count(r sheetRow, column int) (c flow.Count, absent bool, err error) {
	b := r.cell(column)
	if n, ok := digits(b); ok {
		return flow.Exactly(n), false, nil
	}
	c, absent, err = ParseCount(string(b), im.opts.Suppressed)
	if err != nil {
		return c, false, im.fault(r, column, err)
	}
	if absent {
		im.out.Report.Absent++
	}
	if c.Suppressed() {
		im.out.Report.Suppressed++
	}
	return c, absent, nil
}

// number reads a cell as a number, which may be below 0; a suppressed or empty
// cell is unknown.
func (im *importer) number(r sheetRow, column int) (Number, error) {
	if column < 0 {
		return Number{}, nil
	}
	b := r.cell(column)
	if n, ok := digits(b); ok {
		return Known(n), nil
	}
	text := string(b)
	if _, _, ok := im.opts.Suppressed.Bounds(text); ok {
		im.out.Report.Suppressed++
		return Number{}, nil
	}
	if Absent(text) {
		im.out.Report.Absent++
		return Number{}, nil
	}
	n, err := parseSigned(text)
	if err != nil {
		return Number{}, im.fault(r, column, err)
	}
	return Known(n), nil
}

// parseSigned reads a number that may have a currency sign, a unit of millions
// or a percent sign, as accounts print it: "£(1.2m)" is -1,200,000, "93.4%" is
// 0.934.
func parseSigned(text string) (float64, error) {
	n, err := ParseNumber(text)
	if err == nil {
		return n, nil
	}
	s := strings.TrimSpace(strings.NewReplacer("£", "", "$", "", "€", "").Replace(text))
	sign, scale := 1.0, 1.0
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, sign = strings.TrimSpace(s[1:len(s)-1]), -1
	}
	for suffix, by := range map[string]float64{"%": 0.01, "m": 1e6, "k": 1e3, "bn": 1e9} {
		if rest, ok := strings.CutSuffix(strings.ToLower(s), suffix); ok {
			s, scale = strings.TrimSpace(rest), by
			break
		}
	}
	x, perr := ParseNumber(s)
	if perr != nil {
		return 0, err
	}
	if scale == 0.01 {
		return sign * x / 100, nil // 93.4/100 is the nearer double
	}
	return sign * x * scale, nil
}

// sumName tells the codes and names by which publishers mark a sum of rows.
func sumName(s string) bool {
	switch strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u00a0' })) {
	case "total", "totals", "england", "england total", "total england", "grand total", "all", "eng":
		return true
	}
	return false
}
