package boundary

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"stpmap/flow/fault"
	"stpmap/render/internal/geodesy"
	"stpmap/render/internal/geojsonread"
)

// crs is a coordinate reference system that boundaries may come in.
type crs struct {
	code    string // "EPSG:4326"
	name    string
	planar  bool
	toWGS84 func(x, y float64) (lon, lat float64) // nil: degrees that are WGS84 within a metre
}

var (
	crsWGS84    = crs{code: "EPSG:4326", name: "WGS 84"}
	crsGrid     = crs{code: "EPSG:27700", name: "British National Grid", planar: true, toWGS84: geodesy.GridToWGS84}
	crsMercator = crs{code: "EPSG:3857", name: "Web Mercator", planar: true, toWGS84: geodesy.WebMercatorToWGS84}
	crsOSGB36   = crs{code: "EPSG:4277", name: "OSGB36", toWGS84: geodesy.OSGB36ToWGS84}
	crsETRS89   = crs{code: "EPSG:4258", name: "ETRS89"}
)

var epsgName = regexp.MustCompile(`(?i)(?:epsg|esri)(?:[:/][0-9.]*)*[:/](\d+)$`)

// crsNamed finds a system by any of the names that files give it.
func crsNamed(name string) (crs, bool) {
	name = strings.TrimSpace(name)
	upper := strings.ToUpper(name)
	if strings.HasSuffix(upper, "CRS84") || upper == "WGS84" || upper == "WGS 84" {
		return crsWGS84, true
	}
	number := name
	if m := epsgName.FindStringSubmatch(name); m != nil {
		number = m[1]
	}
	switch number {
	case "4326", "4979":
		return crsWGS84, true
	case "4258":
		return crsETRS89, true
	case "4277":
		return crsOSGB36, true
	case "27700", "7405":
		return crsGrid, true
	case "3857", "102100", "900913", "3785", "102113":
		return crsMercator, true
	}
	return crs{}, false
}

func unknownCRS(name string) error {
	return fmt.Errorf("%w: %q; known are EPSG:4326, 4258, 4277, 27700 and 3857", ErrUnknownCRS, name)
}

// onGrid says whether a position can be one of the British National Grid.
func onGrid(x, y float64) bool {
	return x >= -200_000 && x <= 900_000 && y >= -200_000 && y <= 1_400_000
}

// placeGeoJSON brings the positions of a GeoJSON file to WGS84 and says what
// was done.
func (t *polygonTable) placeGeoJSON(c *geojsonread.Collection) error {
	planar := len(c.Planar) > 0
	t.crs = crsWGS84
	if c.CRS != "" {
		known, ok := crsNamed(c.CRS)
		if !ok {
			return &fault.Error{File: t.file, Line: c.CRSLine, Column: c.CRSColumn, Err: unknownCRS(c.CRS)}
		}
		t.crs = known
	}
	line, column := c.FirstPosition()
	at := func(err error) error {
		return &fault.Error{File: t.file, Line: line, Column: column, Err: err}
	}
	switch {
	case planar && c.CRS == "":
		x, y := c.Planar[0], c.Planar[1]
		if !onGrid(x, y) {
			return at(fmt.Errorf("%w: %g, %g is neither longitude and latitude nor on the British National Grid", ErrOutOfRange, x, y))
		}
		if c.Rings.Len() > 0 && math.Abs(x) <= 400 && math.Abs(y) <= 400 {
			return at(fmt.Errorf("%w: %g, %g is no longitude and latitude", ErrOutOfRange, x, y))
		}
		t.crs = crsGrid
		t.note("%s: coordinates are on the British National Grid (EPSG:27700), though the file does not say so; turned into WGS 84", t.file)
	case planar && !t.crs.planar:
		x, y := c.Planar[0], c.Planar[1]
		return at(fmt.Errorf("%w: %g, %g is no longitude and latitude, yet the crs member says %s", ErrOutOfRange, x, y, t.crs.code))
	case t.crs.planar:
		t.note("%s: the crs member says %s (%s); turned into WGS 84", t.file, t.crs.code, t.crs.name)
	case t.crs.toWGS84 != nil:
		t.note("%s: the crs member says %s (%s); turned into WGS 84", t.file, t.crs.code, t.crs.name)
	}
	if planar {
		t.rings.XY = make([]int32, 0, len(c.Planar))
		for i := 0; i < len(c.Planar); i += 2 {
			t.addPosition(c.Planar[i], c.Planar[i+1])
		}
		c.Planar = nil
	} else if t.crs.toWGS84 != nil {
		xy := t.rings.XY
		t.rings.XY = xy[:0]
		for i := 0; i < len(xy); i += 2 {
			t.addPosition(float64(xy[i])/1e6, float64(xy[i+1])/1e6)
		}
	}
	if t.outOfRange > 0 {
		return at(fmt.Errorf("%w: %d positions lie outside the area of %s", ErrOutOfRange, t.outOfRange, t.crs.code))
	}
	return nil
}

// addPosition turns a position of the table's system into millionths of a
// degree on WGS84.
func (t *polygonTable) addPosition(x, y float64) {
	if t.crs.code == crsGrid.code && !onGrid(x, y) {
		t.outOfRange++
		x, y = 0, 0
	}
	if t.crs.toWGS84 != nil {
		x, y = t.crs.toWGS84(x, y)
	}
	x, y = math.Round(x*1e6), math.Round(y*1e6)
	if !(math.Abs(x) <= 180e6 && math.Abs(y) <= 90e6) {
		t.outOfRange++
		x, y = 0, 0
	}
	t.rings.XY = append(t.rings.XY, int32(x), int32(y))
}
