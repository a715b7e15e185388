package kml

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

// A KMZ holds the same document, and the same layers give the same bytes.
func TestWriteZip(t *testing.T) {
	var plain, a, b bytes.Buffer
	layers := rendertest.Layers()
	if err := errors.Join(Write(&plain, "Title", layers), WriteZip(&a, "Title", layers), WriteZip(&b, "Title", layers)); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "doc.kml" {
		t.Fatalf("%v, %v", z, err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, plain.Bytes()) || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("the archive holds another document: %v", err)
	}
	if err := WriteZip(io.Discard, "", []layer.Layer{{Name: "A B"}}); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("no name: %v", err)
	}
}
