// Package kml writes layers as KML 2.2 (OGC 07-147r2).
//
//	in:     layer.Layers
//	out:    one document, a folder for each layer
//	import: render/layer, render/internal
package kml
