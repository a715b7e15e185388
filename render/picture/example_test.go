package picture_test

import (
	"bytes"
	"fmt"
	"strings"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/page"
	"stpmap/render/picture"
)

func ExampleWriteSVG() {
	p := picture.Map{Title: "Two counties", Layers: []layer.Layer{rendertest.Counties()}, Page: page.Slide}
	var b bytes.Buffer
	if err := picture.WriteSVG(&b, p); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "<title>") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// <title>Two counties</title>
	// <title>W West</title>
	// <title>E East</title>
}
