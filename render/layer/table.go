package layer

// Column is a field of a table with what fills it from a row of type T.
type Column[T any] struct {
	Field
	Value func(T) any
}

// Col is the column called name. Its values are as Fits asks for the type, nil
// for an unknown.
func Col[T any](name string, t FieldType, value func(T) any) Column[T] {
	return Column[T]{Field{Name: name, Type: t}, value}
}

// TitledCol is a column with a title for readers.
func TitledCol[T any](name, alias string, t FieldType, value func(T) any) Column[T] {
	return Column[T]{Field{Name: name, Alias: alias, Type: t}, value}
}

// Table makes a layer without geometry: a feature a row, in their order.
func Table[T any](name string, columns []Column[T], rows []T) Layer {
	l := Layer{Name: name, Fields: make([]Field, len(columns)), Features: make([]Feature, len(rows))}
	for i, c := range columns {
		l.Fields[i] = c.Field
	}
	for i, row := range rows {
		values := make([]any, len(columns))
		for j, c := range columns {
			values[j] = c.Value(row)
		}
		l.Features[i].Values = values
	}
	return l
}
