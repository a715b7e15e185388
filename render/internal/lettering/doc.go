// Package lettering finds places for labels on a page, and free places for
// what else stands on it.
//
//	in:     a frame, labels with what they name, symbols that they should leave in sight
//	out:    a [Place] for each label, the part of the page where they crowd
//	import: nothing
package lettering
