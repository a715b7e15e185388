package importer

import (
	"fmt"
	"slices"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/flow/fault"
)

// Result is a published file in canonical form.
type Result struct {
	Format *Format
	Kind   Kind

	Flows         []data.Record           // sorted by area and provider; suppressed cells stand apart
	Figures       []data.Figure           // sorted by entity, indicator and period
	Organisations []codebook.Organisation // in file order
	Successors    []codebook.Succession   // in file order
	Populations   []data.Population
	Lookup        *codebook.Lookup
	Points        []codebook.Point

	Report Report
}

// Report says what was seen: nothing is left out without being counted.
type Report struct {
	Layouts    []string // the era of each table, as found
	Rows       int      // rows below the heading, blank ones apart
	Used       int      // rows that count
	LeftOut    []LeftOut
	Filtered   int // of those left out, rows that a condition left out
	Suppressed int // cells known only within bounds
	Absent     int // cells that say nothing
	// Outside are patients of areas, or from providers, that lie outside
	// England, kept with their codes.
	Outside []codebook.Outside
	// Differences are published totals that the rows do not add up to.
	Differences []*fault.Error
	Notes       []string
	// Plain are the reports of tables in long form.
	Plain []data.FlowReport
}

// LeftOut is a number of rows that do not count, and why.
type LeftOut struct {
	Reason string
	Rows   int
}

// LeaveOut counts a row that does not count, under its reason.
func (r *Report) LeaveOut(reason string) {
	for i := range r.LeftOut {
		if r.LeftOut[i].Reason == reason {
			r.LeftOut[i].Rows++
			return
		}
	}
	r.LeftOut = append(r.LeftOut, LeftOut{reason, 1})
}

// Note adds a sentence for people, once.
func (r *Report) Note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	if !slices.Contains(r.Notes, n) {
		r.Notes = append(r.Notes, n)
	}
}

// NotChosen is the reason of rows that the conditions leave out.
const NotChosen = "not chosen by --where"

// Take adds what reading a plain table came to.
func (r *Report) Take(f *data.FlowReport) {
	r.Rows += f.Rows
	r.Used += f.Added
	r.Filtered += f.Filtered
	r.Absent += f.Absent
	r.Suppressed += f.SuppressedRows
	if f.Filtered > 0 {
		r.LeftOut = append(r.LeftOut, LeftOut{NotChosen, f.Filtered})
	}
	for _, o := range f.Omitted {
		r.Note("%s", o)
	}
	r.Plain = append(r.Plain, *f)
}
