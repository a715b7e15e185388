package importer

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/codebook"
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

// named reports whether a row has the columns of flows by the headings that were
// given, or the usual ones for those that were not.
func (s *seeker) named(h *Heading) bool {
	o := s.im.Options
	if o.Count == "" {
		o.Count = o.Shares.Column
	}
	if o.Area == "" && o.Provider == "" && o.Count == "" || s.im.Kind != "" && s.im.Kind != FlowTable {
		return false
	}
	cols := table.Collect([]table.Option{data.Columns(o.Area, o.Provider, o.Count)}).Find(h.Names, []table.Wanted{{Role: data.AreaRole}, {Role: data.ProviderRole}, {Role: data.CountRole}})
	return !slices.Contains(cols, -1)
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
	if format == nil && s.named(h) {
		format = s.im.formats.plain()
	}
	if format == nil && first {
		format = s.im.formats.headless(h, s.im.Kind)
	}
	if format == nil {
		return false
	}
	l := format.match(h)
	if l == nil && format.Name == "long" && s.named(h) {
		l = &format.Layouts[0]
	}
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
	for _, h := range tried {
		if im.format == nil && codebook.FlowsIn(h.Names) && codebook.CodeLevels(h.Names) >= 2 {
			return &fault.Error{File: name, Line: h.Line, Err: data.AreaRole.Missing(h.Names, im.Options.Area)}
		}
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
