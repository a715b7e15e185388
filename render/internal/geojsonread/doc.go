// Package geojsonread reads polygons from GeoJSON as a stream, into flat
// slices. Coordinates are scanned from the bytes into millionths of a degree;
// the file is never held, and memory grows with the positions alone.
//
// Faults carry the line and the column (in bytes, from 1) where they stand.
//
// # References
//
//   - RFC 7946, The GeoJSON Format; its forerunner of 2008 for the crs member.
package geojsonread
