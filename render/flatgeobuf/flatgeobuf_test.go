package flatgeobuf

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/internal/rounded"
	"stpmap/render/layer"
)

// file is a FlatGeobuf that was read back.
type file struct {
	header   *flatbuffers.Table
	tree     []node
	features [][]byte // with their lengths, in order
	starts   []uint64
}

// table is the root of a buffer after its length.
func table(b []byte) *flatbuffers.Table {
	b = b[4:]
	return &flatbuffers.Table{Bytes: b, Pos: flatbuffers.GetUOffsetT(b)}
}

// slot is where a field of a table stands; 0 if it does not.
func slot(t *flatbuffers.Table, n int) flatbuffers.UOffsetT {
	o := flatbuffers.UOffsetT(t.Offset(flatbuffers.VOffsetT(4 + 2*n)))
	if o == 0 {
		return 0
	}
	return o + t.Pos
}

func text(t *flatbuffers.Table, n int) string {
	if o := slot(t, n); o != 0 {
		return string(t.ByteVector(o))
	}
	return ""
}

// child is the i-th table of a list.
func child(t *flatbuffers.Table, n, i int) *flatbuffers.Table {
	o := slot(t, n)
	at := t.Vector(o-t.Pos) + flatbuffers.UOffsetT(4*i)
	return &flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(at)}
}

func length(t *flatbuffers.Table, n int) int {
	if o := slot(t, n); o != 0 {
		return t.VectorLen(o - t.Pos)
	}
	return 0
}

func read(t *testing.T, l layer.Layer) file {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, l); err != nil {
		t.Fatal(err)
	}
	b := out.Bytes()
	if !bytes.Equal(b[:8], magic) {
		t.Fatalf("it begins with %v", b[:8])
	}
	b = b[8:]
	take := func() []byte {
		n := 4 + binary.LittleEndian.Uint32(b)
		part := b[:n]
		b = b[n:]
		return part
	}
	f := file{header: table(take())}
	count, node16 := 0, nodeSize
	if o := slot(f.header, headerCount); o != 0 {
		count = int(f.header.GetUint64(o))
	}
	if o := slot(f.header, headerNode); o != 0 {
		node16 = int(f.header.GetUint16(o))
	}
	if node16 > 0 {
		for range levels(count)[0][1] {
			x := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:])) }
			f.tree = append(f.tree, node{orb.Bound{Min: orb.Point{x(0), x(1)}, Max: orb.Point{x(2), x(3)}}, binary.LittleEndian.Uint64(b[32:])})
			b = b[40:]
		}
	}
	start := uint64(0)
	for len(b) > 0 {
		f.features, f.starts = append(f.features, take()), append(f.starts, start)
		start += uint64(len(f.features[len(f.features)-1]))
	}
	if len(f.features) != count {
		t.Fatalf("%d features, the header says %d", len(f.features), count)
	}
	return f
}

// place reads a geometry back.
func place(t *flatbuffers.Table) orb.Geometry {
	kind := t.GetByteSlot(4+2*geometryType, 0)
	if kind == kinds["MultiPolygon"] {
		var m orb.MultiPolygon
		for i := range length(t, geometryParts) {
			m = append(m, place(child(t, geometryParts, i)).(orb.Polygon))
		}
		return m
	}
	var points []orb.Point
	at := t.Vector(slot(t, geometryXY) - t.Pos)
	for i := range length(t, geometryXY) / 2 {
		points = append(points, orb.Point{t.GetFloat64(at + flatbuffers.UOffsetT(16*i)), t.GetFloat64(at + flatbuffers.UOffsetT(16*i+8))})
	}
	ends := []int{len(points)}
	if n := length(t, geometryEnds); n > 0 {
		ends = ends[:0]
		for i := range n {
			ends = append(ends, int(t.GetUint32(t.Vector(slot(t, geometryEnds)-t.Pos)+flatbuffers.UOffsetT(4*i))))
		}
	}
	switch kind {
	case 1:
		return points[0]
	case 2:
		return orb.LineString(points)
	}
	var p orb.Polygon
	for i, end := range ends {
		from := 0
		if i > 0 {
			from = ends[i-1]
		}
		p = append(p, orb.Ring(points[from:end]))
	}
	return p
}

// cells are the values of a feature by the number of the column.
func cells(t *testing.T, l layer.Layer, feature *flatbuffers.Table) map[int]any {
	out := map[int]any{}
	o := slot(feature, featureProperties)
	if o == 0 {
		return out
	}
	for b := feature.ByteVector(o); len(b) > 0; {
		i := int(binary.LittleEndian.Uint16(b))
		b = b[2:]
		switch l.Fields[i].Type {
		case layer.Text:
			n := binary.LittleEndian.Uint32(b)
			out[i], b = string(b[4:4+n]), b[4+n:]
		case layer.Integer:
			out[i], b = int64(binary.LittleEndian.Uint64(b)), b[8:]
		case layer.Real:
			out[i], b = math.Float64frombits(binary.LittleEndian.Uint64(b)), b[8:]
		case layer.Boolean:
			out[i], b = b[0] == 1, b[1:]
		default:
			t.Fatal(i)
		}
	}
	return out
}

// Every feature comes back, in whatever order, with its values and its place.
func TestRoundTrip(t *testing.T) {
	for _, l := range rendertest.Layers() {
		f := read(t, l)
		if text(f.header, headerName) != l.Name || text(f.header, headerTitle) != l.Title {
			t.Errorf("%s: the header is called %q", l.Name, text(f.header, headerName))
		}
		if n := length(f.header, headerColumns); n != len(l.Fields) {
			t.Fatalf("%s: %d columns", l.Name, n)
		}
		for i, field := range l.Fields {
			c := child(f.header, headerColumns, i)
			if text(c, columnName) != field.Name || text(c, columnTitle) != field.Alias || c.GetByteSlot(4+2*columnType, 0) != columnTypes[field.Type] {
				t.Errorf("%s: column %d is %s", l.Name, i, text(c, columnName))
			}
		}
		left := map[string]int{}
		for i := range l.Features {
			left[written(t, l, i)]++
		}
		for _, b := range f.features {
			feature := table(b)
			var g orb.Geometry
			if o := slot(feature, featureGeometry); o != 0 {
				g = place(&flatbuffers.Table{Bytes: feature.Bytes, Pos: feature.Indirect(o)})
			}
			left[describe(l, cells(t, l, feature), g)]--
		}
		for what, n := range left {
			if n != 0 {
				t.Errorf("%s: %+d of %s", l.Name, n, what)
			}
		}
	}
}

func written(t *testing.T, l layer.Layer, i int) string {
	t.Helper()
	values := map[int]any{}
	for k, v := range l.Features[i].Values {
		if v = layer.Known(v); v != nil {
			if n, ok := v.(int64); ok && l.Fields[k].Type == layer.Real {
				v = float64(n)
			}
			values[k] = v
		}
	}
	g, err := rounded.Geometry(l.Features[i].Geometry, l.Geometry)
	if err != nil {
		t.Fatal(err)
	}
	return describe(l, values, g)
}

func describe(l layer.Layer, values map[int]any, g orb.Geometry) string {
	s := ""
	for i := range l.Fields {
		s += fmt.Sprintf("%v|", values[i])
	}
	return s + fmt.Sprint(g)
}

// points is a layer of places at random.
func points(n int) layer.Layer {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	l := layer.Layer{Name: "points", Geometry: "Point", Fields: []layer.Field{{Name: "n", Type: layer.Integer}}}
	for i := range n {
		l.Features = append(l.Features, layer.Feature{Geometry: orb.Point{r.Float64(), r.Float64()}, Values: []any{int64(i)}})
	}
	return l
}

// A search from the root finds what a look at every row finds, and reads fewer.
func TestTree(t *testing.T) {
	for _, n := range []int{1, 2, 16, 17, 256, 257, 5000} {
		f := read(t, points(n))
		bounds, leaves := levels(n), 0
		window := orb.Bound{Min: orb.Point{0.2, 0.2}, Max: orb.Point{0.4, 0.3}}
		var found []uint64
		var visit func(at, level int)
		visit = func(at, level int) {
			if !f.tree[at].box.Intersects(window) {
				return
			}
			if level == 0 {
				found = append(found, f.tree[at].offset)
				return
			}
			first := int(f.tree[at].offset)
			for k := first; k < min(first+nodeSize, bounds[level-1][1]); k++ {
				if level == 1 {
					leaves++
				}
				visit(k, level-1)
			}
		}
		visit(0, len(bounds)-1)
		var want []uint64
		for i, b := range f.features {
			feature := table(b)
			g := place(&flatbuffers.Table{Bytes: feature.Bytes, Pos: feature.Indirect(slot(feature, featureGeometry))})
			if g.Bound().Intersects(window) {
				want = append(want, f.starts[i])
			}
		}
		if slices.Sort(found); !slices.Equal(found, want) {
			t.Errorf("%d rows: found %v, want %v", n, found, want)
		}
		if n == 5000 && leaves > n/10 {
			t.Errorf("%d rows were looked at of %d", leaves, n)
		}
	}
}

// The curve visits every place of the grid once, each next to the one before.
func TestHilbert(t *testing.T) {
	at := map[uint32][2]int{}
	const n = 64
	for x := range n {
		for y := range n {
			at[hilbert(uint32(x), uint32(y))] = [2]int{x, y}
		}
	}
	for d := uint32(1); d < n*n; d++ {
		a, aok := at[d-1]
		b, bok := at[d]
		if !aok || !bok || max(a[0]-b[0], b[0]-a[0])+max(a[1]-b[1], b[1]-a[1]) != 1 {
			t.Fatalf("step %d leads from %v to %v", d, a, b)
		}
	}
}

func TestNoPlaceAndRefusals(t *testing.T) {
	l := points(3)
	l.Features[1].Geometry = nil
	f := read(t, l)
	if len(f.tree) != 0 || len(f.features) != 3 || slot(table(f.features[1]), featureGeometry) != 0 {
		t.Error("a row without a place has one, or there is a tree")
	}
	empty := points(0)
	if f := read(t, empty); len(f.features) != 0 {
		t.Error("no rows became some")
	}
	l.Features[1].Geometry = orb.Point{math.NaN(), 0}
	if err := Write(io.Discard, l); !errors.Is(err, layer.ErrLayerShape) {
		t.Errorf("no number: %v", err)
	}
	l.Name = "A B"
	if err := Write(io.Discard, l); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("no name: %v", err)
	}
}

// GDAL reads what was written as it reads the same in GeoJSON.
func TestGDAL(t *testing.T) {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	for _, l := range rendertest.Layers() {
		dir := t.TempDir()
		var b bytes.Buffer
		if err := Write(&b, l); err != nil {
			t.Fatal(err)
		}
		in, out := filepath.Join(dir, "in.fgb"), filepath.Join(dir, "out.geojson")
		if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(ogr, "-lco", "COORDINATE_PRECISION=9", out, in).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", l.Name, err, text)
		}
		raw, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var fc struct {
			Features []struct {
				Properties map[string]any
				Geometry   *struct{ Coordinates any }
			}
		}
		if err := json.Unmarshal(raw, &fc); err != nil || len(fc.Features) != len(l.Features) {
			t.Fatalf("%s: %d features: %v", l.Name, len(fc.Features), err)
		}
		left := map[string]int{}
		for i := range l.Features {
			left[plain(t, l, i)]++
		}
		for _, f := range fc.Features {
			var at any
			if f.Geometry != nil {
				at = f.Geometry.Coordinates
			}
			left[jsonOf(t, l, f.Properties, at)]--
		}
		for what, n := range left {
			if n != 0 {
				t.Errorf("%s: %+d of %s", l.Name, n, what)
			}
		}
	}
}

func plain(t *testing.T, l layer.Layer, i int) string {
	values := map[string]any{}
	for k, v := range l.Features[i].Values {
		values[l.Fields[k].Name] = layer.Known(v)
	}
	g, err := rounded.Geometry(l.Features[i].Geometry, l.Geometry)
	if err != nil {
		t.Fatal(err)
	}
	if g == nil {
		return jsonOf(t, l, values, nil)
	}
	return jsonOf(t, l, values, g)
}

func jsonOf(t *testing.T, l layer.Layer, values map[string]any, at any) string {
	t.Helper()
	list := make([]any, len(l.Fields))
	for i, f := range l.Fields {
		list[i] = values[f.Name]
		if n, ok := list[i].(int64); ok {
			list[i] = float64(n)
		}
	}
	b, err := json.Marshal([]any{list, at})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
