package importer

import (
	"cmp"
	"slices"

	"stpmap/data/codebook"
	"stpmap/data/table"
	"stpmap/flow"
)

// CountOutside counts the flows of places outside England, which stay in the table
// under their own codes.
func (im *Import) CountOutside() {
	type sum struct {
		codes []string
		n     flow.Count
	}
	by := map[string]*sum{}
	note := func(kind, code string, c flow.Count) {
		s := by[kind]
		if s == nil {
			s = &sum{}
			by[kind] = s
		}
		if !slices.Contains(s.codes, code) {
			s.codes = append(s.codes, code)
		}
		s.n = s.n.Plus(c)
	}
	kinds := map[string]string{}
	for _, r := range im.Result.Flows {
		k, ok := kinds[r.Area]
		if !ok {
			k = table.OutsideOf(r.Area)
			kinds[r.Area] = k
		}
		if k != "" {
			note(k, r.Area, r.Count)
		}
		if codebook.Elsewhere(r.Provider) {
			note("provider outside the table", r.Provider, r.Count)
		}
	}
	for kind, s := range by {
		slices.Sort(s.codes)
		im.Result.Report.Outside = append(im.Result.Report.Outside, codebook.Outside{Kind: kind, Codes: s.codes, Patients: s.n})
	}
	slices.SortFunc(im.Result.Report.Outside, func(a, b codebook.Outside) int { return cmp.Compare(a.Kind, b.Kind) })
}
