// Package wording writes numbers and counted things for people.
//
// In: numbers and nouns. Out: words. It imports none of ours.
package wording
