// Package sqlitefile names SQLite files as their driver opens them, on every
// system, and copies one together with changes that are not yet in it.
//
//	in:     a path
//	out:    a URI
//	import: nothing of ours
package sqlitefile
