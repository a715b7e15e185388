// Package geojson writes layers as GeoJSON.
//
//	in:     a layer.Layer
//	out:    RFC 7946 in degrees, or the older form in metres on the national grid
//	import: render/boundary (the national grid), render/layer, render/internal
package geojson
