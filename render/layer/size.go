package layer

import (
	"math"
	"slices"
)

// SizeOf gives the size in millimetres of a symbol for value x out of top.
func (s *Style) SizeOf(k Kind, x, top float64) float64 {
	lo, hi := s.SizeRange(k)
	if !(top > 0) || !(x > 0) {
		return lo
	}
	t := min(x/top, 1)
	if k == PointKind {
		t = math.Sqrt(t)
	}
	return max(lo, hi*t)
}

// SizeRange is the least and the greatest size of a symbol, in millimetres.
func (s *Style) SizeRange(k Kind) (lo, hi float64) {
	lo, hi = 1.2, 6
	if k == LineKind {
		lo, hi = 0.15, 2.4
	}
	if s.MinSize > 0 {
		lo = s.MinSize
	}
	if s.MaxSize > 0 {
		hi = s.MaxSize
	}
	return lo, max(lo, hi)
}

// SizeField is the column that sizes the layer's symbols, or -1.
func (l *Layer) SizeField() int {
	switch {
	case l.Style.SizeField != "":
		return l.FieldIndex(l.Style.SizeField)
	case l.Style.Kind == StyleSizedPoints:
		return l.FieldIndex(l.Style.Field)
	}
	return -1
}

// Largest is the largest number in a column; 0 if there is none above it.
func (l *Layer) Largest(field int) float64 {
	m := 0.0
	if field < 0 {
		return m
	}
	for i := range l.Features {
		if x, ok := Numeric(l.Features[i].Values[field]); ok {
			m = max(m, x)
		}
	}
	return m
}

// legendSizes are up to three round numbers that show the scale of sized
// symbols, falling.
func legendSizes(top float64) []float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		return nil
	}
	first := RoundDown(top)
	out := []float64{first}
	for _, f := range [...]float64{4, 20} {
		v := RoundDown(first / f)
		if v > 0 && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
