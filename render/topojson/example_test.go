package topojson_test

import (
	"bytes"
	"encoding/json"
	"fmt"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/topojson"
)

func ExampleWrite() {
	var b bytes.Buffer
	if err := topojson.Write(&b, []layer.Layer{rendertest.Counties()}, 100); err != nil {
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
