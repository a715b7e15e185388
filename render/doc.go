// Package render turns a partition into maps: boundaries and their topology
// (neighbours, dissolve, areas and lengths on the ellipsoid), and the layers
// that leave as files.
//
//	b, err := render.ReadBoundaries(ctx, "areas.geojson", r, render.BoundaryOptions{})
//	polygons := b.Dissolve(groups, n)
//
// A [Layer] is what every format writes: [WriteGeoJSON] with the style of
// [WriteQML] beside it, [WriteGeoPackage], [WriteProject] for QGIS, [WriteKML],
// [WriteTopoJSON], the pictures of [WriteSVG] and [WritePNG], and the page of
// [WriteReport].
//
// The package knows nothing of clustering or scoring beyond the types it draws.
//
// # References
//
//   - RFC 7946, The GeoJSON Format.
//   - OGC 12-128r17, GeoPackage Encoding Standard 1.3.
//   - OGC 07-147r2, KML 2.2.
//   - Bostock M, Metcalf C (2013). The TopoJSON Format Specification 1.0.
//   - Ordnance Survey (2020), A guide to coordinate systems in Great Britain.
//   - Snyder JP (1987). Map projections, a working manual. USGS Professional
//     Paper 1395: authalic latitude, for areas. doi:10.3133/pp1395
//   - Karney CFF (2011). Transverse Mercator with an accuracy of a few
//     nanometers. Journal of Geodesy 85:475-485. doi:10.1007/s00190-011-0445-3
package render
