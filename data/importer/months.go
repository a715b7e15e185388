package importer

import (
	"fmt"

	"stpmap/data/calendar"
	"stpmap/data/table"
)

// MonthColumn reads the column "Period" of a table, or the file's name where
// there is none.
type MonthColumn struct {
	col      int
	fallback string
	seen     map[string]string
}

// Heading finds the column, under one of the names or "Period".
func (m *MonthColumn) Heading(im *Import, h *Heading, names ...string) {
	m.col = h.Column(append(names, "Period")...)
	m.fallback, _ = calendar.PeriodIn(h.File)
	if m.seen == nil {
		m.seen = map[string]string{}
	}
}

// Of is a row's period; "" where neither column nor file name has one.
func (m *MonthColumn) Of(im *Import, r Row) (string, error) {
	if m.col < 0 {
		return m.fallback, nil
	}
	raw := r.Cell(m.col)
	if p, ok := m.seen[string(raw)]; ok {
		return p, nil
	}
	p, ok := calendar.Period(string(raw))
	if !ok {
		return "", im.Fault(r, m.col, fmt.Errorf("%w: %s is none", ErrPeriod, table.Quoted(string(raw))))
	}
	m.seen[string(raw)] = p
	return p, nil
}

// Skip gives the reason to leave a row out for its period.
func (m *MonthColumn) Skip(im *Import, r Row) string {
	if im.Options.Period == "" {
		return ""
	}
	if p, err := m.Of(im, r); err == nil && !im.Wanted(p) {
		return "other period"
	}
	return ""
}
