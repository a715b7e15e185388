// Package topology holds a coverage of polygons as shared arcs: each stretch
// of border is kept once, with the areas to its left and right. From that
// follow neighbours, dissolve by cancelling arcs, and simplification that
// keeps borders identical.
//
// Coordinates are integers, millionths of a degree (a tenth of a metre), so
// that every predicate is exact.
//
// # References
//
//   - Bostock M, Metcalf C (2013). The TopoJSON format specification.
//   - Visvalingam M, Whyatt JD (1993). Line generalisation by repeated
//     elimination of points. The Cartographic Journal 30(1):46-51.
//     doi:10.1179/000870493786962263
//   - Douglas DH, Peucker TK (1973). Algorithms for the reduction of the number
//     of points required to represent a digitized line or its caricature.
//     Cartographica 10(2):112-122. doi:10.3138/FM57-6770-U75U-7727
//   - OGC 06-103r4 (2011), Simple feature access, part 1: what a valid polygon is.
package topology
