// Package words puts counts and lists into the sentences of notes and errors.
package words

import (
	"fmt"
	"strconv"
	"strings"
)

// Counted is a number with its noun: "1 area", "3,000 areas".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " " + noun + "s"
}

// Some lists the first ten of many, and says how many more there are.
func Some(list []string) string {
	if len(list) > 10 {
		return strings.Join(list[:10], ", ") + fmt.Sprintf(" and %d more", len(list)-10)
	}
	return strings.Join(list, ", ")
}

var separators = strings.NewReplacer(" ", "", "_", "", "-", "")

// Plain is a property's name without case, spaces and underscores.
func Plain(key string) string {
	return strings.ToLower(separators.Replace(key))
}
