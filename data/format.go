package data

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// FormatKind is what a published file can be read as.
type FormatKind string

// The kinds. A file may serve as several: the RTT extract holds patients by
// commissioner and provider (flows) and how long they waited (indicators).
const (
	FlowTable         FormatKind = "flows"
	IndicatorTable    FormatKind = "indicators"
	OrganisationTable FormatKind = "organisations"
	SuccessorTable    FormatKind = "successors"
	LookupTable       FormatKind = "lookup"
	PointTable        FormatKind = "points"
	PopulationTable   FormatKind = "population"
)

// Errors of recognition; test with errors.Is.
var (
	ErrUnknownFormat = errors.New("unknown format")
	ErrNotRecognised = errors.New("no heading of a known format")
)

// Format is a published file that Import reads.
type Format struct {
	Name  string       // as --format takes it
	Title string       // what it is, and who publishes it
	Kinds []FormatKind // what it can be read as, the usual first

	layouts []layout
	// sheets are the names of the sheets of a workbook to take, the first that
	// is there; where none is named, one sheet only may have the heading.
	sheets []string
	// headless recognises the first row of a table that has no heading.
	headless func(cells []string) bool
	// plain marks tables that are already in canonical form: their reader is a
	// plainReader.
	plain bool
	open  func(im *importer) tableReader
}

// layout is one of the headings that a format had over the years.
type layout struct {
	era  string
	need []string // headings that must all be there
	// also says what more a heading must have, for columns found by a pattern.
	also func(h *sheetHeader) bool
	// asked marks a heading too plain to be recognised: the format must be
	// asked for by name.
	asked bool
	what  string // the columns that also looks for, in words
}

// tableReader takes the tables of one import, each with its heading first.
type tableReader interface {
	heading(h *sheetHeader) error
	row(r sheetRow) error
	finish() error
}

// plainReader takes tables in canonical form as they are.
type plainReader interface {
	tableReader
	// read reads the text of a table, its heading included.
	read(name string, r io.Reader) error
}

// Is reports whether the format can be read as k.
func (f *Format) Is(k FormatKind) bool { return slices.Contains(f.Kinds, k) }

// FormatList is the published files that can be read.
type FormatList []*Format

// Named finds a format by its name; the error wraps ErrUnknownFormat and names
// the nearest.
func (l FormatList) Named(name string) (*Format, error) {
	want := Normalise(name)
	names := make([]string, 0, len(l))
	for _, f := range l {
		if Normalise(f.Name) == want {
			return f, nil
		}
		names = append(names, f.Name)
	}
	if near := nearest(names, []string{name}); near != "" {
		return nil, fmt.Errorf("%w: %q; did you mean %q?", ErrUnknownFormat, name, near)
	}
	return nil, fmt.Errorf("%w: %q; known are %s", ErrUnknownFormat, name, strings.Join(names, ", "))
}

// Recognise finds the format that a heading belongs to, among those that can
// be read as one of the kinds (any, where none is given); nil where there is
// none. Case, spaces, underscores, order and further columns do not matter.
func (l FormatList) Recognise(heading []string, kinds ...FormatKind) *Format {
	return l.recognise(newSheetHeader(heading, 1), kinds...)
}

func (l FormatList) recognise(h *sheetHeader, kinds ...FormatKind) *Format {
	var best *Format
	most := 0
	for _, f := range l {
		if len(kinds) > 0 && !slices.ContainsFunc(kinds, f.Is) {
			continue
		}
		if l := f.match(h); l != nil && !l.asked && l.weight() > most {
			best, most = f, l.weight()
		}
	}
	// A heading that is one word short of a published file's is not a plain
	// table: it would be added up over parts that hold each other.
	if best != nil && most == 1 && slices.ContainsFunc(l, func(f *Format) bool { return f.nearly(h) }) {
		return nil
	}
	return best
}

// headless finds the format, of those that can be read as the kind ("" for
// any), whose tables have no heading and start with such a row; nil where there
// is none.
func (l FormatList) headless(h *sheetHeader, kind FormatKind) *Format {
	for _, f := range l {
		if f.headless != nil && f.headless(h.names) && (kind == "" || f.Is(kind)) {
			return f
		}
	}
	return nil
}

// nearly reports whether the heading has all but one of the columns of a
// layout that also has columns of a pattern.
func (f *Format) nearly(h *sheetHeader) bool {
	return slices.ContainsFunc(f.layouts, func(l layout) bool {
		if len(l.need) < 3 || l.also == nil || !l.also(h) {
			return false
		}
		lacking := 0
		for _, n := range l.need {
			if h.col(n) < 0 {
				lacking++
			}
		}
		return lacking == 1
	})
}

// weight ranks layouts that both fit: the one that asks for more is meant.
func (l *layout) weight() int {
	n := 2 * len(l.need)
	if l.also != nil {
		n++
	}
	return n
}

// match gives the layout that the heading fits, nil for none.
func (f *Format) match(h *sheetHeader) *layout {
	var best *layout
	for i := range f.layouts {
		l := &f.layouts[i]
		if l.fits(h) && (best == nil || best.asked && !l.asked || best.asked == l.asked && l.weight() > best.weight()) {
			best = l
		}
	}
	return best
}

func (l *layout) fits(h *sheetHeader) bool {
	for _, n := range l.need {
		if h.col(n) < 0 {
			return false
		}
	}
	return l.also == nil || l.also(h)
}

// nearMiss says how a heading nearly fits a layout: the headings that are
// missing, each with what may have been meant. ok is false where most are
// missing.
func (l *layout) nearMiss(h *sheetHeader) (found int, message string, ok bool) {
	var lacking []string
	for _, n := range l.need {
		if h.col(n) < 0 {
			lacking = append(lacking, n)
		}
	}
	found = len(l.need) - len(lacking)
	if len(lacking) == 0 {
		return found, fmt.Sprintf("no columns %s", l.what), l.also != nil
	}
	if found*2 < len(l.need) {
		return found, "", false
	}
	var spare []string
	for _, name := range h.names {
		if !slices.ContainsFunc(l.need, func(n string) bool { return Normalise(n) == Normalise(name) }) {
			spare = append(spare, name)
		}
	}
	parts := make([]string, len(lacking))
	for i, n := range lacking {
		parts[i] = fmt.Sprintf("no column %q", n)
		if near := nearest(spare, []string{n}); near != "" {
			parts[i] += fmt.Sprintf("; did you mean %q?", near)
		}
	}
	return found, strings.Join(parts, "; "), true
}

// sheetHeader is the heading of a table: where each column is.
type sheetHeader struct {
	names []string
	above []string // the row before, which may name sections
	line  int
	index map[string]int
	file  string
}

func newSheetHeader(names []string, line int) *sheetHeader {
	h := &sheetHeader{names: make([]string, len(names)), line: line, index: make(map[string]int, len(names))}
	for i, n := range names {
		h.names[i] = strings.TrimSpace(strings.TrimPrefix(n, "\ufeff"))
		k := Normalise(n)
		if _, ok := h.index[k]; !ok && k != "" {
			h.index[k] = i
		}
	}
	return h
}

// col is the column with the first of the names that the heading has, -1 for
// none.
func (h *sheetHeader) col(names ...string) int {
	for _, n := range names {
		if i, ok := h.index[Normalise(n)]; ok {
			return i
		}
	}
	return -1
}
