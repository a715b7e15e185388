// Package ensemble is the command that says where a map lies among all the maps
// that the rules allow.
//
// In: its options. Out: a folder of tables, charts, maps and sentences, or one
// JSON object. May import: footprint/ensemble, footprint/leiden, render,
// internal/cli, internal/study, internal/stage, internal/words,
// internal/command/clustering and …/sharing.
package ensemble
