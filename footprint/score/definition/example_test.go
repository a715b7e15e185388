package definition_test

import (
	"fmt"
	"strings"

	"stpmap/footprint/score/definition"
)

func ExampleRead() {
	_, err := definition.Read(strings.NewReader(`indicators:
  - id: waits
    domain: emergency
    kind: proportion
    level: provider
    target: 95%
`))
	fmt.Println(err)
	// Output: :6:13: a target needs a polarity, higher or lower
}
