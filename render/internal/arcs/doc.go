// Package arcs cuts the lines of layers where borders meet, so that a border is
// stored once however many features and layers share it.
//
//	in:     layer.Layers, and how fine the grid is
//	out:    a [Cutter]: arcs of points on the grid, and which arcs make up a geometry
//	import: render/layer
package arcs
