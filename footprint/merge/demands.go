package merge

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"stpmap/footprint/internal/wording"
)

// tolerance is what a share may fall short by and still count as reached.
const tolerance = 1e-9

// sums are the figures of a union of systems.
type sums struct {
	inside, resident, people float64
	providers, areas         int
	anyProvider              bool
}

// sum adds up the systems of a union.
func (p *Problem) sum(s *set) (t sums) {
	list := s.members()
	for k, i := range list {
		t.inside += p.Inside[i]
		t.resident += p.Resident[i]
		t.people += p.People[i]
		t.providers += p.Counted[i]
		t.areas += p.Areas[i]
		t.anyProvider = t.anyProvider || p.hosts[i]
		for _, j := range list[:k] {
			t.inside += p.Between(i, j)
		}
	}
	return t
}

// localisation is the share of a union's patients treated inside; NaN without
// patients.
func (t sums) localisation() float64 { return t.inside / t.resident }

// value is the number of patients that a union keeps and its systems do not.
func (p *Problem) value(s *set) (v float64) {
	list := s.members()
	for k, i := range list {
		for _, j := range list[:k] {
			v += p.Between(i, j)
		}
	}
	return v
}

// Reason says which demands a union of systems breaks, in words that go on after
// its name, such as "has 300,000 people, under 1,000,000"; empty for none.
func (p *Problem) Reason(systems []int32) string {
	s := setOf(systems...)
	return strings.Join(p.breaches(&s), "; ")
}

// feasible says whether a union meets every demand.
func (p *Problem) feasible(s *set) bool {
	return p.whole(s) && p.pieced(s) && p.sized(p.sum(s)) && (!p.Strict || p.nested(s))
}

// whole says whether a union keeps together and apart what must be.
func (p *Problem) whole(s *set) bool {
	broken := p.broken(s)
	return broken.empty()
}

// broken are the members of a union that it parts from those that they must be
// with, or holds with those that they must not.
func (p *Problem) broken(s *set) (all set) {
	for _, group := range p.bound {
		if inside := s.and(&group); inside != group {
			all = all.or(&inside)
		}
	}
	for _, i := range p.parted {
		if s.has(i) && s.meets(&p.apart[i]) {
			all.add(i)
		}
	}
	return all
}

// pieced says whether a union is in one piece, on the ground where that is
// demanded and through patients.
func (p *Problem) pieced(s *set) bool {
	if p.OnePiece && p.reach(s, p.near) != *s {
		return false
	}
	return p.AllowSingleKind || p.reach(s, p.flows) == *s
}

// Pieced says whether systems are in one piece on the ground, where that is
// demanded.
func (p *Problem) Pieced(systems []int32) bool {
	s := setOf(systems...)
	return !p.OnePiece || p.reach(&s, p.near) == s
}

// reach are the members of a union that links join to its first one.
func (p *Problem) reach(s *set, links []set) (seen set) {
	if s.empty() {
		return seen
	}
	return p.reachFrom(s.first(), s, links)
}

// reachFrom are the members of a union that links join to one of them.
func (p *Problem) reachFrom(from int32, s *set, links []set) (seen set) {
	seen.add(from)
	for front := seen; !front.empty(); {
		i := front.first()
		front.remove(i)
		next := links[i].and(s)
		next = next.without(&seen)
		seen, front = seen.or(&next), front.or(&next)
	}
	return seen
}

// sized says whether figures of a union are within the bounds.
func (p *Problem) sized(t sums) bool {
	switch {
	case !p.AllowSingleKind && !p.Matrix.OneMode() && !(t.areas > 0 && t.anyProvider && t.inside > 0),
		p.MinPopulation > 0 && !(t.people >= p.MinPopulation),
		p.MinProviders > t.providers,
		p.MinLocalisation > 0 && t.localisation() < p.MinLocalisation-tolerance:
		return false
	}
	return !p.tooLarge(t)
}

// tooLarge says whether a union is above an upper bound, which no larger one
// can mend.
func (p *Problem) tooLarge(t sums) bool {
	return p.MaxPopulation > 0 && t.people > p.MaxPopulation || p.MaxShare > 0 && t.resident > p.MaxShare*p.Total*(1+tolerance)
}

// breaches are the demands that a union does not meet, in words.
func (p *Problem) breaches(s *set) (out []string) {
	t := p.sum(s)
	say := func(broken bool, format string, args ...any) {
		if broken {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	out = append(out, p.groupBreaches(s)...)
	say(p.OnePiece && p.reach(s, p.near) != *s, "%s", p.pieceWords())
	say(!p.AllowSingleKind && p.reach(s, p.flows) != *s, "has parts without patients between them")
	kinds := !p.AllowSingleKind && !p.Matrix.OneMode()
	say(kinds && t.areas == 0, "has no area")
	say(kinds && !t.anyProvider, "has no provider")
	say(kinds && t.areas > 0 && t.anyProvider && !(t.inside > 0), "treats none of its residents")
	say(p.MinPopulation > 0 && !(t.people >= p.MinPopulation), "has %s people, under %s", wording.People(t.people), wording.People(p.MinPopulation))
	say(p.MaxPopulation > 0 && t.people > p.MaxPopulation, "has %s people, over %s", wording.People(t.people), wording.People(p.MaxPopulation))
	say(p.MinProviders > t.providers, "has %d of the providers that count, under %d", t.providers, p.MinProviders)
	li := t.localisation()
	say(p.MinLocalisation > 0 && li < p.MinLocalisation-tolerance, "has a localisation index of %s, under %s", thousandths(li), thousandths(p.MinLocalisation))
	say(p.MaxShare > 0 && t.resident > p.MaxShare*p.Total*(1+tolerance), "has %s of all patients, over %s", thousandths(t.resident/p.Total), thousandths(p.MaxShare))
	if p.Strict && !p.nested(s) {
		out = append(out, p.nestWords(s))
	}
	return out
}

// groupBreaches are those about what must be together or apart.
func (p *Problem) groupBreaches(s *set) (out []string) {
	for _, group := range p.bound {
		inside := s.and(&group)
		if rest := group.without(s); !inside.empty() && !rest.empty() {
			out = append(out, fmt.Sprintf("parts %s from %s, which must be together", p.Name(inside.first()), p.Name(rest.first())))
		}
	}
	for _, i := range p.parted {
		with := s.and(&p.apart[i])
		if j := with.first(); s.has(i) && j > i {
			out = append(out, fmt.Sprintf("has %s and %s, which must be apart", p.Name(i), p.Name(j)))
		}
	}
	return out
}

// pieceWords says that a union is in several pieces.
func (p *Problem) pieceWords() string {
	if p.Neighbours == nil {
		return "has parts without patients between them"
	}
	return "is not one piece on the ground"
}

// thousandths writes a share with up to three decimals.
func thousandths(x float64) string {
	return strconv.FormatFloat(math.Round(1000*x)/1000, 'g', -1, 64)
}
