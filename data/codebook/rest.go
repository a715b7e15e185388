package codebook

import "strings"

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
