// Package picture draws layers on a page.
//
//	in:     a [Map]: layers, titles, a paper, a projection
//	out:    SVG 1.1, PNG or PDF, and what became of the names
//	import: render/boundary (label points), render/layer, render/page, render/internal
package picture
