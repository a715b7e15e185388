// Package calendar reads the periods of published tables: months, quarters and
// financial years, however they are written.
//
// In: text, such as "RTT-June-2026" or the name of a file. Out: one form that
// sorts by time, "2026-06". It imports nothing of ours.
package calendar
