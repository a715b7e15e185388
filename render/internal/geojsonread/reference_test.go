package geojsonread

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// writer spells random documents: the same values in any spelling that JSON
// allows.
type writer struct {
	rng *rand.Rand
	b   strings.Builder
}

// gap is white space, mostly none.
func (w *writer) gap() {
	w.b.WriteString([]string{"", "", "", " ", "\n", "\t", "\r\n", "  "}[w.rng.IntN(8)])
}

// object writes members in the order given, with strangers among them.
func (w *writer) object(members ...func()) {
	w.b.WriteByte('{')
	w.gap()
	some := false
	comma := func() {
		if some {
			w.b.WriteByte(',')
			w.gap()
		}
		some = true
	}
	for _, m := range members {
		if w.rng.IntN(6) == 0 {
			comma()
			w.key("stranger" + strconv.Itoa(w.rng.IntN(3)))
			w.value(3)
		}
		comma()
		m()
	}
	w.gap()
	w.b.WriteByte('}')
}

func (w *writer) list(n int, element func(i int)) {
	w.b.WriteByte('[')
	w.gap()
	for i := range n {
		if i > 0 {
			w.b.WriteByte(',')
			w.gap()
		}
		element(i)
	}
	w.gap()
	w.b.WriteByte(']')
}

func (w *writer) key(s string) {
	w.str(s)
	w.gap()
	w.b.WriteByte(':')
	w.gap()
}

// str writes a string, some of its characters as escapes.
func (w *writer) str(s string) {
	w.b.WriteByte('"')
	for _, r := range s {
		switch {
		case r < ' ' || r == '"' || r == '\\' || w.rng.IntN(12) == 0 && r < 0x10000:
			fmt.Fprintf(&w.b, `\u%04x`, r)
		case r == '/' && w.rng.IntN(2) == 0:
			w.b.WriteString(`\/`)
		default:
			w.b.WriteRune(r)
		}
	}
	w.b.WriteByte('"')
}

// word is a short text in several scripts, with what must be escaped.
func (w *writer) word() string {
	letters := []rune("abcXYZ019 _-/\"\\\n\tłöé医院🗺{}[],:")
	out := make([]rune, w.rng.IntN(9))
	for i := range out {
		out[i] = letters[w.rng.IntN(len(letters))]
	}
	return string(out)
}

func (w *writer) number() string {
	v := (2*w.rng.Float64() - 1) * math.Pow(10, float64(w.rng.IntN(9)-3))
	switch w.rng.IntN(4) {
	case 0:
		return strconv.FormatInt(int64(v), 10)
	case 1:
		return strconv.FormatFloat(v, 'e', w.rng.IntN(12), 64)
	}
	return strconv.FormatFloat(v, 'f', w.rng.IntN(12), 64)
}

// value writes any value, up to a depth.
func (w *writer) value(depth int) {
	kinds := 7
	if depth == 0 {
		kinds = 5
	}
	switch w.rng.IntN(kinds) {
	case 0:
		w.b.WriteString("null")
	case 1:
		w.b.WriteString("true")
	case 2:
		w.b.WriteString("false")
	case 3:
		w.b.WriteString(w.number())
	case 4:
		w.str(w.word())
	case 5:
		w.list(w.rng.IntN(4), func(int) { w.value(depth - 1) })
	case 6:
		n := w.rng.IntN(4)
		w.b.WriteByte('{')
		for i := range n {
			if i > 0 {
				w.b.WriteByte(',')
			}
			w.key(w.word() + strconv.Itoa(i))
			w.value(depth - 1)
		}
		w.b.WriteByte('}')
	}
}

// degrees is a coordinate of at most six decimals, so that no rounding is left
// to compare.
func (w *writer) degrees(limit int) string {
	v := w.rng.IntN(2*limit*1_000_000) - limit*1_000_000
	s := strconv.FormatFloat(float64(v)/1e6, 'f', w.rng.IntN(7), 64)
	if w.rng.IntN(8) == 0 {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			s = strconv.FormatFloat(f, 'e', -1, 64)
		}
	}
	return s
}

func (w *writer) ring() {
	n := 3 + w.rng.IntN(6)
	ps := make([][2]string, n, n+1)
	for i := range ps {
		ps[i] = [2]string{w.degrees(180), w.degrees(90)}
	}
	ps = append(ps, ps[0])
	heights := w.rng.IntN(5) == 0
	w.list(len(ps), func(i int) {
		w.list(2+btoi(heights), func(k int) {
			if k == 2 {
				w.b.WriteString(w.number())
				return
			}
			w.b.WriteString(ps[i][k])
		})
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *writer) polygon() { w.list(1+w.rng.IntN(3), func(int) { w.ring() }) }

func (w *writer) geometry() {
	if w.rng.IntN(8) == 0 {
		w.b.WriteString("null")
		return
	}
	kind, coordinates := "Polygon", w.polygon
	if w.rng.IntN(2) == 0 {
		kind = "MultiPolygon"
		coordinates = func() { w.list(1+w.rng.IntN(3), func(int) { w.polygon() }) }
	}
	members := []func(){
		func() { w.key("type"); w.str(kind) },
		func() { w.key("coordinates"); coordinates() },
	}
	if w.rng.IntN(2) == 0 { // either order
		slices.Reverse(members)
	}
	w.object(members...)
}

func (w *writer) feature() {
	w.object(
		func() { w.key("type"); w.str("Feature") },
		func() {
			w.key("properties")
			w.b.WriteByte('{')
			for i := range w.rng.IntN(5) {
				if i > 0 {
					w.b.WriteByte(',')
					w.gap()
				}
				w.key(fmt.Sprintf("%d%s", i, w.word()))
				w.value(2)
			}
			w.b.WriteByte('}')
		},
		func() { w.key("geometry"); w.geometry() },
	)
}

// document is a feature collection of up to eight features.
func document(seed uint64) string {
	w := &writer{rng: rand.New(rand.NewPCG(seed, 9))}
	w.gap()
	w.object(
		func() { w.key("type"); w.str("FeatureCollection") },
		func() { w.key("features"); w.list(w.rng.IntN(9), func(int) { w.feature() }) },
	)
	w.gap()
	return w.b.String()
}

// wantProperty is a property as encoding/json reads it; false for objects and
// arrays, which are left out.
func wantProperty(t *testing.T, raw json.RawMessage) (Property, bool) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	switch v := v.(type) {
	case nil:
		return Property{Kind: Null}, true
	case string:
		return Property{Kind: String, Text: v}, true
	case json.Number:
		return Property{Kind: Number, Text: v.String()}, true
	case bool:
		return Property{Kind: Boolean, Text: strconv.FormatBool(v)}, true
	}
	return Property{}, false
}

// Random documents are read as encoding/json reads them: the same features with
// the same properties.
func TestPropertiesAgainstEncodingJSON(t *testing.T) {
	for seed := range uint64(300) {
		text := document(seed)
		var want struct {
			Features []struct {
				Properties map[string]json.RawMessage `json:"properties"`
			} `json:"features"`
		}
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("seed %d: the test's own document: %v\n%s", seed, err, text)
		}
		got, err := Read(context.Background(), strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		if len(got.Features) != len(want.Features) {
			t.Fatalf("seed %d: %d features, want %d", seed, len(got.Features), len(want.Features))
		}
		for i, f := range want.Features {
			n := 0
			for name, raw := range f.Properties {
				p, ok := wantProperty(t, raw)
				if !ok {
					continue
				}
				n++
				q, found := got.Value(i, int32(slices.Index(got.Keys, name)))
				if !found || q.Kind != p.Kind || q.Text != p.Text {
					t.Errorf("seed %d, feature %d, property %q: got %+v (%v), want %+v", seed, i, name, q, found, p)
				}
			}
			if n != len(got.Features[i].Properties) {
				t.Errorf("seed %d, feature %d: %d properties, want %d", seed, i, len(got.Features[i].Properties), n)
			}
		}
	}
}

// areaOf takes an area's polygons out of the flat slices, rings closed.
func areaOf(c *Collection, area int) orb.MultiPolygon {
	var out orb.MultiPolygon
	r := &c.Rings
	for p := r.Areas[area]; p < r.Areas[area+1]; p++ {
		var polygon orb.Polygon
		for k := r.Polygons[p]; k < r.Polygons[p+1]; k++ {
			var ring orb.Ring
			for i := r.Rings[k]; i < r.Rings[k+1]; i++ {
				ring = append(ring, orb.Point{float64(r.XY[2*i]), float64(r.XY[2*i+1])})
			}
			polygon = append(polygon, append(ring, ring[0]))
		}
		out = append(out, polygon)
	}
	return out
}

// wantPolygons are the polygons of a geometry as encoding/json reads them, in
// millionths of a degree.
func wantPolygons(t *testing.T, raw json.RawMessage) orb.MultiPolygon {
	t.Helper()
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	var ps [][][][]float64
	switch g.Type {
	case "Polygon":
		ps = make([][][][]float64, 1)
		if err := json.Unmarshal(g.Coordinates, &ps[0]); err != nil {
			t.Fatal(err)
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &ps); err != nil {
			t.Fatal(err)
		}
	}
	out := make(orb.MultiPolygon, len(ps))
	for i, rings := range ps {
		for _, ring := range rings {
			var r orb.Ring
			for _, q := range ring {
				r = append(r, orb.Point{math.Round(q[0] * 1e6), math.Round(q[1] * 1e6)})
			}
			out[i] = append(out[i], r)
		}
	}
	return out
}

// Random documents have the polygons that encoding/json finds in them.
func TestPolygonsAgainstEncodingJSON(t *testing.T) {
	for seed := range uint64(300) {
		text := document(seed)
		var want struct {
			Features []struct {
				Geometry json.RawMessage `json:"geometry"`
			} `json:"features"`
		}
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		got, err := Read(context.Background(), strings.NewReader(text), 0)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		if len(got.Faults) > 0 {
			t.Fatalf("seed %d: fault %v\n%s", seed, got.Faults[0], text)
		}
		for i, f := range want.Features {
			w, g := wantPolygons(t, f.Geometry), areaOf(got, i)
			if !slices.EqualFunc(w, g, func(a, b orb.Polygon) bool { return a.Equal(b) }) {
				t.Fatalf("seed %d, feature %d: got %v, want %v", seed, i, g, w)
			}
		}
	}
}

// What encoding/json takes for JSON is never refused as no JSON, whatever stands
// in it.
func TestAnyJSONIsJSON(t *testing.T) {
	for seed := range uint64(2000) {
		w := &writer{rng: rand.New(rand.NewPCG(seed, 10))}
		w.object(
			func() { w.key("type"); w.value(1) },
			func() { w.key("crs"); w.value(3) },
			func() { w.key("properties"); w.value(3) },
			func() { w.key("id"); w.value(2) },
		)
		text := w.b.String()
		if !json.Valid([]byte(text)) {
			t.Fatalf("the test's own document is no JSON: %s", text)
		}
		if _, err := Read(context.Background(), strings.NewReader(text), 0); errors.Is(err, ErrSyntax) || errors.Is(err, ErrTruncated) || errors.Is(err, ErrEncoding) {
			t.Errorf("seed %d: %v\n%s", seed, err, text)
		}
	}
}

// A document with one byte changed or left out is read or refused, and what is
// read still has rings that close and positions on the earth.
func TestSpoiledDocuments(t *testing.T) {
	accepted := 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 11))
		text := []byte(document(seed % 40))
		at := rng.IntN(len(text))
		switch rng.IntN(3) {
		case 0:
			text[at] = byte(rng.IntN(256))
		case 1:
			text = slices.Delete(text, at, at+1)
		default:
			text = slices.Insert(text, at, []byte(`,:{}[]"0-.eE`)[rng.IntN(12)])
		}
		c, err := Read(context.Background(), bytes.NewReader(text), 0)
		if err != nil {
			var f *Fault
			if !errors.As(err, &f) || f.Line < 1 || f.Column < 1 {
				t.Fatalf("seed %d: an error without a place: %v", seed, err)
			}
			continue
		}
		accepted++
		if len(c.Features) != c.Rings.Len() {
			t.Fatalf("seed %d: %d features and %d areas", seed, len(c.Features), c.Rings.Len())
		}
		if !slices.IsSorted(c.Rings.Rings) || !slices.IsSorted(c.Rings.Polygons) || !slices.IsSorted(c.Rings.Areas) {
			t.Fatalf("seed %d: parts out of order", seed)
		}
		for i, v := range c.Rings.XY {
			if limit := []int32{180e6, 90e6}[i%2]; v > limit || v < -limit {
				t.Fatalf("seed %d: coordinate %d", seed, v)
			}
		}
	}
	if accepted == 0 {
		t.Error("every spoiled document was refused, even one with another letter in a name")
	}
}
