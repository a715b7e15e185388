package importer

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Kind is what a published file can be read as.
type Kind string

// The kinds. A file may serve as several: the RTT extract holds patients by
// commissioner and provider (flows) and how long they waited (indicators).
const (
	FlowTable         Kind = "flows"
	IndicatorTable    Kind = "indicators"
	OrganisationTable Kind = "organisations"
	SuccessorTable    Kind = "successors"
	LookupTable       Kind = "lookup"
	PointTable        Kind = "points"
	PopulationTable   Kind = "population"
)

// Errors of recognition; test with errors.Is.
var (
	ErrUnknownFormat = errors.New("unknown format")
	ErrNotRecognised = errors.New("no heading of a known format")
)

// Format is a published file that Import reads.
type Format struct {
	Name  string // as --format takes it
	Title string // what it is, and who publishes it
	Kinds []Kind // what it can be read as, the usual first

	// Layouts are the headings it had over the years, the latest first.
	Layouts []Layout
	// Sheets are the names of the sheets of a workbook to take, the first that
	// is there; where none is named, one sheet only may have the heading.
	Sheets []string
	// Headless recognises the first row of a table that has no heading.
	Headless func(cells []string) bool
	// Plain marks tables that are already in canonical form: their reader is a
	// PlainReader.
	Plain bool
	// Open gives the reader of one import.
	Open func(im *Import) Reader
}

// Layout is one of the headings that a format had over the years.
type Layout struct {
	Era  string   // when it was in use, for people
	Need []string // headings that must all be there
	// Also says what more a heading must have, for columns found by a pattern.
	Also func(h *Heading) bool
	// Asked marks a heading too plain to be recognised: the format must be
	// asked for by name.
	Asked bool
	What  string // the columns that also looks for, in words
}

// Reader takes the tables of one import, each with its heading first.
type Reader interface {
	// Heading finds the columns; h is nil for a table without a heading.
	Heading(h *Heading) error
	// Row takes one row. A *fault.Error is one past which the import goes on.
	Row(r Row) error
	// Finish puts into the result what was kept until then.
	Finish() error
}

// PlainReader takes tables in canonical form as they are.
type PlainReader interface {
	Reader
	// Read reads the text of a table, its heading included; inCells says that
	// it is a sheet written as text, so that columns of faults are cells.
	Read(name string, r io.Reader, inCells bool) error
}

// Is reports whether the format can be read as k.
func (f *Format) Is(k Kind) bool { return slices.Contains(f.Kinds, k) }

// FormatList is the published files that can be read.
type FormatList []*Format

// Named finds a format by its name; the error wraps ErrUnknownFormat and names
// the nearest.
func (l FormatList) Named(name string) (*Format, error) {
	want := table.Normalise(name)
	for _, f := range l {
		if f.Name == name || table.Normalise(f.Name) == want {
			return f, nil
		}
	}
	names := make([]string, len(l))
	for i, f := range l {
		names[i] = f.Name
	}
	if near := table.Nearest(names, []string{name}); near != "" {
		return nil, fmt.Errorf("%w: %q; did you mean %q?", ErrUnknownFormat, name, near)
	}
	return nil, fmt.Errorf("%w: %q; known are %s", ErrUnknownFormat, name, strings.Join(names, ", "))
}

// Recognise finds the format that a heading belongs to, among those that can
// be read as one of the kinds (any, where none is given); nil where there is
// none. Case, spaces, underscores, order and further columns do not matter.
func (l FormatList) Recognise(heading []string, kinds ...Kind) *Format {
	return l.recognise(newHeading(heading, 1), kinds...)
}

func (l FormatList) recognise(h *Heading, kinds ...Kind) *Format {
	var best *Format
	most := 0
	for _, f := range l {
		if len(kinds) > 0 && !slices.ContainsFunc(kinds, f.Is) {
			continue
		}
		if l := f.match(h); l != nil && !l.Asked && l.weight() > most {
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

// plain finds the format of tables in canonical form; nil where there is none.
func (l FormatList) plain() *Format {
	for _, f := range l {
		if f.Plain {
			return f
		}
	}
	return nil
}

// headless finds the format, of those that can be read as the kind ("" for
// any), whose tables have no heading and start with such a row; nil where there
// is none.
func (l FormatList) headless(h *Heading, kind Kind) *Format {
	for _, f := range l {
		if f.Headless != nil && f.Headless(h.Names) && (kind == "" || f.Is(kind)) {
			return f
		}
	}
	return nil
}

// nearly reports whether the heading has all but one of the columns of a
// layout that also has columns of a pattern.
func (f *Format) nearly(h *Heading) bool {
	return slices.ContainsFunc(f.Layouts, func(l Layout) bool {
		if len(l.Need) < 3 || l.Also == nil || !l.Also(h) {
			return false
		}
		lacking := 0
		for _, n := range l.Need {
			if h.Column(n) < 0 {
				lacking++
			}
		}
		return lacking == 1
	})
}

// weight ranks layouts that both fit: the one that asks for more is meant.
func (l *Layout) weight() int {
	n := 2 * len(l.Need)
	if l.Also != nil {
		n++
	}
	return n
}

// match gives the layout that the heading fits, nil for none.
func (f *Format) match(h *Heading) *Layout {
	var best *Layout
	for i := range f.Layouts {
		l := &f.Layouts[i]
		if l.fits(h) && (best == nil || best.Asked && !l.Asked || best.Asked == l.Asked && l.weight() > best.weight()) {
			best = l
		}
	}
	return best
}

func (l *Layout) fits(h *Heading) bool {
	for _, n := range l.Need {
		if h.Column(n) < 0 {
			return false
		}
	}
	return l.Also == nil || l.Also(h)
}

// nearMiss says how a heading nearly fits a layout: the headings that are
// missing, each with what may have been meant. ok is false where most are
// missing.
func (l *Layout) nearMiss(h *Heading) (found int, message string, ok bool) {
	var lacking []string
	for _, n := range l.Need {
		if h.Column(n) < 0 {
			lacking = append(lacking, n)
		}
	}
	found = len(l.Need) - len(lacking)
	if len(lacking) == 0 {
		return found, fmt.Sprintf("no columns %s", l.What), l.Also != nil
	}
	if found*2 < len(l.Need) {
		return found, "", false
	}
	var spare []string
	for _, name := range h.Names {
		if !slices.ContainsFunc(l.Need, func(n string) bool { return table.Normalise(n) == table.Normalise(name) }) {
			spare = append(spare, name)
		}
	}
	parts := make([]string, len(lacking))
	for i, n := range lacking {
		parts[i] = fmt.Sprintf("no column %q", n)
		if near := table.Nearest(spare, []string{n}); near != "" {
			parts[i] += fmt.Sprintf("; did you mean %q?", near)
		}
	}
	return found, strings.Join(parts, "; "), true
}
