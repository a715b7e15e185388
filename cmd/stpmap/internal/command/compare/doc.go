// Package compare is the command that compares: a sweep over methods and
// parameters, or partitions against each other.
//
// In: its options. Out: tables, charts, a recommendation; or a cross-table, the
// areas moved, and words. May import: flow, footprint, render, internal/cli,
// internal/study, internal/stage, internal/words, internal/command/clustering,
// …/mapping and …/sharing.
package compare
