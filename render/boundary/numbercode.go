package boundary

import (
	"math/big"
	"regexp"
	"strings"

	"stpmap/render/internal/geojsonread"
)

var floatText = regexp.MustCompile(`^-?\d+\.0+$`)

// wholeNumber writes a number that has no fraction without point and exponent:
// 1001.0, 1001.00000000000 and 1.001e+03 are 1001. Others stay as they stand.
func wholeNumber(text string) string {
	if !strings.ContainsAny(text, ".eE") || len(text) > 40 {
		return text
	}
	// A quotient of whole numbers loses no digit, as a float would. The exponent
	// is short enough to be worked out.
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(strings.TrimLeft(exponent, "+-0")) > 2 {
		return text
	}
	if mantissa = strings.TrimSuffix(mantissa, "."); exponent != "" {
		mantissa += "e" + exponent
	}
	r, ok := new(big.Rat).SetString(mantissa)
	if !ok || !r.IsInt() || len(r.Num().String()) > 20 {
		return text
	}
	return r.Num().String()
}

// plainText is a property's text, a number's without what only says that it is
// held as a float.
func plainText(p geojsonread.Property) string {
	if p.Kind == geojsonread.Number {
		return wholeNumber(strings.TrimSpace(p.Text))
	}
	return strings.TrimSpace(p.Text)
}

// withoutFractions takes ".0" off codes that are texts of floats, as a table
// that went through a program for numbers has them; only where all are so.
func withoutFractions(codes []string) (changed bool) {
	for _, c := range codes {
		if c != "" && !floatText.MatchString(c) {
			return false
		}
	}
	for i, c := range codes {
		if c != "" {
			codes[i], _, _ = strings.Cut(c, ".")
			changed = true
		}
	}
	return changed
}
