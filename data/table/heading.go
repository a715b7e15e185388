package table

import (
	"fmt"
	"math/bits"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Role is what a column is for, with the headings it is known by.
type Role struct {
	// Name says what the column holds, and is its canonical heading: "area".
	Name string
	// Flag is the command-line flag that names the column outright, for
	// messages; empty where there is none.
	Flag string
	// Headings are the other names, the likeliest first, as Normalise gives
	// them.
	Headings []string
	// Pattern matches further normalised headings, after all of Headings; may
	// be nil.
	Pattern *regexp.Regexp
}

// Normalise is the form in which headings are compared: lower case, without
// spaces, underscores, hyphens and dots.
func Normalise(heading string) string {
	var short [64]byte
	if len(heading) > len(short) {
		return normaliseAny(heading)
	}
	n, normal := 0, true
	for i := range len(heading) {
		c := heading[i]
		switch {
		case c >= utf8.RuneSelf:
			return normaliseAny(heading)
		case c == '_', c == '-', c == '.', c == ' ', c >= '\t' && c <= '\r':
			normal = false
			continue
		case c >= 'A' && c <= 'Z':
			normal = false
			c += 'a' - 'A'
		}
		short[n] = c
		n++
	}
	if normal {
		return heading
	}
	return string(short[:n])
}

// normaliseAny is Normalise for texts of any letters and any length.
func normaliseAny(heading string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == '\ufeff' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, heading)
}

// Find gives the column of header for the role: that with the likeliest
// heading, or -1.
func (r Role) Find(header []string) int {
	norm := make([]string, len(header))
	for i, h := range header {
		norm[i] = Normalise(h)
	}
	return r.FindNormalised(norm)
}

// FindNormalised is Find for headings that Normalise has seen to; those that are
// empty are taken.
func (r Role) FindNormalised(norm []string) int {
	i := r.first(norm)
	if i < 0 || IsCode(norm[i]) {
		return i
	}
	// "area" beside "area_code", or "lsoa" beside "LSOA11CD", is the name.
	for _, suffix := range []string{"code", "id", "cd", "cdh", "orgcode"} {
		if j := IndexOf(norm, norm[i]+suffix); j >= 0 {
			return j
		}
	}
	if norm[i] == "" {
		return i
	}
	for j, h := range norm {
		if rest, ok := strings.CutPrefix(h, norm[i]); ok && vintageCode.MatchString(rest) {
			return j
		}
	}
	return i
}

var vintageCode = regexp.MustCompile(`^\d{2}(?:cd|cdh|code)$`)

// first is the column with the likeliest heading; -1 where there is none.
func (r Role) first(norm []string) int {
	if i := IndexOf(norm, r.Name); i >= 0 {
		return i
	}
	for _, want := range r.Headings {
		if i := IndexOf(norm, want); i >= 0 {
			return i
		}
	}
	if r.Pattern != nil {
		for i, h := range norm {
			if r.Pattern.MatchString(h) {
				return i
			}
		}
	}
	return -1
}

// Others gives, for each role, the headings that would have fitted it beside
// the columns in use.
func Others(header []string, cols []int, roles ...Role) [][]string {
	out := make([][]string, len(roles))
	used := map[int]bool{}
	for _, c := range cols {
		used[c] = true
	}
	for k, r := range roles {
		for i, h := range header {
			n := Normalise(h)
			if !used[i] && (n == r.Name || IndexOf(r.Headings, n) >= 0 || r.Pattern != nil && r.Pattern.MatchString(n)) {
				out[k] = append(out[k], h)
			}
		}
	}
	return out
}

// IndexOf is the place of s in a list, -1 where it is not there.
func IndexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// FindHeading gives the column whose heading is name but for case, spaces and
// underscores, an exact match first; -1 where there is none.
func FindHeading(header []string, name string) int {
	if i := IndexOf(header, name); i >= 0 {
		return i
	}
	name = Normalise(name)
	for i, h := range header {
		if Normalise(h) == name {
			return i
		}
	}
	return -1
}

// MissingColumnError says which column a header lacks. It wraps
// ErrMissingColumn.
type MissingColumnError struct {
	Role    Role
	Heading string   // the heading asked for outright; empty where any of the role's would do
	Have    []string // the headings there are
	Suggest string   // the one of them that is nearest; empty where none is near
}

// Error says what is missing, what there is, and what may have been meant.
func (e *MissingColumnError) Error() string {
	var b strings.Builder
	if e.Heading != "" {
		fmt.Fprintf(&b, "%v: there is no %q", ErrMissingColumn, e.Heading)
	} else {
		fmt.Fprintf(&b, "%v: no %s", ErrMissingColumn, e.Role.Name)
		known := e.Role.Headings
		if len(known) > 0 {
			n := min(len(known), 5)
			fmt.Fprintf(&b, " (nor %s", strings.Join(known[:n], ", "))
			if n < len(known) {
				b.WriteString(", …")
			}
			b.WriteByte(')')
		}
	}
	have := e.Have
	b.WriteString(" among ")
	for i, h := range have {
		if i == 12 && len(have) > 14 {
			fmt.Fprintf(&b, " and %d more", len(have)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(Quoted(h))
	}
	if e.Suggest != "" {
		fmt.Fprintf(&b, "; did you mean %s?", Quoted(e.Suggest))
	}
	if e.Role.Flag != "" && e.Heading == "" {
		fmt.Fprintf(&b, " (%s names it outright)", e.Role.Flag)
	}
	return b.String()
}

// Unwrap gives ErrMissingColumn.
func (e *MissingColumnError) Unwrap() error { return ErrMissingColumn }

// Quoted is text from the user's file, quoted and cut to a length that fits a
// message.
func Quoted(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// Missing makes the error for a role, or for a heading asked for outright,
// that header does not have.
func (r Role) Missing(header []string, heading string) *MissingColumnError {
	e := &MissingColumnError{Role: r, Heading: heading, Have: header}
	wanted := []string{heading}
	if heading == "" {
		wanted = append([]string{r.Name}, r.Headings...)
	}
	e.Suggest = Nearest(header, wanted)
	return e
}

// Nearest gives the heading that is closest to one of those wanted, by edits
// of their normalised forms; empty where none is within a third of its length.
func Nearest(header, wanted []string) string {
	best, bestDist := "", 1.0
	norms, sets := make([]string, len(wanted)), make([]uint64, len(wanted))
	for i, w := range wanted {
		norms[i] = Normalise(w)
		sets[i] = letters(norms[i])
	}
	for _, h := range header {
		n := Normalise(h)
		if len(n) < 3 {
			continue
		}
		set := letters(n)
		for i, w := range norms {
			length := float64(max(len(n), len(w)))
			// Edits are at least as many as one is longer than the other, and as
			// one has letters that the other lacks.
			least := max(max(len(n), len(w))-min(len(n), len(w)), bits.OnesCount64(set&^sets[i]), bits.OnesCount64(sets[i]&^set))
			if len(w) < 3 || float64(least) > 0.34*length {
				continue
			}
			d := float64(edits(n, w)) / length
			if d <= 0.34 && d < bestDist {
				best, bestDist = h, d
			}
		}
	}
	return best
}

// letters is the set of a text's bytes, those that are 64 apart as one.
func letters(s string) uint64 {
	var set uint64
	for i := range len(s) {
		set |= 1 << (s[i] & 63)
	}
	return set
}

// edits is the number of insertions, deletions, changes and swaps of
// neighbours that make b of a (optimal string alignment).
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	var rows [3][65]int
	before, prev, cur := rows[0][:len(b)+1], rows[1][:len(b)+1], rows[2][:len(b)+1]
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}

// QuotedList is names from the user's file, quoted and with commas between them.
func QuotedList(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = Quoted(n)
	}
	return strings.Join(q, ", ")
}

// IsCode reports whether a normalised heading says that it is of codes.
func IsCode(norm string) bool {
	return strings.HasSuffix(norm, "code") || strings.HasSuffix(norm, "cd") || strings.HasSuffix(norm, "cdh") || strings.HasSuffix(norm, "id")
}
