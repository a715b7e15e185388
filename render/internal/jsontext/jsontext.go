package jsontext

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// String is text as encoding/json writes it.
func String(s string) []byte { return AppendString(nil, s) }

// AppendString writes text as encoding/json does.
func AppendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// AppendValue writes a value of a layer; an unknown, and a number that is not
// finite, is null.
func AppendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return AppendString(b, v), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(b, "null"...), nil
		}
		if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
			return strconv.AppendFloat(b, v, 'e', -1, 64), nil
		}
		if v == 0 {
			return append(b, '0'), nil
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64), nil
	}
	return b, fmt.Errorf("value of type %T", v)
}

// NotNil writes nothing as an empty list.
func NotNil[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
