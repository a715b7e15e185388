// Package ingest is the commands that count records into pairs of area and
// provider (ingest), and that print the statement for it (sql).
//
// In: their options. Out: a table of pairs, or SQL. May import: data,
// internal/cli, internal/study, internal/stage, internal/words, render/layer and
// render/xlsx.
package ingest
