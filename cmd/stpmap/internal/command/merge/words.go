package merge

import (
	"fmt"
	"math"
	"slices"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/merge"
)

// points is a share as percentage points, with two decimals.
func points(share float64) string { return fmt.Sprintf("%.2f points", 100*share) }

// people is a number of people or patients in words.
func people(x float64) string { return words.Thousands(int(math.Round(x))) }

// words are the findings in sentences.
func (r *result) words() (out []string) {
	out = append(out, r.mapWords()...)
	out = append(out, r.goodWords()...)
	out = append(out, r.pairWords()...)
	out = append(out, r.proposalWords()...)
	out = append(out, r.nestWords()...)
	out = append(out, r.notes...)
	return append(out, "The flows know where patients go. They do not know money, councils, staff, buildings or what people want.")
}

// mapWords say what the chosen map is, and how sure it is the best.
func (r *result) mapWords() (out []string) {
	m := r.chosen()
	before := r.p.Kept(nil)
	out = append(out, fmt.Sprintf("Today %s keep %s of patients inside. The best map of %d that was found keeps %s.",
		words.Counted(r.p.Systems, "system"), words.Percent(before/r.p.Total), m.Footprints, words.Percent(m.Kept/r.p.Total)))
	if m.Optimal {
		out = append(out, fmt.Sprintf("It is proven that no map of %s made of whole systems keeps more under these demands.", words.Counted(m.Footprints, "system")))
	} else {
		out = append(out, fmt.Sprintf("It is not proven to be the best: another map could keep up to %s more.", points((m.Bound-m.Kept)/r.p.Total)))
	}
	for _, g := range m.Groups {
		if len(g) > 1 {
			w := r.p.Weigh(g)
			out = append(out, fmt.Sprintf("%s become one: %s patients would no longer leave (%s).", r.list(g), people(w.Patients), points(w.Gain)))
		}
	}
	return out
}

// goodWords say which mergers every good map has.
func (r *result) goodWords() (out []string) {
	g := r.good
	maps := fmt.Sprintf("all %s maps within %s of the best", people(float64(g.Maps)), points(g.Within))
	if !g.Counted {
		maps = fmt.Sprintf("all of a sample of %s maps within %s of the best (there are too many to count)", people(float64(g.Maps)), points(g.Within))
	}
	if g.Counted && g.Maps == 1 {
		return []string{fmt.Sprintf("No other map of %s comes within %s of this one.", words.Counted(g.Footprints, "system"), points(g.Within))}
	}
	always := g.Always()
	if len(always) == 0 {
		return []string{fmt.Sprintf("No merger is in %s.", maps)}
	}
	for _, group := range together(always, r.p.Systems) {
		out = append(out, fmt.Sprintf("%s are together in %s.", r.list(group), maps))
	}
	return out
}

// together are the groups that pairs make.
func together(pairs [][2]int32, n int) (groups [][]int32) {
	of := make([]int, n)
	for i := range of {
		of[i] = i
	}
	for _, p := range pairs {
		a, b := of[p[0]], of[p[1]]
		for i := range of {
			if of[i] == max(a, b) {
				of[i] = min(a, b)
			}
		}
	}
	by := make([][]int32, n)
	for i, k := range of {
		by[k] = append(by[k], int32(i))
	}
	return slices.DeleteFunc(by, func(g []int32) bool { return len(g) < 2 })
}

// shownPairs is how many pairs are told in words.
const shownPairs = 10

// pairWords tell the pairs that gain most.
func (r *result) pairWords() (out []string) {
	for _, p := range r.pairs[:min(shownPairs, len(r.pairs))] {
		line := fmt.Sprintf("Pair %d: %s and %s: %s patients would no longer leave (%s).", p.Rank, r.title(p.A), r.title(p.B), people(p.Patients), points(p.Gain))
		if !p.Feasible() {
			line += fmt.Sprintf(" Together it %s.", p.Reason)
		}
		out = append(out, line)
	}
	return out
}

// proposalWords weigh the announced plan.
func (r *result) proposalWords() (out []string) {
	if r.proposal == nil {
		return nil
	}
	for i, m := range r.proposal.mergers {
		line := fmt.Sprintf("Proposed %s (%s): %s patients would no longer leave (%s), rank %d of %d among what its members could do.",
			r.proposal.names[i], r.list(m.Systems), people(m.Patients), points(m.Gain), m.Rank, m.Of)
		if m.Rank > 1 {
			line += fmt.Sprintf(" The best would be %s (%s).", r.list(m.Best), points(m.BestGain))
		}
		if m.Reason != "" {
			line += fmt.Sprintf(" It breaks a demand: together it %s.", m.Reason)
		}
		out = append(out, line)
	}
	w := r.weighed()
	line := fmt.Sprintf("The whole proposal keeps %s of patients inside, with %s.", words.Percent(w.share), words.Counted(len(r.proposal.groups), "system"))
	if !math.IsNaN(w.best) {
		line += fmt.Sprintf(" The best map of as many that was found keeps %s.", words.Percent(w.best))
	}
	if broken := len(r.proposal.broken); broken > 0 {
		line += fmt.Sprintf(" %s of it %s a demand.", words.Counted(broken, "system"), verb(broken, "breaks", "break"))
	}
	switch {
	case w.rank == 1:
		line += " No map of as many keeps more: it has rank 1."
	case w.rank > 1:
		line += fmt.Sprintf(" It has rank %s among all maps of as many.", people(float64(w.rank)))
	}
	return append(out, line)
}

// nestWords count the systems that do not fit the units of --nest.
func (r *result) nestWords() []string {
	if r.options.Nest == "" {
		return nil
	}
	n := r.p.Unnested(r.chosen().Groups)
	if n == 0 {
		return []string{"Every system of this map lies in one unit of --nest or consists of whole ones."}
	}
	return []string{fmt.Sprintf("%s of this map neither %s in one unit of --nest nor %s of whole ones.", words.Counted(n, "system"), verb(n, "lies", "lie"), verb(n, "consists", "consist"))}
}

func verb(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// change says what the best map of a number of systems merges of the one with
// one more. Where it is no merger of two unions of that one, it names the unions
// that are new.
func (r *result) change(i int) string {
	if i == 0 || r.curve[i-1].Groups == nil {
		return ""
	}
	var parts []string
	var first []int32
	for _, g := range r.curve[i].Groups {
		if len(g) > 1 && !slices.ContainsFunc(r.curve[i-1].Groups, func(h []int32) bool { return slices.Equal(g, h) }) {
			first = g
			parts = append(parts, r.shortened(g))
		}
	}
	if len(parts) == 1 && len(r.pieces(first, r.curve[i-1])) == 2 {
		return joined(r.pieces(first, r.curve[i-1]))
	}
	if len(parts) == 0 {
		return "another map: fewer mergers elsewhere"
	}
	return "another map, with " + joined(parts)
}

// pieces names the unions of a map that have members of one.
func (r *result) pieces(group []int32, before merge.Map) (names []string) {
	for _, h := range before.Groups {
		if slices.ContainsFunc(h, func(s int32) bool { return slices.Contains(group, s) }) {
			names = append(names, r.shortened(h))
		}
	}
	return names
}

// shortened names a union by its first system, or both of two.
func (r *result) shortened(group []int32) string {
	switch len(group) {
	case 1:
		return r.short(group[0])
	case 2:
		return r.short(group[0]) + " + " + r.short(group[1])
	}
	return fmt.Sprintf("%s + %d more", r.short(group[0]), len(group)-1)
}
