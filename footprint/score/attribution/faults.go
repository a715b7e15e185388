package attribution

import "errors"

// What can be wrong with a table of indicators; test with errors.Is.
var (
	ErrUnknownEntity  = errors.New("unknown entity")
	ErrNumeratorAbove = errors.New("numerator above denominator")
	ErrNegative       = errors.New("negative figure")
	ErrDenominator    = errors.New("denominator must be above 0")
	ErrNotFinite      = errors.New("not a finite number")
	ErrDoubled        = errors.New("doubled entity, indicator and period")
	ErrPeriods        = errors.New("numerator and denominator of different periods")
	ErrMixedLevels    = errors.New("rows of different levels of one indicator would be counted twice")
	ErrBand           = errors.New("not one of the bands")
	ErrNoFigure       = errors.New("neither numerator nor value")
	ErrInterval       = errors.New("value outside its interval")
	ErrNothing        = errors.New("no figure to score")
	ErrUnknownPeriod  = errors.New("no figures of the period")
)
