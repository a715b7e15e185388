// Package geodesy turns British National Grid and Web Mercator into WGS84
// degrees and back, by seven parameters or by a grid of shifts (NTv2), and
// measures lengths and areas on the WGS84 ellipsoid.
//
// # References
//
//   - Ordnance Survey (2020), A guide to coordinate systems in Great Britain,
//     annexes A to C: projection formulae and datum transformation.
//   - EPSG:1314, OSGB36 to WGS 84 (6): the parameters, about 2 m.
//   - EPSG:1024, Popular Visualisation Pseudo Mercator.
//   - Karney CFF (2011). Transverse Mercator with an accuracy of a few
//     nanometers. Journal of Geodesy 85:475-485. doi:10.1007/s00190-011-0445-3
//   - Snyder JP (1987). Map projections, a working manual. USGS Professional
//     Paper 1395: authalic latitude, pages 16 and 17. doi:10.3133/pp1395
package geodesy
