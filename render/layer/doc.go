// Package layer holds what every format writes: rows with typed columns and a
// geometry, and how clients draw them.
//
//	in:     rows, columns, a [Style]; numbers to cut into classes
//	out:    a [Layer] that is checked, its legend, its colours, where it comes from
//	import: nothing but render/internal
//
// A layer's colours come from [Qualitative] by a [Colouring] of neighbours, or
// from [Ramp] by the classes of [Breaks].
package layer
