// Package shapefile writes a layer as a Shapefile, for tools that read nothing
// newer.
//
//	in:     a layer.Layer
//	out:    its parts: .shp, .shx, .dbf, .prj, .cpg, and a list of the columns
//	import: render/layer, render/internal
//
// # References
//
//   - ESRI Shapefile Technical Description, 1998
package shapefile
