// Package region merges regions, sets of areas and providers, two by two until
// every demand on footprints is met.
//
// In: a flow matrix, [footprint.Constraints], and labels of nodes from a method
// of its own. Out: labels of nodes, or the demand that cannot be met.
// It may import flow, footprint and footprint/internal.
package region
