package geoparquet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/internal/rounded"
	"stpmap/render/layer"
)

// read opens what Write wrote, and gives its rows.
func read(t *testing.T, l layer.Layer) (*parquet.File, []parquet.Row) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, l); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var rows []parquet.Row
	r := parquet.NewReader(f)
	buffer := make([]parquet.Row, 5)
	for {
		n, err := r.ReadRows(buffer)
		for _, row := range buffer[:n] {
			rows = append(rows, row.Clone())
		}
		if err == io.EOF {
			return f, rows
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every layer comes back as it went in: columns in order, types, unknowns, places.
func TestRoundTrip(t *testing.T) {
	for _, l := range append(rendertest.Layers(), rendertest.Scores()) {
		f, rows := read(t, l)
		if len(rows) != len(l.Features) {
			t.Fatalf("%s: %d rows, want %d", l.Name, len(rows), len(l.Features))
		}
		columns := f.Schema().Columns()
		for k, field := range l.Fields {
			if !slices.Equal(columns[k], []string{field.Name}) {
				t.Errorf("%s: column %d is %v, want %s", l.Name, k, columns[k], field.Name)
			}
		}
		for i, row := range rows {
			for k, want := range l.Features[i].Values {
				if got := cell(row[k]); got != number(layer.Known(want), l.Fields[k].Type) {
					t.Errorf("%s, row %d, %s: %v, want %v", l.Name, i, l.Fields[k].Name, got, want)
				}
			}
			checkPlace(t, l, i, row)
		}
	}
}

func checkPlace(t *testing.T, l layer.Layer, i int, row parquet.Row) {
	t.Helper()
	want, err := rounded.Geometry(l.Features[i].Geometry, l.Geometry)
	if err != nil {
		t.Fatal(err)
	}
	at := len(l.Fields)
	if want == nil {
		if !row[at].IsNull() || !row[at+4].IsNull() {
			t.Errorf("%s, row %d: a place where there is none", l.Name, i)
		}
		return
	}
	got, err := wkb.Unmarshal(row[at].ByteArray())
	if err != nil || !orb.Equal(got, want) {
		t.Errorf("%s, row %d: %v, %v, want %v", l.Name, i, got, err, want)
	}
	if b := want.Bound(); row[at+1].Double() != b.Min[0] || row[at+4].Double() != b.Max[1] {
		t.Errorf("%s, row %d: the box is %v", l.Name, i, row[at+1:])
	}
}

func cell(v parquet.Value) any {
	switch {
	case v.IsNull():
		return nil
	case v.Kind() == parquet.Int64:
		return v.Int64()
	case v.Kind() == parquet.Double:
		return v.Double()
	case v.Kind() == parquet.Boolean:
		return v.Boolean()
	}
	return string(v.ByteArray())
}

func number(v any, t layer.FieldType) any {
	if n, ok := v.(int64); ok && t == layer.Real {
		return float64(n)
	}
	return v
}

// The description says what readers of GeoParquet look for.
func TestDescription(t *testing.T) {
	f, _ := read(t, rendertest.Footprints())
	text, ok := f.Lookup("geo")
	var d description
	if err := json.Unmarshal([]byte(text), &d); !ok || err != nil {
		t.Fatal(text, err)
	}
	c := d.Columns[d.Primary]
	if d.Version != "1.1.0" || c.Encoding != "WKB" || !slices.Equal(c.Types, []string{"MultiPolygon"}) || len(c.Box) != 4 || len(c.Covering.Box) != 4 || c.Orientation != "counterclockwise" {
		t.Errorf("the description is %s", text)
	}
	plain := layer.Layer{Name: "table", Fields: []layer.Field{{Name: "a"}}, Features: []layer.Feature{{Values: []any{"x"}}}}
	f, rows := read(t, plain)
	if _, ok := f.Lookup("geo"); ok || len(rows) != 1 || len(rows[0]) != 1 {
		t.Errorf("a table without geometry has %v", rows)
	}
}

func TestSameBytesAndRefusals(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, rendertest.Footprints()), Write(&b, rendertest.Footprints())); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two writes differ: %v", err)
	}
	l := rendertest.Footprints()
	l.Fields[1].Name = geometryColumn
	if err := Write(io.Discard, l); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("a field called geometry: %v", err)
	}
	l = rendertest.Providers()
	l.Features[0].Geometry = orb.Point{math.NaN(), 0}
	if err := Write(io.Discard, l); !errors.Is(err, layer.ErrLayerShape) {
		t.Errorf("a place that is no number: %v", err)
	}
	l.Features[0].Values = nil
	if err := Write(io.Discard, l); !errors.Is(err, layer.ErrLayerShape) {
		t.Errorf("too few values: %v", err)
	}
}
