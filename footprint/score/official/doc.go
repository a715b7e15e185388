// Package official holds a score against official ratings of the same
// footprints: how far the two orders agree, where they do not, and which domain
// that comes from.
//
// In: a score.Result and ratings. Out: a Comparison and its table. May import:
// footprint/score and flow/fault.
package official
