package codebook

import (
	"regexp"
	"strings"
	"unicode"
)

// IsSum tells the codes and names by which publishers mark a sum of rows.
func IsSum(s string) bool {
	switch strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u00a0' })) {
	case "total", "totals", "england", "england total", "total england", "grand total", "all", "eng":
		return true
	}
	return false
}

// National are the codes of countries and regions, which sum areas.
var National = regexp.MustCompile(`^(?:E92|E12|E13|E15|W92|S92|N92|K0[2-4])\d{6}$`)

// Elsewhere tells a column that stands for providers elsewhere.
func Elsewhere(name string) bool {
	s := strings.ToLower(strings.TrimSpace(name))
	for _, p := range []string{"outside", "out of area", "elsewhere", "other provider", "other hospital", "all other", "unknown"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return s == "other" || s == "others"
}
