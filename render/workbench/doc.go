// Package workbench writes one page to argue with a map: the drawing, a case of
// footprint/bench, and the engine that works on it, compiled for the browser.
//
// In: a Page. Out: one HTML file that needs no network, no server and no
// installation. May import: footprint/bench, render/boundary, render/layer and
// render/internal.
//
// The engine is compiled by go generate from the source of this version; it and
// Go's own glue (wasm_exec.js) are kept here, so that a plain build needs neither.
package workbench
