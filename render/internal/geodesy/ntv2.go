package geodesy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrGridFile is of a file that is no NTv2 grid, or a broken one.
var ErrGridFile = errors.New("no NTv2 grid of shifts")

// Shifts moves positions between OSGB36 and ETRS89, which is WGS84 within
// decimetres, by a grid of shifts such as the Ordnance Survey's OSTN15.
type Shifts struct {
	grids   []shiftGrid
	reverse bool // the file goes from ETRS89 to OSGB36
}

// shiftGrid is one grid of a file. Longitudes count to the west, as the file has
// them; all is in seconds of arc.
type shiftGrid struct {
	name, parent             string
	south, north, east, west float64
	latStep, lonStep         float64
	rows, columns            int
	lat, lon                 []float32 // from the south-east corner, westwards, row by row
}

// The bytes of a record, and the number of records of each heading.
const (
	record   = 16
	headings = 11
)

// ReadShifts reads an NTv2 file (.gsb), whichever way round its bytes are.
//
// References: Junkins DR, Farley SA (1995), NTv2 developer's guide, Geomatics
// Canada: the format; Ordnance Survey (2016), OSTN15 in NTv2 format: its use.
func ReadShifts(content []byte) (*Shifts, error) {
	r := shiftReader{rest: content}
	if len(content) < headings*record || !bytes.HasPrefix(content, []byte("NUM_OREC")) {
		return nil, fmt.Errorf("%w: a file in this format begins with NUM_OREC", ErrGridFile)
	}
	r.order = binary.LittleEndian
	if content[8] == 0 {
		r.order = binary.BigEndian
	}
	head := r.heading()
	if head.whole("NUM_OREC") != headings || head.whole("NUM_SREC") != headings {
		return nil, fmt.Errorf("%w: its headings have %d and %d records, not %d", ErrGridFile, head.whole("NUM_OREC"), head.whole("NUM_SREC"), headings)
	}
	if kind := head.text("GS_TYPE"); kind != "SECONDS" {
		return nil, fmt.Errorf("%w: its shifts are in %q, not in seconds of arc", ErrGridFile, kind)
	}
	s := &Shifts{}
	if err := s.systems(head.text("SYSTEM_F"), head.text("SYSTEM_T")); err != nil {
		return nil, err
	}
	for range head.whole("NUM_FILE") {
		g, err := r.grid()
		if err != nil {
			return nil, err
		}
		s.grids = append(s.grids, g)
	}
	if len(s.grids) == 0 {
		return nil, fmt.Errorf("%w: it holds no grid", ErrGridFile)
	}
	return s, nil
}

// systems says which way the file goes.
func (s *Shifts) systems(from, to string) error {
	european := func(name string) bool {
		name = strings.ToUpper(name)
		return strings.Contains(name, "ETRS") || strings.Contains(name, "WGS")
	}
	british := func(name string) bool { return strings.Contains(strings.ToUpper(name), "OSGB") }
	switch {
	case british(from) && european(to):
	case european(from) && british(to):
		s.reverse = true
	default:
		return fmt.Errorf("%w between OSGB36 and ETRS89: it goes from %q to %q", ErrGridFile, from, to)
	}
	return nil
}

// shiftReader takes a file apart from its start.
type shiftReader struct {
	rest  []byte
	order binary.ByteOrder
}

// heading is eleven records of a name and a value.
type heading struct {
	values map[string][]byte
	order  binary.ByteOrder
}

func (r *shiftReader) heading() heading {
	h := heading{map[string][]byte{}, r.order}
	for range headings {
		h.values[strings.TrimSpace(string(r.rest[:8]))] = r.rest[8:record]
		r.rest = r.rest[record:]
	}
	return h
}

func (h heading) whole(name string) int {
	if v := h.values[name]; v != nil {
		return int(int32(h.order.Uint32(v)))
	}
	return -1
}

func (h heading) number(name string) float64 {
	if v := h.values[name]; v != nil {
		return math.Float64frombits(h.order.Uint64(v))
	}
	return math.NaN()
}

func (h heading) text(name string) string {
	return strings.TrimSpace(strings.TrimRight(string(h.values[name]), "\x00"))
}

// grid reads one grid with its shifts.
func (r *shiftReader) grid() (shiftGrid, error) {
	if len(r.rest) < headings*record {
		return shiftGrid{}, fmt.Errorf("%w: it is cut off before a grid's heading", ErrGridFile)
	}
	h := r.heading()
	g := shiftGrid{
		name: h.text("SUB_NAME"), parent: h.text("PARENT"), south: h.number("S_LAT"), north: h.number("N_LAT"),
		east: h.number("E_LONG"), west: h.number("W_LONG"), latStep: h.number("LAT_INC"), lonStep: h.number("LONG_INC"),
	}
	// Comparisons with NaN are false, so that these also refuse what is not there.
	rows, columns := (g.north-g.south)/g.latStep+1, (g.west-g.east)/g.lonStep+1
	if !(g.latStep > 0 && g.lonStep > 0 && rows >= 2 && rows < 1e5 && columns >= 2 && columns < 1e5) {
		return g, fmt.Errorf("%w: grid %q has no sensible extent", ErrGridFile, g.name)
	}
	g.rows, g.columns = int(math.Round(rows)), int(math.Round(columns))
	count := h.whole("GS_COUNT")
	if count != g.rows*g.columns {
		return g, fmt.Errorf("%w: grid %q says that it has %d shifts, and its extent makes %d × %d", ErrGridFile, g.name, count, g.rows, g.columns)
	}
	if len(r.rest)/record < count {
		return g, fmt.Errorf("%w: it is cut off in grid %q", ErrGridFile, g.name)
	}
	g.lat, g.lon = make([]float32, count), make([]float32, count)
	for i := range count {
		g.lat[i] = math.Float32frombits(r.order.Uint32(r.rest[i*record:]))
		g.lon[i] = math.Float32frombits(r.order.Uint32(r.rest[i*record+4:]))
		if sum := float64(g.lat[i]) + float64(g.lon[i]); math.IsNaN(sum) || math.Abs(sum) > 3600 {
			return g, fmt.Errorf("%w: shift %d of grid %q is no number below a degree", ErrGridFile, i+1, g.name)
		}
	}
	r.rest = r.rest[count*record:]
	return g, nil
}

// holds says whether a position, in seconds to the north and the west, lies in
// the grid.
func (g *shiftGrid) holds(north, west float64) bool {
	return north >= g.south && north <= g.north && west >= g.east && west <= g.west
}

// shift interpolates between the four corners around a position.
func (g *shiftGrid) shift(north, west float64) (lat, lon float64) {
	y, x := (north-g.south)/g.latStep, (west-g.east)/g.lonStep
	row, column := min(int(y), g.rows-2), min(int(x), g.columns-2)
	v, u := y-float64(row), x-float64(column)
	at := func(shifts []float32) float64 {
		i := row*g.columns + column
		low := float64((1-u)*float64(shifts[i])) + float64(u*float64(shifts[i+1]))
		i += g.columns
		high := float64((1-u)*float64(shifts[i])) + float64(u*float64(shifts[i+1]))
		return float64((1-v)*low) + float64(v*high)
	}
	return at(g.lat), at(g.lon)
}

// finest is the grid that holds a position, and the finest within that; nil
// outside.
func (s *Shifts) finest(north, west float64) *shiftGrid {
	var found *shiftGrid
	parent := "NONE"
	for range s.grids {
		var next *shiftGrid
		for i := range s.grids {
			if g := &s.grids[i]; g.parent == parent && g.holds(north, west) {
				next = g
				break
			}
		}
		if next == nil {
			break
		}
		found, parent = next, next.name
	}
	return found
}

// move shifts a position in degrees as the file goes; false outside its grids.
func (s *Shifts) move(lon, lat float64) (float64, float64, bool) {
	north, west := lat*3600, -lon*3600
	g := s.finest(north, west)
	if g == nil {
		return 0, 0, false
	}
	dLat, dWest := g.shift(north, west)
	return -(west + dWest) / 3600, (north + dLat) / 3600, true
}

// back undoes move: the position that move brings to this one, to 1e-11 degrees.
func (s *Shifts) back(lon, lat float64) (float64, float64, bool) {
	x, y := lon, lat
	for range 20 {
		u, v, ok := s.move(x, y)
		if !ok {
			return 0, 0, false
		}
		x, y = x+lon-u, y+lat-v
		if math.Abs(lon-u)+math.Abs(lat-v) < 1e-11 {
			break
		}
	}
	return x, y, true
}

// OSGB36ToWGS84 turns degrees on OSGB36 into degrees on WGS84; NaN outside the
// grid.
func (s *Shifts) OSGB36ToWGS84(lon, lat float64) (float64, float64) {
	return orNaN(s.through(lon, lat, s.reverse))
}

// WGS84ToOSGB36 is the inverse of OSGB36ToWGS84.
func (s *Shifts) WGS84ToOSGB36(lon, lat float64) (float64, float64) {
	return orNaN(s.through(lon, lat, !s.reverse))
}

func (s *Shifts) through(lon, lat float64, backwards bool) (float64, float64, bool) {
	if backwards {
		return s.back(lon, lat)
	}
	return s.move(lon, lat)
}

func orNaN(lon, lat float64, ok bool) (float64, float64) {
	if !ok {
		return math.NaN(), math.NaN()
	}
	return lon, lat
}

// GridToWGS84 turns metres on the British National Grid into degrees; NaN outside
// the grid of shifts.
func (s *Shifts) GridToWGS84(east, north float64) (lon, lat float64) {
	r := gridSeries.radius * scale
	la, dLo := gridSeries.inverse((north-originN)/r+originNorth, (east-originE)/r)
	return s.OSGB36ToWGS84((dLo+originLon)*180/math.Pi, la*180/math.Pi)
}

// WGS84ToGrid is the inverse of GridToWGS84.
func (s *Shifts) WGS84ToGrid(lon, lat float64) (east, north float64) {
	lo, la := s.WGS84ToOSGB36(lon, lat)
	r := gridSeries.radius * scale
	n, e := gridSeries.forward(la*math.Pi/180, lo*math.Pi/180-originLon)
	return float64(e*r) + originE, float64((n-originNorth)*r) + originN
}
