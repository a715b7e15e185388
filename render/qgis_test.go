package render

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
)

// element is any XML element.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the descendants of a name, in document order.
func (e *element) all(name string) []*element {
	var out []*element
	for i := range e.Children {
		if e.Children[i].XMLName.Local == name {
			out = append(out, &e.Children[i])
		}
		out = append(out, e.Children[i].all(name)...)
	}
	return out
}

func (e *element) text(path ...string) string {
	for _, name := range path {
		var next *element
		for i := range e.Children {
			if e.Children[i].XMLName.Local == name {
				next = &e.Children[i]
				break
			}
		}
		if next == nil {
			return "(no " + name + ")"
		}
		e = next
	}
	return e.Text
}

func parseXML(t *testing.T, b []byte) *element {
	t.Helper()
	var e element
	if err := xml.Unmarshal(b, &e); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return &e
}

func TestWriteQML(t *testing.T) {
	for _, l := range sampleLayers() {
		t.Run(l.Name, func(t *testing.T) {
			var a, b bytes.Buffer
			if err := errors.Join(WriteQML(&a, l), WriteQML(&b, l)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Error("two runs differ")
			}
			root := parseXML(t, a.Bytes())
			symbols := map[string]*element{}
			renderer := root.all("renderer-v2")[0]
			for _, s := range renderer.Children {
				if s.XMLName.Local == "symbols" {
					for i := range s.Children {
						symbols[s.Children[i].attr("name")] = &s.Children[i]
					}
				}
			}
			entries := slices.Concat(root.all("category"), root.all("range"), root.all("rule"))
			if len(entries) == 0 || len(entries) != len(symbols) {
				t.Errorf("%d classes and %d symbols", len(entries), len(symbols))
			}
			for _, e := range entries {
				if symbols[e.attr("symbol")] == nil {
					t.Errorf("class %q has no symbol", e.attr("label"))
				}
			}
			for i, f := range l.Fields {
				if a := root.all("alias")[i]; a.attr("field") != f.Name || a.attr("name") != f.Alias {
					t.Errorf("alias %d is %q for %q", i, a.attr("name"), a.attr("field"))
				}
			}
		})
	}
}

func TestQMLCoversEveryFeature(t *testing.T) {
	l := sampleFootprints()
	l.Style.Classes = l.Style.Classes[:4]
	var b bytes.Buffer
	if err := WriteQML(&b, l); err != nil {
		t.Fatal(err)
	}
	cats := parseXML(t, b.Bytes()).all("category")
	if last := cats[len(cats)-1]; len(cats) != 5 || last.attr("value") != "" || last.attr("label") != otherLabel {
		t.Errorf("values without a class have no symbol: %d categories", len(cats))
	}
	if got := cats[3].attr("label"); !strings.Contains(got, "<script>") || !strings.Contains(got, "医院") {
		t.Errorf("a name came back as %q", got)
	}

	scores := sampleScores()
	b.Reset()
	if err := WriteQML(&b, scores); err != nil {
		t.Fatal(err)
	}
	root := parseXML(t, b.Bytes())
	rules := root.all("rule")
	if len(rules) != 4 || rules[3].attr("filter") != `"score" IS NULL` {
		t.Errorf("scores have %d rules", len(rules))
	}
	hatched := 0
	for _, layer := range root.all("layer") {
		if layer.attr("class") == "LinePatternFill" {
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
	if kind := parseXML(t, b.Bytes()).all("renderer-v2")[0].attr("type"); kind != "graduatedSymbol" {
		t.Errorf("a layer without unknowns is a %s", kind)
	}
}

func TestLayerFaults(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*Layer)
		want  error
	}{
		{"path in the name", func(l *Layer) { l.Name = "../../etc/passwd" }, ErrLayerName},
		{"empty name", func(l *Layer) { l.Name = "" }, ErrLayerName},
		{"quote in a field", func(l *Layer) { l.Fields[0].Name = `a"; DROP TABLE x; --` }, ErrLayerName},
		{"capital", func(l *Layer) { l.Fields[0].Name = "Name" }, ErrLayerName},
		{"field twice", func(l *Layer) { l.Fields[1].Name = l.Fields[0].Name }, ErrLayerShape},
		{"short row", func(l *Layer) { l.Features[2].Values = nil }, ErrLayerShape},
		{"wrong type", func(l *Layer) { l.Features[2].Values[2] = "many" }, ErrLayerShape},
		{"wrong geometry", func(l *Layer) { l.Features[2].Geometry = orb.Point{} }, ErrLayerShape},
		{"unknown geometry", func(l *Layer) { l.Geometry = "Circle" }, ErrLayerShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := sampleFootprints()
			tt.spoil(&l)
			dir := t.TempDir()
			for writer, err := range map[string]error{
				"qml":        WriteQML(io.Discard, l),
				"geopackage": WriteGeoPackage(t.Context(), filepath.Join(dir, "x.gpkg"), []Layer{l}, GeoPackageOptions{}),
				"project":    WriteProject(io.Discard, Project{Groups: []ProjectGroup{{Layers: []ProjectLayer{{Layer: l, Source: "x.gpkg"}}}}}),
			} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: got %v, want %v", writer, err, tt.want)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%s was left behind", left[0].Name())
			}
		})
	}
}

func sampleProject(source string) Project {
	layers := sampleLayers()
	pl := func(i int) ProjectLayer { return ProjectLayer{Layer: layers[i], Source: source} }
	layers[1].Style.Hidden = true
	return Project{
		Title: "A map of " + nasty, Subtitle: "Nine squares", CRS: 27700, Transform: planeMetres, About: layers[0].About,
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
	root := parseXML(t, doc)

	// What QGIS refuses or ignores in silence.
	ids := map[string]bool{}
	for _, l := range root.all("maplayer") {
		id, src := l.text("id"), l.text("datasource")
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
	for _, n := range root.all("layer-tree-layer") {
		if !ids[n.attr("id")] {
			t.Errorf("the tree names a layer %q that is not there", n.attr("id"))
		}
	}
	for _, c := range root.all("spatialrefsys") {
		if srsid := map[string]string{"EPSG:4326": "3452", "EPSG:27700": "2437"}[c.text("authid")]; srsid == "" || c.text("srsid") != srsid {
			t.Errorf("%s has srsid %s", c.text("authid"), c.text("srsid"))
		}
	}
	if root.text("properties", "SpatialRefSys", "ProjectionsEnabled") != "1" {
		t.Error("the project's reference system is off")
	}
	if root.text("projectCrs", "spatialrefsys", "authid") != "EPSG:27700" {
		t.Error("the project is in another reference system")
	}
	if !strings.Contains(root.text("title"), "<script>") {
		t.Errorf("title is %q", root.text("title"))
	}
	var items []string
	for _, i := range root.all("LayoutItem") {
		items = append(items, i.attr("id"))
	}
	if want := []string{"page", "title", "subtitle", "sources", "map", "legend", "scale bar"}; !slices.Equal(items, want) {
		t.Errorf("the layout has %v, want %v", items, want)
	}
	for _, bad := range []string{"", "/x.gpkg", "../x.gpkg", "a/../../x.gpkg", `..\x.gpkg`, "x.gpkg|layername=y"} {
		if err := WriteProject(io.Discard, sampleProject(bad)); !errors.Is(err, ErrSource) {
			t.Errorf("source %q: got %v", bad, err)
		}
	}
	p.CRS = 3857
	if err := WriteProject(io.Discard, p); !errors.Is(err, ErrCRS) {
		t.Errorf("EPSG:3857: got %v", err)
	}
	if err := WriteProject(io.Discard, Project{}); err != nil {
		t.Errorf("an empty project: %v", err)
	}
}

func TestArrange(t *testing.T) {
	layers := sampleLayers()
	layers[0], layers[1] = layers[1], layers[0] // scores first
	areas := sampleFootprints()
	areas.Name = "areas"
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
	if only := Arrange([]Layer{areas}, "x.gpkg", 0); len(only) != 1 || only[0].Layers[0].Layer.Style.Hidden {
		t.Errorf("areas alone are hidden: %+v", only)
	}
}

// The real clients, where they are installed.
func TestClientsOpenWhatWeWrite(t *testing.T) {
	dir := t.TempDir()
	table, qgz := filepath.Join(dir, "footprints.gpkg"), filepath.Join(dir, "footprints.qgz")
	if err := WriteGeoPackage(t.Context(), table, sampleLayers(), GeoPackageOptions{CRS: 27700, Transform: planeMetres}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	project := Project{Title: nasty, CRS: 27700, Transform: planeMetres, Groups: Arrange(sampleLayers(), "footprints.gpkg", 27700)}
	if err := WriteProject(&b, project); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(qgz, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Run("ogrinfo", func(t *testing.T) {
		if _, err := exec.LookPath("ogrinfo"); err != nil {
			t.Skip("ogrinfo is not installed")
		}
		out, err := exec.Command("ogrinfo", "-al", "-so", table).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("Warning")) || bytes.Contains(out, []byte("ERROR")) {
			t.Errorf("%v\n%s", err, out)
		}
		for _, want := range []string{"Layer name: footprints", "Layer name: flows", "Feature Count: 9", `ID["EPSG",27700]`} {
			if !bytes.Contains(out, []byte(want)) {
				t.Errorf("ogrinfo does not say %q", want)
			}
		}
	})
	t.Run("validate_gpkg", func(t *testing.T) {
		if exec.Command("/usr/bin/python3", "-c", "import osgeo_utils.samples.validate_gpkg").Run() != nil {
			t.Skip("GDAL's validate_gpkg is not installed")
		}
		if out, err := exec.Command("/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg", "--warning-as-error", table).CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("qgis", func(t *testing.T) {
		tool := rendertest.Shared(t, "tools/check_qgis.py")
		if exec.Command("/usr/bin/python3", "-c", "import qgis.core").Run() != nil {
			t.Skip("QGIS for Python is not installed")
		}
		for _, file := range []string{table, qgz} {
			if out, err := exec.Command("/usr/bin/python3", tool, file, "--expect-style").CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		}
	})
}
