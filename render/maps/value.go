package maps

import (
	"math"

	"stpmap/render/layer"
)

// number is x, or nil where it is unknown.
func number(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

// text is s, or nil where it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// wholeNumbers makes a column of floats an Integer column where every value in
// it is whole.
func wholeNumbers(l *layer.Layer, field string) {
	i := l.FieldIndex(field)
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
