//go:build !js

package definition

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
)

//go:embed builtin
var builtin embed.FS

// BuiltinNames lists the sets that come with the package.
func BuiltinNames() []string {
	return []string{"headline-2017", "stp-dashboard-2017", "outcomes-2012", "maternity", "oversight-2025"}
}

// BuiltinYAML is the text of a set that comes with the package, to be edited.
// The error wraps ErrUnknownSet.
func BuiltinYAML(name string) ([]byte, error) {
	for _, n := range BuiltinNames() {
		if n == name {
			return builtin.ReadFile("builtin/" + name + ".yaml")
		}
	}
	return nil, fmt.Errorf("%w: %q (one of %s)", ErrUnknownSet, name, strings.Join(BuiltinNames(), ", "))
}

// Builtin is a set that comes with the package. The error wraps ErrUnknownSet.
func Builtin(name string) (*Definitions, error) {
	src, err := BuiltinYAML(name)
	if err != nil {
		return nil, err
	}
	return Read(bytes.NewReader(src))
}

// Schema is the JSON Schema (draft 2020-12) of the YAML form of
// definitions.
func Schema() []byte {
	src, err := builtin.ReadFile("builtin/definitions.schema.json")
	if err != nil {
		panic("score: the embedded schema is missing: " + err.Error())
	}
	return src
}
