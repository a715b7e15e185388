package stage

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/words"
)

// Understood is what was made of one input: which column served for what, and
// what became of its rows.
type Understood struct {
	Role    string         `json:"role"`
	File    string         `json:"file"`
	Format  string         `json:"format,omitempty"`
	Text    string         `json:"text,omitempty"` // the encoding, where it is taken for one
	Columns []fmt.Stringer `json:"columns"`        // each says what it served for
	Rows    int            `json:"rows"`
	Used    int            `json:"used"`
	LeftOut []LeftOut      `json:"left_out"`
	Periods []string       `json:"periods,omitempty"`
	// SumIn is the patients of all rows that have a number, SumOut of those that
	// count; nil for an input of something else.
	SumIn  *float64 `json:"sum_in,omitempty"`
	SumOut *float64 `json:"sum_out,omitempty"`
}

// LeftOut is rows of a table that do not count, and why.
type LeftOut struct {
	Reason   string   `json:"reason"`
	Codes    []string `json:"codes"`
	Rows     int      `json:"rows"`
	Patients float64  `json:"patients,omitempty"` // 0 where they may not be said
}

// Known takes away what true counts are added up in, unless they may be said.
func (u Understood) Known(known bool) Understood {
	if known {
		return u
	}
	u.SumIn, u.SumOut = nil, nil
	u.LeftOut = slices.Clone(u.LeftOut)
	for i := range u.LeftOut {
		u.LeftOut[i].Patients = 0
	}
	return u
}

// Written says how the text is encoded. UTF-8 is told by its bytes and goes
// without saying; bytes beyond it are taken for Windows-1252, which they need not
// be.
func (u *Understood) Written(encoding string) {
	if encoding == "Windows-1252" {
		u.Text = encoding
	}
}

// Left adds rows that are left out for a reason.
func (u *Understood) Left(reason string, rows int) {
	if rows > 0 {
		u.LeftOut = append(u.LeftOut, LeftOut{Reason: reason, Codes: []string{}, Rows: rows})
	}
}

// String is a sentence for people.
func (u Understood) String() string {
	var parts []string
	if u.Format != "" {
		parts = append(parts, "read as "+u.Format)
	}
	if u.Text != "" {
		parts = append(parts, "text taken for "+u.Text)
	}
	for _, c := range u.Columns {
		parts = append(parts, c.String())
	}
	rows := fmt.Sprintf("%s, %s used", words.Counted(u.Rows, "row"), words.Thousands(u.Used))
	if u.Role == "boundaries" {
		rows = words.Counted(u.Rows, "area")
	}
	parts = append(parts, rows)
	for _, l := range u.LeftOut {
		parts = append(parts, fmt.Sprintf("%s left out (%s)", words.Thousands(l.Rows), l.Reason))
	}
	switch n := len(u.Periods); {
	case n == 1:
		parts = append(parts, "period "+u.Periods[0])
	case n > 1:
		parts = append(parts, fmt.Sprintf("periods %s to %s", u.Periods[0], u.Periods[n-1]))
	}
	if u.SumIn != nil {
		parts = append(parts, u.sums())
	}
	return fmt.Sprintf("%s (%s): %s", u.Role, u.File, strings.Join(parts, ", "))
}

// sums are the patients of the rows, and of those that count.
func (u Understood) sums() string {
	if *u.SumIn == *u.SumOut {
		return words.Patients(*u.SumIn)
	}
	return fmt.Sprintf("%s in, %s counted", words.Patients(*u.SumIn), words.Plain(*u.SumOut))
}
