package data

import (
	"context"
	"fmt"
	"io"

	"stpmap/data/table"
)

// AreaLink is a pair of areas that count as neighbours though they do not touch:
// a bridge, a ferry.
type AreaLink struct {
	A, B string
	Line int // 1-based line in the table
}

// ReadLinks reads a table of pairs of areas, in the table's order. The error is a
// *Faults where the table has faults, such as an area linked to itself.
func ReadLinks(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]AreaLink, table.Report, error) {
	var t *table.Reader
	var a, b int
	var list []AreaLink
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: LinkFromRole}, {Role: LinkToRole}},
		func(table *table.Reader, cols []int) error {
			t, a, b = table, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			from, err := t.Code(a, LinkFromRole)
			if err != nil {
				return false, err
			}
			to, err := t.Code(b, LinkToRole)
			if err != nil {
				return false, err
			}
			if from == to {
				return false, t.Fault(b, fmt.Errorf("%w: %s is linked to itself", table.ErrDuplicate, from))
			}
			list = append(list, AreaLink{from, to, t.Line()})
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}
