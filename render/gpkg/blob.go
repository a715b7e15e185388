package gpkg

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// The numbers of geometry types in well-known binary (OGC 06-103r4, 8.2.3).
const (
	wkbPoint = 1 + iota
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
)

// Flags of a GeoPackage blob (OGC 12-128r17, 2.1.3.1.1).
const (
	blobLittleEndian = 1
	blobEnvelope     = 1 << 1 // minx, maxx, miny, maxy
	blobEmpty        = 1 << 4
)

// blobWriter appends GeoPackage blobs (OGC 12-128r17, 2.1.3) to a buffer that
// the rows of a statement share. It writes well-known binary itself: a country's
// outlines are millions of points, and a copy of each into another library's
// geometry and from there through an io.Writer cost half as much as all of
// SQLite's work on them.
type blobWriter struct {
	crs     int32
	project func(orb.Point) orb.Point // nil leaves points as they are
	b       []byte
	box     orb.Bound // of what is written since start
	points  int
}

// start empties the buffer. What append returned before is no longer valid.
func (w *blobWriter) start() { w.b = w.b[:0] }

// append adds one geometry: header, envelope of what is no point, well-known
// binary. With multi, a single point, line or polygon becomes a collection of
// one, as a table of a Multi type demands. Empty lines, rings and polygons are
// left out. some is false, and box of no meaning, for an empty geometry.
func (w *blobWriter) append(g orb.Geometry, multi bool) (blob []byte, box orb.Bound, some bool, err error) {
	at := len(w.b)
	w.points = 0
	w.box = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	w.b = append(w.b, 'G', 'P', 0, blobLittleEndian)
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(w.crs))
	_, point := g.(orb.Point)
	if !point {
		w.b = append(w.b, make([]byte, 32)...) // the envelope's place
	}
	if err := w.geometry(g, multi); err != nil {
		return nil, orb.Bound{}, false, err
	}
	blob, box = w.b[at:len(w.b):len(w.b)], w.box
	switch {
	case w.points == 0:
		blob[3] |= blobEmpty
		if !point {
			copy(blob[8:], blob[40:])
			blob = blob[:len(blob)-32]
			w.b = w.b[:len(w.b)-32]
		}
	case !point:
		blob[3] |= blobEnvelope
		for i, x := range [4]float64{box.Min[0], box.Max[0], box.Min[1], box.Max[1]} {
			binary.LittleEndian.PutUint64(blob[8+8*i:], math.Float64bits(x))
		}
	}
	// A coordinate that is not finite makes a box that is not.
	for _, x := range [4]float64{box.Min[0], box.Max[0], box.Min[1], box.Max[1]} {
		if w.points > 0 && (math.IsNaN(x) || math.IsInf(x, 0)) {
			return nil, orb.Bound{}, false, fmt.Errorf("a coordinate is %v: %w", x, layer.ErrLayerShape)
		}
	}
	return blob, box, w.points > 0, nil
}

func (w *blobWriter) head(kind uint32) {
	w.b = append(w.b, 1) // little endian
	w.b = binary.LittleEndian.AppendUint32(w.b, kind)
}

// count leaves the place for a number of parts, which fill writes.
func (w *blobWriter) count() (at int) {
	w.b = append(w.b, 0, 0, 0, 0)
	return len(w.b) - 4
}

func (w *blobWriter) fill(at int, n uint32) { binary.LittleEndian.PutUint32(w.b[at:], n) }

func (w *blobWriter) geometry(g orb.Geometry, multi bool) error {
	if multi {
		switch v := g.(type) {
		case orb.Point:
			g = orb.MultiPoint{v}
		case orb.LineString:
			g = orb.MultiLineString{v}
		case orb.Polygon:
			g = orb.MultiPolygon{v}
		}
	}
	var n uint32
	switch g := g.(type) {
	case orb.Point:
		w.head(wkbPoint)
		w.coordinates(g)
	case orb.LineString:
		w.line(g)
	case orb.Polygon:
		w.polygon(g)
	case orb.MultiPoint:
		w.head(wkbMultiPoint)
		at := w.count()
		for _, p := range g {
			w.head(wkbPoint)
			w.coordinates(p)
		}
		w.fill(at, uint32(len(g)))
	case orb.MultiLineString:
		w.head(wkbMultiLineString)
		at := w.count()
		for _, l := range g {
			if len(l) > 0 {
				w.line(l)
				n++
			}
		}
		w.fill(at, n)
	case orb.MultiPolygon:
		w.head(wkbMultiPolygon)
		at := w.count()
		for _, p := range g {
			start := len(w.b)
			if w.polygon(p) {
				n++
			} else {
				w.b = w.b[:start]
			}
		}
		w.fill(at, n)
	default:
		return fmt.Errorf("a %T is no geometry of a layer", g)
	}
	return nil
}

func (w *blobWriter) line(l orb.LineString) {
	w.head(wkbLineString)
	w.fill(w.count(), uint32(len(l)))
	w.coordinates(l...)
}

// polygon tells whether it has any ring.
func (w *blobWriter) polygon(p orb.Polygon) bool {
	w.head(wkbPolygon)
	at := w.count()
	var n uint32
	for _, r := range p {
		if len(r) > 0 {
			w.fill(w.count(), uint32(len(r)))
			w.coordinates(r...)
			n++
		}
	}
	w.fill(at, n)
	return n > 0
}

// coordinates appends points and widens the box by them. The built-in min and
// max carry a NaN on, for append to find.
func (w *blobWriter) coordinates(ps ...orb.Point) {
	at := len(w.b)
	w.b = append(w.b, make([]byte, 16*len(ps))...)
	to := w.b[at:]
	box := w.box
	for i, p := range ps {
		if w.project != nil {
			p = w.project(p)
		}
		box.Min[0], box.Max[0] = min(box.Min[0], p[0]), max(box.Max[0], p[0])
		box.Min[1], box.Max[1] = min(box.Min[1], p[1]), max(box.Max[1], p[1])
		pair := to[16*i : 16*i+16]
		binary.LittleEndian.PutUint64(pair, math.Float64bits(p[0]))
		binary.LittleEndian.PutUint64(pair[8:], math.Float64bits(p[1]))
	}
	w.box = box
	w.points += len(ps)
}
