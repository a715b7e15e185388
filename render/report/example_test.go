package report_test

import (
	"fmt"
	"os"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/report"
)

func ExampleWrite() {
	r := report.Page{
		Title: "Two counties",
		Areas: []report.Area{{Code: "W", Name: "West", Geometry: rendertest.Counties().Features[0].Geometry}},
		Levels: []report.Level{{
			Name: "All in one", Areas: []int32{0},
			Columns:    []report.Column{{Title: "Wait (days)", Type: layer.Real, Decimals: 1, Worse: 1}},
			Footprints: []report.Footprint{{ID: "F1", Name: "The West", Values: []any{12.5}}},
		}},
	}
	f, err := os.CreateTemp("", "report*.html")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	fmt.Println(report.Write(f, r), f.Close())
	// Output: <nil> <nil>
}
