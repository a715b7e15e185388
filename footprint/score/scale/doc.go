// Package scale brings values of different units to one scale, on which higher is
// worse: min-max, standard deviations from a mean or from goals, ranks.
//
// In: values, NaN where unknown. Out: the same on the scale, in place. May import
// nothing of ours.
package scale
