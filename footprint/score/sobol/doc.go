// Package sobol splits the variance of ranks by the factors that they are drawn
// over.
//
// In: ranks by draw, of three designs. Out: shares of the variance. May import
// nothing of ours.
package sobol
