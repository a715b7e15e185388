package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render"
)

// counties is a layer of two squares that share a border.
func counties() render.Layer {
	return render.Layer{
		Name: "counties", Title: "Counties", Geometry: "Polygon",
		Fields: []render.Field{{Name: "name", Alias: "Name", Type: render.Text}, {Name: "wait", Alias: "Wait (days)", Type: render.Real}},
		Features: []render.Feature{
			{ID: "W", Geometry: orb.Polygon{{{-2, 52}, {-1, 52}, {-1, 53}, {-2, 53}, {-2, 52}}}, Values: []any{"West", 12.5}},
			{ID: "E", Geometry: orb.Polygon{{{-1, 52}, {0, 52}, {0, 53}, {-1, 53}, {-1, 52}}}, Values: []any{"East", nil}},
		},
	}
}

func ExampleBreaks() {
	waits := []float64{1, 2, 2, 3, 20, 21, 22, 60}
	for _, how := range []render.Classification{render.Quantile, render.Equal, render.Jenks} {
		bounds, err := render.Breaks(waits, how, 3, nil)
		fmt.Println(how, bounds, err)
	}
	// Output:
	// quantile [1 2 21 60] <nil>
	// equal [1 20.666666666666668 40.333333333333336 60] <nil>
	// jenks [1 3 22 60] <nil>
}

func ExampleGraduatedClasses() {
	classes, err := render.GraduatedClasses(counties(), "wait", render.GraduatedOptions{NotRated: "Not rated"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range classes {
		fmt.Println(c.Label, c.Colour, c.Hatched)
	}
	// Output:
	// 12.5 #6baed6 false
	// Not rated #eeeeee true
}

func ExampleWriteQML() {
	l := counties()
	l.Style = render.Style{Kind: render.StyleCategories, Field: "name", Classes: []render.Class{
		{Value: "West", Label: "The West", Colour: render.Qualitative(0)},
	}}
	var b bytes.Buffer
	if err := render.WriteQML(&b, l); err != nil {
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

func ExampleWriteTopoJSON() {
	var b bytes.Buffer
	if err := render.WriteTopoJSON(&b, []render.Layer{counties()}, 100); err != nil {
		fmt.Println(err)
		return
	}
	var topology struct{ Arcs [][][2]int }
	if err := json.Unmarshal(b.Bytes(), &topology); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(topology.Arcs), "arcs: the border that the two share, and the rest of each")
	// Output: 3 arcs: the border that the two share, and the rest of each
}

func ExampleWriteSVG() {
	p := render.Picture{Title: "Two counties", Layers: []render.Layer{counties()}, Page: render.Slide}
	var b bytes.Buffer
	if err := render.WriteSVG(&b, p); err != nil {
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

func ExampleWriteReport() {
	r := render.Report{
		Title: "Two counties",
		Areas: []render.ReportArea{{Code: "W", Name: "West", Geometry: counties().Features[0].Geometry}},
		Levels: []render.ReportLevel{{
			Name: "All in one", Areas: []int32{0},
			Columns:    []render.Column{{Title: "Wait (days)", Type: render.Real, Decimals: 1, Worse: 1}},
			Footprints: []render.ReportFootprint{{ID: "F1", Name: "The West", Values: []any{12.5}}},
		}},
	}
	f, err := os.CreateTemp("", "report*.html")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	fmt.Println(render.WriteReport(f, r), f.Close())
	// Output: <nil> <nil>
}
