package data

// pairReader reads formats with an area, a provider and a count in each row.
type pairReader struct {
	im       *importer
	area     func(h *sheetHeader) int
	provider func(h *sheetHeader) int
	count    func(h *sheetHeader) int
	// total tells rows that sum others, group the set in which they do; skip
	// gives a reason to leave a row out. Any may be nil.
	total func(r sheetRow) bool
	group func(r sheetRow) ([]byte, error)
	skip  func(r sheetRow) string
	// columns finds further columns, at each heading.
	columns func(h *sheetHeader) error

	a, p, c int
	pairs   pairTally
}

func (x *pairReader) heading(h *sheetHeader) error {
	x.a, x.p, x.c = x.area(h), x.provider(h), x.count(h)
	for _, q := range []struct {
		name string
		role Role
		at   *int
	}{{x.im.opts.Area, AreaRole, &x.a}, {x.im.opts.Provider, ProviderRole, &x.p}, {x.im.opts.Count, CountRole, &x.c}} {
		if q.name != "" {
			if *q.at = FindHeading(h.names, q.name); *q.at < 0 {
				return q.role.Missing(h.names, q.name)
			}
		}
		if *q.at < 0 {
			return q.role.Missing(h.names, "")
		}
	}
	if x.columns != nil {
		return x.columns(h)
	}
	return nil
}

func (x *pairReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	if x.skip != nil {
		if reason := x.skip(r); reason != "" {
			rep.leave(reason)
			return nil
		}
	}
	var group []byte
	if x.group != nil {
		g, err := x.group(r)
		if err != nil {
			return err
		}
		group = g
	}
	area, provider := r.cell(x.a), r.cell(x.p)
	if len(area) == 0 {
		return x.im.fault(r, x.a, ErrMissingCode)
	}
	if len(provider) == 0 {
		return x.im.fault(r, x.p, ErrMissingCode)
	}
	c, absent, err := x.im.count(r, x.c)
	if err != nil || absent {
		return err
	}
	rep.Used++
	x.pairs.add(area, provider, group, c, x.total != nil && x.total(r), x.im.head.file, r.line)
	return nil
}

func (x *pairReader) finish() error {
	x.im.out.Flows = x.pairs.records(x.im.differs)
	x.im.outside()
	return nil
}
