// Package merge is the command that says which of today's systems should become
// one.
//
// In: flows, today's map, demands, and an announced plan. Out: a folder of
// tables, a map, charts and a page, or one JSON object. May import:
// footprint/merge, render, internal/cli, internal/study, internal/stage,
// internal/words, internal/command/clustering and …/mapping.
package merge
