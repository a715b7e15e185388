package importer

import (
	"fmt"
	"slices"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// SetColumns are columns whose values part a table into sets that must not be
// added: years, dates, kinds of admission.
type SetColumns struct {
	What    string
	Columns []string
	at      []int
	head    *Heading
	seen    []string
	buf     []byte
	periods map[string]string
}

// Heading finds the columns.
func (s *SetColumns) Heading(h *Heading) error {
	s.at, s.head = s.at[:0], h
	for _, c := range s.Columns {
		s.at = append(s.at, h.Column(c))
	}
	return nil
}

// Group names the set that a row is of; the text is valid until the next call.
func (s *SetColumns) Group(r Row) []byte {
	s.buf = s.buf[:0]
	for _, c := range s.at {
		if c >= 0 {
			if len(s.buf) > 0 {
				s.buf = append(s.buf, ", "...)
			}
			s.buf = append(s.buf, r.Cell(c)...)
		}
	}
	if len(s.seen) > 0 && s.seen[len(s.seen)-1] == string(s.buf) || slices.Contains(s.seen, string(s.buf)) {
		return s.buf
	}
	if len(s.seen) < 100 {
		s.seen = append(s.seen, string(s.buf))
	}
	return s.buf
}

// Skip leaves out the rows of other periods; the first set column is the
// period.
func (s *SetColumns) Skip(im *Import, r Row) string {
	if im.Options.Period == "" || s.at[0] < 0 {
		return ""
	}
	raw := r.Cell(s.at[0])
	p, ok := s.periods[string(raw)]
	if !ok {
		p, _ = calendar.Period(string(raw))
		if s.periods == nil {
			s.periods = map[string]string{}
		}
		s.periods[string(raw)] = p
	}
	if !im.Wanted(p) && string(raw) != im.Options.Period {
		return "other period"
	}
	return ""
}

// setReader refuses a table that holds several sets.
type setReader struct {
	sets *SetColumns
	*PairReader
}

// NewSetReader reads pairs in a table whose sets must not be added.
func NewSetReader(sets *SetColumns, pairs *PairReader) Reader { return &setReader{sets, pairs} }

// Finish refuses rows of several sets; the error wraps ErrMixedSets.
func (x *setReader) Finish() error {
	if n := len(x.sets.seen); n > 1 {
		slices.Sort(x.sets.seen)
		return &fault.Error{File: x.sets.head.File, Line: x.sets.head.Line, Err: fmt.Errorf(
			"%w: %d %s (%s, %s, …); choose one with --period or --where", table.ErrMixedSets, n, x.sets.What, table.Quoted(x.sets.seen[0]), table.Quoted(x.sets.seen[1]))}
	}
	if err := x.PairReader.Finish(); err != nil {
		return err
	}
	if x.Import.Kind == PopulationTable {
		x.Import.populations()
	}
	return nil
}

// populations turns flows into people by area. People are counted where they
// are registered, once, so that the sum over practices is the population.
func (im *Import) populations() {
	for _, r := range im.Result.Flows {
		ps := im.Result.Populations
		if n := len(ps); n > 0 && ps[n-1].Area == r.Area {
			ps[n-1].People += r.Count.Value
			continue
		}
		im.Result.Populations = append(ps, data.Population{Area: r.Area, People: r.Count.Value})
	}
	im.Result.Flows = nil
}
