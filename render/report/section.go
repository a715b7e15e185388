package report

// Section is a part of the page in words, above the map, with a small table or
// none.
type Section struct {
	Title string
	Text  []string // paragraphs
	Head  []string // of the table
	Rows  [][]string
}
