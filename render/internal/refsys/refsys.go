// Package refsys knows reference systems by name, number and well-known text.
package refsys

import (
	"fmt"
	"regexp"
	"strings"

	"stpmap/render/internal/geodesy"
)

// System is a coordinate reference system that boundaries may come in.
type System struct {
	Code    string // "EPSG:4326"
	Name    string
	Planar  bool
	ToWGS84 func(x, y float64) (lon, lat float64) // nil: degrees that are WGS84 within a metre
}

// The systems that boundaries may come in, beside those near WGS 84.
var (
	WGS84       = System{Code: "EPSG:4326", Name: "WGS 84"}
	BritishGrid = System{Code: "EPSG:27700", Name: "British National Grid", Planar: true, ToWGS84: geodesy.GridToWGS84}
	WebMercator = System{Code: "EPSG:3857", Name: "Web Mercator", Planar: true, ToWGS84: geodesy.WebMercatorToWGS84}
	OSGB36      = System{Code: "EPSG:4277", Name: "OSGB36", ToWGS84: geodesy.OSGB36ToWGS84}
	ETRS89      = System{Code: "EPSG:4258", Name: "ETRS89"}
)

var epsgName = regexp.MustCompile(`(?i)(?:epsg|esri)(?:[:/][0-9.]*)*[:/](\d+)$`)

// Named finds a system by any of the names that files give it.
func Named(name string) (System, bool) {
	name = strings.TrimSpace(name)
	upper := strings.ToUpper(name)
	if strings.HasSuffix(upper, "CRS84") || upper == "WGS84" || upper == "WGS 84" {
		return WGS84, true
	}
	number := name
	if m := epsgName.FindStringSubmatch(name); m != nil {
		number = m[1]
	}
	if c, ok := numberNearWGS84(number); ok {
		return c, true
	}
	switch number {
	case "4277":
		return OSGB36, true
	case "27700", "7405":
		return BritishGrid, true
	case "3857", "102100", "900913", "3785", "102113":
		return WebMercator, true
	}
	return geographicNamed(name)
}

// Unknown is an ErrUnknown that lists what is known.
func Unknown(name string) error {
	return fmt.Errorf("%w: %q; known are EPSG:4326, 4258, 4269, 4277, 27700, 3857 and systems of longitude and latitude within 2 m of WGS 84", ErrUnknown, name)
}
