package boundary

import (
	"errors"

	"stpmap/render/internal/geojsonread"
)

// What can be wrong with boundaries; test with errors.Is. A fault in a file is a
// *fault.Error, which says where, or a *fault.List of the first twenty. In a
// format without lines Line is the number of the feature and Column is 0.
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
