package data

import (
	"context"
	"fmt"
	"io"
	"regexp"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// The columns of a table of official ratings.
var (
	RatedRole = table.Role{
		Name: "footprint", Headings: []string{"footprintcode", "stpcode", "icbcode", "icscode", "systemcode", "code", "id", "areacode", "group"},
		Pattern: regexp.MustCompile(`^(?:stp|icb|ics|ccg)\d{2}(?:cd|code)$`),
	}
	RatingRole = table.Role{
		Name: "rating", Headings: []string{"overallrating", "officialrating", "grade", "category", "segment"},
		Pattern: regexp.MustCompile(`rating`),
	}
)

// OfficialRating is what an official table says of a footprint.
type OfficialRating struct {
	Code  string
	Label string // "outstanding", or a number
	File  string
	Line  int // 1-based line in the table
}

// ReadRatings reads a table of official ratings, in its order: a code or a name
// of a footprint, and a rating. Rows without a rating are left out. The error is
// a *fault.List where the table has faults, such as a footprint that stands twice.
func ReadRatings(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]OfficialRating, table.Report, error) {
	var t *table.Reader
	var code, rating int
	var list []OfficialRating
	lines := map[string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: RatedRole}, {Role: RatingRole}},
		func(table *table.Reader, cols []int) error {
			t, code, rating = table, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			one := OfficialRating{Label: t.Text(rating), File: name, Line: t.Line()}
			if table.Absent(one.Label) {
				return false, nil
			}
			var err error
			if one.Code, err = t.NewCode(code, RatedRole, lines); err != nil {
				return false, err
			}
			list = append(list, one)
			return true, nil
		})
	if err == nil && len(list) == 0 {
		err = &fault.Error{File: name, Err: fmt.Errorf("%w: no footprint has a rating", table.ErrEmptyTable)}
	}
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}
