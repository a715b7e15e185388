// Package boundary holds the polygons of areas as a coverage with shared
// borders.
//
//	in:     GeoJSON, GeoPackage or Shapefile in one of five reference systems, or points
//	out:    a [Set]: neighbours and borders, dissolved and simplified polygons, sizes on
//	        the ellipsoid, label points, and where borders do not match
//	import: flow/fault, footprint (its Adjacency), render/internal
//
// [Open] and [Read] read a file, [FromPoints] makes cells around points:
//
//	b, err := boundary.Read(ctx, "areas.geojson", r, boundary.Options{})
//	polygons := b.Dissolve(groups, n)
//
// # References
//
//   - RFC 7946, The GeoJSON Format.
//   - OGC 12-128r17, GeoPackage Encoding Standard 1.3.
//   - ESRI Shapefile Technical Description (1998).
//   - Ordnance Survey (2020), A guide to coordinate systems in Great Britain.
//   - Snyder JP (1987). Map projections, a working manual. USGS Professional
//     Paper 1395: authalic latitude, for areas. doi:10.3133/pp1395
//   - Karney CFF (2011). Transverse Mercator with an accuracy of a few
//     nanometers. Journal of Geodesy 85:475-485. doi:10.1007/s00190-011-0445-3
package boundary
