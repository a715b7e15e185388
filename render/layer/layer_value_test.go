package layer

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// A layer that does not fit its description is refused, and the fault names it.
func TestCheck(t *testing.T) {
	good := func() *Layer {
		return &Layer{
			Name: "l", Geometry: "MultiPolygon", Fields: []Field{{Name: "code"}, {Name: "n", Type: Integer}, {Name: "x", Type: Real}, {Name: "ok", Type: Boolean}},
			Features: []Feature{
				{ID: "1", Geometry: orb.Polygon{}, Values: []any{"a", int64(1), 0.5, true}},
				{ID: "2", Geometry: orb.MultiPolygon{}, Values: []any{nil, nil, int64(3), nil}},
				{ID: "3", Values: []any{"", int64(0), math.NaN(), false}},
			},
		}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		spoil func(l *Layer)
		want  string
		is    error
	}{
		{"no name", func(l *Layer) { l.Name = "" }, `layer "": name`, ErrLayerName},
		{"a long name", func(l *Layer) { l.Name = strings.Repeat("a", 64) }, "name is not", ErrLayerName},
		{"a digit first", func(l *Layer) { l.Name = "1st" }, `layer "1st"`, ErrLayerName},
		{"a dot", func(l *Layer) { l.Fields[1].Name = "a.b" }, `field "a.b"`, ErrLayerName},
		{"a geometry that is none", func(l *Layer) { l.Geometry = "Circle" }, `geometry "Circle"`, ErrLayerShape},
		{"a column twice", func(l *Layer) { l.Fields[1].Name = "code" }, `field "code" twice`, ErrLayerShape},
		{"too few values", func(l *Layer) { l.Features[1].Values = nil }, "feature 2 has 0 values for 4 fields", ErrLayerShape},
		{"text for a number", func(l *Layer) { l.Features[0].Values[1] = "1" }, `field "n" holds a string`, ErrLayerShape},
		{"a plain int", func(l *Layer) { l.Features[0].Values[1] = 1 }, `field "n" holds a int`, ErrLayerShape},
		{"a fraction in a whole column", func(l *Layer) { l.Features[0].Values[1] = 1.5 }, `holds a float64`, ErrLayerShape},
		{"a point among polygons", func(l *Layer) { l.Features[2].Geometry = orb.Point{} }, "feature 3 is a Point", ErrLayerShape},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := good()
			tt.spoil(l)
			if err := l.Check(); !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// A table has the columns' fields and a feature a row; what is unknown is nil.
func TestTable(t *testing.T) {
	type place struct {
		name  string
		share float64
	}
	got := Table("places", []Column[place]{
		TitledCol("name", "Name", Text, func(p place) any { return Nonempty(p.name) }),
		Col("share", Real, func(p place) any { return Known(p.share) }),
	}, []place{{"Bath", 0.5}, {"", math.NaN()}, {"Wells", math.Inf(-1)}})
	want := Layer{
		Name: "places", Fields: []Field{{Name: "name", Alias: "Name", Type: Text}, {Name: "share", Type: Real}},
		Features: []Feature{{Values: []any{"Bath", 0.5}}, {Values: []any{nil, nil}}, {Values: []any{"Wells", nil}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	half, none := 0.5, math.NaN()
	if Given(nil) != nil || Given(&none) != nil || Given(&half) != 0.5 {
		t.Errorf("given: %v, %v, %v", Given(nil), Given(&none), Given(&half))
	}
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		v     any
		text  string
		known any
		x     float64
		ok    bool
	}{
		{nil, "", nil, 0, false},
		{"a", "a", "a", 0, false},
		{true, "true", true, 0, false},
		{int64(-5), "-5", int64(-5), -5, true},
		{0.25, "0.25", 0.25, 0.25, true},
		{1e21, "1000000000000000000000", 1e21, 1e21, true},
		{math.NaN(), "", nil, 0, false},
		{math.Inf(-1), "", nil, 0, false},
	} {
		if got := ValueText(tt.v); got != tt.text {
			t.Errorf("%v is written %q, want %q", tt.v, got, tt.text)
		}
		if got := Known(tt.v); got != tt.known {
			t.Errorf("%v is known as %v", tt.v, got)
		}
		if x, ok := Numeric(tt.v); ok != tt.ok || ok && x != tt.x {
			t.Errorf("%v is the number %v, %v", tt.v, x, ok)
		}
	}
}

// RoundDown is 1, 2 or 5 times a power of ten, at most the number and more than
// two fifths of it.
func TestRoundDown(t *testing.T) {
	for x := 1e-6; x < 1e9; x *= 1.0173 {
		r := RoundDown(x)
		if r > x*(1+1e-9) || r < x*0.4-1e-15 {
			t.Fatalf("%g goes down to %g", x, r)
		}
		first := strconv.FormatFloat(r, 'e', 6, 64)[0]
		if first != '1' && first != '2' && first != '5' {
			t.Fatalf("%g goes down to %g", x, r)
		}
	}
	for x, want := range map[float64]float64{1: 1, 1.99: 1, 2: 2, 4.99: 2, 5: 5, 10: 10, 0.05: 0.05} {
		if got := RoundDown(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("%g goes down to %g, want %g", x, got, want)
		}
	}
}

func TestWidened(t *testing.T) {
	ring := orb.Ring{{0, 0}, {1, 0}, {0, 1}, {0, 0}}
	for _, tt := range []struct {
		g    orb.Geometry
		kind string
		want string
	}{
		{orb.Polygon{ring}, "MultiPolygon", "MultiPolygon"},
		{orb.Polygon{ring}, "Polygon", "Polygon"},
		{orb.LineString{{0, 0}, {1, 1}}, "MultiLineString", "MultiLineString"},
		{orb.Point{1, 2}, "MultiPoint", "MultiPoint"},
		{orb.MultiPolygon{{ring}}, "MultiPolygon", "MultiPolygon"},
	} {
		got := Widened(tt.g, tt.kind)
		if got.GeoJSONType() != tt.want || got.Bound() != tt.g.Bound() {
			t.Errorf("%v as %s is %v", tt.g, tt.kind, got)
		}
	}
	if Widened(nil, "MultiPolygon") != nil {
		t.Error("no geometry became one")
	}
}

func TestEmptyAndKinds(t *testing.T) {
	for _, g := range []orb.Geometry{orb.MultiPoint{}, orb.LineString{}, orb.MultiLineString{}, orb.Polygon{}, orb.MultiPolygon{}} {
		if !Empty(g) {
			t.Errorf("%T without a part is not empty", g)
		}
	}
	if Empty(orb.Point{}) || Empty(orb.LineString{{0, 0}}) {
		t.Error("a point is empty")
	}
	for name, want := range map[string]Kind{"Point": PointKind, "MultiPoint": PointKind, "LineString": LineKind, "MultiLineString": LineKind, "Polygon": AreaKind, "MultiPolygon": AreaKind, "": NoKind, "Ring": NoKind} {
		if got := KindOf(name); got != want {
			t.Errorf("%q is of kind %d, want %d", name, got, want)
		}
	}
	for p, want := range map[orb.Point]bool{{1, 2}: true, {1e7, 0}: false, {0, math.Inf(1)}: false} {
		if Drawable(p) != want {
			t.Errorf("%v can be drawn: %v", p, !want)
		}
	}
	if Drawable(orb.Point{math.NaN(), 0}) {
		t.Error("NaN can be drawn")
	}
}

// What stands at the foot of a page has the notice first, then the sources and
// the version, each ended as a sentence.
func TestFoot(t *testing.T) {
	for _, tt := range []struct {
		a    About
		want string
	}{
		{About{}, ""},
		{About{Notice: "Synthetic"}, "Synthetic."},
		{About{Sources: []string{"One", "Two."}}, "Sources: One. Two."},
		{About{Notice: "N.", Version: "1.0", FlowSHA256: "0123456789"}, "N.\nMade with stpmap 1.0, flows 01234567."},
		{About{Sources: []string{"One"}, Version: "2"}, "Sources: One. Made with stpmap 2."},
	} {
		if got := tt.a.Foot(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
