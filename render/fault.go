package render

import (
	"errors"
	"fmt"
	"strings"

	"stpmap/render/internal/geojsonread"
)

// What can be wrong with boundaries; test with errors.Is.
var (
	ErrMissingCode   = errors.New("missing code")
	ErrDuplicateCode = errors.New("duplicate code")
	ErrNoCode        = errors.New("no property holds the codes")
	ErrUnknownCRS    = errors.New("unknown coordinate reference system")
	ErrFormat        = errors.New("not a boundary file")
	ErrOverlap       = errors.New("polygons overlap")
	ErrSyntax        = geojsonread.ErrSyntax
	ErrTruncated     = geojsonread.ErrTruncated
	ErrEncoding      = geojsonread.ErrEncoding
	ErrTooLarge      = geojsonread.ErrTooLarge
	ErrCoordinates   = geojsonread.ErrCoordinates
	ErrGeometry      = geojsonread.ErrGeometry
	ErrUnclosed      = geojsonread.ErrUnclosed
	ErrShortRing     = geojsonread.ErrShortRing
	ErrOutOfRange    = geojsonread.ErrOutOfRange
	ErrNoFeatures    = geojsonread.ErrNoFeatures
)

// FileError locates a fault in a file of boundaries. Line and Column count
// from 1, Column in bytes; in a format without lines Line is the number of the
// feature and Column is 0. Both are 0 where the fault is the whole file's.
type FileError struct {
	File         string
	Line, Column int
	Err          error
}

func (e *FileError) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

// Unwrap gives the fault without its place.
func (e *FileError) Unwrap() error { return e.Err }

const maxFaults = 20

// FileErrors is what is wrong with a file: the first twenty faults, and how
// many more there are.
type FileErrors struct {
	List []*FileError
	More int
}

func (f *FileErrors) add(e *FileError) {
	if len(f.List) < maxFaults {
		f.List = append(f.List, e)
	} else {
		f.More++
	}
}

// err is nil where there is no fault.
func (f *FileErrors) err() error {
	switch {
	case len(f.List) == 0:
		return nil
	case len(f.List) == 1 && f.More == 0:
		return f.List[0]
	}
	return f
}

func (f *FileErrors) Error() string {
	var b strings.Builder
	for i, e := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
	}
	if f.More > 0 {
		fmt.Fprintf(&b, "\nand %d more faults", f.More)
	}
	return b.String()
}

// Unwrap gives the listed faults, for errors.Is and errors.As.
func (f *FileErrors) Unwrap() []error {
	errs := make([]error, len(f.List))
	for i, e := range f.List {
		errs[i] = e
	}
	return errs
}
