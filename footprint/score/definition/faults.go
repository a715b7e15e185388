package definition

import "errors"

// What can be wrong with definitions; test with errors.Is.
var (
	ErrSyntax           = errors.New("definitions cannot be read")
	ErrUnknownField     = errors.New("unknown field")
	ErrMissingField     = errors.New("missing field")
	ErrBadID            = errors.New("an id is letters, digits, '_', '-' and '.'")
	ErrDuplicateID      = errors.New("duplicate")
	ErrUnknownKind      = errors.New("unknown kind")
	ErrUnknownDomain    = errors.New("unknown domain")
	ErrUnknownIndicator = errors.New("unknown indicator")
	ErrWeight           = errors.New("a weight is a finite number, not negative")
	ErrTargetPolarity   = errors.New("a target needs a polarity, higher or lower")
	ErrStepOrder        = errors.New("the dates of baseline, steps and target must rise")
	ErrCycle            = errors.New("cycle")
	ErrNoIndicators     = errors.New("no indicators")
	ErrUnknownSet       = errors.New("unknown set of definitions")
)
