// Package linework computes with straight lines between positions of whole
// numbers, exactly.
//
//	in:     segments, as four whole numbers each; sides, which say whose area lies where
//	out:    which way they turn and whether they meet, a [Tree] to search them, their
//	        crossings made corners ([Node], [Snap]) and the faces between them ([Plane])
//	import: none of ours
package linework
