package published

import (
	"fmt"
	"strings"

	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// successorFormat is a table of organisations and those that took over: trusts
// that merged, or clinical commissioning groups.
func successorFormat() *importer.Format {
	return &importer.Format{
		Name: "successors", Title: "Organisation Data Service: successors (succ), or a table of mergers",
		Kinds:  []importer.Kind{importer.SuccessorTable},
		Sheets: []string{"CCG Mergers"},
		Layouts: []importer.Layout{{
			Era:  "mergers",
			Also: func(h *importer.Heading) bool { return h.Column(oldCodes...) >= 0 && h.Column(newCodes...) >= 0 },
			What: `"old_code" and "new_code"`,
		}},
		Headless: func(cells []string) bool {
			return len(cells) >= 4 && table.ODSCode.MatchString(cells[0]) && table.ODSCode.MatchString(cells[1]) && len(cells[2]) <= 2 && odsDate.MatchString(cells[3])
		},
		Open: func(im *importer.Import) importer.Reader { return &successorReader{im: im} },
	}
}

var (
	oldCodes = []string{"trust_code_old", "old_code", "Legacy (closing) CCG Code", "Legacy (closing) Commissioning Hub Code", "Predecessor Code", "Organisation Code Old", "old"}
	newCodes = []string{"trust_code_new", "new_code", "New CCG Code", "New / Retained Commissioning Hub Code", "Successor Code", "Organisation Code New", "new"}
)

type successorReader struct {
	im             *importer.Import
	old, new, date int
}

func (x *successorReader) Heading(h *importer.Heading) error {
	if h == nil {
		x.old, x.new, x.date = 0, 1, 3
		return nil
	}
	x.old, x.new, x.date = h.Column(oldCodes...), h.Column(newCodes...), h.Column("from_date", "date", "Effective Date", "Legal Start Date")
	return nil
}

func (x *successorReader) Row(r importer.Row) error {
	s := codebook.Succession{Old: r.Text(x.old), New: r.Text(x.new), Line: r.Line}
	for i, code := range []string{s.Old, s.New} {
		if !table.ODSCode.MatchString(code) {
			if s.Old == "" || s.New == "" || strings.Contains(code, " ") {
				x.im.Result.Report.LeaveOut("not a pair of codes")
				return nil
			}
			return x.im.Fault(r, []int{x.old, x.new}[i], fmt.Errorf("%w: %s is no organisation code", table.ErrMissingCode, table.Quoted(code)))
		}
	}
	if d := r.Text(x.date); x.date >= 0 && !table.Absent(d) {
		var ok bool
		if s.Date, ok = odsDay(d); !ok {
			return x.im.Fault(r, x.date, fmt.Errorf("%s is no date like 2021-10-01", table.Quoted(d)))
		}
	}
	x.im.Result.Report.Used++
	x.im.Result.Successors = append(x.im.Result.Successors, s)
	return nil
}

func (x *successorReader) Finish() error { return nil }
