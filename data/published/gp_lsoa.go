package published

import (
	"strings"

	"stpmap/data/importer"
)

// gpLSOAFormat is the number of patients registered at each practice by LSOA of
// residence, by NHS England (NHS Digital until 2023). Sex "ALL" sums the
// others.
func gpLSOAFormat() *importer.Format {
	return &importer.Format{
		Name: "gp-lsoa", Title: "NHS England, patients registered at a GP practice, by LSOA",
		Kinds: []importer.Kind{importer.FlowTable, importer.PopulationTable},
		Layouts: []importer.Layout{{
			Era:  "GP registrations by LSOA",
			Need: []string{"PRACTICE_CODE", "LSOA_CODE", "NUMBER_OF_PATIENTS"},
		}},
		Open: func(im *importer.Import) importer.Reader {
			sets := &importer.SetColumns{What: "dates", Columns: []string{"EXTRACT_DATE"}}
			sex := -1
			flows := &importer.PairReader{
				Import:   im,
				Area:     func(h *importer.Heading) int { return h.Column("LSOA_CODE") },
				Provider: func(h *importer.Heading) int { return h.Column("PRACTICE_CODE") },
				Count:    func(h *importer.Heading) int { return h.Column("NUMBER_OF_PATIENTS", "Number of Patients") },
				Columns: func(h *importer.Heading) error {
					sex = h.Column("SEX")
					return sets.Heading(h)
				},
				Total: func(r importer.Row) bool { return sex >= 0 && strings.EqualFold(string(r.Cell(sex)), "ALL") },
				Group: func(r importer.Row) ([]byte, error) { return sets.Group(r), nil },
				Skip:  func(r importer.Row) string { return sets.Skip(im, r) },
			}
			return importer.NewSetReader(sets, flows)
		},
	}
}
