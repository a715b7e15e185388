package data

import "stpmap/flow"

// Record is one row of a flow table.
type Record struct {
	Area, Provider string
	Count          flow.Count
	// Absent marks a row whose count is blank or "not applicable": it says
	// nothing, and is not a zero.
	Absent bool
	Line   int // 1-based line of the row in its file
}
