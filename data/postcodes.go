package data

import (
	"fmt"
	"strings"
)

// postcodeFormat is a postcode directory with a heading (ONSPD, NSPL): the
// point of each postcode.
func postcodeFormat() *Format {
	return &Format{
		Name: "postcodes", Title: "ONS, postcode directory (ONSPD, NSPL)",
		Kinds: []FormatKind{PointTable},
		layouts: []layout{{
			era: "postcode directory",
			also: func(h *sheetHeader) bool {
				return h.col(postcodeColumns...) >= 0 && h.col("lat", "latitude") >= 0 && h.col("long", "longitude", "lon") >= 0
			},
			what: `"pcds", "lat" and "long"`,
		}},
		open: func(im *importer) tableReader { return &postcodeReader{im: im} },
	}
}

var postcodeColumns = []string{"pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode"}

// Point is where a postcode or a provider is, in degrees (WGS84).
type Point struct {
	Code     string // a postcode without its space, or a provider's code
	Name     string
	Lon, Lat float64
}

// PostcodeKey is a postcode without spaces, in capitals.
func PostcodeKey(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

type postcodeReader struct {
	im             *importer
	code, lon, lat int
}

func (x *postcodeReader) heading(h *sheetHeader) error {
	x.code, x.lat, x.lon = h.col(postcodeColumns...), h.col("lat", "latitude"), h.col("long", "longitude", "lon")
	return nil
}

func (x *postcodeReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	key := PostcodeKey(r.text(x.code))
	if key == "" {
		return x.im.fault(r, x.code, ErrMissingCode)
	}
	if x.im.opts.Postcodes != nil && !x.im.opts.Postcodes[key] {
		rep.leave("postcode not asked for")
		return nil
	}
	lat, err := x.im.number(r, x.lat)
	if err != nil {
		return err
	}
	lon, err := x.im.number(r, x.lon)
	if err != nil {
		return err
	}
	if !lat.Known || !lon.Known || lat.Value > 99 { // 99.999999 is none
		rep.leave("postcode without a place")
		return nil
	}
	if lat.Value < -90 || lat.Value > 90 || lon.Value < -180 || lon.Value > 180 {
		return x.im.fault(r, x.lat, fmt.Errorf("%w: %s, %s", ErrCoordinate, r.text(x.lon), r.text(x.lat)))
	}
	rep.Used++
	x.im.out.Points = append(x.im.out.Points, Point{Code: key, Lon: lon.Value, Lat: lat.Value})
	return nil
}

func (x *postcodeReader) finish() error { return nil }

// Locate gives organisations the points of their postcodes; missing are those
// without one. The point of a trust is that of its headquarters, which may be
// an office far from its hospitals.
func Locate(orgs []Organisation, postcodes []Point) (points []Point, missing []string) {
	at := make(map[string]Point, len(postcodes))
	for _, p := range postcodes {
		at[p.Code] = p
	}
	for _, o := range orgs {
		p, ok := at[PostcodeKey(o.Postcode)]
		if !ok {
			missing = append(missing, o.Code)
			continue
		}
		points = append(points, Point{Code: o.Code, Name: o.Name, Lon: p.Lon, Lat: p.Lat})
	}
	return points, missing
}
