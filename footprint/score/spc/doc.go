// Package spc makes control charts of a series: limits about the mean, and the
// points that stand out of them.
//
// In: values in order of time. Out: a Control. May import nothing of ours.
package spc
