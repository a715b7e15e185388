package boundary_test

import (
	"context"
	"fmt"
	"strings"

	"stpmap/render/boundary"
	"stpmap/render/internal/labelpoint"
	"stpmap/render/layer"
)

const twoFields = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"W","name":"West"},"geometry":{"type":"Polygon","coordinates":[[[0,52],[1,52],[1,53],[0,53],[0,52]]]}},
{"type":"Feature","properties":{"code":"E","name":"East"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[2,52],[2,53],[1,53],[1,52]]]}}]}`

func ExampleRead() {
	b, err := boundary.Read(context.Background(), "fields.geojson", strings.NewReader(twoFields), boundary.Options{})
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

func ExampleSet_Dissolve() {
	b, err := boundary.Read(context.Background(), "fields.geojson", strings.NewReader(twoFields), boundary.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	whole := b.Dissolve([]int32{0, 0}, 1)[0]
	fmt.Println(len(whole), "polygon of", len(whole[0][0]), "positions")
	fmt.Printf("%.0f km², compactness %.2f, label at %v\n", boundary.AreaKM2(whole), boundary.Compactness(whole), labelpoint.LabelPoint(whole))
	// Output:
	// 1 polygon of 7 positions
	// 15113 km², compactness 0.78, label at [1 52.5]
}

func ExampleColouring() {
	b, err := boundary.Read(context.Background(), "fields.geojson", strings.NewReader(twoFields), boundary.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(layer.Colouring(b, b.Len()))
	// Output: [0 1]
}
