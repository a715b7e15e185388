package table

import "regexp"

// countries are codes of areas and providers whose country is sure by their form.
// The first that fits counts. Of Northern Ireland's trusts (ZT…) and of the
// practices of Wales (W…) the form is taken on trust: no published page that was
// at hand states it. Trusts that Wales had until 2009 are not told from England's.
var countries = []struct {
	name string
	code *regexp.Regexp
}{
	{"outside England", regexp.MustCompile(`^NONC$`)},
	{"the rest of the United Kingdom", regexp.MustCompile(`^RA2702$`)},
	{"outside the United Kingdom", regexp.MustCompile(`^RA2703$`)},
	{"Wales", regexp.MustCompile(`^(?:W\d{8}|W\d{5}|7A[1-9](?:[A-Z0-9]{2})?|(?:RQF|RT4|RYT)(?:[A-Z0-9]{2})?)$`)},
	{"Scotland", regexp.MustCompile(`^(?:S\d{8}|S[A-Z]\d{3}|S[BN]08\d{2})$`)},
	{"Northern Ireland", regexp.MustCompile(`^(?:N\d{8}|Z[CT]\d{3})$`)},
	{"England", regexp.MustCompile(`^(?:E\d{8}|\d\d[A-Z]|[A-HJ-NPY]\d{5}|R[A-Z0-9]{2}(?:[A-Z0-9]{2})?)$`)},
}

// CountryOf is the country that the code of an area or a provider is of, or what
// it says instead: a place outside England, elsewhere in the United Kingdom or
// outside it. It is "" where the code does not tell.
func CountryOf(code string) string {
	for _, c := range countries {
		if c.code.MatchString(code) {
			return c.name
		}
	}
	return ""
}
