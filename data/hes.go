package data

import "strings"

// hesFormat is an extract of Hospital Episode Statistics or the Secondary Uses
// Service in long form, under the names of the HES data dictionary: an area of
// residence or responsibility, a provider, and a count of spells, episodes or
// admissions. "*" hides 1 to 7; other counts are rounded to 5 by the publisher.
func hesFormat() *Format {
	return &Format{
		Name: "hes-tidy", Title: "Hospital Episode Statistics in long form, under its field names",
		Kinds: []FormatKind{FlowTable},
		layouts: []layout{{
			era: "HES long form",
			also: func(h *sheetHeader) bool {
				return h.col(hesAreas...) >= 0 && h.col(hesProviders...) >= 0 && h.col(hesCounts...) >= 0
			},
			what: `of HES: one of ` + strings.Join(hesAreas, ", ") + `; one of ` + strings.Join(hesProviders, ", ") + `; one of ` + strings.Join(hesCounts, ", "),
		}},
		open: func(im *importer) tableReader {
			sets := &setColumns{what: "years or kinds of admission", columns: []string{"FYEAR", "ADMIMETH", "SUS_DATASET", "Measure"}}
			x := &pairReader{
				im:       im,
				area:     func(h *sheetHeader) int { return h.col(hesAreas...) },
				provider: func(h *sheetHeader) int { return h.col(hesProviders...) },
				count:    func(h *sheetHeader) int { return h.col(hesCounts...) },
				columns:  sets.heading,
				group:    func(r sheetRow) ([]byte, error) { return sets.group(r), nil },
			}
			x.skip = func(r sheetRow) string {
				if sumName(r.text(x.a)) || sumName(r.text(x.p)) || national.Match(r.cell(x.a)) {
					return "sum over areas or providers"
				}
				return sets.skip(im, r)
			}
			return newSetReader(sets, x)
		},
	}
}

// Field names of the HES data dictionary.
var (
	hesAreas = []string{
		"CCG_RESPONSIBILITY", "CCG_RESIDENCE", "CCG_TREATMENT_ORIGIN", "SICBL_RESPONSIBILITY", "SICBL_RESIDENCE",
		"LSOA21", "LSOA11", "LSOA01", "MSOA21", "MSOA11", "MSOA01", "RESLADST_ONS", "RESLADST",
	}
	hesProviders = []string{"PROCODE3", "PROCODET", "PROCODE", "PROCODE5", "SITETRET"}
	hesCounts    = []string{"SPELLS", "FAE", "FCE", "EPISODES", "ADMISSIONS", "PATIENTS", "ACTIVITY", "COUNT"}
)
