package maps

import (
	"slices"
	"testing"

	"stpmap/footprint"
	"stpmap/render/layer"
)

// Every layer is in the registry once, under a name that can be a file's, with
// a place of its own in pictures.
func TestRegistry(t *testing.T) {
	names, depths := map[string]bool{}, map[int]bool{}
	for _, k := range Kinds() {
		if !layer.ColumnName(k.Name) || k.Title == "" || names[k.Name] || depths[k.Depth] {
			t.Errorf("kind %q, titled %q, depth %d", k.Name, k.Title, k.Depth)
		}
		names[k.Name], depths[k.Depth] = true, true
		if got, ok := KindOf(k.Name); !ok || got.Title != k.Title {
			t.Errorf("%q is not found by its name", k.Name)
		}
	}
	if _, ok := KindOf("rivers"); ok || len(Names()) != len(names) {
		t.Errorf("names are %q", Names())
	}
}

// fullCase has something for every layer that a map makes.
func fullCase(t *testing.T) *Case {
	t.Helper()
	c := stripCase(t)
	c.Scores = []Score{{Score: 1, Rating: 4, Rank: 1}, {Score: 2, Rating: 1, Rank: 2}}
	c.Indicators = []IndicatorColumn{{ID: "i", Name: "One", Values: []float64{0.5, 0.7}, Bands: []int{2, 0}, Used: []bool{true, true}}}
	c.Reference = &footprint.Partition{IDs: []string{"R"}, Areas: []int32{0, 0, 0, 0}, Providers: []int32{0, 0}}
	c.Borders = []BorderShare{{A: 0, B: 1, Share: 0.2}, {A: 1, B: 2, Share: 0.9}}
	return c
}

// A map's layers are those of the registry, in its order, with its names, titles
// and columns, and every one can be written.
func TestLayersFollowTheRegistry(t *testing.T) {
	m := New(*fullCase(t))
	layers, _ := m.Layers()
	var got, want []string
	for _, k := range registry {
		if k.known != nil {
			want = append(want, k.Name)
		}
	}
	for i := range layers {
		l := &layers[i]
		got = append(got, l.Name)
		if err := l.Check(); err != nil {
			t.Error(err)
		}
		k, _ := KindOf(l.Name)
		if l.Title != k.Title || l.Group != k.Group || l.About.Title != "Strip" {
			t.Errorf("layer %s is titled %q, in group %d", l.Name, l.Title, l.Group)
		}
		if l.Style.Field != "" && l.FieldIndex(l.Style.Field) < 0 {
			t.Errorf("layer %s is coloured by %q, which it has not", l.Name, l.Style.Field)
		}
		if at := l.FieldIndex(l.Style.LabelField); l.Style.LabelField != "" && at < 0 {
			t.Errorf("layer %s is labelled by %q, which it has not", l.Name, l.Style.LabelField)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("layers are %q, want %q", got, want)
	}
}

// A picture has providers over footprints, and the others by name alone.
func TestOnPage(t *testing.T) {
	layers, _ := New(*fullCase(t)).Layers()
	names := func(ls []layer.Layer) (out []string) {
		for _, l := range ls {
			out = append(out, l.Name)
		}
		return out
	}
	if got := names(OnPage(layers, false)); !slices.Equal(got, []string{"providers", "footprints"}) {
		t.Errorf("a picture has %q", got)
	}
	all := OnPage(layers, true)
	if got := names(all); !slices.Equal(got, []string{"borders", "providers", "flows", "scores", "indicators", "moved", "footprints", "areas"}) {
		t.Errorf("asked for, a picture has %q", got)
	}
	for _, l := range all {
		if l.Style.Hidden || l.Name == "providers" && l.Style.LabelField != "" {
			t.Errorf("layer %s is hidden or its names cover the map", l.Name)
		}
	}
	if layers[0].Style.Hidden != OnPage(layers[:1], false)[0].Style.Hidden || len(names(layers)) != 8 {
		t.Error("the layers given were changed")
	}
}

// Levels nest: each row names its level, and its parent is one of the next
// coarser.
func TestLevelTable(t *testing.T) {
	c := stripCase(t)
	m := New(*c)
	one := footprint.Partition{IDs: []string{"F01"}, Areas: []int32{0, 0, 0, 0}, Providers: []int32{0, 0}}
	l := m.LevelTable([]Level{
		{Partition: c.Partition, Measures: c.Measures, Parents: []int32{0, 0}},
		{Partition: one, Measures: footprint.Measure(c.Matrix, one, c.Population, nil)},
	})
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	var got []any
	for _, f := range l.Features {
		got = append(got, f.ID, f.Values[2], f.Values[3], f.Values[6])
	}
	want := []any{"2-F01", int64(1), "F01", int64(201_000), "2-F02", int64(1), "F01", int64(205_000), "1-F01", nil, nil, int64(406_000)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(l.Style.Classes) != 2 || l.Style.Classes[0].Label != "2 footprints" {
		t.Errorf("classes are %+v", l.Style.Classes)
	}
}

// A grouping of boundaries where no flows are known has the layers of a map
// whose columns only flows could fill are empty.
func TestGroupingHasTheColumnsOfAMap(t *testing.T) {
	c := fullCase(t)
	layers, _ := New(*c).Layers()
	of, ids := GroupBy([]string{"N", "N", "S", "S", ""})
	g := &Grouping{Boundaries: c.Boundaries, Of: of, IDs: ids, Areas: true, Providers: []GroupedProvider{{Code: "X", At: c.Points[0], Group: 0}}}
	g.Reference = &Grouping{Of: []int32{0, 0, 0, 0, 0}, IDs: []string{"R"}}
	for _, l := range g.Layers(c.Boundaries) {
		if err := l.Check(); err != nil {
			t.Error(err)
		}
		i := slices.IndexFunc(layers, func(o layer.Layer) bool { return o.Name == l.Name })
		if i < 0 {
			t.Fatalf("layer %s is none of a map", l.Name)
		}
		for k, f := range l.Fields {
			if o := layers[i].Fields[k]; o.Name != f.Name || o.Alias != f.Alias {
				t.Errorf("layer %s: column %d is %+v, of a map %+v", l.Name, k, f, o)
			}
		}
	}
	if len(ids) != 2 || of[4] != footprint.Unplaced {
		t.Errorf("groups %v of %q", of, ids)
	}
}
