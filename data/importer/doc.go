// Package importer reads published files whatever their format: it opens archives
// and workbooks, finds the heading, hands each row to the format's reader and
// counts what was left out.
//
// In: files and a list of formats. Out: a [Result] in canonical form with a
// [Report]. It knows no format by name: those are in data/published. It may import
// data, data/calendar, data/codebook, data/spreadsheet, data/table, data/tally
// and flow.
package importer
