// Package sharing shares out runs among machines: each makes a part and keeps
// it in a folder, and the parts are joined where all are there. A part that was
// interrupted goes on where it ended.
//
// In: which part, and a function that makes runs. Out: files of runs, or the
// runs of all parts. May import: footprint, internal/cli, internal/stage and
// internal/words.
package sharing
