// Package render turns a partition into maps: boundaries and their topology
// (neighbours, dissolve, areas and lengths on the ellipsoid), and the layers
// that leave as GeoJSON.
//
//	b, err := render.ReadBoundaries(ctx, "areas.geojson", r, render.BoundaryOptions{})
//	polygons := b.Dissolve(groups, n)
//
// The package knows nothing of clustering or scoring beyond the types it draws.
//
// # References
//
//   - RFC 7946, The GeoJSON Format.
//   - Ordnance Survey (2020), A guide to coordinate systems in Great Britain.
//   - Karney CFF (2013). Algorithms for geodesics. Journal of Geodesy 87:43-55.
//     doi:10.1007/s00190-012-0578-z
package render
