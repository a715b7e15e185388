// Package compare measures how far two groupings of the same things agree, and
// says in words how they differ.
//
// In: labels of things, or partitions. Out: agreement, matched groups, tables
// and sentences. It may import flow, footprint and footprint/internal.
package compare
