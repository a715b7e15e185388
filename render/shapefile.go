package render

import (
	"context"
	"fmt"
)

func openShapefile(_ context.Context, _, name string, _ BoundaryOptions) (*Boundaries, error) {
	return nil, &FileError{File: name, Err: fmt.Errorf("%w: Shapefile", ErrFormat)}
}
