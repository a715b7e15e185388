package picture

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stpmap/flow/flowtest"
	"stpmap/render/boundary"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// england is the real country as a layer of groups of its areas, with names, and
// its areas as such where by is empty.
func england(t *testing.T, by string) layer.Layer {
	t.Helper()
	set, err := boundary.Open(t.Context(), flowtest.Path(t, "england/areas.geojson"), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	codes := set.Codes()
	if n, err := strconv.Atoi(by); err == nil {
		codes = joined(set, n)
	} else if by != "" {
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

// joined gives each area the number of its group: the smallest group joins its
// smallest neighbour until so many are left.
func joined(set *boundary.Set, groups int) []string {
	n := len(set.Codes())
	group, size := make([]int, n), make([]int, n)
	for i := range n {
		group[i], size[i] = i, 1
	}
	for left := n; left > groups; left-- {
		small, near := -1, -1
		for g := range n {
			if size[g] > 0 && (small < 0 || size[g] < size[small]) {
				small = g
			}
		}
		for i := range n {
			for k := range set.Neighbours(i) {
				if g := group[k]; group[i] == small && g != small && (near < 0 || size[g] < size[near]) {
					near = g
				}
			}
		}
		if near < 0 { // an island
			near = slices.Index(size, slices.Max(size))
		}
		for i := range n {
			if group[i] == small {
				group[i] = near
			}
		}
		size[near], size[small] = size[near]+size[small], 0
	}
	out := make([]string, n)
	for i, g := range group {
		out[i] = strconv.Itoa(g)
	}
	return out
}

// Every name of England's systems and of its 207 areas, or its number, has a place on
// every page; no two boxes overlap on a page, none leaves its part, and no text is
// smaller than 7 points.
func TestEnglandIsNamed(t *testing.T) {
	maps := []string{"37", "stp_code", "110", ""}
	if testing.Short() {
		maps = maps[:1]
	}
	for _, by := range maps {
		l := england(t, by)
		for _, paper := range []page.Paper{page.A4, page.A3, page.Slide, page.Square} {
			p := Map{Title: "England", Subtitle: "A test", Layers: []layer.Layer{l}, Page: paper, Project: boundary.PointToNationalGrid}
			s, err := p.scene()
			if err != nil {
				t.Fatal(err)
			}
			if n := s.names; n.All() != len(l.Features) || len(n.Missing) > 0 {
				t.Errorf("%d groups on %s: %s", len(l.Features), paper, n)
			}
			t.Logf("%d groups on %s: %s; %g points, numbers %v, names apart %v; the map is %.0f mm wide", len(l.Features), paper, s.names, s.how.points, s.how.short != nil, s.how.apart, s.sheet.Frame.W)
			if dir := os.Getenv("STPMAP_PICTURES"); dir != "" {
				f, _ := os.Create(filepath.Join(dir, fmt.Sprintf("%d_%s.png", len(l.Features), strings.ReplaceAll(string(paper), ":", ""))))
				WritePNG(f, p, 100)
				f.Close()
			}
			checkBoxes(t, s)
			checkLetters(t, s)
		}
	}
}

// checkLetters fails where a text of a scene, or of the pages of names, is smaller
// than 7 points.
func checkLetters(t *testing.T, s *scene) {
	t.Helper()
	r := &recorder{shapes: map[string][]shape{}, labels: map[string][]label{}}
	s.draw(r)
	for _, k := range s.nameKeys() {
		s.drawNames(r, k)
	}
	for group, labels := range r.labels {
		for _, l := range labels {
			if l.points < 7 {
				t.Errorf("%s: %q stands in %g points", group, l.text, l.points)
			}
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
