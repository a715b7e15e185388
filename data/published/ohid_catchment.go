package published

import "stpmap/data/importer"

// ohidFormat is the workbook behind the trust catchment populations of the
// Office for Health Improvement and Disparities: admitted patients by MSOA and
// trust, all years in one sheet, one sheet for all, elective and emergency
// admissions each.
func ohidFormat() *importer.Format {
	return &importer.Format{
		Name: "ohid-catchment", Title: "OHID, NHS acute trust catchment populations, patients by MSOA and trust",
		Kinds:  []importer.Kind{importer.FlowTable},
		Sheets: []string{"All Admissions"},
		Layouts: []importer.Layout{{
			Era:  "OHID trust catchments",
			Need: []string{"CatchmentYear", "msoa", "TrustCode", "patients"},
		}},
		Open: func(im *importer.Import) importer.Reader {
			sets := &importer.SetColumns{What: "years or kinds of admission", Columns: []string{"CatchmentYear", "AdmissionType"}}
			return importer.NewSetReader(sets, &importer.PairReader{
				Import:   im,
				Area:     func(h *importer.Heading) int { return h.Column("msoa") },
				Provider: func(h *importer.Heading) int { return h.Column("TrustCode") },
				Count:    func(h *importer.Heading) int { return h.Column("patients") },
				Columns:  sets.Heading,
				Group:    func(r importer.Row) ([]byte, error) { return sets.Group(r), nil },
				Skip:     func(r importer.Row) string { return sets.Skip(im, r) },
			})
		},
	}
}
