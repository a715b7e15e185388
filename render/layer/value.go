package layer

import (
	"math"
	"strconv"
)

// Numeric is a value as a float64; false for what is unknown, infinite or no
// number.
func Numeric(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	return 0, false
}

// Known is the value as formats write it: nil for a number that is not finite.
func Known(v any) any {
	if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return nil
	}
	return v
}

// ValueText writes a value in full; an unknown is empty.
func ValueText(v any) string {
	switch x := Known(v).(type) {
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return ""
}

// Nonempty is a text of a table: nil, an unknown, where it is empty.
func Nonempty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Given is what x points to as a value of a table: nil, an unknown, where it points
// to nothing.
func Given(x *float64) any {
	if x == nil {
		return nil
	}
	return Known(*x)
}
