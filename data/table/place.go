package table

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrNotACode marks text in a column of codes that a spreadsheet left in place
// of one: an error value, a date, a number written with an exponent, a formula.
var ErrNotACode = errors.New("not a code")

// PlaceKind is what text in a column of areas or providers stands for.
type PlaceKind int8

const (
	// APlace: the code of an area or a provider, or a name in its place.
	APlace PlaceKind = iota
	// WithoutCode: blank, NULL, NA, Unknown, (blank): whoever wrote the row did not
	// know the code.
	WithoutCode
	// Nowhere: a code of no place in a census: does not apply, offshore, abroad.
	Nowhere
	// SumOfRows: Total, Grand Total and the like, whatever else the table holds.
	SumOfRows
	// PerhapsSum: a country or a region, which is a sum where the table has
	// smaller areas of it too.
	PerhapsSum
)

// Reasons for which rows of a plain table are left out; each is counted.
const (
	LeftSum         = "sums of other rows"
	LeftNowhere     = "codes of no place (does not apply, offshore, abroad)"
	LeftWithoutCode = "rows without a code"
)

// unknownMarks stand in a column of codes for a code that is not known, in
// lower case. They add to the marks of absent counts.
var unknownMarks = map[string]bool{
	"(blank)": true, "blank": true, "nan": true, "<na>": true, "nat": true, "(null)": true, "\\n": true, "undefined": true,
	"unknown": true, "(unknown)": true, "not known": true, "not stated": true, "not recorded": true, "missing": true, "?": true,
}

// Codes that a census gives to what is no place: -8 does not apply (2021),
// 999999999 offshore or abroad (2021), OD0000001 to OD0000004 at home,
// offshore, no fixed place, abroad (2011).
var nowhereCode = regexp.MustCompile(`^(?:-\d{1,2}|9{9}|OD000000[1-4])$`)

var nowhereLabels = []string{
	"does not apply", "no fixed place", "offshore", "outside uk", "outside the uk", "outside united kingdom",
	"outside the united kingdom", "workplace is offshore", "workplace is outside", "mainly work at or from home",
}

// The nations, in words and as codes: each sums what lies in it.
var nationWords = map[string]byte{
	"england": 'E', "eng": 'E', "wales": 'W', "scotland": 'S', "northern ireland": 'N',
	"great britain": 'K', "united kingdom": 'K', "uk": 'K', "gb": 'K', "england and wales": 'K', "england & wales": 'K',
}

// KindOfPlace says what text stands for. It is asked once for each code.
func KindOfPlace(text []byte) PlaceKind {
	s := strings.ToLower(string(bytes.TrimSpace(text)))
	switch {
	case unknownMarks[s] || s != "x" && s != "z" && s != "c" && Absent(s) && s != "#n/a":
		return WithoutCode
	case nowhereCode.Match(text):
		return Nowhere
	case National.Match(text) || nationWords[s] != 0:
		return PerhapsSum
	case sumWords(s):
		return SumOfRows
	}
	for _, l := range nowhereLabels {
		if strings.HasPrefix(s, l) {
			return Nowhere
		}
	}
	return APlace
}

// sumWords tells the words for a sum of rows, in the languages that exports
// have: "Total", "Grand Total", "RAA Total", "Insgesamt". s is in lower case.
func sumWords(s string) bool {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("*:.()[]", r) })
	switch s {
	case "overall", "sum", "subtotal", "sub-total", "sub total", "gesamt", "insgesamt", "gesamtsumme", "summe", "somme", "total général", "total general",
		"totale", "totaal", "suma", "all areas", "all providers", "all trusts", "all hospitals", "all ccgs", "all organisations", "all commissioners",
		"all patients", "all places", "all districts", "all regions", "all other rows":
		return true
	}
	return IsSum(s) || strings.HasSuffix(s, " total") || strings.HasPrefix(s, "total ")
}

// nation gives the nation of a code or word of PerhapsSum, and how much it
// holds: 1 for a region, 2 for a nation, 3 for several.
func nation(code string) (of byte, level int) {
	if n := nationWords[strings.ToLower(strings.TrimSpace(code))]; n != 0 {
		if n == 'K' {
			return n, 3
		}
		return n, 2
	}
	switch {
	case code[0] == 'K':
		return 'K', 3
	case code[1:3] == "92":
		return code[0], 2
	}
	return code[0], 1
}

// SumsAmong says which of a table's codes of countries and regions sum other
// rows of it: those of which the table holds a smaller part too. A country
// beside the areas of another one is a place like any other.
func SumsAmong(codes []string) map[string]bool {
	// The least level that the table has of each nation; 0 is an area.
	least := map[byte]int{}
	note := func(nation byte, level int) {
		if l, ok := least[nation]; !ok || level < l {
			least[nation] = level
		}
	}
	var suspects []string
	var named, nations bool
	for _, c := range codes {
		switch KindOfPlace([]byte(c)) {
		case PerhapsSum:
			suspects = append(suspects, c)
			n, level := nation(c)
			note(n, level)
			note('K', level)
			nations = nations || n != 'E' && n != 'K'
		case APlace:
			if OnsCode.MatchString(c) {
				note(c[0], 0)
				note('K', 0)
			} else if ODSCode.MatchString(c) && strings.ContainsAny(c, "0123456789") && OutsideOf(c) == "" {
				note('E', 0) // codes of the health service
				note('K', 0)
			} else {
				named = true
			}
		}
	}
	if named && !nations {
		note('E', 0) // England among names, without the other nations beside it
	}
	sums := map[string]bool{}
	for _, c := range suspects {
		n, level := nation(c)
		if l, ok := least[n]; ok && l < level {
			sums[c] = true
		}
	}
	return sums
}

// What a spreadsheet leaves where a code was.
var (
	errorValue   = regexp.MustCompile(`^#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA)$|^Err:\d+$`)
	fullDate     = regexp.MustCompile(`^(?:\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+Z?)?|\d{1,2}/\d{1,2}/\d{4})$`)
	exponentForm = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d{1,3}$`)
	floatForm    = regexp.MustCompile(`^\d{3,}\.0$`)
)

// LeftBySpreadsheet says what a spreadsheet left in place of a code; nil where
// text is none of that. The error wraps ErrNotACode.
func LeftBySpreadsheet(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	switch c := text[0]; {
	case c == '#' && errorValue.Match(text), c == 'E' && errorValue.Match(text):
		return &codeError{string(text), "an error value of a spreadsheet"}
	case c == '=' && len(text) > 1:
		return &codeError{string(text), formulaWithoutValue}
	case c < '0' || c > '9':
		return nil
	case fullDate.Match(text):
		return &codeError{string(text), "a date; a spreadsheet takes codes like MAR1 for dates: read the file again with that column as text"}
	case exponentForm.Match(text):
		return &codeError{string(text), "a number that a spreadsheet has rounded: read the file again with that column as text"}
	}
	return nil
}

const formulaWithoutValue = "a formula without a stored value: open the file in a spreadsheet program and save it"

// codeError says why text is no code.
type codeError struct{ text, why string }

func (e *codeError) Error() string { return Quoted(e.text) + " is " + e.why }
func (e *codeError) Unwrap() error { return ErrNotACode }

// Spelt is codes of one table that look alike: one place, most likely, spelt
// in several ways.
type Spelt struct{ Codes []string }

// SpeltTwice finds codes of one list that differ by case, by how an accent is
// stored, by spaces and characters that cannot be seen, or by letters that look alike, sorted.
func SpeltTwice(codes []string) []Spelt {
	by := make(map[string]int32, len(codes))
	more := map[string][]string{}
	for i, c := range codes {
		k := lookalike(c)
		first, ok := by[k]
		if !ok {
			by[k] = int32(i)
			continue
		}
		if len(more[k]) == 0 {
			more[k] = []string{codes[first]}
		}
		more[k] = append(more[k], c)
	}
	var out []Spelt
	for _, list := range more {
		slices.Sort(list)
		out = append(out, Spelt{list})
	}
	slices.SortFunc(out, func(a, b Spelt) int { return slices.Compare(a.Codes, b.Codes) })
	return out
}

// twins are letters of other scripts that look like Latin capitals.
var twins = strings.NewReplacer(
	"А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "І", "I", "К", "K", "М", "M", "О", "O", "Р", "P", "Т", "T", "Х", "X",
	"Α", "A", "Β", "B", "Ε", "E", "Ζ", "Z", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O", "Ρ", "P", "Τ", "T", "Υ", "Y", "Χ", "X",
)

var digitsForLetters = strings.NewReplacer("O", "0", "I", "1")

// lookalike is a code without what a reader cannot see; a letter and its accent
// are one character, however they are stored.
func lookalike(c string) string {
	easy := true
	for i := range len(c) {
		if b := c[i]; b == ' ' || b >= 0x80 || b == 'O' || b == 'I' || b >= 'a' && b <= 'z' {
			easy = false
			break
		}
	}
	if easy {
		return c
	}
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), r == '\u00ad':
			return -1
		case r >= 0xff01 && r <= 0xff5e: // full-width forms
			r -= 0xfee0
		case strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r): // a footnote
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFC.String(c))
	return digitsForLetters.Replace(twins.Replace(s))
}

// IsSum tells the codes and names by which publishers mark a sum of rows.
func IsSum(s string) bool {
	switch strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u00a0' })) {
	case "total", "totals", "england", "england total", "total england", "grand total", "all", "eng":
		return true
	}
	return false
}

// OnsCode is the form of a nine-character code of the Office for National
// Statistics.
var OnsCode = regexp.MustCompile(`^[EWSNK]\d{8}$`)

// ODSCode is the form of a code of the health service.
var ODSCode = regexp.MustCompile(`^[A-Z0-9]{3,10}$`)

var outsideKinds = []struct {
	kind string
	code *regexp.Regexp
}{
	{"Wales", regexp.MustCompile(`^(?:W\d{8}|7A[1-9])$`)},
	{"Scotland", regexp.MustCompile(`^(?:S\d{8}|S[A-Z]\d{3}|S[BN]08\d{2})$`)},
	{"Northern Ireland", regexp.MustCompile(`^(?:N\d{8}|Z[CT]\d{3})$`)},
	{"commissioned outside England", regexp.MustCompile(`^NONC$`)},
	{"NHS England and its regions", regexp.MustCompile(`^(?:X24|Y5[4-9]|Y6[0-3]|1[34][A-Z])$`)},
	{"no residence known", regexp.MustCompile(`^(?:NO20\d\d|Q99|X98|X{3}|Y99|U|UNK|UNKNOWN|RA2704)$`)},
	{"no fixed address", regexp.MustCompile(`^RA2701$`)},
	{"from elsewhere in the United Kingdom", regexp.MustCompile(`^RA2702$`)},
	{"from outside the United Kingdom", regexp.MustCompile(`^RA2703$`)},
}

// OutsideOf says which kind of place that no map of England's areas shows a
// code of an area stands for: a country, the national commissioner, or none
// known. It is "" for an English area, and for what it does not know.
func OutsideOf(code string) string {
	for _, k := range outsideKinds {
		if k.code.MatchString(code) {
			if k.kind == "NHS England and its regions" && groupsOnce[code] {
				return ""
			}
			return k.kind
		}
	}
	return ""
}

// groupsOnce are the clinical commissioning groups whose codes look like those
// of commissioning hubs: Newcastle Gateshead, Manchester, Buckinghamshire.
var groupsOnce = map[string]bool{"13T": true, "14L": true, "14Y": true}

// National are the codes of countries and regions, which sum areas.
var National = regexp.MustCompile(`^(?:E92|E12|E13|E15|W92|S92|N92|K0[2-4])\d{6}$`)

// Codes that spreadsheets take for numbers and dates, and what they make of them.
var (
	// ExponentCode is a code such as 1E2, which is read as 100.
	ExponentCode = regexp.MustCompile(`(?i)^(\d+)E(\d+)$`)
	// DigitsCode is a code of digits, which may lose its leading zeros.
	DigitsCode = regexp.MustCompile(`^\d+$`)
	// Mangled is a number that may have been a code.
	Mangled = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?)(?:E\+?(\d+))?$`)
	// DateCode is a code such as MAR1, which is read as a day.
	DateCode = regexp.MustCompile(`(?i)^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*-?(\d{1,2})$`)
	// MangledDate is a day that may have been a code.
	MangledDate = regexp.MustCompile(`(?i)^(?:(\d{1,2})-(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)|(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)-(\d{1,2}))$`)
)
