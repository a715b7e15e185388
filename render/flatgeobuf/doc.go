// Package flatgeobuf writes a layer as FlatGeobuf 3.
//
//	in:     a layer.Layer
//	out:    one file: a header, a packed R-tree over the rows, the rows
//	import: render/layer, render/internal
//
// # References
//
//   - FlatGeobuf 3.0, flatgeobuf.org: header.fbs, feature.fbs and packedrtree.h
package flatgeobuf
