// Package bench is the workbench's engine: a map that people change by hand,
// with its figures, its log, and undo without limit.
//
// In: a Case (flows, people, borders, demands and the map to begin with), packed
// or not, and Records of what is done. Out: the State after each, the partition
// as a table, and the session as text. A Book replays a session without flows.
// May import: flow, flow/fault, footprint, footprint/internal, footprint/leiden
// and footprint/score.
//
// It is compiled for the page's worker and for the command, so that both do the
// same. It knows no files and draws nothing.
package bench
