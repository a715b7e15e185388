package qgis

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func TestWriteQML(t *testing.T) {
	for _, l := range rendertest.Layers() {
		t.Run(l.Name, func(t *testing.T) {
			var a, b bytes.Buffer
			if err := errors.Join(WriteQML(&a, l), WriteQML(&b, l)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Error("two runs differ")
			}
			root := rendertest.ParseXML(t, a.Bytes())
			symbols := map[string]*rendertest.Element{}
			renderer := root.All("renderer-v2")[0]
			for _, s := range renderer.Children {
				if s.XMLName.Local == "symbols" {
					for i := range s.Children {
						symbols[s.Children[i].Attr("name")] = &s.Children[i]
					}
				}
			}
			entries := slices.Concat(root.All("category"), root.All("range"), root.All("rule"))
			if len(entries) == 0 || len(entries) != len(symbols) {
				t.Errorf("%d classes and %d symbols", len(entries), len(symbols))
			}
			for _, e := range entries {
				if symbols[e.Attr("symbol")] == nil {
					t.Errorf("class %q has no symbol", e.Attr("label"))
				}
			}
			for i, f := range l.Fields {
				if a := root.All("alias")[i]; a.Attr("field") != f.Name || a.Attr("name") != f.Alias {
					t.Errorf("alias %d is %q for %q", i, a.Attr("name"), a.Attr("field"))
				}
			}
		})
	}
}

func TestQMLCoversEveryFeature(t *testing.T) {
	l := rendertest.Footprints()
	l.Style.Classes = l.Style.Classes[:4]
	var b bytes.Buffer
	if err := WriteQML(&b, l); err != nil {
		t.Fatal(err)
	}
	cats := rendertest.ParseXML(t, b.Bytes()).All("category")
	if last := cats[len(cats)-1]; len(cats) != 5 || last.Attr("value") != "" || last.Attr("label") != layer.OtherLabel {
		t.Errorf("values without a class have no symbol: %d categories", len(cats))
	}
	if got := cats[3].Attr("label"); !strings.Contains(got, "<script>") || !strings.Contains(got, "医院") {
		t.Errorf("a name came back as %q", got)
	}

	scores := rendertest.Scores()
	b.Reset()
	if err := WriteQML(&b, scores); err != nil {
		t.Fatal(err)
	}
	root := rendertest.ParseXML(t, b.Bytes())
	rules := root.All("rule")
	if len(rules) != 4 || rules[3].Attr("filter") != `"score" IS NULL` {
		t.Errorf("scores have %d rules", len(rules))
	}
	hatched := 0
	for _, layer := range root.All("layer") {
		if layer.Attr("class") == "LinePatternFill" {
			hatched++
		}
	}
	if hatched != 1 {
		t.Errorf("%d symbols are hatched, want the one of not rated", hatched)
	}

	scores.Features = scores.Features[:6] // all known
	scores.Style.Classes = scores.Style.Classes[:3]
	b.Reset()
	if err := WriteQML(&b, scores); err != nil {
		t.Fatal(err)
	}
	if kind := rendertest.ParseXML(t, b.Bytes()).All("renderer-v2")[0].Attr("type"); kind != "graduatedSymbol" {
		t.Errorf("a layer without unknowns is a %s", kind)
	}
}

func sampleProject(source string) Project {
	layers := rendertest.Layers()
	pl := func(i int) ProjectLayer { return ProjectLayer{Layer: layers[i], Source: source} }
	layers[1].Style.Hidden = true
	return Project{
		Title: "A map of " + rendertest.Nasty, Subtitle: "Nine squares", CRS: 27700, Transform: rendertest.PlaneMetres, About: layers[0].About,
		Groups: []ProjectGroup{
			{Title: "Places", Layers: []ProjectLayer{pl(2), pl(3)}},
			{Title: "Footprints", Layers: []ProjectLayer{pl(1), pl(0)}, Collapsed: true},
		},
	}
}

func TestWriteProject(t *testing.T) {
	var a, b bytes.Buffer
	p := sampleProject("footprints.gpkg")
	if err := errors.Join(WriteProject(&a, p), WriteProject(&b, p)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 1 || filepath.Ext(z.File[0].Name) != ".qgs" || z.File[0].Modified.UTC().Year() != 1980 {
		t.Fatalf("the zip holds %+v", z.File[0].FileHeader)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	root := rendertest.ParseXML(t, doc)

	// What QGIS refuses or ignores in silence.
	ids := map[string]bool{}
	for _, l := range root.All("maplayer") {
		id, src := l.TextAt("id"), l.TextAt("datasource")
		ids[id] = true
		if len(id) <= 10 {
			t.Errorf("layer id %q is too short", id)
		}
		if !strings.HasPrefix(src, "./footprints.gpkg|layername=") {
			t.Errorf("source %q is not beside the project", src)
		}
	}
	if len(ids) != 4 {
		t.Errorf("%d layers, want 4", len(ids))
	}
	for _, n := range root.All("layer-tree-layer") {
		if !ids[n.Attr("id")] {
			t.Errorf("the tree names a layer %q that is not there", n.Attr("id"))
		}
	}
	for _, c := range root.All("spatialrefsys") {
		if srsid := map[string]string{"EPSG:4326": "3452", "EPSG:27700": "2437"}[c.TextAt("authid")]; srsid == "" || c.TextAt("srsid") != srsid {
			t.Errorf("%s has srsid %s", c.TextAt("authid"), c.TextAt("srsid"))
		}
	}
	if root.TextAt("properties", "SpatialRefSys", "ProjectionsEnabled") != "1" {
		t.Error("the project's reference system is off")
	}
	if root.TextAt("projectCrs", "spatialrefsys", "authid") != "EPSG:27700" {
		t.Error("the project is in another reference system")
	}
	if !strings.Contains(root.TextAt("title"), "<script>") {
		t.Errorf("title is %q", root.TextAt("title"))
	}
	for _, name := range []string{"title", "abstract"} {
		if text := root.TextAt("projectMetadata", name); text == "" || strings.ContainsAny(text, "&<") {
			t.Errorf("the project's %s would be markup in QGIS's SVG: %q", name, text)
		}
	}
	var items []string
	for _, i := range root.All("LayoutItem") {
		items = append(items, i.Attr("id"))
	}
	if want := []string{
		"page", "title", "subtitle", "sources", "map", "legend", "scale bar",
		"page", "title of a footprint", "subtitle of a footprint", "sources of a footprint", "map of a footprint", "facts of a footprint",
		"legend of a footprint", "scale bar of a footprint",
	}; !slices.Equal(items, want) {
		t.Errorf("the layout has %v, want %v", items, want)
	}
	for _, bad := range []string{"", "/x.gpkg", "../x.gpkg", "a/../../x.gpkg", `..\x.gpkg`, "x.gpkg|layername=y"} {
		if err := WriteProject(io.Discard, sampleProject(bad)); !errors.Is(err, ErrSource) {
			t.Errorf("source %q: got %v", bad, err)
		}
	}
	p.CRS = 3857
	if err := WriteProject(io.Discard, p); !errors.Is(err, layer.ErrCRS) {
		t.Errorf("EPSG:3857: got %v", err)
	}
	if err := WriteProject(io.Discard, Project{}); err != nil {
		t.Errorf("an empty project: %v", err)
	}
}

// What a project offers when it opens: coordinates that QGIS need not ask about,
// themes, places to go to, and a page for each footprint.
func TestOpening(t *testing.T) {
	p := sampleProject("footprints.gpkg")
	var b bytes.Buffer
	if err := WriteProject(&b, p); err != nil {
		t.Fatal(err)
	}
	root := rendertest.ParseXML(t, unzipped(t, b.Bytes()))
	if to := root.All("srcDest"); len(to) != 1 || to[0].TextAt("src", "spatialrefsys", "authid") != "EPSG:4326" || to[0].TextAt("dest", "spatialrefsys", "authid") != "EPSG:27700" ||
		!strings.HasPrefix(to[0].Attr("coordinateOp"), "+proj=pipeline") {
		t.Error("QGIS is not told how degrees become metres")
	}
	var names []string
	for _, theme := range root.All("visibility-preset") {
		names = append(names, theme.Attr("name"))
	}
	if want := []string{"Footprints", "Ratings", "Patient flows", "Providers"}; !slices.Equal(names, want) {
		t.Errorf("themes %q, want %q", names, want)
	}
	marks := root.All("Bookmark")
	if want := 1 + len(rendertest.Footprints().Features); len(marks) != want || marks[0].Attr("name") != "The whole map" {
		t.Errorf("%d bookmarks, want %d", len(marks), want)
	}
	seen := map[string]bool{}
	for _, mark := range marks {
		if id := mark.Attr("id"); seen[id] || !strings.HasPrefix(mark.Attr("extent"), "Polygon ((") || mark.TextAt("spatialrefsys", "authid") != "EPSG:27700" {
			t.Errorf("bookmark %q", mark.Attr("name"))
		} else {
			seen[id] = true
		}
	}
	footprints := ""
	for _, l := range root.All("maplayer") {
		if strings.HasPrefix(l.TextAt("id"), "footprints_") {
			footprints = l.TextAt("id")
		}
	}
	atlases := root.All("Atlas")
	if len(atlases) != 2 || atlases[0].Attr("enabled") != "0" || atlases[1].Attr("enabled") != "1" || atlases[1].Attr("coverageLayer") != footprints {
		t.Errorf("%d atlases over %q", len(atlases), footprints)
	}

	p.CRS, p.Transform, p.Groups = 4326, nil, p.Groups[:1]
	b.Reset()
	if err := WriteProject(&b, p); err != nil {
		t.Fatal(err)
	}
	root = rendertest.ParseXML(t, unzipped(t, b.Bytes()))
	if len(root.All("srcDest")) != 0 || len(root.All("Bookmark")) != 1 || len(root.All("Layout")) != 1 {
		t.Error("a project without footprints, in degrees, has a transformation, a bookmark or an atlas of them")
	}
}

// Labels of providers leave out what all their names end with.
func TestLabelExpression(t *testing.T) {
	l := rendertest.Layers()[2]
	text, expression := labelExpression(&l)
	if !expression || !strings.HasPrefix(text, `regexp_replace("name", `) || !strings.Contains(text, "NHS Foundation Trust|NHS Trust") {
		t.Errorf("points are labelled by %s", text)
	}
	areas := rendertest.Footprints()
	if text, expression := labelExpression(&areas); expression || text != "footprint" {
		t.Errorf("areas are labelled by %s", text)
	}
}

func TestArrange(t *testing.T) {
	layers := rendertest.Layers()
	layers[0], layers[1] = layers[1], layers[0] // scores first
	areas := rendertest.Footprints()
	areas.Name, areas.Group = "areas", layer.WithAreas
	groups := Arrange(append(layers, areas), "x.gpkg", 27700)
	var got []string
	for _, g := range groups {
		for _, l := range g.Layers {
			got = append(got, fmt.Sprintf("%s: %s %v %d", g.Title, l.Layer.Name, !l.Layer.Style.Hidden, l.CRS))
		}
	}
	want := []string{
		"Providers and flows: providers true 27700", "Providers and flows: flows true 27700",
		"Footprints: scores true 27700", "Footprints: footprints false 27700", "Areas: areas false 27700",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	// A view of areas lies over the footprints, ticked where they are.
	areas.Views = []layer.View{{Name: "confidence", Title: "Less sure", Style: layer.Style{Kind: layer.StyleGraduated, Field: "score", Classes: []layer.Class{
		{Lower: -9, Upper: 0, Label: "lined", Colour: "#3c3c3c", Overlay: true, Lines: 2}, {Upper: 9, Label: "bare", Colour: "#3c3c3c", Overlay: true},
	}}}}
	for _, c := range []struct {
		layers []layer.Layer
		ticked bool
	}{{[]layer.Layer{rendertest.Footprints(), areas}, true}, {[]layer.Layer{rendertest.Scores(), rendertest.Footprints(), areas}, false}} {
		g := Arrange(c.layers, "x.gpkg", 27700)[0]
		if view := g.Layers[0]; view.Layer.Name != "confidence" || view.Table != "areas" || view.Layer.Style.Hidden == c.ticked {
			t.Errorf("the uppermost of %s is %s of %s, hidden %v", g.Title, view.Layer.Name, view.Table, view.Layer.Style.Hidden)
		}
	}
	if g := Arrange([]layer.Layer{rendertest.Footprints(), areas}, "x.geojson", 27700)[0]; g.Layers[0].Layer.Name != "footprints" {
		t.Errorf("a file of one layer shows %s", g.Layers[0].Layer.Name)
	}
	var b bytes.Buffer
	over := areas
	over.Style, over.Views = areas.Views[0].Style, nil
	if err := WriteQML(&b, over); err != nil {
		t.Fatal(err)
	}
	if n, fills := strings.Count(b.String(), `class="LinePatternFill"`), strings.Count(b.String(), `v="solid" k="style"`); n != 2 || fills > 1 { // what is not known is hatched
		t.Errorf("%d hatchings and %d fills:\n%s", n, fills, b.String())
	}
	if only := Arrange([]layer.Layer{areas}, "x.gpkg", 0); len(only) != 1 || only[0].Layers[0].Layer.Style.Hidden {
		t.Errorf("areas alone are hidden: %+v", only)
	}
}
