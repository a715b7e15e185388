// Package interval has confidence intervals of proportions, rates and their
// differences.
//
// In: counts. Out: limits. It may import score/definition only.
package interval
