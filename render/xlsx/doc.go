// Package xlsx writes tables as one Excel workbook: a sheet for each table, with
// frozen headings and formats of numbers, and a sheet that explains each column.
//
//	in:     tables: of a layer, or read back from CSV
//	out:    one workbook
//	import: render/glossary, render/layer
package xlsx
