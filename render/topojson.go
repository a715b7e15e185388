package render

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"
)

// ErrQuantisation is a grid too coarse or too fine for TopoJSON.
var ErrQuantisation = errors.New("quantisation is not 100 to 100,000,000")

// WriteTopoJSON writes layers as one quantised topology (TopoJSON 1.0): an
// object for each layer under its name, borders stored once whatever number of
// features and layers share them. quantisation is the number of places of the
// grid each way, 100 to 100,000,000; 0 means 1,000,000, about a metre for
// England. Islands smaller than the grid are lost, and no feature is. Rings
// wind as the layers' do: shells anticlockwise. The error wraps ErrLayerName,
// ErrLayerShape or ErrQuantisation, or is the writer's.
func WriteTopoJSON(w io.Writer, layers []Layer, quantisation int) error {
	if quantisation == 0 {
		quantisation = 1_000_000
	}
	if quantisation < 100 || quantisation > 100_000_000 {
		return fmt.Errorf("%d: %w", quantisation, ErrQuantisation)
	}
	seen := map[string]bool{}
	ptrs := make([]*Layer, len(layers))
	for i := range layers {
		ptrs[i] = &layers[i]
		if err := layers[i].Check(); err != nil {
			return err
		}
		if seen[layers[i].Name] {
			return fmt.Errorf("layer %q twice: %w", layers[i].Name, ErrLayerName)
		}
		seen[layers[i].Name] = true
	}
	t := newArcs(ptrs, quantisation-1)
	bw := bufio.NewWriterSize(w, 1<<16)
	b := []byte(`{"type":"Topology"`)
	if len(layers) > 0 {
		about, err := json.Marshal(layers[0].About.public())
		if err != nil {
			return err
		}
		b = append(append(b, `,"stpmap":`...), about...)
	}
	b = append(b, ",\"objects\":{\n"...)
	for i, l := range ptrs {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = append(b, jsonString(l.Name)...)
		b = append(b, ":{\"type\":\"GeometryCollection\",\"geometries\":[\n"...)
		for k := range l.Features {
			if k > 0 {
				b = append(b, ",\n"...)
			}
			var err error
			if b, err = appendFeature(b, t, l, &l.Features[k]); err != nil {
				return fmt.Errorf("layer %q: feature %d: %w", l.Name, k+1, err)
			}
			if _, err := bw.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		b = append(b, "\n]}"...)
	}
	b = append(b, "\n},\"arcs\":[\n"...)
	for i := range t.list {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = append(b, '[')
		for k, d := range t.deltas(i) {
			if k > 0 {
				b = append(b, ',')
			}
			b = appendPosition(b, d)
		}
		b = append(b, ']')
		if _, err := bw.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	b = append(b, "\n],\"transform\":{\"scale\":["...)
	b = strconv.AppendFloat(b, t.scale[0], 'g', -1, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, t.scale[1], 'g', -1, 64)
	b = append(b, `],"translate":[`...)
	b = strconv.AppendFloat(b, t.origin[0], 'g', -1, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, t.origin[1], 'g', -1, 64)
	b = append(b, "]}}\n"...)
	if _, err := bw.Write(b); err != nil {
		return err
	}
	return bw.Flush()
}

func appendPosition(b []byte, p gridPoint) []byte {
	b = append(b, '[')
	b = strconv.AppendInt(b, int64(p.x), 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(p.y), 10)
	return append(b, ']')
}

func appendFeature(b []byte, t *arcs, l *Layer, f *Feature) ([]byte, error) {
	g := f.Geometry
	if g == nil || emptyGeometry(g) {
		b = append(b, `{"type":null`...)
	} else {
		b = append(b, `{"type":`...)
		b = append(b, jsonString(widened(g, l.Geometry).GeoJSONType())...)
	}
	if f.ID != "" {
		b = append(b, `,"id":`...)
		b = append(b, jsonString(f.ID)...)
	}
	b = append(b, `,"properties":{`...)
	for i, v := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, jsonString(l.Fields[i].Name)...)
		b = append(b, ':')
		var err error
		if b, err = appendValue(b, v); err != nil {
			return b, err
		}
	}
	b = append(b, '}')
	if g == nil || emptyGeometry(g) {
		return append(b, '}'), nil
	}
	var value any
	key := "arcs"
	switch g := widened(g, l.Geometry).(type) {
	case orb.Point:
		key, value = "coordinates", position(t.grid(g))
	case orb.MultiPoint:
		list := make([][2]int32, len(g))
		for i, p := range g {
			list[i] = position(t.grid(p))
		}
		key, value = "coordinates", list
	case orb.LineString:
		value = notNil(t.cut(g, false))
	case orb.MultiLineString:
		list := [][]int32{}
		for _, line := range g {
			if a := t.cut(line, false); a != nil {
				list = append(list, a)
			}
		}
		value = list
	case orb.Polygon:
		value = notNil(t.polygon(g))
	case orb.MultiPolygon:
		value = notNil(t.polygons(g))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return b, err
	}
	b = append(b, ',', '"')
	b = append(b, key...)
	b = append(b, '"', ':')
	b = append(b, text...)
	return append(b, '}'), nil
}

func position(p gridPoint) [2]int32 { return [2]int32{p.x, p.y} }

// notNil writes nothing as an empty list.
func notNil[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
