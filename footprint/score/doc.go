// Package score judges footprints as whole systems: it brings the figures of
// providers and areas to footprints through the patient flows, holds them
// against their targets, and says how sure it is.
package score
