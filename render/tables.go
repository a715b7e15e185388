package render

import (
	"encoding/csv"
	"io"
	"strconv"

	"stpmap/flow"
)

// WriteCSV writes the columns of a layer, without its geometry: RFC 4180 with
// line feeds, unknowns as empty cells, whole numbers in full and others in the
// shortest form that reads back the same.
func WriteCSV(w io.Writer, l Layer) error {
	cw := csv.NewWriter(w)
	row := make([]string, len(l.Fields))
	for i, f := range l.Fields {
		row[i] = f.Name
	}
	if err := cw.Write(row); err != nil {
		return err
	}
	for _, f := range l.Features {
		for i, v := range f.Values {
			row[i] = cell(v)
		}
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return string(flow.AppendNumber(nil, v))
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// PartitionTable is the table of members: kind, code, name, footprint and
// confidence, areas first, each kind by code.
func (c *Case) PartitionTable() Layer {
	l := Layer{
		Name: "partition", Title: "Partition", About: c.About,
		Fields: []Field{
			{"kind", "Kind", Text},
			{"code", "Code", Text},
			{"name", "Name", Text},
			{"footprint", "Footprint", Text},
			{"confidence", "Share of resampled runs that agree", Real},
		},
	}
	add := func(kind, code, name string, f int32, confidence float64) {
		var id any
		if f >= 0 {
			id = c.Partition.IDs[f]
		}
		l.Features = append(l.Features, Feature{ID: code, Values: []any{kind, code, text(c.named(name)), id, number(confidence)}})
	}
	for a, code := range c.Matrix.Areas() {
		add("area", code, at(c.AreaNames, a), c.Partition.Areas[a], atOrNaN(c.AreaConfidence, a))
	}
	if !c.Matrix.OneMode() {
		for j, code := range c.Matrix.Providers() {
			add("provider", code, at(c.ProviderNames, j), c.Partition.Providers[j], atOrNaN(c.ProviderConfidence, j))
		}
	}
	return l
}
