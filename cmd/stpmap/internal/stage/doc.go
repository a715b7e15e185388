// Package stage writes results whole or not at all: every file is written
// beside its final name, and all of them are renamed when all are complete. It
// guards a folder against others who write there, takes away what an earlier
// run left and this one does not give, and says where results come from.
//
// In: final names, and functions that write. Out: files, and a provenance file
// with their hashes. May import: internal/words.
package stage
