// Package dispersion says how widely units differ beyond their sampling error.
//
// In: values, standard errors and a centre on one scale. Out: the variance
// between units. May import nothing of ours.
package dispersion
