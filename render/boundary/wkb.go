package boundary

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

var errBlob = errors.New("bad geometry blob")

// wkbReader takes polygons out of well-known binary (OGC 06-103r4, clause 8).
// go-geom's decoder refuses more than a thousand polygons in one geometry,
// which an archipelago has; this one is bounded by the blob's own length.
type wkbReader struct {
	t *polygonTable
	b []byte
	// heights counts positions with a third value, skipped the points and lines
	// in collections.
	heights, skipped int
}

// The kinds of geometry that well-known binary numbers (OGC 06-103r4, table 7).
const (
	kindPoint           = 1
	kindLineString      = 2
	kindPolygon         = 3
	kindMultiPoint      = 4
	kindMultiLineString = 5
	kindMultiPolygon    = 6
	kindCollection      = 7
	kindCompoundCurve   = 9
	kindCurvePolygon    = 10
	kindMultiSurface    = 12
)

// kindNames are those that are no polygons.
var kindNames = map[uint32]string{
	1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 8: "CircularString", 9: "CompoundCurve",
	11: "MultiCurve", 13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle",
}

// gpkgGeometry takes a GeoPackage blob apart (OGC 12-128r18, clause 2.1.3):
// true if it holds any geometry.
func (w *wkbReader) gpkgGeometry(blob []byte) (bool, error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return false, fmt.Errorf("%w: does not begin with GP", errBlob)
	}
	flags := blob[3]
	envelope, ok := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[flags>>1&7]
	if !ok || flags&0x20 != 0 {
		return false, fmt.Errorf("%w: flags %#x", errBlob, flags)
	}
	if len(blob) < 8+envelope {
		return false, fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	if flags&0x10 != 0 {
		return false, nil
	}
	w.b = blob[8+envelope:]
	return true, w.geometry(0, 0)
}

func (w *wkbReader) uint32(order binary.ByteOrder) (uint32, error) {
	if len(w.b) < 4 {
		return 0, fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	v := order.Uint32(w.b)
	w.b = w.b[4:]
	return v, nil
}

// head reads what every geometry begins with.
func (w *wkbReader) head() (order binary.ByteOrder, kind uint32, dims int, err error) {
	if len(w.b) < 5 {
		return nil, 0, 0, fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	order = binary.LittleEndian
	switch w.b[0] {
	case 0:
		order = binary.BigEndian
	case 1:
	default:
		return nil, 0, 0, fmt.Errorf("%w: byte order %d", errBlob, w.b[0])
	}
	w.b = w.b[1:]
	code, err := w.uint32(order)
	if err != nil {
		return nil, 0, 0, err
	}
	// ISO adds thousands for Z and M; the older spelling sets high bits.
	dims = 2
	if code&0x80000000 != 0 || code/1000%2 == 1 && code < 4000 {
		dims++
	}
	if code&0x40000000 != 0 || code/1000 >= 2 && code < 4000 {
		dims++
	}
	if code&0x20000000 != 0 {
		_, err = w.uint32(order) // a reference system's number
	}
	return order, code & 0x0fffffff % 1000, dims, err
}

// geometry takes the polygons of a geometry; within is the kind of the one
// around it, 0 for none.
func (w *wkbReader) geometry(depth int, within uint32) error {
	order, kind, dims, err := w.head()
	if err != nil {
		return err
	}
	switch kind {
	case kindPolygon:
		return w.polygon(order, dims)
	case kindCurvePolygon:
		return w.curvePolygon(order)
	case kindMultiPolygon, kindCollection, kindMultiSurface:
		if depth >= 16 {
			return fmt.Errorf("%w: collections nested more than 16 deep", errBlob)
		}
		n, err := w.uint32(order)
		for ; n > 0 && err == nil; n-- {
			err = w.geometry(depth+1, kind)
		}
		return err
	case kindPoint, kindLineString, kindMultiPoint, kindMultiLineString:
		if within == kindCollection {
			w.skipped++
			return w.skip(order, kind, dims)
		}
	}
	return notAPolygon(kind)
}

func notAPolygon(kind uint32) error {
	name, ok := kindNames[kind]
	if !ok {
		name = fmt.Sprintf("type %d", kind)
	}
	return fmt.Errorf("%w: %s", ErrGeometry, name)
}

// skip passes over points and lines.
func (w *wkbReader) skip(order binary.ByteOrder, kind uint32, dims int) error {
	n := uint32(1)
	var err error
	if kind != kindPoint {
		if n, err = w.uint32(order); err != nil {
			return err
		}
	}
	if kind == kindPoint || kind == kindLineString {
		_, err = w.take(int64(n) * int64(dims) * 8)
		return err
	}
	for ; n > 0; n-- {
		order, kind, dims, err := w.head()
		if err == nil && kind != kindPoint && kind != kindLineString {
			err = fmt.Errorf("%w: %w", errBlob, notAPolygon(kind))
		}
		if err == nil {
			err = w.skip(order, kind, dims)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *wkbReader) take(size int64) ([]byte, error) {
	if size > int64(len(w.b)) {
		return nil, fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	b := w.b[:size]
	w.b = w.b[size:]
	return b, nil
}

// curvePolygon takes a polygon whose rings may be curves, as long as they are
// made of straight lines.
func (w *wkbReader) curvePolygon(order binary.ByteOrder) error {
	rings, err := w.uint32(order)
	if err != nil || rings == 0 {
		return err
	}
	for ; rings > 0; rings-- {
		var xy []float64
		if xy, err = w.curve(nil, true); err != nil {
			return err
		}
		if err := w.t.addRing(len(xy)/2, func(i int) (x, y float64) { return xy[2*i], xy[2*i+1] }); err != nil {
			return err
		}
	}
	w.t.rings.EndPolygon()
	return nil
}

// curve appends the positions of a line, or of several that follow each other.
func (w *wkbReader) curve(xy []float64, several bool) ([]float64, error) {
	order, kind, dims, err := w.head()
	if err != nil {
		return nil, err
	}
	n, err := w.uint32(order)
	if err != nil {
		return nil, err
	}
	switch {
	case kind == kindCompoundCurve && several:
		for ; n > 0 && err == nil; n-- {
			xy, err = w.curve(xy, false)
		}
		return xy, err
	case kind != kindLineString:
		name := kindNames[kind]
		return nil, fmt.Errorf("%w: a ring of arcs (%s); turn the arcs into lines first", ErrGeometry, name)
	}
	b, err := w.take(int64(n) * int64(dims) * 8)
	if err != nil {
		return nil, err
	}
	for ; len(b) > 0; b = b[dims*8:] {
		x, y := math.Float64frombits(order.Uint64(b)), math.Float64frombits(order.Uint64(b[8:]))
		if k := len(xy); k >= 2 && xy[k-2] == x && xy[k-1] == y {
			continue // where one line ends the next begins
		}
		xy = append(xy, x, y)
	}
	if dims > 2 {
		w.heights += int(n)
	}
	return xy, nil
}

func (w *wkbReader) polygon(order binary.ByteOrder, dims int) error {
	rings, err := w.uint32(order)
	if err != nil || rings == 0 {
		return err
	}
	for ; rings > 0; rings-- {
		n, err := w.uint32(order)
		if err != nil {
			return err
		}
		b, err := w.take(int64(n) * int64(dims) * 8)
		if err != nil {
			return err
		}
		err = w.t.addRing(int(n), func(i int) (x, y float64) {
			at := b[i*dims*8:]
			return math.Float64frombits(order.Uint64(at)), math.Float64frombits(order.Uint64(at[8:]))
		})
		if err != nil {
			return err
		}
		if dims > 2 {
			w.heights += int(n)
		}
	}
	w.t.rings.EndPolygon()
	return nil
}
