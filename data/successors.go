package data

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"stpmap/flow"
)

// Errors of successors; test with errors.Is.
var (
	ErrSeveralSuccessors = errors.New("several successors")
	ErrSuccessorCycle    = errors.New("successors go round in a circle")
)

// Succession says that one organisation took over from another.
type Succession struct {
	Old, New string
	Date     string // "2021-10-01"; empty where it is not known, which is always past
	Line     int
}

// successorFormat is a table of organisations and those that took over: trusts
// that merged, or clinical commissioning groups.
func successorFormat() *Format {
	return &Format{
		Name: "successors", Title: "Organisation Data Service: successors (succ), or a table of mergers",
		Kinds:  []FormatKind{SuccessorTable},
		sheets: []string{"CCG Mergers"},
		layouts: []layout{{
			era:  "mergers",
			also: func(h *sheetHeader) bool { return h.col(oldCodes...) >= 0 && h.col(newCodes...) >= 0 },
			what: `"old_code" and "new_code"`,
		}},
		headless: func(cells []string) bool {
			return len(cells) >= 4 && odsCode.MatchString(cells[0]) && odsCode.MatchString(cells[1]) && len(cells[2]) <= 2 && odsDate.MatchString(cells[3])
		},
		open: func(im *importer) tableReader { return &successorReader{im: im} },
	}
}

var (
	oldCodes = []string{"trust_code_old", "old_code", "Legacy (closing) CCG Code", "Legacy (closing) Commissioning Hub Code", "Predecessor Code", "Organisation Code Old", "old"}
	newCodes = []string{"trust_code_new", "new_code", "New CCG Code", "New / Retained Commissioning Hub Code", "Successor Code", "Organisation Code New", "new"}
)

type successorReader struct {
	im             *importer
	old, new, date int
}

func (x *successorReader) heading(h *sheetHeader) error {
	if h == nil {
		x.old, x.new, x.date = 0, 1, 3
		return nil
	}
	x.old, x.new, x.date = h.col(oldCodes...), h.col(newCodes...), h.col("from_date", "date", "Effective Date", "Legal Start Date")
	return nil
}

func (x *successorReader) row(r sheetRow) error {
	s := Succession{Old: r.text(x.old), New: r.text(x.new), Line: r.line}
	for i, code := range []string{s.Old, s.New} {
		if !odsCode.MatchString(code) {
			if s.Old == "" || s.New == "" || strings.Contains(code, " ") {
				x.im.out.Report.leave("not a pair of codes")
				return nil
			}
			return x.im.fault(r, []int{x.old, x.new}[i], fmt.Errorf("%w: %s is no organisation code", ErrMissingCode, quoted(code)))
		}
	}
	if d := r.text(x.date); x.date >= 0 && !Absent(d) {
		switch m := isoMonth.FindStringSubmatch(d); {
		case m != nil && m[3] != "":
			s.Date = d[:10]
		case odsDate.MatchString(d):
			s.Date = d[:4] + "-" + d[4:6] + "-" + d[6:]
		default:
			return x.im.fault(r, x.date, fmt.Errorf("%s is no date like 2021-10-01", quoted(d)))
		}
	}
	x.im.out.Report.Used++
	x.im.out.Successors = append(x.im.out.Successors, s)
	return nil
}

func (x *successorReader) finish() error { return nil }

// Successors maps codes of organisations to those that took over.
type Successors struct {
	next map[string][]Succession // by old code, sorted by date and new code
	// Rules say what becomes of a code with several successors at once: "RW6"
	// to "RM3", or to "equal" for equal parts. The rule under "*" holds for
	// the others.
	Rules map[string]string
}

// NewSuccessors indexes a table of successions. Entries that name the same
// pair twice count once, at the earlier date.
func NewSuccessors(table []Succession) *Successors {
	s := &Successors{next: map[string][]Succession{}, Rules: map[string]string{}}
	for _, t := range table {
		if t.Old != t.New {
			s.next[t.Old] = append(s.next[t.Old], t)
		}
	}
	for old, list := range s.next {
		slices.SortStableFunc(list, func(a, b Succession) int {
			return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.New, b.New))
		})
		kept := list[:0]
		for _, t := range list {
			if !slices.ContainsFunc(kept, func(k Succession) bool { return k.New == t.New }) {
				kept = append(kept, t)
			}
		}
		s.next[old] = kept
	}
	return s
}

// Part is a code and the share of an older one's patients that it gets.
type Part struct {
	Code  string
	Share float64 // in (0, 1]; the shares of a code's parts add up to 1
}

// At gives what a code had become by a day ("2022-04-01"; "" is after all
// dates): the code itself, its successor's successor, or parts of it under a
// rule. The error wraps ErrSeveralSuccessors where a code has several
// successors at one date and no rule says what to do, and ErrSuccessorCycle.
func (s *Successors) At(code, day string) ([]Part, error) {
	return s.follow(code, day, "", 1, nil)
}

func (s *Successors) follow(code, day, since string, share float64, path []string) ([]Part, error) {
	if slices.Contains(path, code) {
		return nil, fmt.Errorf("%w: %s", ErrSuccessorCycle, strings.Join(append(path, code), " to "))
	}
	if len(path) > 50 {
		return nil, fmt.Errorf("%w: more than 50 steps from %s", ErrSuccessorCycle, path[0])
	}
	var to []Succession
	for _, t := range s.next[code] {
		// The last takeover counts: an earlier one was of a part of it only.
		if day != "" && t.Date > day {
			break
		}
		if t.Date != "" && t.Date < since {
			continue // of another organisation, which had the code before
		}
		if len(to) > 0 && to[0].Date != t.Date {
			to = to[:0]
		}
		to = append(to, t)
	}
	if len(to) == 0 {
		return []Part{{code, share}}, nil
	}
	if len(to) > 1 {
		rule := cmp.Or(s.Rules[code], s.Rules["*"])
		switch i := slices.IndexFunc(to, func(t Succession) bool { return t.New == rule }); {
		case i >= 0:
			to = to[i : i+1]
		case rule != "equal":
			return nil, fmt.Errorf("%w: %s became %s on %s; say which with --successor %s=%s, or %s=equal for equal parts",
				ErrSeveralSuccessors, code, joined(to), cmp.Or(to[0].Date, "an unknown date"), code, to[0].New, code)
		}
	}
	var parts []Part
	for _, t := range to {
		p, err := s.follow(t.New, day, max(since, t.Date), share/float64(len(to)), append(path, code))
		if err != nil {
			return nil, err
		}
		for _, q := range p {
			if i := slices.IndexFunc(parts, func(r Part) bool { return r.Code == q.Code }); i >= 0 {
				parts[i].Share += q.Share
			} else {
				parts = append(parts, q)
			}
		}
	}
	return parts, nil
}

func joined(to []Succession) string {
	codes := make([]string, len(to))
	for i, t := range to {
		codes[i] = t.New
	}
	return strings.Join(codes, " and ")
}

// Move is what Successors did to the patients of one code.
type Move struct {
	Old      string
	New      []Part
	Rule     string // of a code with several successors; empty for one
	Patients float64
}

// Flows replaces providers (and areas, where areas is true) by what they had
// become by a day, and adds up pairs that fall together. Whole patients stay
// whole: a code's parts get them by largest remainder. moves says what was
// changed, by old code.
func (s *Successors) Flows(records []Record, day string, areas bool) (out []Record, moves []Move, err error) {
	type target struct {
		parts []Part
		moved int // index of its Move; -1 where the code stays
	}
	known := map[string]target{}
	find := func(code string) (target, error) {
		t, ok := known[code]
		if ok {
			return t, nil
		}
		parts, err := s.At(code, day)
		if err != nil {
			return t, err
		}
		t = target{parts, -1}
		if len(parts) > 1 || parts[0].Code != code {
			t.moved = len(moves)
			m := Move{Old: code, New: parts}
			if len(parts) > 1 {
				m.Rule = "equal"
			} else if len(s.next[code]) > 1 {
				m.Rule = cmp.Or(s.Rules[code], s.Rules["*"])
			}
			moves = append(moves, m)
		}
		known[code] = t
		return t, nil
	}
	var faults []error
	refused := map[string]bool{}
	refuse := func(code string, err error) {
		if !refused[code] {
			refused[code] = true
			faults = append(faults, err)
		}
	}
	var pairs pairTally
	here := []Part{{"", 1}}
	for _, r := range records {
		p, err := find(r.Provider)
		if err != nil {
			refuse(r.Provider, err)
			continue
		}
		a := target{here, -1}
		if areas {
			if a, err = find(r.Area); err != nil {
				refuse(r.Area, err)
				continue
			}
		}
		if r.Absent {
			continue
		}
		for _, t := range []target{p, a} {
			if t.moved >= 0 {
				moves[t.moved].Patients += r.Count.Value
			}
		}
		var codes [][2]string
		var shares []float64
		for _, x := range a.parts {
			area := x.Code
			if !areas {
				area = r.Area
			}
			for _, y := range p.parts {
				codes = append(codes, [2]string{area, y.Code})
				shares = append(shares, x.Share*y.Share)
			}
		}
		for i, c := range partCount(r.Count, shares) {
			if c == (flow.Count{}) && len(shares) > 1 {
				continue
			}
			pairs.add([]byte(codes[i][0]), []byte(codes[i][1]), nil, c, false, "", 0)
		}
	}
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	slices.SortFunc(moves, func(a, b Move) int { return strings.Compare(a.Old, b.Old) })
	return pairs.records(nil), moves, nil
}

// partCount parts a count by shares that add up to 1. A whole number of
// patients is parted into whole numbers by largest remainder (ties to the
// first). A suppressed count goes to the largest share as it is: parted, its
// bounds would say more than is known.
func partCount(c flow.Count, shares []float64) []flow.Count {
	out := make([]flow.Count, len(shares))
	if c.Suppressed() {
		largest := 0
		for i, s := range shares {
			if s > shares[largest] {
				largest = i
			}
		}
		out[largest] = c
		return out
	}
	for i, n := range largestRemainder(c.Value, shares) {
		out[i] = flow.Exactly(n)
	}
	return out
}

// largestRemainder parts total by shares (not negative, of sum above 0). A
// whole total gives whole parts that add up to it exactly (Hare and Niemeyer's
// method, ties to the first); another one gives its fractions.
func largestRemainder(total float64, shares []float64) []float64 {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	out := make([]float64, len(shares))
	if !(sum > 0) {
		return out
	}
	if total != math.Trunc(total) || math.Abs(total) > 1<<52 {
		for i, s := range shares {
			out[i] = total * s / sum
		}
		return out
	}
	type rest struct {
		i int
		r float64
	}
	rests := make([]rest, len(shares))
	left := total
	for i, s := range shares {
		q := total * s / sum
		// A quota that is whole but for rounding is whole.
		w := math.Floor(q + 1e-9)
		out[i], rests[i] = w, rest{i, q - w}
		left -= w
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.r, a.r) })
	for i := 0; left > 0; i = (i + 1) % len(rests) {
		out[rests[i].i]++
		left--
	}
	for i := len(rests) - 1; left < 0; i = (i + len(rests) - 1) % len(rests) {
		if out[rests[i].i] > 0 {
			out[rests[i].i]--
			left++
		}
	}
	return out
}

var ruleForm = regexp.MustCompile(`^([A-Z0-9*]{1,10})=([A-Z0-9]{3,10}|equal)$`)

// Rule adds a rule for codes with several successors: "RW6=RM3", "RW6=equal",
// "*=equal".
func (s *Successors) Rule(text string) error {
	m := ruleForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return fmt.Errorf("%s is no rule like RW6=RM3 or RW6=equal", quoted(text))
	}
	s.Rules[m[1]] = m[2]
	return nil
}
