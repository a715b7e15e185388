// Package geoparquet writes a layer as GeoParquet 1.1.
//
//	in:     a layer.Layer
//	out:    one Parquet file: the columns, the geometry, a box for each row
//	import: render/layer, render/internal
//
// # References
//
//   - GeoParquet 1.1.0, OGC
package geoparquet
