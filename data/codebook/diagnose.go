package codebook

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stpmap/data/table"
)

// CodeUse is a code and the patients that hang on it.
type CodeUse struct {
	Code     string
	Patients float64
}

// Mismatch is a code that fails to join, why, and what to do about it.
type Mismatch struct {
	Code     string
	Patients float64
	Reason   string // one of a few phrases, for counting
	// Instead is the code that was meant, as far as that is known.
	Instead string
	Advice  string // a sentence
}

// Diagnosis says which of a table's codes join with those that are known
// elsewhere (as boundaries or providers), by number and by patients.
type Diagnosis struct {
	Codes, Joined             int
	Patients, PatientsJoined  float64
	Mismatches                []Mismatch // by falling patients, ties by code
	Unused                    []string   // known codes that no code joins
	Reasons                   []ReasonCount
	MostlyONS, KnownMostlyONS bool // nine-character codes prevail
}

// ReasonCount is how often a reason occurs.
type ReasonCount struct {
	Reason   string
	Codes    int
	Patients float64
	Example  Mismatch // the one with most patients
}

// Coverage is the share of patients whose codes join, in [0, 1]; 1 where there
// are none.
func (d *Diagnosis) Coverage() float64 {
	if d.Patients <= 0 {
		return 1
	}
	return d.PatientsJoined / d.Patients
}

// References are what a diagnosis can look codes up in; any may be missing.
type References struct {
	Organisations []Organisation
	Successors    *Successors
	Lookup        *Lookup
	Day           string // of the known codes; "" is the latest
	Areas         bool   // the codes are those of areas
}

// bring says what brings the patients of a merged organisation to its
// successor.
func (r References) bring() string {
	if r.Areas {
		return "stpmap import with --successors and --successors-of-areas brings its patients there"
	}
	return "--successors brings its patients there"
}

// Reasons why codes fail to join.
const (
	ReasonSpelling = "spelt otherwise"
	ReasonNumber   = "read as a number by a spreadsheet"
	ReasonZero     = "leading zero lost"
	ReasonDate     = "read as a date by a spreadsheet"
	ReasonONS      = "nine-character code where the other table has the health service's"
	ReasonODS      = "the health service's code where the other table has nine characters"
	ReasonLevel    = "another kind of area"
	ReasonMerged   = "merged into another organisation"
	ReasonLater    = "took over from another organisation"
	ReasonSite     = "site of a trust"
	ReasonClosed   = "closed"
	ReasonVintage  = "another vintage"
	ReasonOutside  = "outside England"
	ReasonName     = "a name, not a code"
	ReasonTotal    = "a sum of rows"
	ReasonUnlisted = "a trust that the other table lacks"
	ReasonUnknown  = "not known"
)

// Diagnose compares the codes of a table with those known elsewhere. Codes of
// the same use may come several times.
func Diagnose(codes []CodeUse, known []string, ref References) Diagnosis {
	d := newDiagnoser(known, ref)
	uses := map[string]float64{}
	for _, c := range codes {
		uses[c.Code] += c.Patients
	}
	list := make([]string, 0, len(uses))
	for c := range uses {
		list = append(list, c)
	}
	slices.Sort(list)
	out := Diagnosis{Codes: len(list), KnownMostlyONS: d.ons}
	ons := 0
	used := map[string]bool{}
	for _, c := range list {
		if table.OnsCode.MatchString(c) {
			ons++
		}
		out.Patients += uses[c]
		if d.known[c] {
			out.Joined++
			out.PatientsJoined += uses[c]
			used[c] = true
			continue
		}
		m := d.mismatch(c)
		m.Code, m.Patients = c, uses[c]
		out.Mismatches = append(out.Mismatches, m)
	}
	out.MostlyONS = 2*ons > len(list)
	slices.SortStableFunc(out.Mismatches, func(a, b Mismatch) int { return cmp.Compare(b.Patients, a.Patients) })
	for _, m := range out.Mismatches {
		i := slices.IndexFunc(out.Reasons, func(r ReasonCount) bool { return r.Reason == m.Reason })
		if i < 0 {
			i = len(out.Reasons)
			out.Reasons = append(out.Reasons, ReasonCount{Reason: m.Reason, Example: m})
		}
		out.Reasons[i].Codes++
		out.Reasons[i].Patients += m.Patients
	}
	slices.SortStableFunc(out.Reasons, func(a, b ReasonCount) int { return cmp.Compare(b.Patients, a.Patients) })
	for _, c := range d.list {
		if !used[c] {
			out.Unused = append(out.Unused, c)
		}
	}
	return out
}

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
	if s := ref.Successors; s != nil {
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
	return d
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

// mismatch says why a code is not known; Code and Patients are left open.
func (d *diagnoser) mismatch(c string) Mismatch {
	say := func(reason, instead, format string, args ...any) Mismatch {
		return Mismatch{Reason: reason, Instead: instead, Advice: fmt.Sprintf(format, args...)}
	}
	if table.IsSum(c) || table.National.MatchString(c) && !d.known[c] && d.prefixes[c[:3]] == 0 {
		return say(ReasonTotal, "", "%s sums other rows; leave it out", c)
	}

	// 1. What typing and spreadsheets do to a code.
	if k := d.spelt[spelling(c)]; k != "" {
		return say(ReasonSpelling, k, "%q is spelt %s in the other table", c, k)
	}
	if m := table.Mangled.FindStringSubmatch(c); m != nil {
		n, err := strconv.ParseFloat(strings.ReplaceAll(c, "+", ""), 64)
		if meant := d.numbers[n]; err == nil && len(meant) > 0 {
			what, reason := "a number", ReasonNumber
			if table.DigitsCode.MatchString(c) && table.DigitsCode.MatchString(meant[0]) {
				what, reason = "a number, and lost its leading zero", ReasonZero
			}
			return say(reason, meant[0], "a spreadsheet took %s for %s: read the file again with that column as text", strings.Join(meant, " or "), what)
		}
	}
	if m := table.MangledDate.FindStringSubmatch(c); m != nil {
		if k := d.dates[dateKey(m[2]+m[3], m[1]+m[4])]; k != "" {
			return say(ReasonDate, k, "a spreadsheet took %s for a date: read the file again with that column as text", k)
		}
	}

	// 2. Organisations that merged, closed, or are part of one.
	if s := d.ref.Successors; s != nil {
		switch parts, err := s.At(c, d.ref.Day); {
		case err != nil && len(s.next[c]) > 0:
			return say(ReasonMerged, "", "%v", err)
		case err == nil && len(parts) == 1 && parts[0].Code != c && d.known[parts[0].Code]:
			return say(ReasonMerged, parts[0].Code, "%s became %s: %s", c, parts[0].Code, d.ref.bring())
		case err == nil && len(parts) > 1:
			codes := make([]string, len(parts))
			for i, p := range parts {
				codes[i] = p.Code
			}
			return say(ReasonMerged, "", "%s was parted into %s: %s", c, strings.Join(codes, " and "), d.ref.bring())
		}
		if olds := d.older[c]; len(olds) > 0 {
			with := "--successors"
			if d.ref.Areas {
				with = "--successors and --successors-of-areas"
			}
			return say(ReasonLater, olds[0], "%s took over from %s, which the other table has: bring both to one date with %s", c, strings.Join(olds, " and "), with)
		}
	}
	if t := TrustOf(c); t != c && d.known[t] {
		return say(ReasonSite, t, "%s is a site of %s: count its patients there", c, t)
	}
	if o, ok := d.orgs[c]; ok && o.Closed != "" {
		return say(ReasonClosed, "", "%s (%s) closed on %s: give its successor with --successors", c, o.Name, o.Closed)
	}
	if strings.ContainsRune(c, ' ') || strings.ToUpper(c) != c {
		if k := d.names[OrganisationNameKey(c)]; k != "" {
			return say(ReasonName, k, "%q is the name of %s", c, k)
		}
		if Elsewhere(c) {
			return say(ReasonOutside, "", "%q stands for providers that the table does not name", c)
		}
	}

	// 3. The other system of codes, another level, another year.
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
			return say(reason, instead, "%s is %s by the lookup: regroup with --from %s --to %s", c, instead, from, to)
		}
	}
	if k := table.OutsideOf(c); k != "" {
		return say(ReasonOutside, "", "%s is outside the map: %s", c, k)
	}
	switch isONS := table.OnsCode.MatchString(c); {
	case isONS && len(d.prefixes) == 0 && len(d.list) > 0:
		return say(ReasonONS, "", "%s is %s by its nine characters, and the other table has codes like %s: translate with an ONS lookup, column …CD to …CDH", c, onsKind(c), d.list[0])
	case !isONS && d.ons && table.ODSCode.MatchString(c) && len(c) <= 5:
		return say(ReasonODS, "", "%s is a code of the health service, and the other table has codes like %s: translate with an ONS lookup, column …CDH to …CD", c, d.list[0])
	case isONS && d.prefixes[c[:3]] > 0, isONS && districts[c[:3]] && d.anyDistrict():
		return say(ReasonVintage, "", "%s is %s, as in the other table, but of another year: take boundaries and flows of one vintage, or a lookup between them", c, onsKind(c))
	case isONS && len(d.prefixes) > 0:
		return say(ReasonLevel, "", "%s is %s, and the other table has codes like %s: regroup with a lookup", c, onsKind(c), d.list[0])
	}
	if strings.ContainsRune(c, ' ') {
		return say(ReasonName, "", "%q looks like a name: the other table has codes like %s", c, example(d.list))
	}
	if IsTrust(c) {
		return say(ReasonUnlisted, "", "%s has the form of an NHS trust's code: add it to the table, or leave it out with stpmap import --type", c)
	}
	return say(ReasonUnknown, "", "%s is not in the other table, nor in any list that was given", c)
}

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
