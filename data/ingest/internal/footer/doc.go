// Package footer looks at the footer of a Parquet file before it is read, so
// that one that claims more than the file can hold is refused.
//
//	in:     the bytes of a file's end
//	out:    an error
//	import: nothing of ours
package footer
