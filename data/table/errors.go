package table

import (
	"errors"
)

// What can be wrong with a value; test with errors.Is.
var (
	ErrNegativeCount = errors.New("negative count")
	ErrNotANumber    = errors.New("not a number")
	ErrMissingColumn = errors.New("missing column")
	ErrEmptyTable    = errors.New("no rows")
	ErrMissingCode   = errors.New("missing code")
	ErrDuplicate     = errors.New("duplicate")
	ErrEncoding      = errors.New("neither UTF-8 nor Windows-1252 text")
	ErrMixedSets     = errors.New("rows of several sets that must not be added")
	ErrUnknownCode   = errors.New("unknown code")
	ErrQuote         = errors.New("broken quoting")
	ErrRagged        = errors.New("row does not fit the header")
	ErrFieldSize     = errors.New("field longer than 1 MiB")
	ErrCoordinate    = errors.New("not a longitude and latitude")
)
