package boundary

import (
	"fmt"
	"math"

	"stpmap/flow/fault"
	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/refsys"
)

// onGrid says whether a position can be one of the British National Grid.
func onGrid(x, y float64) bool {
	return x >= -200_000 && x <= 900_000 && y >= -200_000 && y <= 1_400_000
}

// placeGeoJSON brings the positions of a GeoJSON file to WGS84 and says what
// was done.
func (t *polygonTable) placeGeoJSON(c *geojsonread.Collection) error {
	planar := len(c.Planar) > 0
	t.crs = refsys.WGS84
	if c.CRS != "" {
		known, ok := refsys.Named(c.CRS)
		if !ok {
			return &fault.Error{File: t.file, Line: c.CRSLine, Column: c.CRSColumn, Err: refsys.Unknown(c.CRS)}
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
			return at(fmt.Errorf("%w: %g, %g is neither longitude and latitude nor on the British National Grid%s", ErrOutOfRange, x, y, swappedHint(x, y)))
		}
		if c.Rings.Len() > 0 && math.Abs(x) <= 400 && math.Abs(y) <= 400 {
			return at(fmt.Errorf("%w: %g, %g is no longitude and latitude%s", ErrOutOfRange, x, y, swappedHint(x, y)))
		}
		t.crs = refsys.BritishGrid
		t.note("%s: coordinates are on the British National Grid (EPSG:27700), though the file does not say so; turned into WGS 84", t.file)
	case planar && !t.crs.Planar:
		x, y := c.Planar[0], c.Planar[1]
		return at(fmt.Errorf("%w: %g, %g is no longitude and latitude, yet the crs member says %s%s", ErrOutOfRange, x, y, t.crs.Code, swappedHint(x, y)))
	case t.crs.Planar:
		t.note("%s: the crs member says %s (%s); turned into WGS 84", t.file, t.crs.Code, t.crs.Name)
	case t.crs.ToWGS84 != nil:
		t.note("%s: the crs member says %s (%s); turned into WGS 84", t.file, t.crs.Code, t.crs.Name)
	default:
		t.sayCRS()
	}
	if planar {
		t.rings.XY = make([]int32, 0, len(c.Planar))
		for i := 0; i < len(c.Planar); i += 2 {
			t.addPosition(c.Planar[i], c.Planar[i+1])
		}
		c.Planar = nil
	} else if t.crs.ToWGS84 != nil {
		xy := t.rings.XY
		t.rings.XY = xy[:0]
		for i := 0; i < len(xy); i += 2 {
			t.addPosition(float64(xy[i])/1e6, float64(xy[i+1])/1e6)
		}
	}
	if t.outOfRange > 0 {
		return at(fmt.Errorf("%w: %d positions lie outside the area of %s", ErrOutOfRange, t.outOfRange, t.grid.Extent(t.crs)))
	}
	return nil
}

// addPosition turns a position of the table's system into millionths of a
// degree on WGS84.
func (t *polygonTable) addPosition(x, y float64) {
	if t.crs.Code == refsys.BritishGrid.Code && !onGrid(x, y) {
		t.outOfRange++
		x, y = 0, 0
	}
	if way := t.grid.Way(t.crs); way != nil {
		x, y = way(x, y)
	} else if t.crs.ToWGS84 != nil {
		x, y = t.crs.ToWGS84(x, y)
	}
	x, y = math.Round(x*1e6), math.Round(y*1e6)
	if !(math.Abs(x) <= 180e6 && math.Abs(y) <= 90e6) {
		t.outOfRange++
		x, y = 0, 0
	}
	t.rings.XY = append(t.rings.XY, int32(x), int32(y))
}
