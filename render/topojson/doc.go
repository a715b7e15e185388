// Package topojson writes layers as one topology, in which a shared border is
// stored once.
//
//	in:     layer.Layers
//	out:    TopoJSON 1.0 on a grid (Bostock and Metcalf 2013)
//	import: render/layer, render/internal
package topojson
