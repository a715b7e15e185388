// Package qgis writes what QGIS opens: the style of a layer, and a project over
// several.
//
//	in:     layer.Layers, and the files that hold their rows
//	out:    .qml beside a file; .qgz with groups, legend and a print layout
//	import: render/layer, render/page, render/internal
package qgis
