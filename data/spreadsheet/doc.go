// Package spreadsheet streams the rows of the sheets of a workbook: Excel (xlsx) or
// OpenDocument (ods), within limits on what a small file may unpack to.
//
// In: an archive. Out: rows of text with their numbers. It may import data/table.
package spreadsheet
