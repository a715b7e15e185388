package shapefile

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rounded"
	"stpmap/render/layer"
)

// Numbers of shapes.
const (
	nullShape  = 0
	pointShape = 1
	lineShape  = 3
	areaShape  = 5
	manyPoints = 8
)

// WGS84 as ESRI writes it.
const wgs84 = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`

// PartCount is how many files a Shapefile has.
const PartCount = 6

// Part is one of the files of a Shapefile, by its suffix.
type Part struct {
	Suffix string
	Write  func(w io.Writer) error
}

// Parts are the files of a layer: shapes, their places, the columns, the system
// of coordinates, the character set, and a text that says what the short names
// of the columns stand for. The error wraps layer.ErrLayerName or
// layer.ErrLayerShape.
func Parts(l layer.Layer) []Part {
	return []Part{
		{".shp", func(w io.Writer) error { return writeShapes(w, &l, false) }},
		{".shx", func(w io.Writer) error { return writeShapes(w, &l, true) }},
		{".dbf", func(w io.Writer) error { return writeTable(w, &l) }},
		{".prj", func(w io.Writer) error { _, err := io.WriteString(w, wgs84); return err }},
		{".cpg", func(w io.Writer) error { _, err := io.WriteString(w, "UTF-8"); return err }},
		{"_columns.txt", func(w io.Writer) error { return writeNames(w, &l) }},
	}
}

func shapeOf(geometry string) int32 {
	switch geometry {
	case "Point":
		return pointShape
	case "MultiPoint":
		return manyPoints
	}
	switch layer.KindOf(geometry) {
	case layer.LineKind:
		return lineShape
	case layer.AreaKind:
		return areaShape
	}
	return nullShape
}

// writeShapes writes the shapes, or where each of them begins.
func writeShapes(w io.Writer, l *layer.Layer, index bool) error {
	if err := l.Check(); err != nil {
		return err
	}
	var shapes [][]byte
	all, some, length := orb.Bound{}, false, 50
	for i := range l.Features {
		g, err := rounded.Geometry(l.Features[i].Geometry, l.Geometry)
		if err != nil {
			return fmt.Errorf("layer %q: feature %d: %w", l.Name, i+1, err)
		}
		if g != nil && some {
			all = all.Union(g.Bound())
		} else if g != nil {
			all, some = g.Bound(), true
		}
		s := shape(g, shapeOf(l.Geometry))
		shapes = append(shapes, s)
		length += 4 + len(s)/2
	}
	if index {
		length = 50 + 4*len(shapes)
	}
	b := head(shapeOf(l.Geometry), length, all)
	at := 50
	for i, s := range shapes {
		if index {
			b = binary.BigEndian.AppendUint32(b, uint32(at))
		} else {
			b = binary.BigEndian.AppendUint32(b, uint32(i+1))
		}
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)/2))
		if at += 4 + len(s)/2; !index {
			b = append(b, s...)
		}
	}
	_, err := w.Write(b)
	return err
}

// head is the first 100 bytes; lengths are in words of 16 bits.
func head(kind int32, length int, all orb.Bound) []byte {
	b := binary.BigEndian.AppendUint32(nil, 9994)
	b = append(b, make([]byte, 20)...)
	b = binary.BigEndian.AppendUint32(b, uint32(length))
	b = binary.LittleEndian.AppendUint32(b, 1000)
	b = binary.LittleEndian.AppendUint32(b, uint32(kind))
	b = appendBox(b, all)
	return append(b, make([]byte, 32)...)
}

func appendBox(b []byte, box orb.Bound) []byte {
	return appendPoints(b, []orb.Point{box.Min, box.Max})
}

func appendPoints(b []byte, points []orb.Point) []byte {
	for _, p := range points {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	return b
}

// shape is the content of a record. Outer rings run clockwise here, so that every
// ring is turned round.
func shape(g orb.Geometry, kind int32) []byte {
	if g == nil {
		return binary.LittleEndian.AppendUint32(nil, nullShape)
	}
	b := binary.LittleEndian.AppendUint32(nil, uint32(kind))
	if kind == pointShape {
		return appendPoints(b, []orb.Point{g.(orb.Point)})
	}
	var points []orb.Point
	var starts []uint32
	rounded.Each(g, func(line []orb.Point) {
		starts = append(starts, uint32(len(points)))
		line = slices.Clone(line)
		if kind == areaShape {
			slices.Reverse(line)
		}
		points = append(points, line...)
	})
	b = appendBox(b, g.Bound())
	if kind == manyPoints {
		return appendPoints(binary.LittleEndian.AppendUint32(b, uint32(len(points))), points)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(starts)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
	for _, s := range starts {
		b = binary.LittleEndian.AppendUint32(b, s)
	}
	return appendPoints(b, points)
}
