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

// Provider is a row of a table of providers.
type Provider struct {
	Code, Name, Type string
	// Lon and Lat are in degrees (WGS84); NaN where HasPoint is false.
	Lon, Lat float64
	HasPoint bool
	Extra    []string // the other columns, in the order of Providers.Headings
	Line     int      // 1-based line in the table
}

// Providers is a table of providers.
type Providers struct {
	List     []Provider // sorted by code
	Headings []string   // of the columns that are none of Provider's own
}

// Find gives the provider with a code.
func (p *Providers) Find(code string) (Provider, bool) {
	i, ok := slices.BinarySearchFunc(p.List, code, func(a Provider, code string) int { return cmp.Compare(a.Code, code) })
	if !ok {
		return Provider{}, false
	}
	return p.List[i], true
}

// Column gives the place of a heading in Provider.Extra; -1 where there is
// none.
func (p *Providers) Column(heading string) int { return table.FindHeading(p.Headings, heading) }

// ReadProviders reads a table of providers: a code, and what there is of name,
// longitude, latitude and type. Latitude 99.999999, which postcode directories
// print for none, is none. Columns called x and y that are no degrees give no
// points, and a note; a longitude that is none is a fault. A point at 0, 0 far
// from all others, or at a national grid's false origin, is none. The error is a
// *Faults where the table has faults, such as a code that stands twice.
func ReadProviders(ctx context.Context, name string, r io.Reader, opts ...table.Option) (*Providers, table.Report, error) {
	var t *table.Reader
	var c struct{ code, name, lon, lat, kind int }
	var extra []int
	planar, planarRows := false, 0
	p := &Providers{}
	lines := map[string]int{}
	roles := []table.Wanted{{Role: providerCodeRole}, {Role: ProviderNameRole, Optional: true}, {Role: LonRole, Optional: true}, {Role: LatRole, Optional: true}, {Role: TypeRole, Optional: true}}
	rep, err := table.ReadRows(ctx, name, r, opts, roles,
		func(opened *table.Reader, cols []int) error {
			t = opened
			c.code, c.name, c.lon, c.lat, c.kind = cols[0], cols[1], cols[2], cols[3], cols[4]
			if c.lon >= 0 && c.lat < 0 {
				return t.HeaderFault(-1, LatRole.Missing(t.Header(), ""))
			}
			if c.lat >= 0 && c.lon < 0 {
				return t.HeaderFault(-1, LonRole.Missing(t.Header(), ""))
			}
			planar = c.lon >= 0 && table.Normalise(t.Header()[c.lon]) == "x" && table.Normalise(t.Header()[c.lat]) == "y"
			for i, h := range t.Header() {
				if !slices.Contains(cols, i) {
					extra = append(extra, i)
					p.Headings = append(p.Headings, h)
				}
			}
			return nil
		},
		func() (bool, error) {
			code, err := t.NewCode(c.code, ProviderRole, lines)
			if err != nil {
				return false, err
			}
			one := Provider{Code: code, Lon: math.NaN(), Lat: math.NaN(), Line: t.Line()}
			if c.name >= 0 {
				one.Name = t.Text(c.name)
			}
			if c.kind >= 0 {
				one.Type = t.Text(c.kind)
			}
			for _, i := range extra {
				one.Extra = append(one.Extra, t.Text(i))
			}
			if c.lon >= 0 {
				lon, lat, ok, err := t.Point(c.lon, c.lat)
				switch {
				case err != nil:
					return false, err
				case ok && (math.Abs(lon) > 180 || math.Abs(lat) > 90):
					if !planar {
						return false, t.Fault(c.lon, fmt.Errorf("%w in degrees: %s, %s", table.ErrCoordinate, t.Text(c.lon), t.Text(c.lat)))
					}
					planarRows++
				case ok:
					one.Lon, one.Lat, one.HasPoint = lon, lat, true
				}
			}
			p.List = append(p.List, one)
			return true, nil
		})
	if planarRows > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%q and %q are not degrees in %d rows: no provider has a point", t.Header()[c.lon], t.Header()[c.lat], planarRows))
		for i := range p.List {
			p.List[i].Lon, p.List[i].Lat, p.List[i].HasPoint = math.NaN(), math.NaN(), false
		}
	}
	if err != nil {
		return nil, rep, err
	}
	p.dropZeros()
	slices.SortFunc(p.List, func(a, b Provider) int { return cmp.Compare(a.Code, b.Code) })
	return p, rep, nil
}

// dropZeros takes points at 0, 0 for none.
func (p *Providers) dropZeros() {
	var points []table.Position
	for _, one := range p.List {
		if one.HasPoint {
			points = append(points, table.Position{Lon: one.Lon, Lat: one.Lat})
		}
	}
	if !table.ZeroMeansNone(points) {
		return
	}
	for i := range p.List {
		if one := &p.List[i]; one.HasPoint && table.AtZero(one.Lon, one.Lat) {
			one.Lon, one.Lat, one.HasPoint = math.NaN(), math.NaN(), false
		}
	}
}
