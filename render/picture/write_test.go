package picture

import (
	"bytes"
	"errors"
	"image/png"
	"io"
	"math"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

type fullWriter struct{ room int }

func (w *fullWriter) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// A writer that fails is told of by its own error, at once and in the middle.
func TestFailingWriters(t *testing.T) {
	for _, room := range []int{0, 600} {
		if err := WriteSVG(&fullWriter{room}, samplePicture()); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("SVG in %d bytes: got %v", room, err)
		}
		if err := WritePNG(&fullWriter{room}, samplePicture(), 40); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("PNG in %d bytes: got %v", room, err)
		}
	}
}

// A picture has as many dots as its page has inches times dots to the inch.
func TestDotsOfAPage(t *testing.T) {
	for _, dpi := range []int{30, 75, 100} {
		var b bytes.Buffer
		if err := WritePNG(&b, samplePicture(), dpi); err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(&b)
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range []struct {
			dots int
			mm   float64
		}{{c.Width, 210}, {c.Height, 297}} {
			if math.Abs(float64(side.dots)-side.mm/25.4*float64(dpi)) > 1 {
				t.Errorf("%d dots to the inch: %d dots for %v mm", dpi, side.dots, side.mm)
			}
		}
	}
}

// Names that are hard to write stay text wherever a picture shows them.
func TestPicturesCarryHardNames(t *testing.T) {
	for _, name := range []string{rendertest.Nasty, `" onload="x`, "]]>", "&lt;b&gt;", "</svg>", "\x00\x1f"} {
		l := rendertest.Footprints()
		l.Title, l.Style.LegendTitle = name, name
		for i := range l.Features {
			l.Features[i].Values[1] = name
		}
		for i := range l.Style.Classes {
			l.Style.Classes[i].Label = name
		}
		l.Style.LabelField = "name"
		var b bytes.Buffer
		if err := WriteSVG(&b, Map{Title: name, Subtitle: name, Layers: []layer.Layer{l}, Project: rendertest.PlaneMetres, About: layer.About{Notice: name}}); err != nil {
			t.Fatal(err)
		}
		root := rendertest.ParseXML(t, b.Bytes())
		if root.Attr("onload") != "" || len(root.All("script"))+len(root.All("b"))+len(root.All("svg")) > 0 {
			t.Errorf("%q became markup", name)
		}
		if len(root.All("text")) == 0 {
			t.Errorf("%q: no text is shown", name)
		}
	}
}
