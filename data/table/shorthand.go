package table

import (
	"regexp"
	"strings"
)

// Statistical releases of the United Kingdom mark figures with shorthand in
// square brackets (Analysis Function, "Symbols in tables"): a mark alone stands
// for a figure, a mark behind a figure says how it came about.

// noteMarks stand behind a figure and leave it as it is: break in a series,
// estimated, forecast, provisional, revised, unreliable, significance, notes.
var noteMarks = regexp.MustCompile(`(?i)^(.*[0-9)%])(\s*\[\s*(?:b|d|e|er|f|n|ns|p|r|s|ss|sss|t|u|notes?\s*[0-9][0-9, ]*|[0-9]{1,2})(?:\s*,\s*(?:b|d|e|er|f|n|ns|p|r|s|ss|sss|t|u|notes?\s*[0-9]+))*\s*\])+$`)

// withoutNotes takes marks off behind a figure: "1,234 [p]" is "1,234".
func withoutNotes(text string) string {
	if !strings.HasSuffix(text, "]") || len(text) > 64 {
		return text
	}
	for {
		m := noteMarks.FindStringSubmatch(text)
		if m == nil {
			return text
		}
		text = strings.TrimSpace(m[1])
	}
}
