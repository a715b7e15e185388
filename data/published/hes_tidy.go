package published

import (
	"strings"

	"stpmap/data/importer"
	"stpmap/data/table"
)

// hesFormat is an extract of Hospital Episode Statistics or the Secondary Uses
// Service in long form, under the names of the HES data dictionary: an area of
// residence or responsibility, a provider, and a count of spells, episodes or
// admissions. "*" hides 1 to 7; other counts are rounded to 5 by the publisher.
func hesFormat() *importer.Format {
	return &importer.Format{
		Name: "hes-tidy", Title: "Hospital Episode Statistics in long form, under its field names",
		Kinds: []importer.Kind{importer.FlowTable},
		Layouts: []importer.Layout{{
			Era: "HES long form",
			Also: func(h *importer.Heading) bool {
				return h.Column(hesAreas...) >= 0 && h.Column(hesProviders...) >= 0 && h.Column(hesCounts...) >= 0
			},
			What: `of HES: one of ` + strings.Join(hesAreas, ", ") + `; one of ` + strings.Join(hesProviders, ", ") + `; one of ` + strings.Join(hesCounts, ", "),
		}},
		Open: func(im *importer.Import) importer.Reader {
			sets := &importer.SetColumns{What: "years or kinds of admission", Columns: []string{"FYEAR", "ADMIMETH", "SUS_DATASET", "Measure"}}
			x := &importer.PairReader{
				Import:   im,
				Area:     func(h *importer.Heading) int { return h.Column(hesAreas...) },
				Provider: func(h *importer.Heading) int { return h.Column(hesProviders...) },
				Count:    func(h *importer.Heading) int { return h.Column(hesCounts...) },
				Columns:  sets.Heading,
				Group:    func(r importer.Row) ([]byte, error) { return sets.Group(r), nil },
			}
			x.Skip = func(r importer.Row) string {
				if table.IsSum(r.Text(x.AreaColumn)) || table.IsSum(r.Text(x.ProviderColumn)) || table.National.Match(r.Cell(x.AreaColumn)) {
					return "sum over areas or providers"
				}
				return sets.Skip(im, r)
			}
			return importer.NewSetReader(sets, x)
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
