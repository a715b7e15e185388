package study

import (
	"fmt"
	"math"
	"strings"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data/codebook"
)

// BorderNote says how many patients cross from one country to another; "" for
// nobody. Only totals are said, within the bounds of the counts that they are of.
func BorderNote(crossings []codebook.Crossing) string {
	parts := make([]string, len(crossings))
	for i, c := range crossings {
		n := "fewer than 10"
		low, high := int(math.Round(c.Patients.Lower)), int(math.Round(c.Patients.Upper))
		switch {
		case high < 10:
		case low == high:
			n = words.Thousands(low)
		default:
			n = words.Thousands(low) + " to " + words.Thousands(high)
		}
		parts[i] = fmt.Sprintf("%s from %s to %s", n, c.From, c.To)
	}
	if len(parts) == 0 {
		return ""
	}
	return "patients who cross a border, by their codes: " + strings.Join(parts, "; ")
}

// sayBorders says who crosses from one country to another.
func (l *loader) sayBorders() error {
	if l.in.Matrix == nil {
		return nil
	}
	if note := BorderNote(codebook.CrossingsOf(l.in.Matrix)); note != "" {
		l.note(note)
	}
	return nil
}

// boards names the health boards of Scotland and Wales that no table names.
func (l *loader) boards() error {
	if m := l.in.Matrix; m != nil {
		l.in.AreaNames = boardNames(m.Areas(), l.in.AreaNames)
		if !m.OneMode() {
			l.in.ProviderNames = boardNames(m.Providers(), l.in.ProviderNames)
		}
	}
	return nil
}

// boardNames fills in names that are missing; nil stays nil without a board.
func boardNames(codes, names []string) []string {
	for i, code := range codes {
		board := codebook.BoardName(code)
		if board == "" || names != nil && names[i] != "" {
			continue
		}
		if names == nil {
			names = make([]string, len(codes))
		}
		names[i] = board
	}
	return names
}
