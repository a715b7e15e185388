package importer

import (
	"fmt"
	"strings"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// seeker looks for the heading of a table among its first rows.
type seeker struct {
	im     *Import
	name   string
	tried  []*Heading
	found  *Heading
	format *Format
	era    string
	bare   bool // the row found is data: the format has no heading
}

// try reports whether the row is the heading of the format that is asked for,
// or of any where none is.
func (s *seeker) try(cells []string, line int) bool {
	h := newHeading(cells, line)
	h.File = s.name
	if n := len(s.tried); n > 0 {
		h.Above = s.tried[n-1].Names
	}
	first := len(s.tried) == 0
	s.tried = append(s.tried, h)
	format := s.im.format
	if format == nil {
		if s.im.Kind != "" {
			format = s.im.formats.recognise(h, s.im.Kind)
		} else {
			format = s.im.formats.recognise(h)
		}
	}
	if format == nil && first {
		format = s.im.formats.headless(h, s.im.Kind)
	}
	if format == nil {
		return false
	}
	l := format.match(h)
	s.bare = l == nil && first && format.Headless != nil && format.Headless(h.Names)
	switch {
	case l != nil:
		s.era = l.Era
	case s.bare:
		s.era = "without heading"
	default:
		return false
	}
	s.found, s.format = h, format
	return true
}

// noHeading says what is wrong with a table whose heading was not found.
func (im *Import) noHeading(name string, tried []*Heading) error {
	if len(tried) == 0 {
		return &fault.Error{File: name, Err: table.ErrEmptyTable}
	}
	formats := im.formats
	if im.format != nil {
		formats = FormatList{im.format}
	}
	var best *fault.Error
	most := 1
	for _, f := range formats {
		if im.Kind != "" && !f.Is(im.Kind) {
			continue
		}
		for i := range f.Layouts {
			for _, h := range tried {
				n, message, ok := f.Layouts[i].nearMiss(h)
				if ok && n > most {
					most = n
					best = &fault.Error{File: name, Line: h.Line, Err: fmt.Errorf("%w: %s: %s", table.ErrMissingColumn, f.Name, message)}
				}
			}
		}
	}
	if best != nil {
		return best
	}
	if im.format == nil {
		return &fault.Error{File: name, Err: fmt.Errorf("%w within %d rows", ErrNotRecognised, table.MaxPreamble)}
	}
	return &fault.Error{File: name, Err: fmt.Errorf("%w: the heading of %s needs %s", ErrNotRecognised, im.format.Name, im.format.needs())}
}

// needs lists the headings of the latest layout.
func (f *Format) needs() string {
	if len(f.Layouts) == 0 {
		return "an organisation code in the first column"
	}
	l := f.Layouts[0]
	s := table.QuotedList(l.Need)
	if l.What != "" {
		s = strings.TrimPrefix(s+" and columns "+l.What, " and ")
	}
	return s
}
