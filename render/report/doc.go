// Package report writes one HTML page about one or several partitions.
//
//	in:     a [Page]: areas, providers, flows, levels, indicators, figures
//	out:    a file that needs no network, with a map, a league table and a page for each footprint
//	import: flow, footprint, render/boundary (label points), render/layer, render/internal
package report
