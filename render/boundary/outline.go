package boundary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"
)

// ErrNotUnder is an outline that no point lies in.
var ErrNotUnder = errors.New("no point lies in the outline")

// OpenOutline reads the polygons of a file, in any format that Open
// takes, as the one shape that they cover together: what FromPoints clips cells
// to. They need no codes, and borders between them vanish. The
// notices say what was made of the file. Faults are a *fault.Error or
// *fault.List.
func OpenOutline(ctx context.Context, path string) (outline orb.MultiPolygon, notices []string, err error) {
	return outlineOf(Open(ctx, path, Options{Clean: true, numbered: true}))
}

// ReadOutline is OpenOutline for a stream of GeoJSON, as Read takes it.
func ReadOutline(ctx context.Context, name string, r io.Reader) (outline orb.MultiPolygon, notices []string, err error) {
	return outlineOf(Read(ctx, name, r, Options{Clean: true, numbered: true}))
}

func outlineOf(b *Set, err error) (outline orb.MultiPolygon, notices []string, _ error) {
	if err != nil {
		return nil, nil, err
	}
	return b.Dissolve(make([]int32, b.Len()), 1)[0], b.Notices(), nil
}

// numberedCode is the code of a feature that needs none.
func numberedCode(i int) string {
	s := strconv.Itoa(i + 1)
	return fmt.Sprintf("%c%s", 'a'+len(s), s) // sorts as the numbers do
}
