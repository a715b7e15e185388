package published

import (
	"fmt"
	"strings"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// lookupFormat is a table of areas and the larger areas that they lie in: the
// lookups of the Office for National Statistics of any year (LSOA11CD,
// CCG21CD, CCG21CDH, CCG21NM, …), the practices of NHS England
// (PRACTICE_CODE, ONS_CCG_CODE, CCG_CODE, …), and tables like them.
func lookupFormat() *importer.Format {
	return &importer.Format{
		Name: "lookup", Title: "ONS and NHS lookups: LSOA, MSOA, CCG or sub-ICB, STP or ICB, region",
		Kinds: []importer.Kind{importer.LookupTable},
		Layouts: []importer.Layout{{
			Era:  "lookup",
			Also: func(h *importer.Heading) bool { return codebook.CodeLevels(h.Names) >= 2 && !codebook.FlowsIn(h.Names) },
			What: "with codes of two levels at least, such as LSOA11CD and CCG21CD",
		}},
		Open: func(im *importer.Import) importer.Reader { return &lookupReader{im: im} },
	}
}

type lookupReader struct {
	im     *importer.Import
	at     []int
	weight int
	cells  [][]byte
}

func (x *lookupReader) Heading(h *importer.Heading) error {
	l, at := codebook.NewLookup(h.Names)
	x.at, x.weight = at, -1
	for i, n := range h.Names {
		if k := table.Normalise(n); strings.HasPrefix(k, "proportion") || k == "weight" || k == "share" {
			x.weight = i
		}
	}
	if i := data.CountRole.Find(h.Names); i >= 0 && i != x.weight {
		x.im.Result.Report.Note("column %s is no part of a lookup, and is left out: --as flows, with --area-column and --provider-column, reads it as a count", table.Quoted(h.Names[i]))
	}
	first := &x.im.Result.Lookup
	if *first == nil {
		*first = l
		return nil
	}
	if !(*first).SameColumns(l) {
		return fmt.Errorf("%w: the columns differ from those of the first table", codebook.ErrLookup)
	}
	return nil
}

func (x *lookupReader) Row(r importer.Row) error {
	some := 0
	x.cells = x.cells[:0]
	for _, c := range x.at {
		cell := r.Cell(c)
		x.cells = append(x.cells, cell)
		if len(cell) > 0 {
			some++
		}
	}
	if some < 2 {
		x.im.Result.Report.LeaveOut("fewer than two codes")
		return nil
	}
	if x.weight < 0 {
		x.im.Result.Lookup.Add(x.cells)
	} else {
		w, err := x.im.Number(r, x.weight)
		if err != nil {
			return err
		}
		if w.Value < 0 {
			return x.im.Fault(r, x.weight, fmt.Errorf("%w: %g", table.ErrNegativeCount, w.Value))
		}
		x.im.Result.Lookup.AddWeighted(x.cells, w.Value)
	}
	x.im.Result.Report.Used++
	return nil
}

func (x *lookupReader) Finish() error {
	x.im.Result.Lookup.Settle()
	return nil
}
