package topojson

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"

	"stpmap/render/internal/arcs"
	"stpmap/render/internal/jsontext"
	"stpmap/render/layer"
)

// ErrQuantisation is a grid too coarse or too fine for TopoJSON.
var ErrQuantisation = errors.New("quantisation is not 100 to 100,000,000")

// Write writes layers as one quantised topology (TopoJSON 1.0): an
// object for each layer under its name, borders stored once whatever number of
// features and layers share them. quantisation is the number of places of the
// grid each way, 100 to 100,000,000; 0 means 1,000,000, about a metre for
// England. Islands smaller than the grid are lost, and no feature is. Rings
// wind as the layers' do: shells anticlockwise. The error wraps ErrLayerName,
// ErrLayerShape or ErrQuantisation, or is the writer's.
func Write(w io.Writer, layers []layer.Layer, quantisation int) error {
	if quantisation == 0 {
		quantisation = 1_000_000
	}
	if quantisation < 100 || quantisation > 100_000_000 {
		return fmt.Errorf("%d: %w", quantisation, ErrQuantisation)
	}
	ptrs, err := checked(layers)
	if err != nil {
		return err
	}
	t := writer{Writer: bufio.NewWriterSize(w, 1<<16), arcs: arcs.New(ptrs, quantisation-1)}
	b := []byte(`{"type":"Topology"`)
	if len(layers) > 0 {
		about, err := json.Marshal(layers[0].About.Public())
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
		if b, err = t.object(b, l); err != nil {
			return err
		}
	}
	b = append(b, "\n},\"arcs\":[\n"...)
	if b, err = t.lines(b); err != nil {
		return err
	}
	if _, err := t.Write(t.transform(b)); err != nil {
		return err
	}
	return t.Flush()
}

// checked are layers that can be written, no two of one name.
func checked(layers []layer.Layer) ([]*layer.Layer, error) {
	seen := map[string]bool{}
	ptrs := make([]*layer.Layer, len(layers))
	for i := range layers {
		ptrs[i] = &layers[i]
		if err := layers[i].Check(); err != nil {
			return nil, err
		}
		if seen[layers[i].Name] {
			return nil, fmt.Errorf("layer %q twice: %w", layers[i].Name, layer.ErrLayerName)
		}
		seen[layers[i].Name] = true
	}
	return ptrs, nil
}

// writer appends to a buffer, and writes it out part by part.
type writer struct {
	*bufio.Writer
	arcs *arcs.Cutter
}

// object appends a layer.
func (t *writer) object(b []byte, l *layer.Layer) ([]byte, error) {
	b = append(b, jsontext.String(l.Name)...)
	b = append(b, ":{\"type\":\"GeometryCollection\",\"geometries\":[\n"...)
	for k := range l.Features {
		if k > 0 {
			b = append(b, ",\n"...)
		}
		var err error
		if b, err = appendFeature(b, t.arcs, l, &l.Features[k]); err != nil {
			return b, fmt.Errorf("layer %q: feature %d: %w", l.Name, k+1, err)
		}
		if _, err := t.Write(b); err != nil {
			return b, err
		}
		b = b[:0]
	}
	return append(b, "\n]}"...), nil
}

// lines appends the arcs.
func (t *writer) lines(b []byte) ([]byte, error) {
	for i := range t.arcs.List {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = append(b, '[')
		for k, d := range t.arcs.Deltas(i) {
			if k > 0 {
				b = append(b, ',')
			}
			b = appendPosition(b, d)
		}
		b = append(b, ']')
		if _, err := t.Write(b); err != nil {
			return b, err
		}
		b = b[:0]
	}
	return b, nil
}

// transform appends the end: how the grid lies in degrees.
func (t *writer) transform(b []byte) []byte {
	pair := func(p orb.Point) {
		b = strconv.AppendFloat(b, p[0], 'g', -1, 64)
		b = append(b, ',')
		b = strconv.AppendFloat(b, p[1], 'g', -1, 64)
	}
	b = append(b, "\n],\"transform\":{\"scale\":["...)
	pair(t.arcs.Scale)
	b = append(b, `],"translate":[`...)
	pair(t.arcs.Origin)
	return append(b, "]}}\n"...)
}

func appendPosition(b []byte, p arcs.Point) []byte {
	b = append(b, '[')
	b = strconv.AppendInt(b, int64(p.X), 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(p.Y), 10)
	return append(b, ']')
}

func appendFeature(b []byte, t *arcs.Cutter, l *layer.Layer, f *layer.Feature) ([]byte, error) {
	g := f.Geometry
	if g == nil || layer.Empty(g) {
		b = append(b, `{"type":null`...)
	} else {
		b = append(b, `{"type":`...)
		b = append(b, jsontext.String(layer.Widened(g, l.Geometry).GeoJSONType())...)
	}
	if f.ID != "" {
		b = append(b, `,"id":`...)
		b = append(b, jsontext.String(f.ID)...)
	}
	b = append(b, `,"properties":{`...)
	for i, v := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, jsontext.String(l.Fields[i].Name)...)
		b = append(b, ':')
		var err error
		if b, err = jsontext.AppendValue(b, v); err != nil {
			return b, err
		}
	}
	b = append(b, '}')
	if g == nil || layer.Empty(g) {
		return append(b, '}'), nil
	}
	key, value := coordinates(t, layer.Widened(g, l.Geometry))
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

// coordinates are a geometry's member: places on the grid, or arcs.
func coordinates(t *arcs.Cutter, g orb.Geometry) (key string, value any) {
	switch g := g.(type) {
	case orb.Point:
		return "coordinates", position(t.Grid(g))
	case orb.MultiPoint:
		list := make([][2]int32, len(g))
		for i, p := range g {
			list[i] = position(t.Grid(p))
		}
		return "coordinates", list
	case orb.LineString:
		return "arcs", jsontext.NotNil(t.Cut(g, false))
	case orb.MultiLineString:
		list := [][]int32{}
		for _, line := range g {
			if a := t.Cut(line, false); a != nil {
				list = append(list, a)
			}
		}
		return "arcs", list
	case orb.Polygon:
		return "arcs", jsontext.NotNil(t.Polygon(g))
	case orb.MultiPolygon:
		return "arcs", jsontext.NotNil(t.Polygons(g))
	}
	return "arcs", nil
}

func position(p arcs.Point) [2]int32 { return [2]int32{p.X, p.Y} }
