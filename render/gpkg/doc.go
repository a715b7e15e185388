// Package gpkg writes layers as a GeoPackage (OGC 12-128r17).
//
//	in:     layer.Layers
//	out:    one SQLite file with a table, a spatial index and a QGIS style for each layer
//	import: render/layer, render/qgis (the styles)
//
// The same layers give the same bytes.
package gpkg
