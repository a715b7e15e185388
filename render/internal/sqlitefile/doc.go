// Package sqlitefile spells the names of SQLite files as their driver opens them, on every system.
//
//	in:     a path
//	out:    a URI
//	import: nothing of ours
package sqlitefile
