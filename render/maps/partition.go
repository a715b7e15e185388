package maps

import "stpmap/render/layer"

// PartitionTable is the table of members: kind, code, name, footprint and
// confidence, areas first, each kind by code.
func (c *Map) PartitionTable() layer.Layer {
	l := layer.Layer{
		Name: "partition", Title: "Partition", About: c.About,
		Fields: []layer.Field{
			{Name: "kind", Alias: "Kind", Type: layer.Text},
			{Name: "code", Alias: "Code", Type: layer.Text},
			{Name: "name", Alias: "Name", Type: layer.Text},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "confidence", Alias: "Share of resampled runs that agree", Type: layer.Real},
		},
	}
	add := func(kind, code, name string, f int32, confidence float64) {
		var id any
		if f >= 0 {
			id = c.Partition.IDs[f]
		}
		l.Features = append(l.Features, layer.Feature{ID: code, Values: []any{kind, code, layer.Nonempty(c.named(name)), id, layer.Known(confidence)}})
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
