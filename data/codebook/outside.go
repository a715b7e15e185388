package codebook

import (
	"stpmap/data/table"
	"stpmap/flow"
)

// Outside is how many patients an import has of areas, or for providers, of
// one kind that no map of England shows.
type Outside struct {
	Kind     string // "Wales", "Scotland", "not an English commissioner", …
	Codes    []string
	Patients flow.Count
}

// Nobody reports whether a code of an area stands for no people by definition:
// those whom other countries' commissioners pay for, NHS England and its
// regions, those whose residence is not known, and Scotland's codes for residents
// of elsewhere.
func Nobody(code string) bool {
	switch table.OutsideOf(code) {
	case "commissioned outside England", "NHS England and its regions", "no residence known",
		"no fixed address", "from elsewhere in the United Kingdom", "from outside the United Kingdom":
		return true
	}
	return false
}
