package table_test

import (
	"fmt"

	"stpmap/data/table"
)

func ExampleParseSuppression() {
	s, err := table.ParseSuppression("*=1:4")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Bounds("*"))
	fmt.Println(s.Bounds("#"))
	// Output:
	// 1 4 true
	// 1 4 true
}
