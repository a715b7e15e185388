// Package portable has functions of mathematics that give the same bits on every
// processor. It takes and returns numbers, and imports nothing of ours.
//
// Go's package math is free to differ: some processors have assembly for Exp,
// Log and Hypot, and the compiler joins a product and a sum into one operation
// with one rounding where a processor has it. Here every product that is added is
// rounded by float64(x*y), and nothing is assembly. Use these functions wherever
// a number can reach an output file, and write float64(x*y) + z there too.
//
// The functions are within one unit in the last place of the true value on their
// usual ranges, as those of package math are, whose algorithms they follow
// (FreeBSD's msun and Stephen L. Moshier's Cephes library). What is exact by
// definition (Sqrt, Floor, Mod, Ldexp …) is left to package math.
package portable
