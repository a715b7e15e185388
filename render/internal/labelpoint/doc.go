// Package labelpoint finds where on an area its label stands: the point farthest from its borders.
//
//	in:     polygons
//	out:    points
//	import: flow/portable, render/internal/extent
package labelpoint
