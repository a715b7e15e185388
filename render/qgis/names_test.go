package qgis

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// hostile are names that QGIS would run, or that would leave their element.
var hostile = []string{
	"[% env('HOME') %]", "[[% @user_account_name %]]", "[%6*7%] West", "wrapped so that it breaks [% 1 + 1 %] here",
	"a\u202eb[% 1 %]", `"/><script>x</script>[% 1 %]`, "nul\x00[\x00% 1 %]",
}

// evaluated are the attributes and elements of a project or style that QGIS does
// not take as they are, told from a parsed document.
func evaluated(root *rendertest.Element) []string {
	var texts []string
	for _, name := range []string{"category", "range", "rule"} {
		for _, e := range root.All(name) {
			texts = append(texts, e.Attr("label"))
		}
	}
	for _, e := range root.All("alias") {
		texts = append(texts, e.Attr("name"))
	}
	for _, e := range root.All("LayoutItem") {
		texts = append(texts, e.Attr("labelText"))
	}
	for _, e := range root.All("Option") {
		if strings.HasPrefix(e.Attr("name"), "legend/") || e.Attr("name") == "cached_name" {
			texts = append(texts, e.Attr("value"))
		}
	}
	for _, name := range []string{"layer-tree-layer", "layer-tree-group"} {
		for _, e := range root.All(name) {
			texts = append(texts, e.Attr("name"))
		}
	}
	for _, name := range []string{"title", "abstract", "layername"} {
		for _, e := range root.All(name) {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// hostileLayer has a hostile name wherever a layer holds one.
func hostileLayer(name string, kind layer.StyleKind) layer.Layer {
	l := rendertest.Counties()
	l.Title, l.About.Title, l.About.Sources = name, name, []string{name}
	for i := range l.Fields {
		l.Fields[i].Alias = name
	}
	l.Style = layer.Style{Kind: kind, Field: "name", Classes: []layer.Class{{Value: name, Label: name, Colour: layer.Qualitative(0)}}}
	if kind == layer.StyleGraduated {
		l.Style.Field = "wait"
		l.Style.Classes = []layer.Class{{Upper: 100, Label: name, Colour: layer.Qualitative(0)}}
	}
	return l
}

func TestNamesAreText(t *testing.T) {
	for _, name := range hostile {
		for _, kind := range []layer.StyleKind{layer.StyleCategories, layer.StyleGraduated} {
			l := hostileLayer(name, kind)
			var style, project bytes.Buffer
			p := Project{Title: name, Subtitle: name, About: l.About, Groups: []ProjectGroup{{Title: name, Layers: []ProjectLayer{{Layer: l, Source: "a.gpkg"}}}}}
			if err := errors.Join(WriteQML(&style, l), WriteProject(&project, p)); err != nil {
				t.Fatal(err)
			}
			for _, doc := range [][]byte{style.Bytes(), unzipped(t, project.Bytes())} {
				texts := evaluated(rendertest.ParseXML(t, doc))
				if len(texts) < 3 {
					t.Fatalf("only %d texts found", len(texts))
				}
				for _, text := range texts {
					if strings.Contains(text, "[%") || strings.ContainsAny(text, "\x00\u202e") {
						t.Errorf("%q stands as %q, which QGIS runs", name, text)
					}
				}
				if tip := "&lt;b&gt;[% replace(replace("; strings.Count(string(doc), "<mapTip>"+tip) != 1 {
					t.Errorf("no map tip that escapes the name")
				}
			}
		}
	}
}

// A column whose name would end the expression of a map tip has none.
func TestMapTip(t *testing.T) {
	l := layer.Layer{Geometry: "Point", Fields: []layer.Field{
		{Name: "name", Alias: "Name"},
		{Name: "population", Alias: "People (<2020)", Type: layer.Real},
		{Name: "inside", Alias: "In & out", Type: layer.Boolean},
		{Name: "areas", Alias: "Areas", Type: layer.Integer},
	}}
	want := `<b>[% replace(replace("name", '&', '&amp;'), '<', '&lt;') %]</b>` +
		`<br>People: [% replace(replace(coalesce(format_number("population", if(abs("population") < 10 AND "population" <> round("population"), 2, 0)), 'not known'), '&', '&amp;'), '<', '&lt;') %]` +
		`<br>Areas: [% replace(replace(coalesce(format_number("areas", 0), 'not known'), '&', '&amp;'), '<', '&lt;') %]` +
		`<br>In &amp; out: [% replace(replace(coalesce(if("inside", 'yes', 'no'), 'not known'), '&', '&amp;'), '<', '&lt;') %]`
	if got := mapTip(&l); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	l.Fields[0].Name = "code"
	l.Style.LabelField = `a"]%]`
	l.Fields = append(l.Fields, layer.Field{Name: l.Style.LabelField})
	if hasPlainName(&l) {
		t.Error("a name that ends the expression is taken")
	}
}

func unzipped(t *testing.T, file []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("project.qgs")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
