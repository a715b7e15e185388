package render

import (
	"context"
	"fmt"
)

func openGeoPackage(_ context.Context, _, name string, _ BoundaryOptions) (*Boundaries, error) {
	return nil, &FileError{File: name, Err: fmt.Errorf("%w: GeoPackage", ErrFormat)}
}
