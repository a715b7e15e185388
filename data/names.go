package data

import (
	"context"
	"io"

	"stpmap/data/table"
)

// GivenName is the name that a person gives a footprint, by its id or by any of
// its members.
type GivenName struct {
	Code, Name string
	Line       int // in the table
}

// The columns of a table of names.
var (
	namedRole = table.Role{Name: "code", Headings: []string{"footprint", "footprintcode", "id", "member", "area", "areacode", "provider", "providercode", "system"}}
	givenRole = table.Role{Name: "name", Headings: []string{"footprintname", "systemname", "label", "title"}}
)

// ReadNames reads a table of names: columns code and name, by their headings or,
// where these say nothing, the first two. A code stands in it once; one without a
// name is passed over. The error is a *fault.List where there are faults.
func ReadNames(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]GivenName, table.Report, error) {
	return readPairs(ctx, name, r, opts, namedRole, givenRole, func(code, name string, line int) GivenName { return GivenName{code, name, line} })
}
