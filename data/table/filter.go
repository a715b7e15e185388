package table

import "stpmap/flow/fault"

// Filter is the conditions of the options on the columns of one table.
type Filter []FilterColumn

// FilterColumn is the conditions on one column; any of the values will do.
type FilterColumn struct {
	Col    int
	Values []string // any of them will do
	Any    bool     // every value will
}

// Filter finds the columns of the conditions. The error is a *fault.List.
func (o *Settings) Filter(t *Reader) (Filter, error) {
	var f Filter
	var faults fault.List
next:
	for _, c := range o.Where {
		col := FindHeading(t.Header(), c.Column)
		if col < 0 {
			faults.Add(t.HeaderFault(-1, Role{Name: c.Column}.Missing(t.Header(), c.Column)))
			continue
		}
		for i := range f {
			if f[i].Col == col {
				f[i].Values = append(f[i].Values, c.Value)
				f[i].Any = f[i].Any || c.Value == "*"
				continue next
			}
		}
		f = append(f, FilterColumn{col, []string{c.Value}, c.Value == "*"})
	}
	return f, faults.Err()
}

// Keeps reports whether the row that t is at meets the conditions.
func (f Filter) Keeps(t *Reader) bool {
next:
	for i := range f {
		if f[i].Any {
			continue
		}
		field := t.Field(f[i].Col)
		for _, v := range f[i].Values {
			if string(field) == v {
				continue next
			}
		}
		return false
	}
	return true
}

// Names reports whether there is a condition on a column.
func (f Filter) Names(col int) bool {
	for i := range f {
		if f[i].Col == col {
			return true
		}
	}
	return false
}
