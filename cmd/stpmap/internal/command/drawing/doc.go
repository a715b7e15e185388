// Package drawing is the command render: maps of a partition, in any format.
//
// In: its options. Out: files of layers, pictures or a page. May import:
// footprint, data, render, internal/cli, internal/study, internal/stage,
// internal/words, internal/command/clustering, …/mapping and …/scoring.
package drawing
