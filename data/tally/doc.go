// Package tally adds up what published tables hold, with the sums that a publisher
// prints held apart from the rows that they sum.
//
// In: rows with an area and a provider, or with an entity and a period. Out:
// records and figures, and word of each printed sum that its rows do not add up
// to. It may import data and flow.
package tally
