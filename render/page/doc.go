// Package page lays out a printed map: paper, frames, lines of text and the
// letters of the legend, the same in QGIS and in pictures.
//
//	in:     a [Paper], the text at the foot, the layers of a legend
//	out:    a [Sheet] with its frames in millimetres
//	import: render/layer
package page
