package render_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render"
)

const twoFields = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"W","name":"West"},"geometry":{"type":"Polygon","coordinates":[[[0,52],[1,52],[1,53],[0,53],[0,52]]]}},
{"type":"Feature","properties":{"code":"E","name":"East"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[2,52],[2,53],[1,53],[1,52]]]}}]}`

func ExampleReadBoundaries() {
	b, err := render.ReadBoundaries(context.Background(), "fields.geojson", strings.NewReader(twoFields), render.BoundaryOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, code := range b.Codes() {
		for j := range b.Neighbours(i) {
			fmt.Printf("%s borders on %s for %.1f km\n", code, b.Codes()[j], b.BorderKM(i, j))
		}
	}
	// Output:
	// E borders on W for 111.3 km
	// W borders on E for 111.3 km
}

func ExampleBoundaries_Dissolve() {
	b, err := render.ReadBoundaries(context.Background(), "fields.geojson", strings.NewReader(twoFields), render.BoundaryOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	whole := b.Dissolve([]int32{0, 0}, 1)[0]
	fmt.Println(len(whole), "polygon of", len(whole[0][0]), "positions")
	fmt.Printf("%.0f km², compactness %.2f, label at %v\n", render.AreaKM2(whole), render.Compactness(whole), render.LabelPoint(whole))
	// Output:
	// 1 polygon of 7 positions
	// 15113 km², compactness 0.78, label at [1 52.5]
}

func ExampleWriteGeoJSON() {
	err := render.WriteGeoJSON(os.Stdout, render.Layer{
		Name:   "places",
		Title:  "Places",
		Fields: []render.Field{{Name: "code"}, {Name: "beds", Type: render.Integer}},
		Features: []render.Feature{
			{ID: "RJ1", Geometry: orb.Point{-0.11832, 51.49806}, Values: []any{"RJ1", int64(1100)}},
			{ID: "R1H", Geometry: orb.Point{-0.05910, 51.51797}, Values: []any{"R1H", nil}},
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"type":"FeatureCollection","name":"places","bbox":[-0.11832,51.49806,-0.0591,51.51797],"stpmap":{"title":"Places","seed":0},"features":[
	// {"type":"Feature","id":"RJ1","properties":{"code":"RJ1","beds":1100},"geometry":{"type":"Point","coordinates":[-0.11832,51.49806]}},
	// {"type":"Feature","id":"R1H","properties":{"code":"R1H","beds":null},"geometry":{"type":"Point","coordinates":[-0.0591,51.51797]}}
	// ]}
}

func ExampleColouring() {
	b, err := render.ReadBoundaries(context.Background(), "fields.geojson", strings.NewReader(twoFields), render.BoundaryOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(render.Colouring(b, b.Len()))
	// Output: [0 1]
}
