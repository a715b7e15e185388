// Package rule makes footprints by published rules: travel-to-work areas,
// hospital service areas and referral regions.
//
// In: a flow matrix, the numbers of a rule, and demands. Out: a partition. It
// may import flow, footprint and footprint/internal.
package rule
