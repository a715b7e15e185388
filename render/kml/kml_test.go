package kml

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func TestWrite(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, "Test "+rendertest.Nasty, rendertest.Layers()), Write(&b, "Test "+rendertest.Nasty, rendertest.Layers())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	root := rendertest.ParseXML(t, a.Bytes())
	if got := len(root.All("Placemark")); got != 9+9+5+4 {
		t.Errorf("%d placemarks", got)
	}
	styles := map[string]bool{}
	for _, s := range root.All("Style") {
		styles["#"+s.Attr("id")] = true
	}
	for _, s := range root.All("styleUrl") {
		if !styles[s.Text] {
			t.Errorf("there is no style %s", s.Text)
		}
	}
	mark := root.All("Placemark")[3]
	if got := mark.TextAt("name"); !strings.Contains(got, "<script>") || !strings.Contains(got, "医院") {
		t.Errorf("a name is %q", got)
	}
	if n := len(root.All("Placemark")[0].All("innerBoundaryIs")); n != 1 {
		t.Errorf("the first footprint has %d holes", n)
	}
	if err := Write(io.Discard, "", []layer.Layer{{Name: "a/b"}}); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("a path as a name: %v", err)
	}
}
