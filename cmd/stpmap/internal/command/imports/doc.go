// Package imports is the command import, which turns a published file into the
// canonical table, and the lists that it and validate look codes up in.
//
// In: its options. Out: a table. May import: data, internal/cli,
// internal/study (notes of a published file), internal/stage,
// internal/words, render/layer and render/xlsx.
package imports
