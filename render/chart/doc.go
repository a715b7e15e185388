// Package chart draws scores and sweeps as charts.
//
//	in:     a score.Result; a footprint.Comparison
//	out:    [Chart], written as SVG or PNG
//	import: footprint, footprint/score, render/layer
package chart
