package importer

import (
	"strings"

	"stpmap/data/table"
)

// Heading is the heading of a table: where each column is.
type Heading struct {
	Names []string // as they stand, trimmed
	Above []string // the row before, which may name sections
	File  string
	Line  int // from 1; of a sheet, the number of the row
	index map[string]int
}

// newHeading makes a heading of its cells; line is where it stands, from 1.
func newHeading(names []string, line int) *Heading {
	h := &Heading{Names: make([]string, len(names)), Line: line, index: make(map[string]int, len(names))}
	for i, n := range names {
		h.Names[i] = strings.TrimSpace(strings.TrimPrefix(n, "\ufeff"))
		k := table.Normalise(n)
		if _, ok := h.index[k]; !ok && k != "" {
			h.index[k] = i
		}
	}
	return h
}

// Column is the column with the first of the names that the heading has, -1 for
// none.
func (h *Heading) Column(names ...string) int {
	for _, n := range names {
		if i, ok := h.index[table.Normalise(n)]; ok {
			return i
		}
	}
	return -1
}
