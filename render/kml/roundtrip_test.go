package kml

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// positions reads the coordinates of an element, as longitude,latitude pairs.
func positions(t *testing.T, e *rendertest.Element) (out []orb.Point) {
	t.Helper()
	for pair := range strings.FieldsSeq(e.Text) {
		var p orb.Point
		if _, err := fmt.Sscanf(pair, "%g,%g", &p[0], &p[1]); err != nil {
			t.Fatalf("%q: %v", pair, err)
		}
		out = append(out, p)
	}
	return out
}

// every is all positions of a geometry.
func every(g orb.Geometry) (out []orb.Point) {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.LineString:
		return g
	case orb.Polygon:
		for _, r := range g {
			out = append(out, r...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, every(p)...)
		}
	}
	return out
}

// Every position and every known value comes back from the file, to six decimals.
func TestRowsComeBack(t *testing.T) {
	for _, l := range rendertest.Layers() {
		var b bytes.Buffer
		if err := Write(&b, "", []layer.Layer{l}); err != nil {
			t.Fatal(err)
		}
		root := rendertest.ParseXML(t, b.Bytes())
		marks := root.All("Placemark")
		if len(marks) != len(l.Features) {
			t.Fatalf("layer %s: %d of %d rows", l.Name, len(marks), len(l.Features))
		}
		for i, f := range l.Features {
			var got []orb.Point
			for _, c := range marks[i].All("coordinates") {
				got = append(got, positions(t, c)...)
			}
			want := every(f.Geometry)
			if len(got) != len(want) {
				t.Fatalf("layer %s, row %d: %d of %d positions", l.Name, i, len(got), len(want))
			}
			for k, p := range want {
				if math.Abs(p[0]-got[k][0]) > 5e-7 || math.Abs(p[1]-got[k][1]) > 5e-7 {
					t.Fatalf("layer %s, row %d: %v came back as %v", l.Name, i, p, got[k])
				}
			}
			values := map[string]string{}
			for _, d := range marks[i].All("Data") {
				values[d.Attr("name")] = d.TextAt("value")
			}
			for k, field := range l.Fields {
				if want := layer.ValueText(f.Values[k]); values[field.Name] != want {
					t.Errorf("layer %s, row %d: %s is %q, want %q", l.Name, i, field.Name, values[field.Name], want)
				}
			}
		}
	}
}

// A hidden layer is switched off, one without geometry is left out, and what is
// not known is fainter than what is.
func TestStyles(t *testing.T) {
	l := rendertest.Scores()
	l.Style.Hidden = true
	table := layer.Layer{Name: "table", Title: "Table", Fields: l.Fields}
	var b bytes.Buffer
	if err := Write(&b, "T", []layer.Layer{l, table}); err != nil {
		t.Fatal(err)
	}
	root := rendertest.ParseXML(t, b.Bytes())
	folders := root.All("Folder")
	if len(folders) != 1 || folders[0].TextAt("visibility") != "0" {
		t.Fatalf("%d folders, the first visible: %s", len(folders), folders[0].TextAt("visibility"))
	}
	alpha := map[bool][]string{}
	for k, e := range l.Entries() {
		colour := root.All("PolyStyle")[k].TextAt("color")
		if len(colour) != 8 {
			t.Fatalf("a colour is %q", colour)
		}
		alpha[e.Class.Hatched] = append(alpha[e.Class.Hatched], colour[:2])
		if e.Class.Hatched {
			continue
		}
		r, g, bl := layer.RGB(e.Class.Colour)
		if want := fmt.Sprintf("%02x%02x%02x", bl, g, r); colour[2:] != want { // KML has blue first
			t.Errorf("%s is %s, want %s", e.Class.Colour, colour, want)
		}
	}
	if len(alpha[true]) == 0 || alpha[true][0] >= alpha[false][0] || alpha[false][0] != "ff" {
		t.Errorf("known are drawn with %v, unknown with %v", alpha[false], alpha[true])
	}
	l.Features[0].Geometry = orb.Polygon{{{math.NaN(), 0}, {1, 1}, {2, 0}, {math.NaN(), 0}}}
	if err := Write(&b, "", []layer.Layer{l}); err == nil || !strings.Contains(err.Error(), "a coordinate is NaN") {
		t.Errorf("a coordinate that is no number: %v", err)
	}
}
