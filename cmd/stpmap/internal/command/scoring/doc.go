// Package scoring scores a partition of a study by indicators: it reads
// definitions and figures, runs the score, and gives its tables, charts, and
// what maps show of it.
//
// In: flags, a study and a partition. Out: a score.Result. May import:
// footprint, footprint/score, data, render, internal/cli, internal/study,
// internal/sharing, internal/stage and internal/words.
package scoring
