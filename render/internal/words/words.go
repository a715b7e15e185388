// Package words puts counts and lists into the sentences of notes and errors.
package words

import (
	"fmt"
	"strings"
)

// Counted is a number with its noun: "1 area", "3 areas".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Some lists the first ten of many, and says how many more there are.
func Some(list []string) string {
	if len(list) > 10 {
		return strings.Join(list[:10], ", ") + fmt.Sprintf(" and %d more", len(list)-10)
	}
	return strings.Join(list, ", ")
}

// Plain is a property's name without case, spaces and underscores.
func Plain(key string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(key))
}
