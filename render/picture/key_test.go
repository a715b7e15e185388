package picture

import (
	"fmt"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// The list of names has no swatches, tells each code's name once, and says a mark
// that all names have once.
func TestKeyListsNames(t *testing.T) {
	l := rendertest.Footprints()
	name := l.FieldIndex("name")
	for i := range l.Features {
		l.Features[i].Values[name] = fmt.Sprintf("Place number %d (mock)", i)
	}
	twin := l
	twin.Name, twin.Style.Kind = "twin", layer.StyleSingle
	r, s := record(t, Map{Title: "T", Layers: []layer.Layer{l, twin}, Project: rendertest.PlaneMetres})
	var texts []string
	for _, q := range r.labels["text"] {
		texts = append(texts, q.text)
		if q.points < 7 {
			t.Errorf("%q stands in %g points", q.text, q.points)
		}
	}
	all := strings.Join(texts, "\n")
	for i := range l.Features {
		if n := strings.Count(all, fmt.Sprintf("Place number %d", i)); n != 1 {
			t.Errorf("place %d stands %d times in the key", i, n)
		}
	}
	if n := strings.Count(all, "(mock)"); n != 1 {
		t.Errorf("the mark stands %d times:\n%s", n, all)
	}
	swatches := 0
	for _, q := range r.shapes["text"] {
		if q.fill != "" && q.fill != "#ffffff" && q.fill != page.InkColour && q.lines[0][0][1] >= s.Key.Y {
			swatches++
		}
	}
	if swatches > 1 { // that of the twin
		t.Errorf("%d swatches beside the names", swatches)
	}
}

// However many names there are, the key stands in its place, and what has no room
// is counted, or follows on pages of names that miss none.
func TestKeysOfAnyLength(t *testing.T) {
	for _, n := range []int{1, 9, 40, 110, 290} {
		l := layer.Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "footprint"}, {Name: "name"}}}
		l.Style = layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint"}
		shapes := rendertest.Footprints().Features
		for i := range n {
			id := fmt.Sprintf("F%03d", i+1)
			l.Features = append(l.Features, layer.Feature{ID: id, Geometry: shapes[i%len(shapes)].Geometry, Values: []any{id, fmt.Sprintf("Upper and Lower Township number %d", i)}})
		}
		for _, paper := range []page.Paper{page.A4, page.Slide, page.Square} {
			if n > 40 && paper == page.Slide {
				continue
			}
			r, s := record(t, Map{Title: "T", Layers: []layer.Layer{l}, Page: paper, Project: rendertest.PlaneMetres})
			listed, cut := 0, ""
			for _, q := range r.labels["text"] {
				if strings.HasPrefix(q.text, "F") && len(q.text) == 4 {
					listed++
				}
				if strings.HasPrefix(q.text, "and ") && strings.Contains(q.text, "more line") {
					cut = q.text
				}
				if strings.HasPrefix(q.text, "The names have no room") || strings.Contains(q.text, ". The names have no room") {
					cut = q.text
				}
				if b := textBox(q); b.Y+b.H > s.H || b.X+b.W > s.W+0.5 {
					t.Errorf("%d names on %s: %q runs off the page", n, paper, q.text)
				}
			}
			if listed != n && cut == "" {
				t.Errorf("%d names on %s: %d are listed, and nothing says so", n, paper, listed)
			}
			if n <= 110 && paper == page.A4 && listed != n {
				t.Errorf("%d names on %s: %d are listed", n, paper, listed)
			}
			if strings.Contains(cut, "The names have no room") {
				checkNamePages(t, Map{Title: "T", Layers: []layer.Layer{l}, Page: paper, Project: rendertest.PlaneMetres}, n)
			}
		}
	}
}

// checkNamePages fails where the pages of names miss a name, or one leaves its page.
func checkNamePages(t *testing.T, p Map, n int) {
	t.Helper()
	s, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, k := range s.nameKeys() {
		r := &recorder{shapes: map[string][]shape{}, labels: map[string][]label{}}
		s.drawNames(r, k)
		for _, q := range r.labels[""] {
			if b := textBox(q); b.Y+b.H > s.sheet.H || b.X+b.W > s.sheet.W {
				t.Errorf("%q runs off the page of names", q.text)
			}
			seen[q.text] = true
		}
	}
	for i := range n {
		if name := fmt.Sprintf("Upper and Lower Township number %d", i); !seen[name] {
			t.Errorf("%d names on %s: %q is on no page", n, p.Page, name)
		}
	}
}

// A tall map stands upright where the paper can, a wide one lies.
func TestPagesSuitTheMap(t *testing.T) {
	tall, wide := rendertest.Footprints(), rendertest.Footprints()
	for _, c := range []struct {
		l     *layer.Layer
		dx    float64
		tall  bool
		paper page.Paper
	}{{&tall, 0.4, true, page.A4}, {&wide, 3, false, page.A4}, {&tall, 0.4, true, page.A3}, {&tall, 0.4, false, page.Slide}} {
		p := Map{Layers: []layer.Layer{*c.l}, Page: c.paper, Title: "T"}
		p.Project = stretched(c.dx)
		s, err := p.scene()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.sheet.H > s.sheet.W; got != c.tall {
			t.Errorf("stretched by %g on %s: a page of %g × %g", c.dx, c.paper, s.sheet.W, s.sheet.H)
		}
	}
}

// Areas coloured by groups that have no label of their own are named on the map
// and in the key, each group once.
func TestGroupsOfAreasAreNamed(t *testing.T) {
	l := rendertest.Footprints()
	l.Style.LabelField, l.Style.Field = "", "footprint"
	l.Fields[l.FieldIndex("footprint")].Alias = "Group"
	at := l.FieldIndex("footprint")
	l.Style.Classes = nil
	for i := range l.Features {
		l.Features[i].Values[at] = []string{"North", "South", "East"}[i%3]
	}
	for _, v := range []string{"North", "South", "East"} {
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: v, Label: v + " of the country", Colour: layer.Qualitative(len(v) % 2)})
	}
	r, _ := record(t, Map{Title: "T", Layers: []layer.Layer{l}, Project: rendertest.PlaneMetres})
	onMap := map[string]int{}
	for _, q := range r.labels["labels"] {
		onMap[q.text]++
	}
	texts := ""
	for _, q := range r.labels["text"] {
		texts += q.text + "\n"
	}
	for _, v := range []string{"North", "South", "East"} {
		if onMap[v] != 1 || strings.Count(texts, v+"\n") != 1 {
			t.Errorf("%s stands %d times on the map; the key says:\n%s", v, onMap[v], texts)
		}
	}
	if !strings.Contains(texts, "Groups\n") || strings.Count(texts, "of the country") != 3 {
		t.Errorf("the key says:\n%s", texts)
	}
}

// A style may ask for the labels of some features alone.
func TestLabelOnly(t *testing.T) {
	l := rendertest.Footprints()
	l.Style.LabelField, l.Style.LabelOnly = "name", l.Features[3].Values[l.FieldIndex(l.Style.Field)]
	r, _ := record(t, Map{Title: "T", Layers: []layer.Layer{l}, Project: rendertest.PlaneMetres})
	if got := r.labels["labels"]; len(got) != 1 {
		t.Errorf("%d labels, want 1: %+v", len(got), got)
	}
}

// What all names end with is left out on the map, but never a name's only word.
func TestCommonWords(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"Leeds Commissioning Group", "York Commissioning Group", "Hull Commissioning Group"}, " Commissioning Group"},
		{[]string{"Leeds Commissioning Group", "York Commissioning Group"}, ""},
		{[]string{"North London", "East London", "West London"}, ""},
		{[]string{"A B", "A B", "A B"}, ""},
		{[]string{"F01", "F02", "F03"}, ""},
	} {
		l := layer.Layer{Fields: []layer.Field{{Name: "name"}}}
		var all []int
		for i, n := range c.names {
			l.Features = append(l.Features, layer.Feature{Values: []any{n}})
			all = append(all, i)
		}
		if got := commonWords(&l, all, 0); got != c.want {
			t.Errorf("%q: %q, want %q", c.names, got, c.want)
		}
	}
}
