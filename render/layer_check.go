package render

import (
	"errors"
	"fmt"
	"math"
)

// Errors that the writers return, wrapped with the value that caused them.
var (
	// ErrLayerName is a layer or column name that is not [a-z][a-z0-9_]*, at
	// most 63 bytes long: it would be a path, or need quoting somewhere.
	ErrLayerName = errors.New("name is not [a-z][a-z0-9_]*")
	// ErrLayerShape is a layer whose parts do not fit each other: a feature with
	// too few values, a value of another type than its field, a geometry that is
	// not of the layer's kind.
	ErrLayerShape = errors.New("layer does not fit its description")
)

// Check reports the first fault that would keep a layer from being written the
// same way in every format. The error wraps ErrLayerName or ErrLayerShape.
func (l *Layer) Check() error {
	if !columnName(l.Name) {
		return fmt.Errorf("layer %q: %w", l.Name, ErrLayerName)
	}
	kind := geometryKind(l.Geometry)
	if kind == noKind && l.Geometry != "" {
		return fmt.Errorf("layer %q: geometry %q: %w", l.Name, l.Geometry, ErrLayerShape)
	}
	seen := make(map[string]bool, len(l.Fields))
	for _, f := range l.Fields {
		if !columnName(f.Name) {
			return fmt.Errorf("layer %q: field %q: %w", l.Name, f.Name, ErrLayerName)
		}
		if seen[f.Name] {
			return fmt.Errorf("layer %q: field %q twice: %w", l.Name, f.Name, ErrLayerShape)
		}
		seen[f.Name] = true
	}
	for i := range l.Features {
		f := &l.Features[i]
		if len(f.Values) != len(l.Fields) {
			return fmt.Errorf("layer %q: feature %d has %d values for %d fields: %w", l.Name, i+1, len(f.Values), len(l.Fields), ErrLayerShape)
		}
		for k, v := range f.Values {
			if !fits(v, l.Fields[k].Type) {
				return fmt.Errorf("layer %q: feature %d: field %q holds a %T: %w", l.Name, i+1, l.Fields[k].Name, v, ErrLayerShape)
			}
		}
		if f.Geometry != nil && geometryKind(f.Geometry.GeoJSONType()) != kind {
			return fmt.Errorf("layer %q: feature %d is a %s: %w", l.Name, i+1, f.Geometry.GeoJSONType(), ErrLayerShape)
		}
	}
	return nil
}

func columnName(s string) bool {
	if s == "" || len(s) > 63 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return true
}

func fits(v any, t FieldType) bool {
	switch v.(type) {
	case nil:
		return true
	case string:
		return t == Text
	case int64:
		return t == Integer || t == Real
	case float64:
		return t == Real
	case bool:
		return t == Boolean
	}
	return false
}

// kind is the sort of symbol that draws a layer.
type kind int8

const (
	noKind kind = iota
	pointKind
	lineKind
	areaKind
)

func geometryKind(name string) kind {
	switch name {
	case "Point", "MultiPoint":
		return pointKind
	case "LineString", "MultiLineString":
		return lineKind
	case "Polygon", "MultiPolygon":
		return areaKind
	}
	return noKind
}

// number is a value as a float64; false for what is unknown, infinite or no
// number.
func numeric(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	return 0, false
}

// known is the value as formats write it: nil for a number that is not finite.
func known(v any) any {
	if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return nil
	}
	return v
}
