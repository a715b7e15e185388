// Package published has one file for each published format, named as --format
// names it, and the list of them all in registry.go. A new format is a file here
// and a line in that list.
//
// In: the rows that data/importer finds. Out: records, figures, organisations,
// lookups and points. It may import data, data/calendar, data/codebook,
// data/importer, data/table, data/tally and flow.
package published
