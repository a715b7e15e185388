// Package csv writes the columns of a layer as a table.
//
//	in:     a layer.Layer; its geometry is left out
//	out:    CSV by RFC 4180, with line feeds
//	import: flow (how it writes numbers), render/layer
package csv
