package published

import (
	"slices"

	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// scotlandFormat is the cross-boundary flow of Public Health Scotland: the board
// where patients live (HBR), the board that treats them (HBT), and a number of
// stays and episodes of inpatients, or of attendances of outpatients. Its quarters
// must not be added in silence. CrossBoundaryFlag repeats what both codes say, and
// is not read.
func scotlandFormat() *importer.Format {
	return &importer.Format{
		Name: "scotland-flows", Title: "Public Health Scotland, cross-boundary flow between health boards",
		Kinds: []importer.Kind{importer.FlowTable},
		Layouts: []importer.Layout{{
			Era:  "cross-boundary flow",
			Need: []string{"Quarter", "HBT", "HBR"},
			Also: func(h *importer.Heading) bool { return h.Column(scotlandCounts...) >= 0 },
		}},
		Open: func(im *importer.Import) importer.Reader {
			sets := &importer.SetColumns{What: "quarters", Columns: []string{"Quarter"}}
			x := &importer.PairReader{
				Import:   im,
				Area:     func(h *importer.Heading) int { return h.Column("HBR") },
				Provider: func(h *importer.Heading) int { return h.Column("HBT") },
				Count:    func(h *importer.Heading) int { return h.Column(scotlandCounts...) },
				Columns:  sets.Heading,
				Group:    func(r importer.Row) ([]byte, error) { return sets.Group(r), nil },
			}
			x.Skip = func(r importer.Row) string {
				if table.National.Match(r.Cell(x.AreaColumn)) || table.National.Match(r.Cell(x.ProviderColumn)) {
					return "sum over boards"
				}
				return sets.Skip(im, r)
			}
			return &scotlandReader{importer.NewSetReader(sets, x), im}
		},
	}
}

// scotlandCounts are the counts of the two files; of a stay with several episodes
// the patient is counted once.
var scotlandCounts = []string{"Stays", "Attendances", "Episodes"}

// scotlandReader says what is particular to Scotland's boards.
type scotlandReader struct {
	importer.Reader
	im *importer.Import
}

// Finish ends the table. Scotland is not outside its own table; a board under
// codes of two years is said.
func (x *scotlandReader) Finish() error {
	if err := x.Reader.Finish(); err != nil {
		return err
	}
	rep := &x.im.Result.Report
	rep.Outside = slices.DeleteFunc(rep.Outside, func(o codebook.Outside) bool { return o.Kind == "Scotland" })
	var codes []string
	for _, r := range x.im.Result.Flows {
		codes = append(codes, r.Area, r.Provider)
	}
	slices.Sort(codes)
	for _, p := range codebook.TwiceNamed(slices.Compact(codes)) {
		rep.Note("%s and %s are both %s, under codes of two years: bring them to one with --successors and --successors-of-areas", p[0], p[1], codebook.BoardName(p[0]))
	}
	return nil
}
