// Package render turns partitions into maps. Its rooms:
//
//	boundary  polygons in; neighbours, dissolve, simplify, sizes on the ellipsoid
//	layer     what every format writes: rows, columns, style, legend, colours
//	maps      a study's layers and tables
//	page      a printed page: paper, frames, letters
//
// and one for each output: csv, geojson, gpkg, kml, qgis, topojson, picture,
// chart, report. This package lists the formats, a line for each:
//
//	in:     the name of a format and a [Job]
//	out:    the [File]s to write
//	import: render/...
//
// A map goes through the rooms in this order:
//
//	b, err := boundary.Open(ctx, "areas.geojson", boundary.Options{})
//	c := &maps.Case{Matrix: m, Partition: p, Measures: measures, Boundaries: b}
//	layers, notes := c.Layers()
//	err = geojson.Write(w, layers[0])
//
// Nothing here knows of clustering or scoring beyond the types it draws.
package render
