package footprint

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
)

// Naming is what the names of footprints are made of. Slices by area follow the
// matrix's indices; each may be nil.
type Naming struct {
	Areas []string // names of areas, "" where not known
	Units []string // of the larger unit that an area lies in: a council, a town; "" for none
	Size  []float64
	// Given are names that a person gave, by a footprint's id or a member's code.
	Given map[string]string
	// Reference is an official partition, whose footprints have names.
	Reference      *Partition
	ReferenceNames []string
	// Mark ends names in synthetic data. It is no part of a place's name.
	Mark string

	ready *readyPlaces
}

// readyPlaces are the places of areas, worked out once.
type readyPlaces struct {
	of   []int32 // by area; -1 for none
	name []string
	end  string // what all names end with, where no mark says so
}

// Prepared is the same naming, quick to use for one partition after another.
func (n Naming) Prepared() Naming {
	r := &readyPlaces{}
	if n.Mark == "" {
		n.Mark = sharedEnd(n.Areas)
		r.end = n.Mark
	}
	number := map[string]int32{"": -1}
	for _, name := range n.placeOf() {
		i, ok := number[name]
		if !ok {
			i = int32(len(r.name))
			number[name], r.name = i, append(r.name, name)
		}
		r.of = append(r.of, i)
	}
	n.ready = r
	return n
}

// sameAs is the share of people that a footprint and one of the reference must
// have in common, of each, for its name to hold.
const sameAs = 0.8

// alone is the share of a footprint's people from which one place names it.
const alone = 0.75

// Names are the names of the footprints of a partition, none of them shared by
// two. A given name wins. Next comes that of the reference, where more than 80% of
// the people of either are in both. Other footprints are named for the units, or
// else the areas, with most of their people: for one that has three quarters, or
// for two. Where others have that name already, more places follow, and at last
// the id. A footprint none of whose places has a name gets "".
func (n Naming) Names(m *flow.Matrix, p Partition) []string {
	if n.ready == nil {
		n = n.Prepared()
	}
	names := make([]string, p.Len())
	used := map[string]bool{}
	take := func(f int, name string) bool {
		if name == "" || used[name] || names[f] != "" {
			return false
		}
		names[f], used[name] = name, true
		return true
	}
	n.given(m, p, take)
	n.official(m, p, take)
	end, places := n.ready.end, n.places(m, p)
	for f := range names {
		if names[f] != "" || len(places[f]) == 0 {
			continue
		}
		most := len(places[f])
		k := min(2, most)
		if places[f][0].share >= alone {
			k = 1
		}
		for ; k < most && k < mostPlaces && used[joined(places[f][:k])+end]; k++ {
		}
		if name := joined(places[f][:k]); !take(f, name+end) {
			take(f, fmt.Sprintf("%s (%s)%s", name, p.IDs[f], end))
		}
	}
	return names
}

// given takes the names that a person gave: those for ids first, then for members.
func (n Naming) given(m *flow.Matrix, p Partition, take func(int, string) bool) {
	if len(n.Given) == 0 {
		return
	}
	for f, id := range p.IDs {
		take(f, n.Given[id])
	}
	for a, code := range m.Areas() {
		if f := p.Areas[a]; f >= 0 {
			take(int(f), n.Given[code])
		}
	}
	for j, f := range p.Providers {
		if code := m.Providers()[j]; f >= 0 {
			take(int(f), n.Given[code])
		}
	}
}

// sized is the size of an area: its people, or else its patients.
func (n Naming) sized(m *flow.Matrix, a int) float64 {
	if n.Size != nil && !math.IsNaN(n.Size[a]) {
		return n.Size[a]
	}
	return m.RowTotal(a)
}

// official takes names of the reference, the largest overlap first.
func (n Naming) official(m *flow.Matrix, p Partition, take func(int, string) bool) {
	if n.Reference == nil || n.ReferenceNames == nil {
		return
	}
	both := map[[2]int32]float64{}
	ours, theirs := make([]float64, p.Len()), make([]float64, n.Reference.Len())
	for a, f := range p.Areas {
		g := n.Reference.Areas[a]
		s := n.sized(m, a)
		if f >= 0 {
			ours[f] += s
		}
		if g >= 0 {
			theirs[g] += s
		}
		if f >= 0 && g >= 0 {
			both[[2]int32{f, g}] += s
		}
	}
	var pairs [][2]int32
	for pair, s := range both {
		if s > sameAs*ours[pair[0]] && s > sameAs*theirs[pair[1]] {
			pairs = append(pairs, pair)
		}
	}
	slices.SortFunc(pairs, func(x, y [2]int32) int { return cmp.Or(cmp.Compare(both[y], both[x]), slices.Compare(x[:], y[:])) })
	for _, pair := range pairs {
		take(int(pair[0]), n.ReferenceNames[pair[1]])
	}
}

// named is a place with its share of a footprint's people.
type named struct {
	name  string
	share float64
}

// joined puts places in a name.
func joined(places []named) string {
	var list []string
	long := false
	for _, p := range places {
		list = append(list, p.name)
		long = long || strings.Contains(p.name, " and ") || strings.Contains(p.name, ",")
	}
	if long || len(list) > 2 {
		last := len(list) - 1
		if !long {
			return strings.Join(list[:last], ", ") + " and " + list[last]
		}
		return strings.Join(list, ", ")
	}
	return strings.Join(list, " and ")
}

// mostPlaces is how many places a name may have.
const mostPlaces = 4

// shared is the part of a place that lies in a footprint.
type shared struct {
	footprint, place int32
	next             int32 // of the same place; -1 for none
	size             float64
}

// places lists the first few places of each footprint by falling share of its
// people.
func (n Naming) places(m *flow.Matrix, p Partition) [][]named {
	parts := n.parts(m, p)
	total := make([]float64, p.Len())
	for i := range parts {
		total[parts[i].footprint] += parts[i].size
	}
	out := make([][]named, p.Len())
	for i := range parts {
		q := &parts[i]
		one := named{name: n.ready.name[q.place]}
		if t := total[q.footprint]; t > 0 {
			one.share = q.size / t
		}
		// Of equals the one with the first area comes first.
		list := out[q.footprint]
		at := len(list)
		for at > 0 && list[at-1].share < one.share {
			at--
		}
		if at < mostPlaces {
			list = slices.Insert(list, at, one)
			out[q.footprint] = list[:min(len(list), mostPlaces)]
		}
	}
	return out
}

// parts adds up the sizes of areas by footprint and place, in the order of the
// first area of each.
func (n Naming) parts(m *flow.Matrix, p Partition) []shared {
	of := n.ready.of
	if of == nil {
		return nil
	}
	first := slices.Repeat([]int32{-1}, len(n.ready.name))
	parts := make([]shared, 0, len(of))
	for a, f := range p.Areas {
		if f < 0 || of[a] < 0 {
			continue
		}
		// Most places are in one footprint or two.
		i := first[of[a]]
		for i >= 0 && parts[i].footprint != f {
			i = parts[i].next
		}
		if i < 0 {
			i = int32(len(parts))
			parts = append(parts, shared{footprint: f, place: of[a], next: first[of[a]]})
			first[of[a]] = i
		}
		parts[i].size += n.sized(m, a)
	}
	return parts
}

// placeOf is the place that each area is of: its unit where units have names, else
// its own name without what places of its kind all carry.
func (n Naming) placeOf() []string {
	count := max(len(n.Areas), len(n.Units))
	if count == 0 {
		return nil
	}
	out := make([]string, count)
	whole := make([]string, count)
	different := map[string]bool{}
	for a := range out {
		if n.Areas != nil {
			whole[a] = PlainName(strings.TrimSuffix(n.Areas[a], n.Mark))
			out[a] = withoutNumber(whole[a])
			different[out[a]] = true
		}
	}
	if len(different) < 2 {
		copy(out, whole) // all are called alike but for the number
	}
	for a, u := range n.Units {
		if isName(u) {
			out[a] = u
		}
	}
	return out
}

// sharedEnd is an ending in brackets that all known names have, as " (synthetic)":
// it belongs to the whole, not to a place.
func sharedEnd(names []string) string {
	end := ""
	for _, name := range names {
		at := strings.LastIndex(name, " (")
		switch {
		case name == "":
		case at < 0 || !strings.HasSuffix(name, ")") || end != "" && name[at:] != end:
			return ""
		default:
			end = name[at:]
		}
	}
	return end
}

// isName says whether a text is a name rather than a code: it has a small letter
// and no digit.
func isName(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r > 127 }) && !strings.ContainsAny(s, "0123456789")
}

// withoutNumber is a name without the number that small areas carry, as Oldham 035
// or Oldham 035B.
func withoutNumber(name string) string {
	rest := name
	if n := len(rest); n > 0 && rest[n-1] >= 'A' && rest[n-1] <= 'Z' {
		rest = rest[:n-1]
	}
	front := strings.TrimRight(rest, "0123456789")
	if cut := strings.TrimRight(front, " \t\n\f\r"); len(front) < len(rest) && len(cut) < len(front) {
		return cut
	}
	return name
}

// organisations are what the names of organisations begin or end with.
var (
	leading  = []string{"NHS "}
	trailing = []string{
		" Clinical Commissioning Group", " Commissioning Group", " CCG", " Integrated Care Board", " ICB",
		" Metropolitan District", " District Council", " Borough Council", " City Council", " County Council", " Council",
		", City of", ", County of",
	}
)

// PlainName is a name without the words that every organisation of its kind has.
func PlainName(name string) string {
	for _, s := range leading {
		name = strings.TrimPrefix(name, s)
	}
	for _, s := range trailing {
		if rest := strings.TrimSuffix(name, s); rest != "" {
			name = rest
		}
	}
	return name
}
