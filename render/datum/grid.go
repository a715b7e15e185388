package datum

import (
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"stpmap/flow/fault"
	"stpmap/render/internal/geodesy"
	"stpmap/render/internal/refsys"
)

// Grid brings positions on the British National Grid and on OSGB36 to WGS84 by a
// file of shifts, such as OSTN15, to centimetres. nil stands for the
// transformation EPSG:1314, which is good to about 2 m.
type Grid struct {
	name   string
	shifts *geodesy.Shifts
}

// mostGridBytes is the most bytes of a grid of shifts; OSTN15 has 15 million.
const mostGridBytes = 1 << 28

// ReadGrid reads an NTv2 file (.gsb). name stands in errors and notes.
func ReadGrid(name string, r io.Reader) (*Grid, error) {
	content, err := io.ReadAll(io.LimitReader(r, mostGridBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > mostGridBytes {
		return nil, &fault.Error{File: name, Err: fmt.Errorf("a grid of shifts of more than %d bytes", mostGridBytes)}
	}
	shifts, err := geodesy.ReadShifts(content)
	if err != nil {
		return nil, &fault.Error{File: name, Err: err}
	}
	return &Grid{name, shifts}, nil
}

// Way is how positions of a system come to WGS84; nil where no grid is for it.
func (g *Grid) Way(c refsys.System) func(x, y float64) (lon, lat float64) {
	switch {
	case g == nil:
		return nil
	case c.Code == refsys.BritishGrid.Code:
		return g.shifts.GridToWGS84
	case c.Code == refsys.OSGB36.Code:
		return g.shifts.OSGB36ToWGS84
	}
	return nil
}

// ToNationalGrid turns a point in WGS84 degrees into metres on the British National
// Grid, rounded to centimetres: by the grid of shifts, and without one where the
// point lies outside of it.
func (g *Grid) ToNationalGrid(p orb.Point) orb.Point {
	e, n := math.NaN(), math.NaN()
	if g != nil {
		e, n = g.shifts.WGS84ToGrid(p[0], p[1])
	}
	if math.IsNaN(e) || math.IsNaN(n) {
		e, n = geodesy.WGS84ToGrid(p[0], p[1])
	}
	return orb.Point{math.Round(e*100) / 100, math.Round(n*100) / 100}
}

// GeometryToNationalGrid is ToNationalGrid of a geometry, which stays as it is.
func (g *Grid) GeometryToNationalGrid(geometry orb.Geometry) orb.Geometry {
	if geometry == nil {
		return nil
	}
	return project.Geometry(orb.Clone(geometry), g.ToNationalGrid)
}

// Note says whether the positions of a file were brought to WGS84 by the grid; ""
// without one.
func (g *Grid) Note(file string, c refsys.System) string {
	switch {
	case g == nil:
		return ""
	case g.Way(c) != nil:
		return fmt.Sprintf("%s: brought to WGS 84 by the shifts of %s", file, g.name)
	}
	return fmt.Sprintf("%s: in %s, for which %s is not needed", file, c.Code, g.name)
}

// Extent is where positions of a system may lie, for a message.
func (g *Grid) Extent(c refsys.System) string {
	if g.Way(c) != nil {
		return c.Code + " or of " + g.name
	}
	return c.Code
}
