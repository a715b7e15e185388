package boundary

import (
	"fmt"
	"math"

	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/refsys"
)

// addRing takes a closed ring of n positions in the table's system; the
// closing position is left out. With an error nothing is taken.
func (t *polygonTable) addRing(n int, at func(i int) (x, y float64)) error {
	if n < 4 {
		return fmt.Errorf("%w: %d", geojsonread.ErrShortRing, n)
	}
	for i := range n {
		x, y := at(i)
		if math.IsNaN(x) || math.IsInf(x, 0) || math.IsNaN(y) || math.IsInf(y, 0) {
			return fmt.Errorf("%w: %g, %g is not finite", ErrCoordinates, x, y)
		}
	}
	x0, y0 := at(0)
	if x, y := at(n - 1); x != x0 || y != y0 {
		return fmt.Errorf("%w: begins at %g, %g and ends at %g, %g", ErrUnclosed, x0, y0, x, y)
	}
	before := t.outOfRange
	start := len(t.rings.XY)
	for i := range n - 1 {
		t.addPosition(at(i))
	}
	if t.outOfRange > before {
		t.rings.XY = t.rings.XY[:start]
		t.outOfRange = before
		return fmt.Errorf("%w: a ring from %g, %g does not lie in the area of %s", ErrOutOfRange, x0, y0, t.grid.Extent(t.crs))
	}
	if len(t.rings.XY)/2 > maxPositions {
		return fmt.Errorf("more than %d positions: %w", maxPositions, ErrTooLarge)
	}
	t.rings.EndRing()
	return nil
}

const maxPositions = 50_000_000

// guessCRS sets the system of a file that does not name one, by its first
// position.
func (t *polygonTable) guessCRS(x, y float64) error {
	switch {
	case math.Abs(x) <= 180 && math.Abs(y) <= 90:
		t.crs = refsys.WGS84
		t.note("%s: no coordinate reference system is named; taken for longitude and latitude (EPSG:4326)", t.file)
	case onGrid(x, y) && (math.Abs(x) > 400 || math.Abs(y) > 400):
		t.crs = refsys.BritishGrid
		t.note("%s: coordinates are on the British National Grid (EPSG:27700), though the file does not say so; turned into WGS 84", t.file)
	default:
		return fmt.Errorf("%w: %g, %g is neither longitude and latitude nor on the British National Grid%s", ErrOutOfRange, x, y, swappedHint(x, y))
	}
	return nil
}

// sayCRS notes that positions were turned into WGS 84, or taken for that.
func (t *polygonTable) sayCRS() {
	if t.crs.Drifts() {
		t.note("%s: in %s (%s), which lies within 2 m of WGS 84; taken for that", t.file, t.crs.Code, t.crs.Name)
	}
	if t.crs.ToWGS84 != nil {
		t.note("%s: in %s (%s); turned into WGS 84", t.file, t.crs.Code, t.crs.Name)
	}
}
