package layer

import (
	"errors"
	"fmt"
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
	if !ColumnName(l.Name) {
		return fmt.Errorf("layer %q: %w", l.Name, ErrLayerName)
	}
	kind := KindOf(l.Geometry)
	if kind == NoKind && l.Geometry != "" {
		return fmt.Errorf("layer %q: geometry %q: %w", l.Name, l.Geometry, ErrLayerShape)
	}
	seen := make(map[string]bool, len(l.Fields))
	for _, f := range l.Fields {
		if !ColumnName(f.Name) {
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
			if !Fits(v, l.Fields[k].Type) {
				return fmt.Errorf("layer %q: feature %d: field %q holds a %T: %w", l.Name, i+1, l.Fields[k].Name, v, ErrLayerShape)
			}
		}
		if f.Geometry != nil && KindOf(f.Geometry.GeoJSONType()) != kind {
			return fmt.Errorf("layer %q: feature %d is a %s: %w", l.Name, i+1, f.Geometry.GeoJSONType(), ErrLayerShape)
		}
	}
	return nil
}

// ColumnName says whether a text is a name as ErrLayerName has it.
func ColumnName(s string) bool {
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

// Fits says whether a value has the type of a field; an unknown fits every type.
func Fits(v any, t FieldType) bool {
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

// ErrCRS is a coordinate reference system that the writers do not know.
var ErrCRS = errors.New("coordinate reference system is not 4326 or 27700")
