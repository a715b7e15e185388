// Package clustering makes a partition of a study's areas and providers: it
// checks what the flags ask of a method, runs the method, resamples the flows
// for confidence, nests levels, and measures what comes out.
//
// In: flags and a study. Out: a Result. May import: footprint, render (a
// result's figures on the map), internal/cli, internal/study, internal/sharing,
// internal/stage and internal/words.
package clustering
