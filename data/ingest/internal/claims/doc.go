// Package claims holds what a Parquet file says of its own sizes against what
// is there, before a reader makes room for it: in the footer, in the headers of
// pages, and in what pages unpack to.
//
//	in:     the bytes of a file
//	out:    an error
//	import: nothing of ours
package claims
