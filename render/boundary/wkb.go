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
	// heights counts positions with a third value.
	heights int
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
	return true, w.geometry(0)
}

func (w *wkbReader) uint32(order binary.ByteOrder) (uint32, error) {
	if len(w.b) < 4 {
		return 0, fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	v := order.Uint32(w.b)
	w.b = w.b[4:]
	return v, nil
}

func (w *wkbReader) geometry(depth int) error {
	if len(w.b) < 5 {
		return fmt.Errorf("%w: %w", errBlob, ErrTruncated)
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch w.b[0] {
	case 0:
		order = binary.BigEndian
	case 1:
	default:
		return fmt.Errorf("%w: byte order %d", errBlob, w.b[0])
	}
	w.b = w.b[1:]
	code, err := w.uint32(order)
	if err != nil {
		return err
	}
	// ISO adds thousands for Z and M; the older spelling sets high bits.
	dims := 2
	if code&0x80000000 != 0 || code/1000%2 == 1 && code < 4000 {
		dims++
	}
	if code&0x40000000 != 0 || code/1000 >= 2 && code < 4000 {
		dims++
	}
	if code&0x20000000 != 0 {
		if _, err := w.uint32(order); err != nil { // a reference system's number
			return err
		}
	}
	kind := code & 0x0fffffff % 1000
	switch kind {
	case 3:
		return w.polygon(order, dims)
	case 6, 7:
		if depth >= 16 {
			return fmt.Errorf("%w: collections nested more than 16 deep", errBlob)
		}
		n, err := w.uint32(order)
		for ; n > 0 && err == nil; n-- {
			err = w.geometry(depth + 1)
		}
		return err
	}
	names := map[uint32]string{1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 10: "CurvePolygon", 12: "MultiSurface"}
	name, ok := names[kind]
	if !ok {
		name = fmt.Sprintf("type %d", kind)
	}
	return fmt.Errorf("%w: %s", ErrGeometry, name)
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
		size := int64(n) * int64(dims) * 8
		if size > int64(len(w.b)) {
			return fmt.Errorf("%w: %w", errBlob, ErrTruncated)
		}
		b := w.b[:size]
		w.b = w.b[size:]
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
