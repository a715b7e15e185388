// Package attribution gives the figures of providers and areas to footprints.
//
// In: observations, a flow matrix and a partition. Out: a checked table, and
// for each indicator a value of every footprint. It may import flow, footprint,
// score/definition and score/interval.
package attribution
