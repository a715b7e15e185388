package published_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/published"
)

// A council's table keeps its suppressed cells as intervals; its total and the
// row of England are not counted.
func ExampleImport() {
	text := `Area,Royal,Cottage,Outside county,Total
E92000001,,,,
E01000001,120,<5,9,129
`
	out, err := published.Import(context.Background(), "", []importer.Input{{Name: "admissions.csv", R: strings.NewReader(text)}}, importer.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.Format.Name)
	if _, err := data.WriteFlows(os.Stdout, out.Flows); err != nil {
		fmt.Println(err)
	}
	// Output:
	// matrix
	// area,provider,count
	// E01000001,Cottage,<5
	// E01000001,Outside county,9
	// E01000001,Royal,120
}
