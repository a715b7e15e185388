package picture

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stpmap/render/boundary"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// england is the real country as a layer of groups of its areas, with names, and
// its areas as such where by is empty.
func england(t *testing.T, by string) layer.Layer {
	t.Helper()
	name := filepath.Join("..", "..", "..", "shared", "england", "areas.geojson")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Skip("the real country is not beside the project")
	}
	set, err := boundary.Read(t.Context(), name, bytes.NewReader(raw), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	codes := set.Codes()
	if by != "" {
		values, ok := set.Property(by)
		if !ok {
			t.Fatalf("no property %s; there are %v", by, set.Properties())
		}
		codes = values
	}
	l := layer.Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "footprint"}, {Name: "name"}}}
	l.Style = layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#333333", Width: 0.35}
	at := map[string]int32{}
	group := make([]int32, len(codes))
	for i, code := range codes {
		g, ok := at[code]
		if !ok {
			g = int32(len(at))
			at[code] = g
			id := fmt.Sprintf("F%03d", g+1)
			l.Features = append(l.Features, layer.Feature{ID: id, Values: []any{id, "A system called " + code}})
			l.Style.Classes = append(l.Style.Classes, layer.Class{Value: id, Label: id, Colour: layer.Qualitative(int(g))})
		}
		group[i] = g
	}
	for g, shape := range set.Dissolve(group, len(at)) {
		l.Features[g].Geometry = shape
	}
	return l
}

// Every name of England's systems has a place on every page, and so do six of seven names
// of its 207 areas; no two boxes overlap on a page, and none leaves its part.
func TestEnglandIsNamed(t *testing.T) {
	for _, c := range []struct {
		by   string
		most int // names that may be missing
	}{{"stp_code", 0}, {"", 30}} {
		l := england(t, c.by)
		for _, paper := range []page.Paper{page.A4, page.A3, page.Slide, page.Square} {
			p := Map{Title: "England", Subtitle: "A test", Layers: []layer.Layer{l}, Page: paper, Project: boundary.PointToNationalGrid}
			s, err := p.scene()
			if err != nil {
				t.Fatal(err)
			}
			// A small page has no room for all 207; what it lacks it says.
			small := c.by == "" && paper == page.Square
			if n := s.names; n.All() != len(l.Features) || len(n.Missing) > c.most && !small {
				t.Errorf("%q on %s: %s", c.by, paper, n)
			}
			checkBoxes(t, s)
		}
	}
}

// checkBoxes fails where two names of a scene overlap, or one leaves its view.
func checkBoxes(t *testing.T, s *scene) {
	t.Helper()
	var all []placed
	for _, v := range append([]*view{&s.main}, s.insets...) {
		for _, p := range v.labels {
			if !p.Box.Within(v.box) {
				t.Errorf("%s at %+v leaves its view", p.text, p.Box)
			}
			for _, q := range all {
				if p.Box.Over(q.Box) {
					t.Errorf("%s lies over %s", p.text, q.text)
				}
			}
			all = append(all, p)
		}
	}
	for i, v := range s.insets {
		if !v.box.Within(s.main.box) || v.scale < leastTimes*s.main.scale*0.99 {
			t.Errorf("inset %d at %+v is %.2f times as large", i, v.box, v.scale/s.main.scale)
		}
		for _, o := range s.insets[:i] {
			if v.box.Over(o.box) || v.from.Over(o.from) {
				t.Errorf("insets %+v and %+v overlap", v.box, o.box)
			}
		}
	}
}

// Random maps keep their names apart too, and count each of them.
func TestRandomMapsCountTheirNames(t *testing.T) {
	for seed := range uint64(40) {
		p := randomMap(seed)
		s, err := p.scene()
		if err != nil {
			t.Fatal(err)
		}
		checkBoxes(t, s)
		shown := len(s.main.labels)
		for _, v := range s.insets {
			shown += len(v.labels)
		}
		n := s.names
		if got := n.OnMap + n.Lines + n.Inset; got > shown || len(n.Missing) > 0 {
			t.Errorf("seed %d: %s, and %d are drawn", seed, n, shown)
		}
	}
}

// What has no room is said on the page itself.
func TestMissingNamesAreSaid(t *testing.T) {
	l := rendertest.Footprints()
	for i := range l.Features {
		l.Features[i].Values[0] = fmt.Sprintf("A name that is as long as names on maps can be, number %d", i)
	}
	n := Names{OnMap: 3, Inset: 2, Lines: 1, Missing: []string{"F01", "F02"}, Left: 4}
	if got, want := n.String(), "8 names: 3 on the map, 2 in the inset, 1 beside their place with a line, 2 missing; 4 names of single places left out for want of room"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := n.missing(), "2 names had no room on the map: F01, F02."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for i := range 20 {
		n.Missing = append(n.Missing, fmt.Sprint(i))
	}
	if got, want := n.missing(), "22 names had no room on the map: F01, F02, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10 more."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
