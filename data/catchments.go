package data

import (
	"fmt"
	"slices"
	"strings"
)

// ohidFormat is the workbook behind the trust catchment populations of the
// Office for Health Improvement and Disparities: admitted patients by MSOA and
// trust, all years in one sheet, one sheet for all, elective and emergency
// admissions each.
func ohidFormat() *Format {
	return &Format{
		Name: "ohid-catchment", Title: "OHID, NHS acute trust catchment populations, patients by MSOA and trust",
		Kinds:  []FormatKind{FlowTable},
		sheets: []string{"All Admissions"},
		layouts: []layout{{
			era:  "OHID trust catchments",
			need: []string{"CatchmentYear", "msoa", "TrustCode", "patients"},
		}},
		open: func(im *importer) tableReader {
			sets := &setColumns{what: "years or kinds of admission", columns: []string{"CatchmentYear", "AdmissionType"}}
			return newSetReader(sets, &pairReader{
				im:       im,
				area:     func(h *sheetHeader) int { return h.col("msoa") },
				provider: func(h *sheetHeader) int { return h.col("TrustCode") },
				count:    func(h *sheetHeader) int { return h.col("patients") },
				columns:  sets.heading,
				group:    func(r sheetRow) ([]byte, error) { return sets.group(r), nil },
				skip:     func(r sheetRow) string { return sets.skip(im, r) },
			})
		},
	}
}

// gpLSOAFormat is the number of patients registered at each practice by LSOA of
// residence, by NHS England (NHS Digital until 2023). Sex "ALL" sums the
// others.
func gpLSOAFormat() *Format {
	return &Format{
		Name: "gp-lsoa", Title: "NHS England, patients registered at a GP practice, by LSOA",
		Kinds: []FormatKind{FlowTable, PopulationTable},
		layouts: []layout{{
			era:  "GP registrations by LSOA",
			need: []string{"PRACTICE_CODE", "LSOA_CODE", "NUMBER_OF_PATIENTS"},
		}},
		open: func(im *importer) tableReader {
			sets := &setColumns{what: "dates", columns: []string{"EXTRACT_DATE"}}
			sex := -1
			flows := &pairReader{
				im:       im,
				area:     func(h *sheetHeader) int { return h.col("LSOA_CODE") },
				provider: func(h *sheetHeader) int { return h.col("PRACTICE_CODE") },
				count:    func(h *sheetHeader) int { return h.col("NUMBER_OF_PATIENTS", "Number of Patients") },
				columns: func(h *sheetHeader) error {
					sex = h.col("SEX")
					return sets.heading(h)
				},
				total: func(r sheetRow) bool { return sex >= 0 && strings.EqualFold(string(r.cell(sex)), "ALL") },
				group: func(r sheetRow) ([]byte, error) { return sets.group(r), nil },
				skip:  func(r sheetRow) string { return sets.skip(im, r) },
			}
			return newSetReader(sets, flows)
		},
	}
}

// setColumns are columns whose values part a table into sets that must not be
// added: years, dates, kinds of admission.
type setColumns struct {
	what    string
	columns []string
	at      []int
	head    *sheetHeader
	seen    []string
	buf     []byte
	periods map[string]string
}

func (s *setColumns) heading(h *sheetHeader) error {
	s.at, s.head = s.at[:0], h
	for _, c := range s.columns {
		s.at = append(s.at, h.col(c))
	}
	return nil
}

func (s *setColumns) group(r sheetRow) []byte {
	s.buf = s.buf[:0]
	for _, c := range s.at {
		if c >= 0 {
			if len(s.buf) > 0 {
				s.buf = append(s.buf, ", "...)
			}
			s.buf = append(s.buf, r.cell(c)...)
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

// skip leaves out the rows of other periods; the first set column is the
// period.
func (s *setColumns) skip(im *importer, r sheetRow) string {
	if im.opts.Period == "" || s.at[0] < 0 {
		return ""
	}
	raw := r.cell(s.at[0])
	p, ok := s.periods[string(raw)]
	if !ok {
		p, _ = Period(string(raw))
		if s.periods == nil {
			s.periods = map[string]string{}
		}
		s.periods[string(raw)] = p
	}
	if !im.wanted(p) && string(raw) != im.opts.Period {
		return "other period"
	}
	return ""
}

// setReader refuses a table that holds several sets.
type setReader struct {
	sets *setColumns
	*pairReader
}

// newSetReader reads pairs in a table whose sets must not be added.
func newSetReader(sets *setColumns, pairs *pairReader) tableReader { return &setReader{sets, pairs} }

func (x *setReader) finish() error {
	if n := len(x.sets.seen); n > 1 {
		slices.Sort(x.sets.seen)
		return &InputError{File: x.sets.head.file, Line: x.sets.head.line, Err: fmt.Errorf(
			"%w: %d %s (%s, %s, …); choose one with --period or --where", ErrMixedSets, n, x.sets.what, quoted(x.sets.seen[0]), quoted(x.sets.seen[1]))}
	}
	if err := x.pairReader.finish(); err != nil {
		return err
	}
	if x.im.kind == PopulationTable {
		x.im.populations()
	}
	return nil
}

// populations turns flows into people by area. People are counted where they
// are registered, once, so that the sum over practices is the population.
func (im *importer) populations() {
	for _, r := range im.out.Flows {
		ps := im.out.Populations
		if n := len(ps); n > 0 && ps[n-1].Area == r.Area {
			ps[n-1].People += r.Count.Value
			continue
		}
		im.out.Populations = append(ps, Population{Area: r.Area, People: r.Count.Value})
	}
	im.out.Flows = nil
}
