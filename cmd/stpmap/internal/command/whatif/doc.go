// Package whatif is the command that says where patients go when a provider
// closes, opens, moves or merges, and what that does to the footprints.
//
// In: its options. Out: a folder of tables, charts, layers and a page. May
// import: footprint, footprint/whatif, footprint/leiden, render, internal/cli,
// internal/study, internal/stage, internal/words, internal/command/scoring.
package whatif
