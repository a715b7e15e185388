package drawing

import (
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/render/layer"
)

func TestParseStyle(t *testing.T) {
	for _, c := range []struct{ text, fault string }{
		{"population", ""},
		{"population:viridis", ""},
		{"population:viridis:jenks:5", ""},
		{"population::equal", ""},
		{"population:viridis:manual:1,2.5,30", ""},
		{"", "expected FIELD"},
		{":viridis", "expected FIELD"},
		{"a:b:c:d:e", "expected FIELD"},
		{"a:rainbows", "no ramp \"rainbows\""},
		{"a::fair", "no way \"fair\" to make classes"},
		{"a::jenks:0", "1 to 12 classes"},
		{"a::jenks:13", "1 to 12 classes"},
		{"a::jenks:x", "1 to 12 classes"},
		{"a::manual", "need their breaks"},
		{"a::manual:", "need their breaks"},
		{"a::manual:1,x", "is no break"},
		{"a::manual:2,1", "breaks must rise"},
		{"a::manual:1,NaN", "is no break"},
	} {
		st, err := parseStyle(c.text)
		if (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%q: %v, want %q", c.text, err, c.fault)
		}
		if err == nil && st.field != "population" {
			t.Errorf("%q: field %q", c.text, st.field)
		}
	}
	st, _ := parseStyle("population:Viridis:manual:1,2.5,30")
	if st.options.Ramp != "viridis" || !slices.Equal(st.options.Breaks, []float64{1, 2.5, 30}) {
		t.Errorf("got %+v", st.options)
	}
	many, _ := parseStyle("population:blues:equal:9")
	if got, want := many.fewer(), "6 classes are drawn, not 9: more of this ramp cannot be told apart in grey"; got != want || st.fewer() != "" {
		t.Errorf("got %q and %q, want %q", got, st.fewer(), want)
	}
}

func TestTilesOfStyle(t *testing.T) {
	for style, want := range map[string]string{"": "", "tiles": "+", "Tiles:population:blues": "+population:blues", "population:tiles": "population:tiles", "tilesize": "tilesize"} {
		rest, tiles := tilesOf(style)
		if tiles {
			rest = "+" + rest
		}
		if rest != want {
			t.Errorf("%q: %q, want %q", style, rest, want)
		}
	}
}

// A picture's title is the finding where flows are known.
func TestHeadings(t *testing.T) {
	finding := func(layer string) mapping.Heading {
		return mapping.Heading{Title: "found in " + layer, Subtitle: "data"}
	}
	moved := layer.Layer{Name: "moved", Fields: []layer.Field{{Name: "moved"}}, Style: layer.Style{Field: "moved"}}
	moved.Features = []layer.Feature{{Values: []any{true}}, {Values: []any{false}}, {Values: []any{true}}}
	bands := layer.Layer{Name: "indicators", Fields: []layer.Field{{Name: "b"}}, Style: layer.Style{Field: "b", LegendTitle: "Waits"}}
	bands.Features = []layer.Feature{{Values: []any{int64(2)}}, {Values: []any{int64(-1)}}, {Values: []any{nil}}, {Values: []any{int64(1)}}}
	plain := layer.Layer{Name: "footprints", About: layer.About{Title: "Mine"}}
	for _, c := range []struct {
		d    drawing
		ch   choice
		want mapping.Heading
	}{
		{drawing{layers: []layer.Layer{plain}}, choice{}, mapping.Heading{Title: "Mine"}},
		{drawing{layers: []layer.Layer{plain}, finding: finding}, choice{}, mapping.Heading{Title: "found in footprints", Subtitle: "data"}},
		{drawing{layers: []layer.Layer{{Name: "scores"}}, finding: finding}, choice{layers: []string{"scores"}}, mapping.Heading{Title: "found in scores", Subtitle: "data"}},
		{drawing{layers: []layer.Layer{moved}, finding: finding}, choice{layers: []string{"moved"}}, mapping.Heading{Title: "2 areas in another footprint than in the reference", Subtitle: "data"}},
		{drawing{layers: []layer.Layer{bands}, finding: finding}, choice{layers: []string{"indicators"}}, mapping.Heading{Title: "Waits: 2 of 4 footprints worse than expected", Subtitle: "data"}},
	} {
		if got := c.d.heading(c.ch); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.d.layers[0].Name, got, c.want)
		}
	}
}

// numbers is a layer of one number.
func numbers(name, field string) layer.Layer {
	return layer.Layer{
		Name: name, Fields: []layer.Field{{Name: field, Alias: "A " + field, Type: layer.Real}, {Name: "words", Type: layer.Text}},
		Features: []layer.Feature{{Values: []any{1.0, "a"}}, {Values: []any{2.0, "b"}}},
	}
}

// The style goes to the first of footprints, indicators and areas that has the
// field.
func TestStyleIsApplied(t *testing.T) {
	layers := []layer.Layer{numbers("providers", "size"), numbers("areas", "size"), numbers("footprints", "people")}
	st, err := parseStyle("size:viridis:equal:2")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.apply(layers); err != nil {
		t.Fatal(err)
	}
	if layers[0].Style.Field != "" || layers[1].Style.Field != "size" || len(layers[1].Style.Classes) != 2 || layers[1].Style.LegendTitle != "A size" {
		t.Errorf("styles %+v and %+v", layers[0].Style, layers[1].Style)
	}
	for _, field := range []string{"words", "none"} {
		st.field = field
		if err := st.apply(layers); err == nil || !strings.Contains(err.Error(), "there are size, people") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestLayersArePicked(t *testing.T) {
	layers := []layer.Layer{{Name: "scores"}, {Name: "footprints"}, {Name: "areas"}}
	if got, err := pickLayers(layers, nil); err != nil || len(got) != 3 {
		t.Errorf("all: %v, %v", got, err)
	}
	got, err := pickLayers(layers, []string{"areas", "scores"})
	if err != nil || !slices.Equal(namesOf(got), []string{"areas", "scores"}) {
		t.Errorf("two: %v, %v", namesOf(got), err)
	}
	for name, want := range map[string]string{
		"flows": "(flows need --flows)", "moved": "(moved needs --reference)", "indicators": "(indicators need --flows and --indicators)", "mismatches": "there are scores, footprints, areas",
	} {
		if _, err := pickLayers(layers, []string{name}); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesOfLayers(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Out: "a.gpkg"}, "a.gpkg"},
		{Options{Out: "a.qgz"}, "a.gpkg a.qgz"},
		{Options{Out: "a.geojson", Layers: "footprints, Areas"}, "a.geojson a.qml a_areas.geojson a_areas.qml"},
		{Options{Out: "a.csv", Layers: "areas"}, "a.csv"},
		{Options{Out: "a.txt", Format: "gpkg"}, "a.gpkg"},
		{Options{Out: "a.png"}, "a.png"},
	} {
		if got := strings.Join(c.o.Writes(), " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.o.Out, got, c.want)
		}
	}
}

func TestSimplify(t *testing.T) {
	for _, c := range []struct {
		text, method    string
		keep, tolerance float64
		ok              bool
	}{
		{"", "visvalingam", 0, 0, true},
		{"10%", "visvalingam", 0.1, 0, true},
		{"250", "douglas-peucker", 0, 250, true},
		{"100%", "visvalingam", 1, 0, true},
		{"101%", "visvalingam", 0, 0, false},
		{"0", "visvalingam", 0, 0, false},
		{"x", "visvalingam", 0, 0, false},
		{"Inf", "visvalingam", 0, 0, false},
		{"10", "wrong", 0, 0, false},
	} {
		o := &Options{Simplify: c.text, SimplifyMethod: c.method}
		s, err := o.parseSimplify()
		if (err == nil) != c.ok || err == nil && (s.Keep != c.keep || s.Tolerance != c.tolerance) {
			t.Errorf("%q: %+v, %v", c.text, s, err)
		}
	}
}
