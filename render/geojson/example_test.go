package geojson_test

import (
	"fmt"
	"os"

	"github.com/paulmach/orb"

	"stpmap/render/geojson"
	"stpmap/render/layer"
)

func ExampleWrite() {
	err := geojson.Write(os.Stdout, layer.Layer{
		Name:   "places",
		Title:  "Places",
		Fields: []layer.Field{{Name: "code"}, {Name: "beds", Type: layer.Integer}},
		Features: []layer.Feature{
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
