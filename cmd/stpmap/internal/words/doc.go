// Package words writes numbers and lists as people read them.
//
// In: numbers and codes. Out: parts of sentences. May import: flow.
package words
