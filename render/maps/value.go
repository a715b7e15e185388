package maps

import (
	"math"

	"stpmap/flow"
	"stpmap/render/layer"
)

// unknownFrom are the values of a row of n columns, of which the rest is unknown.
func unknownFrom(values []any, n int) []any { return append(values, make([]any, n-len(values))...) }

// bounds are values of a lower and an upper bound, nil where they are unknown.
func bounds(lower, upper float64, ok bool) []any {
	if !ok {
		return []any{nil, nil}
	}
	return []any{lower, upper}
}

// boundsOf are the bounds of a number of patients.
func boundsOf(c flow.Count) []any { return bounds(c.Lower, c.Upper, true) }

// boundFields are the columns that bound another one.
func boundFields(of, alias string) []layer.Field {
	return []layer.Field{
		{Name: of + "_lower", Alias: alias + ": at least", Type: layer.Real},
		{Name: of + "_upper", Alias: alias + ": at most", Type: layer.Real},
	}
}

// wholeNumbers makes each of some columns of floats an Integer column where every
// value in it is whole.
func wholeNumbers(l *layer.Layer, fields ...string) {
	for _, f := range fields {
		wholeColumn(l, l.FieldIndex(f))
	}
}

func wholeColumn(l *layer.Layer, i int) {
	for _, f := range l.Features {
		if x, ok := f.Values[i].(float64); ok && (x != math.Trunc(x) || math.Abs(x) >= 1<<53) {
			return
		}
	}
	l.Fields[i].Type = layer.Integer
	for _, f := range l.Features {
		if x, ok := f.Values[i].(float64); ok {
			f.Values[i] = int64(x)
		}
	}
}

func at(s []string, i int) string {
	if s == nil {
		return ""
	}
	return s[i]
}

func atOrNaN(s []float64, i int) float64 {
	if s == nil {
		return math.NaN()
	}
	return s[i]
}

func orNaNs(s []float64, n int) []float64 {
	if s != nil {
		return s
	}
	s = make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}
