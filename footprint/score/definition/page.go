//go:build js

package definition

import "errors"

// Builtin gives none: the page of a workbench reads no file, and its case brings
// the definitions with it.
func Builtin(string) (*Definitions, error) { return nil, errors.ErrUnsupported }
