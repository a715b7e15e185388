package qgis_test

import (
	"bytes"
	"fmt"
	"strings"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/qgis"
)

func ExampleWriteQML() {
	l := rendertest.Counties()
	l.Style = layer.Style{Kind: layer.StyleCategories, Field: "name", Classes: []layer.Class{
		{Value: "West", Label: "The West", Colour: layer.Qualitative(0)},
	}}
	var b bytes.Buffer
	if err := qgis.WriteQML(&b, l); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "<category ") || strings.Contains(line, "<alias ") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// <category value="West" type="string" label="The West" symbol="0" render="true"/>
	// <category value="" type="string" label="Other" symbol="1" render="true"/>
	// <alias index="0" field="name" name="Name"/>
	// <alias index="1" field="wait" name="Wait (days)"/>
}
