package geoparquet

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"stpmap/render/internal/rounded"
	"stpmap/render/layer"
)

// Names of the columns that are no field of the layer.
const (
	geometryColumn = "geometry"
	boxColumn      = "bbox"
)

// Write writes a layer as GeoParquet 1.1: its columns in their order and types,
// unknowns as nulls, then the geometry as well-known binary in WGS84 with six
// decimals, then a box for each row, by which readers skip what lies elsewhere.
// A layer without geometry is written as plain Parquet. The error wraps
// layer.ErrLayerName or layer.ErrLayerShape, or is the writer's.
func Write(w io.Writer, l layer.Layer) error {
	if err := l.Check(); err != nil {
		return err
	}
	for _, reserved := range []string{geometryColumn, boxColumn} {
		if l.Geometry != "" && l.FieldIndex(reserved) >= 0 {
			return fmt.Errorf("layer %q: a field is called %s: %w", l.Name, reserved, layer.ErrLayerName)
		}
	}
	rows, meta, err := table(&l)
	if err != nil {
		return err
	}
	// No version of the library in it: the same layer is the same bytes.
	options := []parquet.WriterOption{
		parquet.NewSchema(l.Name, parquet.SchemaOf(reflect.New(rowType(&l)).Interface())),
		parquet.Compression(&parquet.Snappy), parquet.CreatedBy("stpmap", "", ""),
	}
	if meta != nil {
		options = append(options, parquet.KeyValueMetadata("geo", string(meta)))
	}
	about, err := json.Marshal(l.About.Public())
	if err != nil {
		return err
	}
	pw := parquet.NewWriter(w, append(options, parquet.KeyValueMetadata("stpmap", string(about)))...)
	if _, err := pw.WriteRows(rows); err != nil {
		return err
	}
	return pw.Close()
}

// box are the columns of a row's bounds.
type box struct {
	XMin float64 `parquet:"xmin"`
	YMin float64 `parquet:"ymin"`
	XMax float64 `parquet:"xmax"`
	YMax float64 `parquet:"ymax"`
}

// rowType is the type of a row. Columns of a struct keep their order, those of a
// group do not.
func rowType(l *layer.Layer) reflect.Type {
	types := [...]reflect.Type{layer.Text: reflect.TypeFor[string](), layer.Integer: reflect.TypeFor[int64](), layer.Real: reflect.TypeFor[float64](), layer.Boolean: reflect.TypeFor[bool]()}
	var fields []reflect.StructField
	add := func(name string, t reflect.Type) {
		tag := `parquet:"` + name + `,optional"`
		fields = append(fields, reflect.StructField{Name: "C" + strconv.Itoa(len(fields)), Type: t, Tag: reflect.StructTag(tag)})
	}
	for _, f := range l.Fields {
		add(f.Name, types[f.Type])
	}
	if l.Geometry != "" {
		add(geometryColumn, reflect.TypeFor[[]byte]())
		add(boxColumn, reflect.TypeFor[*box]())
	}
	return reflect.StructOf(fields)
}

// table makes the rows, and the description of their geometry.
func table(l *layer.Layer) (rows []parquet.Row, meta []byte, err error) {
	all, some := orb.Bound{}, false
	for i := range l.Features {
		f := &l.Features[i]
		var row parquet.Row
		for k, v := range f.Values {
			row = append(row, value(v, l.Fields[k].Type, k))
		}
		if l.Geometry != "" {
			g, err := rounded.Geometry(f.Geometry, l.Geometry)
			if err != nil {
				return nil, nil, fmt.Errorf("layer %q: feature %d: %w", l.Name, i+1, err)
			}
			if row, err = appendGeometry(row, g); err != nil {
				return nil, nil, err
			}
			if g != nil && some {
				all = all.Union(g.Bound())
			} else if g != nil {
				all, some = g.Bound(), true
			}
		}
		rows = append(rows, row)
	}
	if l.Geometry == "" {
		return rows, nil, nil
	}
	meta, err = json.Marshal(describe(l.Geometry, all, some))
	return rows, meta, err
}

// value is a cell. An integer may stand in a column of numbers.
func value(v any, t layer.FieldType, column int) parquet.Value {
	v = layer.Known(v)
	if n, ok := v.(int64); ok && t == layer.Real {
		v = float64(n)
	}
	if v == nil {
		return parquet.Value{}.Level(0, 0, column)
	}
	return parquet.ValueOf(v).Level(0, 1, column)
}

// appendGeometry adds the geometry and its box.
func appendGeometry(row parquet.Row, g orb.Geometry) (parquet.Row, error) {
	at := len(row)
	if g == nil {
		for range 5 {
			row = append(row, parquet.Value{}.Level(0, 0, len(row)))
		}
		return row, nil
	}
	blob, err := wkb.Marshal(g)
	if err != nil {
		return nil, err
	}
	b := g.Bound()
	row = append(row, parquet.ByteArrayValue(blob).Level(0, 1, at))
	for i, x := range [...]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		row = append(row, parquet.DoubleValue(x).Level(0, 1, at+1+i))
	}
	return row, nil
}

// The description of the geometry, as GeoParquet has it. Without a crs it is
// OGC:CRS84, which is WGS84 with the longitude first.
type (
	description struct {
		Version string                `json:"version"`
		Primary string                `json:"primary_column"`
		Columns map[string]descriptor `json:"columns"`
	}
	descriptor struct {
		Encoding    string    `json:"encoding"`
		Types       []string  `json:"geometry_types"`
		Orientation string    `json:"orientation,omitempty"`
		Box         []float64 `json:"bbox,omitempty"`
		Covering    covering  `json:"covering"`
	}
	covering struct {
		Box map[string][]string `json:"bbox"`
	}
)

func describe(kind string, all orb.Bound, some bool) description {
	d := descriptor{Encoding: "WKB", Types: []string{kind}, Covering: covering{map[string][]string{}}}
	for _, side := range []string{"xmin", "ymin", "xmax", "ymax"} {
		d.Covering.Box[side] = []string{boxColumn, side}
	}
	if layer.KindOf(kind) == layer.AreaKind {
		d.Orientation = "counterclockwise"
	}
	if some {
		d.Box = []float64{all.Min[0], all.Min[1], all.Max[0], all.Max[1]}
	}
	return description{"1.1.0", geometryColumn, map[string]descriptor{geometryColumn: d}}
}
