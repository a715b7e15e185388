package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// wording says how the names of areas are written on a map.
type wording struct {
	points float64 // of the letters on the map, on A4
	// short has the number that stands on the map for each label; nil where labels
	// stand as they are. Numbers are codes without prefix, or run on where it is empty.
	short  map[string]string
	prefix string
	first  string // the first code that has a number
	// apart says that the key leaves the names to the tables and to pages of their own;
	// alone that it must, so that the map has the room.
	apart, alone bool
}

// wordings are the letters to try, the better first.
var wordings = []struct {
	points         float64
	numbers, alone bool
}{{8, false, false}, {7, false, false}, {7, true, false}, {7, true, true}}

// namesApart stands in the key of a map whose names have no room in it.
const namesApart = "The names have no room here. The tables have them, and so has page 2 of this map as a PDF."

// fewLines is the share of names that may stand beside their place with a line: more
// of them are hard to follow.
const fewLines = 0.15

// manyLines is the share of names from which on a map with fewer lines is better,
// though its names stand on another page.
const manyLines = 1.0 / 3

// word places the names: in the first form that has room for all, few of them with
// a line, or else in the one with fewest missing and fewest lines.
func (s *scene) word(bound orb.Bound, some bool, foot string, onPlane func(orb.Point) orb.Point) error {
	best, fewest := wording{}, -1
	for _, w := range wordings {
		if w.alone && (s.how.apart || len(s.names.Missing) == 0 && float64(s.names.Lines) < float64(manyLines*float64(s.names.All()))) {
			continue
		}
		s.how = wording{points: w.points, alone: w.alone}
		if w.numbers && !s.number() {
			continue
		}
		if err := s.fit(bound, some, foot, onPlane); err != nil {
			return err
		}
		if s.how.apart && s.how.short != nil && s.how.prefix == "" {
			continue // no table has these numbers
		}
		n := s.names
		if len(n.Missing) == 0 && float64(n.Lines) <= fewLines*float64(n.All()) {
			return nil
		}
		bad := len(n.Missing)*(n.All()+1) + n.Lines
		if s.how.apart {
			bad += int(manyLines * float64(n.All()) / 2)
		}
		if fewest < 0 || bad < fewest {
			best, fewest = s.how, bad
		}
	}
	s.how = best
	return s.fit(bound, some, foot, onPlane)
}

// number gives each label of an area a number: what follows the letters and zeros
// that all have, or its place in the order; false where no label gets shorter.
func (s *scene) number() bool {
	var all []string
	for _, l := range s.layers {
		for _, n := range namesOf(l, true) {
			all = append(all, n[0])
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		return false
	}
	s.how.first = all[0]
	s.how.short, s.how.prefix = tails(all)
	longest := 0
	for i, code := range all {
		longest = max(longest, len([]rune(code)))
		if s.how.prefix == "" {
			s.how.short[code] = strconv.Itoa(i + 1)
		}
	}
	return longest > len(strconv.Itoa(len(all)))
}

// tails are the numbers at the ends of codes that begin with the same letters; no
// prefix where they do not, or the numbers are long.
func tails(codes []string) (short map[string]string, prefix string) {
	for n := max(1, len(strings.TrimRight(codes[0], "0123456789"))); n < len(codes[0]); n++ {
		if short = after(codes[0][:n], codes); len(short) == len(codes) {
			return short, codes[0][:n]
		}
	}
	return map[string]string{}, ""
}

// after are the numbers that follow a prefix in codes, of three digits at most.
func after(prefix string, codes []string) map[string]string {
	short := make(map[string]string, len(codes))
	for _, code := range codes {
		tail, ok := strings.CutPrefix(code, prefix)
		if n, err := strconv.ParseUint(tail, 10, 64); ok && err == nil && n < 1000 {
			short[code] = strconv.FormatUint(n, 10)
		}
	}
	return short
}

// label is what stands on the map for a label: its number, or the text that it
// would have without.
func (w *wording) label(code, text string) string { return cmp.Or(w.short[code], text) }

// example tells which code a number is; empty where the key says it of each.
func (w *wording) example() string {
	if w.prefix == "" {
		return ""
	}
	return "on the map, " + w.short[w.first] + " is " + w.first
}

// listedNames is how many names the key would list.
func (s *scene) listedNames() int {
	names := map[[2]string]bool{}
	for _, l := range s.layers {
		for _, n := range listed(l, &s.how) {
			names[n] = true
		}
	}
	return len(names)
}
