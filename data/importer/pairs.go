package importer

import (
	"stpmap/data"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// PairReader reads formats with an area, a provider and a count in each row.
type PairReader struct {
	Import   *Import
	Area     func(h *Heading) int
	Provider func(h *Heading) int
	Count    func(h *Heading) int
	// Total tells rows that sum others, group the set in which they do; skip
	// gives a reason to leave a row out. Any may be nil.
	Total func(r Row) bool
	Group func(r Row) ([]byte, error)
	Skip  func(r Row) string
	// Columns finds further columns, at each heading.
	Columns func(h *Heading) error

	AreaColumn, ProviderColumn, countColumn int
	pairs                                   tally.Pairs
}

// Heading finds the columns, those named in the options first.
func (x *PairReader) Heading(h *Heading) error {
	x.AreaColumn, x.ProviderColumn, x.countColumn = x.Area(h), x.Provider(h), x.Count(h)
	for _, q := range []struct {
		name string
		role table.Role
		at   *int
	}{{x.Import.Options.Area, data.AreaRole, &x.AreaColumn}, {x.Import.Options.Provider, data.ProviderRole, &x.ProviderColumn}, {x.Import.Options.Count, data.CountRole, &x.countColumn}} {
		if q.name != "" {
			if *q.at = table.FindHeading(h.Names, q.name); *q.at < 0 {
				return q.role.Missing(h.Names, q.name)
			}
		}
		if *q.at < 0 {
			return q.role.Missing(h.Names, "")
		}
	}
	if x.Columns != nil {
		return x.Columns(h)
	}
	return nil
}

// Row counts one row.
func (x *PairReader) Row(r Row) error {
	rep := &x.Import.Result.Report
	if x.Skip != nil {
		if reason := x.Skip(r); reason != "" {
			rep.LeaveOut(reason)
			return nil
		}
	}
	var group []byte
	if x.Group != nil {
		g, err := x.Group(r)
		if err != nil {
			return err
		}
		group = g
	}
	area, provider := r.Cell(x.AreaColumn), r.Cell(x.ProviderColumn)
	for _, col := range []int{x.AreaColumn, x.ProviderColumn} {
		switch kind, err := x.Import.Place(r, col); {
		case err != nil:
			return err
		case kind == table.WithoutCode && !x.Import.Options.SkipMissing:
			return x.Import.Fault(r, col, table.ErrMissingCode)
		case kind == table.WithoutCode:
			rep.LeaveOut("without a code")
			return nil
		case kind == table.Nowhere:
			rep.LeaveOut(table.LeftNowhere)
			return nil
		case kind == table.SumOfRows:
			rep.LeaveOut(table.LeftSum)
			return nil
		}
	}
	c, absent, err := x.Import.Count(r, x.countColumn)
	if err != nil || absent {
		return err
	}
	rep.Used++
	x.pairs.Add(area, provider, group, c, x.Total != nil && x.Total(r), x.Import.Heading.File, r.Line)
	return nil
}

// Finish puts the flows into the result.
func (x *PairReader) Finish() error {
	x.Import.Result.Flows = x.pairs.Records(x.Import.Differs)
	x.Import.CountOutside()
	return nil
}
