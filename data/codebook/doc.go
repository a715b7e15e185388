// Package codebook knows what codes stand for and what became of them: trusts and
// their sites, mergers, which small area lies in which large one, and why a code
// of one table is missing from another.
//
// In: lists of organisations, successors and lookups, and records with codes.
// Out: records under other codes with every patient accounted for, and
// diagnoses. It may import data, data/table, data/tally and flow.
package codebook
