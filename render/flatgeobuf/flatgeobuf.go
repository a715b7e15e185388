package flatgeobuf

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	"stpmap/render/internal/rounded"
	"stpmap/render/layer"
)

// magic begins every file: "fgb", version 3, twice.
var magic = []byte{'f', 'g', 'b', 3, 'f', 'g', 'b', 1}

// Numbers of geometry types.
var kinds = map[string]byte{"": 0, "Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6}

// Numbers of the types of columns, by layer.FieldType.
var columnTypes = [...]byte{layer.Text: 11, layer.Integer: 7, layer.Real: 10, layer.Boolean: 2}

// Slots of the tables, by their place in the schema.
const (
	headerName, headerEnvelope, headerKind, headerColumns = 0, 1, 2, 7
	headerCount, headerNode, headerCRS, headerTitle       = 8, 9, 10, 11
	headerDescription                                     = 12
	headerSlots                                           = 14
	columnName, columnType, columnTitle, columnSlots      = 0, 1, 2, 11
	crsOrganisation, crsCode, crsName, crsSlots           = 0, 1, 2, 6
	geometryEnds, geometryXY, geometryType, geometryParts = 0, 1, 6, 7
	geometrySlots                                         = 8
	featureGeometry, featureProperties, featureSlots      = 0, 1, 3
)

// Write writes a layer as FlatGeobuf 3.0 in WGS84 with six decimals. Rows follow
// a Hilbert curve over the map, with a packed R-tree before them, by which readers
// fetch the part they show. Where a row has no place, there is no tree, and the
// rows keep their order. The error wraps layer.ErrLayerName or
// layer.ErrLayerShape, or is the writer's.
func Write(w io.Writer, l layer.Layer) error {
	if err := l.Check(); err != nil {
		return err
	}
	rows, everywhere, err := places(&l)
	if err != nil {
		return err
	}
	indexed := everywhere && len(rows) > 0
	if indexed {
		alongCurve(rows)
	}
	node := 0
	if indexed {
		node = nodeSize
	}
	if err := write(w, magic, header(&l, rows, node)); err != nil {
		return err
	}
	features := make([][]byte, len(rows))
	for i, r := range rows {
		features[i] = feature(r.geometry, properties(&l, l.Features[r.at].Values))
	}
	if indexed {
		if err := write(w, tree(rows, features)); err != nil {
			return err
		}
	}
	return write(w, features...)
}

func write(w io.Writer, parts ...[]byte) error {
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// row is a feature with its place.
type row struct {
	at       int // in the layer
	geometry orb.Geometry
	box      orb.Bound
}

// places are the features with their places; everywhere says that all have one.
func places(l *layer.Layer) (rows []row, everywhere bool, err error) {
	everywhere = true
	for i := range l.Features {
		g, err := rounded.Geometry(l.Features[i].Geometry, l.Geometry)
		if err != nil {
			return nil, false, fmt.Errorf("layer %q: feature %d: %w", l.Name, i+1, err)
		}
		r := row{at: i, geometry: g}
		if g != nil {
			r.box = g.Bound()
		} else {
			everywhere = false
		}
		rows = append(rows, r)
	}
	return rows, everywhere, nil
}

// around is the box of all rows with a place.
func around(rows []row) (all orb.Bound, some bool) {
	for _, r := range rows {
		switch {
		case r.geometry == nil:
		case some:
			all = all.Union(r.box)
		default:
			all, some = r.box, true
		}
	}
	return all, some
}

// header describes the file.
func header(l *layer.Layer, rows []row, node int) []byte {
	b := flatbuffers.NewBuilder(1024)
	columns := make([]flatbuffers.UOffsetT, len(l.Fields))
	for i, f := range l.Fields {
		columns[i] = column(b, f)
	}
	list := offsets(b, columns)
	name, title, about := b.CreateString(l.Name), b.CreateString(l.Title), b.CreateString(l.About.Foot())
	crs := system(b)
	var envelope flatbuffers.UOffsetT
	all, some := around(rows)
	if some {
		envelope = doubles(b, []float64{all.Min[0], all.Min[1], all.Max[0], all.Max[1]})
	}
	b.StartObject(headerSlots)
	b.PrependUOffsetTSlot(headerName, name, 0)
	if some {
		b.PrependUOffsetTSlot(headerEnvelope, envelope, 0)
	}
	b.PrependByteSlot(headerKind, kinds[l.Geometry], 0)
	b.PrependUOffsetTSlot(headerColumns, list, 0)
	b.PrependUint64Slot(headerCount, uint64(len(rows)), 0)
	b.PrependUint16Slot(headerNode, uint16(node), nodeSize)
	b.PrependUOffsetTSlot(headerCRS, crs, 0)
	b.PrependUOffsetTSlot(headerTitle, title, 0)
	b.PrependUOffsetTSlot(headerDescription, about, 0)
	b.FinishSizePrefixed(b.EndObject())
	return b.FinishedBytes()
}

func column(b *flatbuffers.Builder, f layer.Field) flatbuffers.UOffsetT {
	name, title := b.CreateString(f.Name), b.CreateString(f.Alias)
	b.StartObject(columnSlots)
	b.PrependUOffsetTSlot(columnName, name, 0)
	b.PrependByteSlot(columnType, columnTypes[f.Type], 0)
	b.PrependUOffsetTSlot(columnTitle, title, 0)
	return b.EndObject()
}

// system is WGS84.
func system(b *flatbuffers.Builder) flatbuffers.UOffsetT {
	organisation, name := b.CreateString("EPSG"), b.CreateString("WGS 84")
	b.StartObject(crsSlots)
	b.PrependUOffsetTSlot(crsOrganisation, organisation, 0)
	b.PrependInt32Slot(crsCode, 4326, 0)
	b.PrependUOffsetTSlot(crsName, name, 0)
	return b.EndObject()
}

func offsets(b *flatbuffers.Builder, list []flatbuffers.UOffsetT) flatbuffers.UOffsetT {
	b.StartVector(flatbuffers.SizeUOffsetT, len(list), flatbuffers.SizeUOffsetT)
	for i := len(list) - 1; i >= 0; i-- {
		b.PrependUOffsetT(list[i])
	}
	return b.EndVector(len(list))
}

func doubles(b *flatbuffers.Builder, list []float64) flatbuffers.UOffsetT {
	b.StartVector(flatbuffers.SizeFloat64, len(list), flatbuffers.SizeFloat64)
	for i := len(list) - 1; i >= 0; i-- {
		b.PrependFloat64(list[i])
	}
	return b.EndVector(len(list))
}

// feature is a row as it stands in the file, its length first.
func feature(g orb.Geometry, values []byte) []byte {
	b := flatbuffers.NewBuilder(1024)
	var place, cells flatbuffers.UOffsetT
	if g != nil {
		place = geometry(b, g)
	}
	if len(values) > 0 {
		cells = b.CreateByteVector(values)
	}
	b.StartObject(featureSlots)
	if g != nil {
		b.PrependUOffsetTSlot(featureGeometry, place, 0)
	}
	if len(values) > 0 {
		b.PrependUOffsetTSlot(featureProperties, cells, 0)
	}
	b.FinishSizePrefixed(b.EndObject())
	return b.FinishedBytes()
}

// geometry is a place: the points of all its lines or rings, and where each ends;
// several polygons are parts.
func geometry(b *flatbuffers.Builder, g orb.Geometry) flatbuffers.UOffsetT {
	var parts, xy, ends flatbuffers.UOffsetT
	polygons, several := g.(orb.MultiPolygon)
	lines := 0
	if several {
		list := make([]flatbuffers.UOffsetT, len(polygons))
		for i, p := range polygons {
			list[i] = geometry(b, p)
		}
		parts = offsets(b, list)
	} else {
		var flat []float64
		var stops []uint32
		rounded.Each(g, func(line []orb.Point) {
			for _, p := range line {
				flat = append(flat, p[0], p[1])
			}
			stops = append(stops, uint32(len(flat)/2))
		})
		xy = doubles(b, flat)
		if lines = len(stops); lines > 1 {
			ends = whole(b, stops)
		}
	}
	b.StartObject(geometrySlots)
	if several {
		b.PrependUOffsetTSlot(geometryParts, parts, 0)
	} else {
		b.PrependUOffsetTSlot(geometryXY, xy, 0)
	}
	if lines > 1 {
		b.PrependUOffsetTSlot(geometryEnds, ends, 0)
	}
	b.PrependByteSlot(geometryType, kinds[g.GeoJSONType()], 0)
	return b.EndObject()
}

func whole(b *flatbuffers.Builder, list []uint32) flatbuffers.UOffsetT {
	b.StartVector(flatbuffers.SizeUint32, len(list), flatbuffers.SizeUint32)
	for i := len(list) - 1; i >= 0; i-- {
		b.PrependUint32(list[i])
	}
	return b.EndVector(len(list))
}

// properties are the cells of a row: the number of the column, then the value. An
// unknown is left out.
func properties(l *layer.Layer, values []any) (b []byte) {
	for i, v := range values {
		v = layer.Known(v)
		if v == nil {
			continue
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(i))
		switch x := v.(type) {
		case string:
			b = binary.LittleEndian.AppendUint32(b, uint32(len(x)))
			b = append(b, x...)
		case bool:
			flag := byte(0)
			if x {
				flag = 1
			}
			b = append(b, flag)
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		case int64:
			if l.Fields[i].Type == layer.Real {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(x)))
			} else {
				b = binary.LittleEndian.AppendUint64(b, uint64(x))
			}
		}
	}
	return b
}
