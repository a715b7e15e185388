// Package geodesy turns British National Grid and Web Mercator into WGS84
// degrees and back, and measures lengths and areas on the WGS84 ellipsoid.
//
// # References
//
//   - Ordnance Survey (2020), A guide to coordinate systems in Great Britain,
//     annexes A to C: projection formulae and datum transformation.
//   - EPSG:1314, OSGB36 to WGS 84 (6): the parameters, about 2 m.
//   - EPSG:1024, Popular Visualisation Pseudo Mercator.
//   - Karney CFF (2013). Algorithms for geodesics. Journal of Geodesy 87:43-55.
//     doi:10.1007/s00190-012-0578-z
//   - Snyder JP (1987). Map projections, a working manual. USGS Professional
//     Paper 1395: authalic latitude, pages 16 and 17. doi:10.3133/pp1395
package geodesy
