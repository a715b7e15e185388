package importer

import (
	"io"

	"stpmap/data"
	"stpmap/data/table"
)

// Options choose what of a published file is taken. The zero value takes
// what is usual.
type Options struct {
	// Kind is what to read the file as; "" is the format's usual.
	Kind Kind
	// Parts of an RTT extract to count: Part_1A, Part_1B, Part_2, Part_2A,
	// Part_3. Flows take completed pathways (1A and 1B) unless told otherwise,
	// indicators take Part_2.
	Parts []string
	// Level of the entities of indicators where the file has both: "provider"
	// (or "") or "commissioner".
	Level string
	// Period keeps the rows of one period, in the form that Period gives: a
	// quarter or a financial year keeps its months.
	Period string
	// By adds periods up: "" leaves them, "quarter" and "year" (financial,
	// from April) pool numerators and denominators.
	By string
	// Sheet of a workbook; "" is the one that has the heading.
	Sheet string
	// Where keeps the rows whose column has the value. Several values of one
	// column are alternatives; "*" keeps every row.
	Where []table.Condition
	// Suppressed says what the marks of suppressed counts stand for.
	Suppressed table.Suppression
	// IgnoreTotals takes tables whose rows do not add up to the published
	// totals: the rows count, and the report lists the differences.
	IgnoreTotals bool
	// NonEnglish counts, in RTT indicators, the patients of commissioners outside
	// England too. The standard is England's, and its figures leave them out.
	NonEnglish bool
	// SkipMissing leaves out rows without a code; they are faults otherwise.
	SkipMissing bool
	// Decimal parts the decimals of numbers, '.' or ','; 0 lets them tell.
	Decimal byte
	// Shares says how shares become counts, of tables in long form.
	Shares table.ShareOptions
	// Area, Provider and Count name the columns of a table outright.
	Area, Provider, Count string
	// Names turns names of organisations into codes, for files without codes.
	Names map[string]string
	// Beds are occupied beds by provider and period, for the share of occupied
	// bed days that delayed transfers take; of indicator beds_occupied.
	Beds []data.Figure
	// Indicators gives other names to indicators: "90366" to "le_birth".
	Indicators map[string]string
	// Postcodes are those to take of a postcode directory, as PostcodeKey gives
	// them; nil takes all.
	Postcodes map[string]bool
}

// Input is a file to import: text, gzip or Zstandard of it, a zip of CSV files,
// an Excel workbook (xlsx) or an OpenDocument spreadsheet (ods), told apart by
// content.
type Input struct {
	Name string    // for messages; the period is looked for in it where the table has none
	R    io.Reader // an io.ReaderAt with Seek (a file) is read in place, where that is needed
}
