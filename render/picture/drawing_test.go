package picture

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"

	"stpmap/render/layer"
)

func TestDrawingIsThePicture(t *testing.T) {
	p := samplePicture()
	d, err := NewDrawing(p)
	if err != nil {
		t.Fatal(err)
	}
	var want, got, wantPixels, gotPixels bytes.Buffer
	if err := errors.Join(WriteSVG(&want, p), d.WriteSVG(&got), WritePNG(&wantPixels, p, 72), d.WritePNG(&gotPixels, 72)); err != nil {
		t.Fatal(err)
	}
	if want.String() != got.String() {
		t.Error("the SVG differs from WriteSVG's")
	}
	if !bytes.Equal(wantPixels.Bytes(), gotPixels.Bytes()) {
		t.Error("the PNG differs from WritePNG's")
	}
	if err := d.WritePNG(&got, 5); !errors.Is(err, ErrPicture) {
		t.Errorf("5 dots to the inch: %v", err)
	}
	p.Layers[0].Name = ""
	if _, err := NewDrawing(p); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("a layer without a name: %v", err)
	}
}

func TestHundredths(t *testing.T) {
	for x := -1250; x <= 1250; x++ {
		want := strconv.FormatFloat(float64(x)/100, 'f', -1, 64)
		if x > -100 && x < 100 && x != 0 {
			want = strings.Replace(want, "0.", ".", 1)
		}
		if got := string(appendHundredths(nil, x)); got != want {
			t.Errorf("%d hundredths are written %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{-0.004: "0", 0.005: ".01", -0.996: "-1", 12.3456: "12.35"} {
		if got := short(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}
