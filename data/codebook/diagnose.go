package codebook

import (
	"cmp"
	"slices"

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
	out.Reasons = reasons(out.Mismatches)
	for _, c := range d.list {
		if !used[c] {
			out.Unused = append(out.Unused, c)
		}
	}
	return out
}

// reasons counts mismatches by reason, those with most patients first; the first
// mismatch of each is its example.
func reasons(mismatches []Mismatch) []ReasonCount {
	var list []ReasonCount
	for _, m := range mismatches {
		i := slices.IndexFunc(list, func(r ReasonCount) bool { return r.Reason == m.Reason })
		if i < 0 {
			i = len(list)
			list = append(list, ReasonCount{Reason: m.Reason, Example: m})
		}
		list[i].Codes++
		list[i].Patients += m.Patients
	}
	slices.SortStableFunc(list, func(a, b ReasonCount) int { return cmp.Compare(b.Patients, a.Patients) })
	return list
}
