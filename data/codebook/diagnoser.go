package codebook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stpmap/data/table"
)

// diagnoser holds the known codes in the forms that mistakes turn them into.
type diagnoser struct {
	ref      References
	known    map[string]bool
	list     []string             // sorted
	spelt    map[string]string    // without case and spaces: the code
	numbers  map[float64][]string // what a spreadsheet makes of codes like 1E2 and 010
	dates    map[string]string    // what it makes of codes like MAR1
	prefixes map[string]int       // of nine-character codes
	orgs     map[string]Organisation
	names    map[string]string
	older    map[string][]string // codes by what they became
	ons      bool
}

func newDiagnoser(known []string, ref References) *diagnoser {
	d := &diagnoser{
		ref: ref, known: map[string]bool{}, spelt: map[string]string{}, numbers: map[float64][]string{}, dates: map[string]string{},
		prefixes: map[string]int{}, orgs: map[string]Organisation{}, older: map[string][]string{},
	}
	for _, c := range known {
		d.known[c] = true
	}
	for c := range d.known {
		d.list = append(d.list, c)
	}
	slices.Sort(d.list)
	ons := 0
	for _, c := range d.list {
		if k := spelling(c); d.spelt[k] == "" {
			d.spelt[k] = c
		}
		if n, ok := spreadsheetNumber(c); ok {
			d.numbers[n] = append(d.numbers[n], c)
		}
		if m := table.DateCode.FindStringSubmatch(c); m != nil {
			d.dates[dateKey(m[1], m[2])] = c
		}
		if table.OnsCode.MatchString(c) {
			ons++
			d.prefixes[c[:3]]++
		}
	}
	d.ons = 2*ons > len(d.list)
	for _, o := range ref.Organisations {
		d.orgs[o.Code] = o
	}
	d.names, _ = NamesToCodes(ref.Organisations)
	d.noteOlder()
	return d
}

// noteOlder notes which known codes became which others.
func (d *diagnoser) noteOlder() {
	s := d.ref.Successors
	if s == nil {
		return
	}
	olds := make([]string, 0, len(s.next))
	for old := range s.next {
		olds = append(olds, old)
	}
	slices.Sort(olds)
	for _, old := range olds {
		if d.known[old] {
			for _, t := range s.next[old] {
				d.older[t.New] = append(d.older[t.New], old)
			}
		}
	}
}

// spelling is a code without what typing changes.
func spelling(c string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(c, func(r rune) bool {
		return r == ' ' || r == '\u00a0' || r == '-' || r == '\'' || r == '"' || r == '\t'
	}), ""))
}

// spreadsheetNumber is what a spreadsheet reads a code as: 1E2 as 100, 010 as
// 10.
func spreadsheetNumber(c string) (float64, bool) {
	if !table.ExponentCode.MatchString(c) && !table.DigitsCode.MatchString(c) {
		return 0, false
	}
	n, err := strconv.ParseFloat(c, 64)
	return n, err == nil
}

func dateKey(month, day string) string {
	return strings.ToUpper(month) + strings.TrimLeft(day, "0")
}

// What the first three characters of a nine-character code stand for.
var onsKinds = map[string]string{
	"E00": "an output area", "E01": "an LSOA", "E02": "an MSOA", "E05": "a ward", "E06": "a unitary authority", "E07": "a district", "E08": "a metropolitan district",
	"E09": "a London borough", "E10": "a county", "E12": "a region", "E38": "a CCG or sub-ICB location", "E40": "an NHS region", "E54": "an STP or ICB", "E92": "England",
}

// districts are the kinds that make up local authorities together.
var districts = map[string]bool{"E06": true, "E07": true, "E08": true, "E09": true}

func example(codes []string) string {
	if len(codes) == 0 {
		return "none"
	}
	return codes[0]
}

func onsKind(c string) string {
	if k := onsKinds[c[:3]]; k != "" {
		return k
	}
	return "a place"
}

func (d *diagnoser) anyDistrict() bool {
	return slices.ContainsFunc([]string{"E06", "E07", "E08", "E09"}, func(p string) bool { return d.prefixes[p] > 0 })
}

// throughLookup finds the known code that stands in the same row of a lookup
// as c.
func (d *diagnoser) throughLookup(l *Lookup, c string) (instead, from, to string) {
	for i := range l.Columns {
		f := &l.Columns[i]
		id, ok := f.names.IDs[c]
		if !ok || c == "" {
			continue
		}
		row := slices.Index(f.values, id)
		if row < 0 {
			continue
		}
		for j := range l.Columns {
			t := &l.Columns[j]
			if code := t.names.List[t.values[row]]; i != j && t.Kind != NameColumn && d.known[code] {
				return code, f.Heading, t.Heading
			}
		}
	}
	return "", "", ""
}

// mismatch says why a code is not known; Code and Patients are left open.
func (d *diagnoser) mismatch(c string) Mismatch {
	if table.IsSum(c) || table.National.MatchString(c) && !d.known[c] && d.prefixes[c[:3]] == 0 {
		return say(ReasonTotal, "", "%s sums other rows; leave it out", c)
	}
	for _, look := range []func(string) (Mismatch, bool){d.mistyped, d.succeeded, d.organisation, d.elsewhere, d.otherKind} {
		if m, ok := look(c); ok {
			return m
		}
	}
	if strings.ContainsRune(c, ' ') {
		return say(ReasonName, "", "%q looks like a name: the other table has codes like %s", c, example(d.list))
	}
	if IsTrust(c) {
		return say(ReasonUnlisted, "", "%s has the form of an NHS trust's code: add it to the table, or leave it out with stpmap import --type", c)
	}
	return say(ReasonUnknown, "", "%s is not in the other table, nor in any list that was given", c)
}

func say(reason, instead, format string, args ...any) Mismatch {
	return Mismatch{Reason: reason, Instead: instead, Advice: fmt.Sprintf(format, args...)}
}

// mistyped looks for what typing and spreadsheets do to a code.
func (d *diagnoser) mistyped(c string) (Mismatch, bool) {
	if k := d.spelt[spelling(c)]; k != "" {
		return say(ReasonSpelling, k, "%q is spelt %s in the other table", c, k), true
	}
	if m := table.Mangled.FindStringSubmatch(c); m != nil {
		n, err := strconv.ParseFloat(strings.ReplaceAll(c, "+", ""), 64)
		if meant := d.numbers[n]; err == nil && len(meant) > 0 {
			what, reason := "a number", ReasonNumber
			if table.DigitsCode.MatchString(c) && table.DigitsCode.MatchString(meant[0]) {
				what, reason = "a number, and lost its leading zero", ReasonZero
			}
			return say(reason, meant[0], "a spreadsheet took %s for %s: read the file again with that column as text", strings.Join(meant, " or "), what), true
		}
	}
	if m := table.MangledDate.FindStringSubmatch(c); m != nil {
		if k := d.dates[dateKey(m[2]+m[3], m[1]+m[4])]; k != "" {
			return say(ReasonDate, k, "a spreadsheet took %s for a date: read the file again with that column as text", k), true
		}
	}
	return Mismatch{}, false
}

// succeeded looks for organisations that merged.
func (d *diagnoser) succeeded(c string) (Mismatch, bool) {
	s := d.ref.Successors
	if s == nil {
		return Mismatch{}, false
	}
	switch parts, err := s.At(c, d.ref.Day); {
	case err != nil && len(s.next[c]) > 0:
		return say(ReasonMerged, "", "%v", err), true
	case err == nil && len(parts) == 1 && parts[0].Code != c && d.known[parts[0].Code]:
		return say(ReasonMerged, parts[0].Code, "%s became %s: %s", c, parts[0].Code, d.ref.bring()), true
	case err == nil && len(parts) > 1:
		codes := make([]string, len(parts))
		for i, p := range parts {
			codes[i] = p.Code
		}
		return say(ReasonMerged, "", "%s was parted into %s: %s", c, strings.Join(codes, " and "), d.ref.bring()), true
	}
	if olds := d.older[c]; len(olds) > 0 {
		with := "--successors"
		if d.ref.Areas {
			with = "--successors and --successors-of-areas"
		}
		return say(ReasonLater, olds[0], "%s took over from %s, which the other table has: bring both to one date with %s", c, strings.Join(olds, " and "), with), true
	}
	return Mismatch{}, false
}

// organisation looks for organisations that closed, are part of one, or are
// given by their name.
func (d *diagnoser) organisation(c string) (Mismatch, bool) {
	if t := TrustOf(c); t != c && d.known[t] {
		return say(ReasonSite, t, "%s is a site of %s: count its patients there", c, t), true
	}
	if o, ok := d.orgs[c]; ok && o.Closed != "" {
		return say(ReasonClosed, "", "%s (%s) closed on %s: give its successor with --successors", c, o.Name, o.Closed), true
	}
	if strings.ContainsRune(c, ' ') || strings.ToUpper(c) != c {
		if k := d.names[OrganisationNameKey(c)]; k != "" {
			return say(ReasonName, k, "%q is the name of %s", c, k), true
		}
		if Elsewhere(c) {
			return say(ReasonOutside, "", "%q stands for providers that the table does not name", c), true
		}
	}
	return Mismatch{}, false
}

// elsewhere looks for the code in the lookup, and outside the map.
func (d *diagnoser) elsewhere(c string) (Mismatch, bool) {
	if l := d.ref.Lookup; l != nil {
		if instead, from, to := d.throughLookup(l, c); instead != "" {
			reason := ReasonLevel
			if a, b := table.OnsCode.MatchString(instead), table.OnsCode.MatchString(c); a && !b {
				reason = ReasonODS
			} else if b && !a {
				reason = ReasonONS
			} else if a && b && instead[:3] == c[:3] {
				reason = ReasonVintage
			}
			return say(reason, instead, "%s is %s by the lookup: regroup with --from %s --to %s", c, instead, from, to), true
		}
	}
	if k := table.OutsideOf(c); k != "" {
		return say(ReasonOutside, "", "%s is outside the map: %s", c, k), true
	}
	return Mismatch{}, false
}

// otherKind tells the other system of codes, another level and another year by
// the form of the codes.
func (d *diagnoser) otherKind(c string) (Mismatch, bool) {
	switch isONS := table.OnsCode.MatchString(c); {
	case isONS && len(d.prefixes) == 0 && len(d.list) > 0:
		return say(ReasonONS, "", "%s is %s by its nine characters, and the other table has codes like %s: translate with an ONS lookup, column …CD to …CDH", c, onsKind(c), d.list[0]), true
	case !isONS && d.ons && table.ODSCode.MatchString(c) && len(c) <= 5:
		return say(ReasonODS, "", "%s is a code of the health service, and the other table has codes like %s: translate with an ONS lookup, column …CDH to …CD", c, d.list[0]), true
	case isONS && d.prefixes[c[:3]] > 0, isONS && districts[c[:3]] && d.anyDistrict():
		return say(ReasonVintage, "", "%s is %s, as in the other table, but of another year: take boundaries and flows of one vintage, or a lookup between them", c, onsKind(c)), true
	case isONS && len(d.prefixes) > 0:
		return say(ReasonLevel, "", "%s is %s, and the other table has codes like %s: regroup with a lookup", c, onsKind(c), d.list[0]), true
	}
	return Mismatch{}, false
}
