// Package study reads the inputs of a command once and joins them by code:
// flows, names, people, points, boundaries, groups of codes and partitions.
//
// In: a Request, which says what to read. Out: a Study, with notes for people;
// or the faults of the inputs, each with its place. May import: flow,
// footprint, data, render (boundaries), internal/cli, internal/stage and
// internal/words; no command.
package study
