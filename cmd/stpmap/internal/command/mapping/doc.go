// Package mapping turns a study and its partition into what maps, tables and
// the report are made of.
//
// In: flags, a study and a clustering.Result. Out: a maps.Case and a
// report.Page. May import: footprint, footprint/score,
// render, internal/cli, internal/study, internal/command/clustering,
// internal/command/scoring and internal/words.
package mapping
