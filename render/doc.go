// Package render turns partitions into maps. Its rooms:
//
//	boundary  polygons in; neighbours, dissolve, simplify, sizes on the ellipsoid
//	layer     what every format writes: rows, columns, style, legend, colours
//	maps      a study's layers and tables
//	page      a printed page: paper, frames, letters
//
// and one for each output: csv, geojson, gpkg, kml, qgis, topojson, picture,
// chart, report. A map goes through them in this order:
//
//	b, err := boundary.Open(ctx, "areas.geojson", boundary.Options{})
//	c := &maps.Case{Matrix: m, Partition: p, Measures: measures, Boundaries: b}
//	layers, notes := c.Layers()
//	err = geojson.Write(w, layers[0])
//
// Nothing here knows of clustering or scoring beyond the types it draws.
package render
