package data

import "regexp"

// NameRole is the column with the name of what a code stands for.
var NameRole = Role{
	Name: "name", Flag: "--name-column",
	Headings: []string{"areaname", "ccgname", "commissionername", "providername", "trustname", "label", "title"},
	Pattern:  regexp.MustCompile(`(?:name|nm)$`),
}
