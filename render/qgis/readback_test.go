package qgis

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// projectXML is the document inside a project file.
func projectXML(t *testing.T, p Project) *rendertest.Element {
	t.Helper()
	var b bytes.Buffer
	if err := WriteProject(&b, p); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("project.qgs")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.ParseXML(t, doc)
}

// hardNames are texts that XML, QGIS or a reader of attributes might trip over.
var hardNames = []string{
	rendertest.Nasty, `"double"`, "'single'", "<b>", "&amp;", "]]>", "tab\there", "two\nlines", "Łódź", "%1", "", "--",
}

// randomStyled is a layer in a random style whose words are hard names.
func randomStyled(t *testing.T, rng *rand.Rand, name string) layer.Layer {
	t.Helper()
	word := func() string { return hardNames[rng.IntN(len(hardNames))] }
	kind := []string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}[rng.IntN(6)]
	l := layer.Layer{
		Name: name, Title: "T" + word(), Geometry: kind,
		Fields: []layer.Field{{Name: "word", Alias: word()}, {Name: "x", Alias: word(), Type: layer.Real}},
	}
	for range 12 {
		values := []any{word(), rng.NormFloat64() * 100}
		if rng.IntN(4) == 0 {
			values[rng.IntN(2)] = nil
		}
		l.Features = append(l.Features, layer.Feature{Values: values})
	}
	l.Style = layer.Style{Kind: layer.StyleKind(rng.IntN(4)), Field: "x", Colour: "#336699", LegendTitle: word()}
	switch l.Style.Kind {
	case layer.StyleCategories:
		l.Style.Field = "word"
		for i, p := range rng.Perm(len(hardNames))[:1+rng.IntN(5)] {
			l.Style.Classes = append(l.Style.Classes, layer.Class{Value: hardNames[p], Label: "L" + hardNames[p], Colour: layer.Qualitative(i)})
		}
	case layer.StyleGraduated:
		classes, err := layer.GraduatedClasses(l, "x", layer.GraduatedOptions{Classes: 1 + rng.IntN(6)})
		if err != nil {
			t.Fatal(err)
		}
		l.Style.Classes = classes
	}
	if rng.IntN(2) == 0 {
		l.Style.LabelField = "word"
	}
	return l
}

// child is the first child of a name.
func child(e *rendertest.Element, name string) *rendertest.Element {
	for i := range e.Children {
		if e.Children[i].XMLName.Local == name {
			return &e.Children[i]
		}
	}
	return nil
}

// checkStyled fails unless every class that a style lists has a symbol of its
// own, of the kind that the geometry needs, with a layer that draws.
func checkStyled(t *testing.T, e *rendertest.Element, l *layer.Layer) {
	t.Helper()
	r := child(e, "renderer-v2")
	if r == nil {
		t.Fatalf("%s has no renderer", l.Name)
	}
	symbols := map[string]bool{}
	kind := map[layer.Kind]string{layer.PointKind: "marker", layer.LineKind: "line", layer.AreaKind: "fill"}[layer.KindOf(l.Geometry)]
	for _, s := range child(r, "symbols").Children {
		if s.Attr("type") != kind {
			t.Errorf("%s: a %s has a symbol of type %q", l.Name, l.Geometry, s.Attr("type"))
		}
		if len(s.All("layer")) == 0 || symbols[s.Attr("name")] {
			t.Errorf("%s: symbol %q draws nothing, or is there twice", l.Name, s.Attr("name"))
		}
		symbols[s.Attr("name")] = true
	}
	entries := l.Entries()
	if len(symbols) != len(entries) || len(symbols) == 0 {
		t.Errorf("%s: %d symbols for %d entries of the legend", l.Name, len(symbols), len(entries))
	}
	for i, c := range slices.Concat(r.All("category"), r.All("range"), r.All("rule")) {
		if !symbols[c.Attr("symbol")] {
			t.Errorf("%s: class %d has no symbol", l.Name, i)
		}
	}
}

// Whatever names hold, styles are well-formed, every class is drawn, and each
// text comes back as it was.
func TestStylesCarryHardNames(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(250) {
		rng := rand.New(rand.NewPCG(seed, 81))
		l := randomStyled(t, rng, "l")
		var b bytes.Buffer
		if err := WriteQML(&b, l); err != nil {
			t.Fatal(err)
		}
		root := rendertest.ParseXML(t, b.Bytes())
		checkStyled(t, root, &l)
		kinds[child(root, "renderer-v2").Attr("type")]++
		for i, a := range root.All("alias") {
			if a.Attr("name") != l.Fields[i].Alias {
				t.Fatalf("seed %d: alias %q came back as %q", seed, l.Fields[i].Alias, a.Attr("name"))
			}
		}
		labels := map[string]bool{}
		for _, c := range root.All("category") {
			labels[c.Attr("label")] = true
			if v := c.Attr("value"); v != "" && c.Attr("label") != layer.OtherLabel && c.Attr("label") != "L"+v {
				t.Fatalf("seed %d: value %q is labelled %q", seed, v, c.Attr("label"))
			}
		}
		for _, c := range l.Style.Classes {
			if l.Style.Kind == layer.StyleCategories && c.Value != "" && !labels[c.Label] {
				t.Fatalf("seed %d: class %q is not in the legend", seed, c.Label)
			}
		}
	}
	for _, kind := range []string{"singleSymbol", "categorizedSymbol", "graduatedSymbol", "RuleRenderer"} {
		if kinds[kind] == 0 {
			t.Errorf("no style was a %s: %v", kind, kinds)
		}
	}
}

// A project lists each layer once in its tree, its order and its layers, every
// one with a style, a reference system and the names it was given.
func TestProjectListsEveryLayerOnce(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 82))
		p := Project{Title: rendertest.Nasty, About: layer.About{Notice: hardNames[rng.IntN(len(hardNames))]}}
		layers := map[string]*layer.Layer{}
		for g := range 1 + rng.IntN(3) {
			group := ProjectGroup{Title: fmt.Sprint("G", g, hardNames[rng.IntN(len(hardNames))]), Hidden: rng.IntN(2) == 0}
			for k := range 1 + rng.IntN(3) {
				l := randomStyled(t, rng, fmt.Sprintf("layer_%d_%d", g, k))
				group.Layers = append(group.Layers, ProjectLayer{Layer: l, Source: "all.gpkg"})
				layers[group.Layers[k].ID()] = &group.Layers[k].Layer
			}
			p.Groups = append(p.Groups, group)
		}
		root := projectXML(t, p)
		maps, tree := root.All("maplayer"), child(root, "layer-tree-group").All("layer-tree-layer")
		if len(maps) != len(layers) || len(tree) != len(layers) {
			t.Fatalf("seed %d: %d layers, %d in the tree, want %d", seed, len(maps), len(tree), len(layers))
		}
		for _, m := range maps {
			l := layers[m.TextAt("id")]
			if l == nil {
				t.Fatalf("seed %d: a layer %q that nobody gave", seed, m.TextAt("id"))
			}
			checkStyled(t, m, l)
			if m.TextAt("layername") != l.Title || m.TextAt("datasource") != "./all.gpkg|layername="+l.Name {
				t.Errorf("seed %d: %q from %q", seed, m.TextAt("layername"), m.TextAt("datasource"))
			}
			if m.TextAt("srs", "spatialrefsys", "authid") != "EPSG:4326" {
				t.Errorf("seed %d: %s is in %s", seed, l.Name, m.TextAt("srs", "spatialrefsys", "authid"))
			}
			delete(layers, m.TextAt("id"))
		}
		var titles []string
		for _, g := range root.All("layer-tree-group") {
			if name := g.Attr("name"); name != "" {
				titles = append(titles, name)
			}
		}
		for i, g := range p.Groups {
			if titles[i] != g.Title {
				t.Errorf("seed %d: group %q is listed as %q", seed, g.Title, titles[i])
			}
		}
	}
}

type fullWriter struct{ room int }

func (w *fullWriter) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// Faults are told in words, and a writer that fails is not taken for done.
func TestProjectSaysWhatIsWrong(t *testing.T) {
	l := layer.Layer{Name: "l", Geometry: "Point", Features: []layer.Feature{{Geometry: orb.Point{0, 51}}}}
	project := func(ps ...ProjectLayer) Project { return Project{Groups: []ProjectGroup{{Title: "G", Layers: ps}}} }
	good := ProjectLayer{Layer: l, Source: "a.gpkg"}
	for _, tt := range []struct {
		p    Project
		kind error
		want string
	}{
		{project(good, good), layer.ErrLayerName, `layer "l" of "a.gpkg" twice: name is not [a-z][a-z0-9_]*`},
		{project(ProjectLayer{Layer: l, Source: "a.gpkg", CRS: 3857}), layer.ErrCRS, `layer "l" in EPSG:3857: coordinate reference system is not 4326 or 27700`},
		{project(ProjectLayer{Layer: l, Source: "./a.gpkg"}), ErrSource, `layer "l": source "./a.gpkg": source is not a relative path`},
		{project(ProjectLayer{Layer: layer.Layer{Name: "L"}, Source: "a.gpkg"}), layer.ErrLayerName, `layer "L": name is not [a-z][a-z0-9_]*`},
		{Project{CRS: 27700}, layer.ErrCRS, `project in EPSG:27700: coordinate reference system is not 4326 or 27700`},
	} {
		if err := WriteProject(io.Discard, tt.p); !errors.Is(err, tt.kind) || err.Error() != tt.want {
			t.Errorf("got %q, want %q", err, tt.want)
		}
	}
	for _, room := range []int{0, 200} {
		if err := WriteQML(&fullWriter{room}, l); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("a style in %d bytes: got %v", room, err)
		}
		if err := WriteProject(&fullWriter{room}, project(good)); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("a project in %d bytes: got %v", room, err)
		}
	}
	if err := WriteQML(io.Discard, layer.Layer{Name: strings.Repeat("x", 64)}); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("a name of 64 bytes: got %v", err)
	}
}
