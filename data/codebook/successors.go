package codebook

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/data/tally"
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
func NewSuccessors(list []Succession) *Successors {
	s := &Successors{next: map[string][]Succession{}, Rules: map[string]string{}}
	for _, t := range list {
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
	to, err := s.takeovers(code, day, since)
	if err != nil {
		return nil, err
	}
	if len(to) == 0 {
		return []Part{{code, share}}, nil
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

// Closed gives those of the codes that others had taken over from by a day, in
// their order.
func (s *Successors) Closed(codes []string, day string) []string {
	var closed []string
	for _, c := range codes {
		parts, err := s.At(c, day)
		if err != nil || len(parts) > 1 || parts[0].Code != c {
			closed = append(closed, c)
		}
	}
	return closed
}

// takeovers are the next step from a code by a day: none, one, or several that
// get equal parts by a rule.
func (s *Successors) takeovers(code, day, since string) ([]Succession, error) {
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
	return to, nil
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
func (s *Successors) Flows(records []data.Record, day string, areas bool) (out []data.Record, moves []Move, err error) {
	m := &mover{successors: s, day: day, known: map[string]target{}, refused: map[string]bool{}}
	here := target{[]Part{{"", 1}}, -1}
	for _, r := range records {
		p, ok := m.find(r.Provider)
		if !ok {
			continue
		}
		a := here
		if areas {
			if a, ok = m.find(r.Area); !ok {
				continue
			}
		}
		if !r.Absent {
			m.add(r, a, p, areas)
		}
	}
	if len(m.faults) > 0 {
		return nil, nil, errors.Join(m.faults...)
	}
	slices.SortFunc(m.moves, func(a, b Move) int { return strings.Compare(a.Old, b.Old) })
	return m.pairs.Records(nil), m.moves, nil
}

// mover brings records under other codes.
type mover struct {
	successors *Successors
	day        string
	known      map[string]target
	moves      []Move
	refused    map[string]bool // codes without an answer, each told once
	faults     []error
	pairs      tally.Pairs
}

// target is what a code becomes.
type target struct {
	parts []Part
	moved int // index of its Move; -1 where the code stays
}

// find gives what a code becomes; ok is false where that is not known.
func (m *mover) find(code string) (t target, ok bool) {
	if t, ok = m.known[code]; ok {
		return t, true
	}
	parts, err := m.successors.At(code, m.day)
	if err != nil {
		if !m.refused[code] {
			m.refused[code] = true
			m.faults = append(m.faults, err)
		}
		return t, false
	}
	t = target{parts, -1}
	if len(parts) > 1 || parts[0].Code != code {
		t.moved = len(m.moves)
		one := Move{Old: code, New: parts}
		if len(parts) > 1 {
			one.Rule = "equal"
		} else if len(m.successors.next[code]) > 1 {
			one.Rule = cmp.Or(m.successors.Rules[code], m.successors.Rules["*"])
		}
		m.moves = append(m.moves, one)
	}
	m.known[code] = t
	return t, true
}

// add counts a record under its new codes; areas says whether its area has one.
func (m *mover) add(r data.Record, a, p target, areas bool) {
	for _, t := range []target{p, a} {
		if t.moved >= 0 {
			m.moves[t.moved].Patients += r.Count.Value
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
		m.pairs.Add([]byte(codes[i][0]), []byte(codes[i][1]), nil, c, false, "", 0)
	}
}

// RecordsOf are the flows of a matrix, by area and provider.
func RecordsOf(m *flow.Matrix) []data.Record {
	records := make([]data.Record, 0, m.Len())
	for a, area := range m.Areas() {
		providers, _ := m.Row(a)
		for k, j := range providers {
			records = append(records, data.Record{Area: area, Provider: m.Providers()[j], Count: m.Cell(m.RowOffset(a) + k)})
		}
	}
	return records
}

var ruleForm = regexp.MustCompile(`^([A-Z0-9*]{1,10})=([A-Z0-9]{3,10}|equal)$`)

// Rule adds a rule for codes with several successors: "RW6=RM3", "RW6=equal",
// "*=equal".
func (s *Successors) Rule(text string) error {
	m := ruleForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return fmt.Errorf("%s is no rule like RW6=RM3 or RW6=equal", table.Quoted(text))
	}
	s.Rules[m[1]] = m[2]
	return nil
}

// String says what became of a code: "RW6 to R0A and RM3 (equal parts)".
func (m Move) String() string {
	codes := make([]string, len(m.New))
	for i, p := range m.New {
		codes[i] = p.Code
	}
	s := fmt.Sprintf("%s to %s", m.Old, strings.Join(codes, " and "))
	switch {
	case m.Rule == "equal":
		s += " (equal parts, by rule)"
	case m.Rule != "":
		s += " (by rule)"
	}
	return s
}
