package table

import "strings"

// Taken is the column that serves for a role, and the others whose headings
// would have fitted it.
type Taken struct {
	Role    string   `json:"role"`
	Heading string   `json:"heading"`
	Others  []string `json:"others,omitempty"`
}

// TakenOf says which columns serve for the roles; those without one are left
// out.
func TakenOf(header []string, cols []int, roles []Wanted) []Taken {
	list := make([]Role, len(roles))
	for i, w := range roles {
		list[i] = w.Role
	}
	rest := Others(header, cols, list...)
	var out []Taken
	for i, r := range list {
		if cols[i] >= 0 {
			out = append(out, Taken{r.Name, header[cols[i]], rest[i]})
		}
	}
	return out
}

// String is the column in a sentence: area from "ccg_code" (not "lsoa").
func (t Taken) String() string {
	s := t.Role + " from " + Quoted(t.Heading)
	if len(t.Others) > 0 {
		q := make([]string, len(t.Others))
		for i, o := range t.Others {
			q[i] = Quoted(o)
		}
		s += " (not " + strings.Join(q, ", ") + ")"
	}
	return s
}
