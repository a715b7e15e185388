// Package workbench is the commands workbench and replay: a page to change a map
// by hand, and the partition that a saved session of it ends with.
//
// In: their options. Out: one HTML file; a partition. May import: footprint/bench,
// render/workbench, internal/cli, internal/study, internal/stage, internal/words,
// internal/command/clustering, …/mapping and …/scoring, and footprint/score.
package workbench
