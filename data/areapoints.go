package data

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"stpmap/data/table"
)

// AreaPoint is where an area lies of which no polygon is known.
type AreaPoint struct {
	Code, Name string
	Lon, Lat   float64 // degrees (WGS84)
	Line       int     // 1-based line in the table
}

// ReadAreaPoints reads a table of areas with a longitude and a latitude, and a
// name where it has one, sorted by code. An area without a point is left out,
// and counted as Absent. The error is a *fault.List where the table has faults,
// such as coordinates that are no degrees or an area that stands twice.
func ReadAreaPoints(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]AreaPoint, table.Report, error) {
	var t *table.Reader
	var area, title, lon, lat int
	var list []AreaPoint
	lines := map[string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: pointAreaRole}, {Role: NameRole, Optional: true}, {Role: pointLonRole}, {Role: pointLatRole}},
		func(opened *table.Reader, cols []int) error {
			t, area, title, lon, lat = opened, cols[0], cols[1], cols[2], cols[3]
			return nil
		},
		func() (bool, error) {
			code, err := t.NewCode(area, AreaRole, lines)
			if err != nil {
				return false, err
			}
			x, y, ok, err := t.Point(lon, lat)
			if err != nil || !ok {
				return false, err
			}
			if math.Abs(x) > 180 || math.Abs(y) > 90 {
				return false, t.Fault(lon, fmt.Errorf("%w in degrees: %s, %s", table.ErrCoordinate, t.Text(lon), t.Text(lat)))
			}
			p := AreaPoint{Code: code, Lon: x, Lat: y, Line: t.Line()}
			if title >= 0 {
				p.Name = t.Text(title)
			}
			list = append(list, p)
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	points := make([]table.Position, len(list))
	for i, p := range list {
		points[i] = table.Position{Lon: p.Lon, Lat: p.Lat}
	}
	if table.ZeroMeansNone(points) {
		all := len(list)
		list = slices.DeleteFunc(list, func(p AreaPoint) bool { return table.AtZero(p.Lon, p.Lat) })
		rep.Kept -= all - len(list)
		rep.Absent += all - len(list)
	}
	if len(list) == 0 {
		rep.Faults.Add(t.HeaderFault(-1, fmt.Errorf("%w but points at 0, 0, which stand for none", table.ErrEmptyTable)))
		return nil, rep, rep.Faults.Err()
	}
	slices.SortFunc(list, func(a, b AreaPoint) int { return cmp.Compare(a.Code, b.Code) })
	return list, rep, nil
}
