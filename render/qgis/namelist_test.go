package qgis

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// rated is a layer of n footprints that are coloured by a rating and labelled by
// their codes.
func rated(n int, name func(int) string) layer.Layer {
	l := layer.Layer{
		Name: "scores", Title: "Rating", Geometry: "Polygon",
		Fields: []layer.Field{{Name: "footprint", Alias: "Footprint", Type: layer.Text}, {Name: "name", Alias: "Name", Type: layer.Text}, {Name: "rating", Type: layer.Integer}},
		Style:  layer.Style{Kind: layer.StyleCategories, Field: "rating", LabelField: "footprint", Classes: []layer.Class{{Value: int64(1), Label: "1 best", Colour: layer.Qualitative(0)}, {Value: int64(4), Label: "4 worst", Colour: layer.Qualitative(1)}}},
	}
	for i := range n {
		id := fmt.Sprintf("F%03d", i+1)
		l.Features = append(l.Features, layer.Feature{ID: id, Geometry: rendertest.Square(float64(i%10)*0.1-2, 52+float64(i/10)*0.1, 0.1), Values: []any{id, name(i), int64(1 + i%2*3)}})
	}
	return l
}

// layoutLabels are the labels of the layout "Map" by id, and their boxes.
func layoutLabels(t *testing.T, p Project) (texts map[string]string, boxes map[string]page.Box) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteProject(&b, p); err != nil {
		t.Fatal(err)
	}
	texts, boxes = map[string]string{}, map[string]page.Box{}
	for _, e := range rendertest.ParseXML(t, unzipped(t, b.Bytes())).All("Layout") {
		if e.Attr("name") != "Map" {
			continue
		}
		for _, item := range e.All("LayoutItem") {
			texts[item.Attr("id")] = item.Attr("labelText")
			at, size := strings.Split(item.Attr("position"), ","), strings.Split(item.Attr("size"), ",")
			boxes[item.Attr("id")] = page.Box{X: number(t, at[0]), Y: number(t, at[1]), W: number(t, size[0]), H: number(t, size[1])}
		}
	}
	return texts, boxes
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func ratedProject(l layer.Layer) Project {
	return Project{Title: "Ratings", Groups: []ProjectGroup{{Layers: []ProjectLayer{{Layer: l, Source: "a.gpkg"}}}}}
}

// Every footprint's name stands beside its code, in the key and above the scale
// bar, and takes nothing from the map.
func TestLayoutListsNames(t *testing.T) {
	for _, n := range []int{1, 20, 37, 90} {
		l := rated(n, func(i int) string { return fmt.Sprintf("Place %d and its neighbour (synthetic)", i+1) })
		texts, boxes := layoutLabels(t, ratedProject(l))
		if texts["names"] != "Footprints (synthetic)" {
			t.Errorf("%d: headed %q", n, texts["names"])
		}
		all, last := "", ""
		for c := 1; texts[fmt.Sprint("names ", c)] != ""; c++ {
			id := fmt.Sprint("names ", c)
			all += texts[id] + "\n"
			box, bar, frame := boxes[id], boxes["scale bar"], boxes["map"]
			if box.X < frame.X+frame.W || box.Y+box.H > bar.Y+1e-6 || last != "" && box.X < boxes[last].X+boxes[last].W {
				t.Errorf("%d: %s lies at %+v, the map at %+v, the scale bar at %+v", n, id, box, frame, bar)
			}
			if lines := strings.Count(texts[id], "\n") + 1; float64(float64(lines)*nameLine) > box.H {
				t.Errorf("%d: %d lines in %g mm", n, lines, box.H)
			}
			last = id
		}
		flat := strings.Join(strings.Fields(all), " ")
		for i := range n {
			if want := fmt.Sprintf("F%03d Place %d and its neighbour", i+1, i+1); !strings.Contains(flat+" ", want+" ") {
				t.Errorf("%d: no %q", n, want)
			}
		}
	}
}

// Names that have no room are counted, and listed ones with them make all.
func TestLayoutSaysNamesLeftOut(t *testing.T) {
	const n = 290
	texts, _ := layoutLabels(t, ratedProject(rated(n, func(i int) string { return fmt.Sprintf("A long name of place %d with more behind it", i+1) })))
	all := texts["names 1"] + "\n" + texts["names 2"] + "\n" + texts["names 3"]
	var more int
	if at := strings.LastIndex(all, "\nand "); at < 0 {
		t.Fatal("nothing is said of names without room")
	} else if _, err := fmt.Sscanf(all[at+1:], "and %d more: the tables have them", &more); err != nil {
		t.Fatal(err)
	}
	if listed := strings.Count("\n"+all, "\nF"); listed+more != n || listed < 50 {
		t.Errorf("%d listed and %d more of %d", listed, more, n)
	}
}

// A list is made only where codes stand on the map and no legend names them.
func TestLayoutWithoutNames(t *testing.T) {
	name := func(i int) string { return fmt.Sprint("Place ", i) }
	named, many, same := rated(5, name), rated(mostNames+1, name), rated(5, name)
	named.Style.LabelField = "name"
	same.Style.Field = "footprint"
	for what, l := range map[string]layer.Layer{"names on the map": named, "too many": many, "a legend of names": same} {
		if texts, _ := layoutLabels(t, ratedProject(l)); texts["names 1"] != "" || texts["names"] != "" {
			t.Errorf("%s: %q", what, texts["names 1"])
		}
	}
}

func TestLayoutNamesAreText(t *testing.T) {
	texts, _ := layoutLabels(t, ratedProject(rated(len(hostile), func(i int) string { return hostile[i] })))
	all := texts["names 1"]
	if strings.Contains(all, "[%") || strings.ContainsAny(all, "\x00\u202e") {
		t.Errorf("QGIS runs %q", all)
	}
	for i := range hostile {
		if !strings.Contains(all, fmt.Sprintf("F%03d  ", i+1)) {
			t.Errorf("%q is not listed in %q", hostile[i], all)
		}
	}
}
