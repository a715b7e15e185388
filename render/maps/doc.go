// Package maps makes the layers and tables of a study.
//
//	in:     a [Case]: partition, measures, boundaries, names, points, scores
//	out:    a layer.Layer for each of [Names], the tables beside them, means over the map
//	import: flow, footprint, render/boundary, render/layer, render/internal
//
// A layer has one file, which declares its name, title, columns, style, what it
// needs and where it stands; the registry in registry.go has a line for each.
// Where no flows are known, [Grouping] makes the layers of any official map, and
// [Sweep] those of a comparison of settings.
package maps
