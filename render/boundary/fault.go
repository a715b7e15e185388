package boundary

import (
	"errors"

	"stpmap/flow/fault"
	"stpmap/render/internal/geojsonread"
)

// What can be wrong with boundaries; test with errors.Is.
var (
	ErrMissingCode   = errors.New("missing code")
	ErrDuplicateCode = errors.New("duplicate code")
	ErrNoCode        = errors.New("no property holds the codes")
	ErrSeveralLayers = errors.New("several layers hold polygons")
	ErrOverlap       = errors.New("polygons overlap")
	ErrSyntax        = geojsonread.ErrSyntax
	ErrEncoding      = geojsonread.ErrEncoding
	ErrTooLarge      = geojsonread.ErrTooLarge
	ErrCoordinates   = geojsonread.ErrCoordinates
	ErrGeometry      = geojsonread.ErrGeometry
	ErrUnclosed      = geojsonread.ErrUnclosed
	ErrShortRing     = geojsonread.ErrShortRing
	ErrOutOfRange    = geojsonread.ErrOutOfRange
	ErrNoFeatures    = geojsonread.ErrNoFeatures
)

// FileError locates a fault in a file of boundaries. In a format without lines
// Line is the number of the feature and Column is 0.
type FileError = fault.Error

// FileErrors is what is wrong with a file: the first twenty faults, and how
// many more there are.
type FileErrors = fault.List
