// Package tables puts the tables of a result into its folder: a CSV file each, and
// with --xlsx one workbook of them all.
//
// In: tables as layers, the folder's files. Out: staged files. May import:
// render/csv, render/layer, render/xlsx, internal/cli and internal/stage.
package tables
