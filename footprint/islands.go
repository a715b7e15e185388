package footprint

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/footprint/internal/grouping"
)

// Link is two areas that count as neighbours though they do not touch.
type Link struct {
	A, B int32 // areas by index
	// Patients is what the two exchange: see SharedPatients. 0 for a link that was given.
	Patients float64
}

// Land is the areas' neighbours with links over water, and what was found of
// the land: an Adjacency for every demand, measure and method.
//
// An area without any neighbour (an island of one area) is left alone: whoever
// asks for one piece exempts it. A piece of several areas that is cut off from
// the largest one is tied to it, or no footprint could hold it together with
// what its patients use.
type Land struct {
	// Pieces is the number of pieces of land before any link.
	Pieces int
	// Given are the links that were given, Ties those made for pieces of several
	// areas, sorted by area.
	Given, Ties []Link
	// Loose are pieces of several areas that stay cut off: no patients tie them
	// to the largest, or ties are not wanted.
	Loose [][]int32

	ground *Ground // of areas, with the links
}

// LandOptions say how the land is joined.
type LandOptions struct {
	// OnMap says of each area whether it has a polygon; nil means all have.
	OnMap []bool
	// Links are pairs of areas that count as neighbours: a bridge, a ferry.
	Links [][2]int32
	// Strict makes no ties beyond Links.
	Strict bool
}

// NewLand finds the pieces of land of a matrix's areas. A piece of several
// areas that neither land nor a link joins to the largest piece is tied to it by
// the pair of areas that exchange the most patients, of equals the first pair.
// The largest piece is the one of most areas, then of most patients.
func NewLand(m *flow.Matrix, adjacency Adjacency, o LandOptions) *Land {
	n := len(m.Areas())
	shore := GroundOf(adjacency, n)
	sets := grouping.NewSets(n)
	shore.Join(make([]int32, n), sets)
	l := &Land{}
	for a := range int32(n) {
		if sets.Find(a) == a && (o.OnMap == nil || o.OnMap[a]) {
			l.Pieces++
		}
	}
	for _, ends := range o.Links {
		link := Link{A: min(ends[0], ends[1]), B: max(ends[0], ends[1])}
		if link.A != link.B && !slices.Contains(l.Given, link) {
			l.Given = append(l.Given, link)
			sets.Union(link.A, link.B)
		}
	}
	l.tie(m, sets, o.Strict)
	l.ground = shore.linked(slices.Concat(l.Given, l.Ties))
	return l
}

// tie ties the pieces of several areas that are cut off to the largest.
func (l *Land) tie(m *flow.Matrix, sets grouping.Sets, strict bool) {
	main, others := piecesOfLand(m, sets)
	for _, piece := range others {
		tie, ok := strongest(m, piece, func(b int32) bool { return sets.Find(b) == main })
		if strict || !ok {
			l.Loose = append(l.Loose, piece)
			continue
		}
		l.Ties = append(l.Ties, tie)
	}
}

// linked is the ground with links beside its borders.
func (g *Ground) linked(links []Link) *Ground {
	over := map[int32][]int32{}
	for _, l := range links {
		if !g.Borders(l.A, l.B) {
			over[l.A], over[l.B] = append(over[l.A], l.B), append(over[l.B], l.A)
		}
	}
	return NewGround(len(g.landed), func(place int32, visit func(int32)) {
		g.Visit(place, visit)
		for _, b := range over[place] {
			visit(b)
		}
	})
}

// Neighbours yields the areas that an area touches or is linked to, rising.
func (l *Land) Neighbours(area int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, b := range l.ground.Near(int32(area)) {
			if !yield(int(b)) {
				return
			}
		}
	}
}

// piecesOfLand gives the root of the largest piece, and the others of several
// areas by their first area.
func piecesOfLand(m *flow.Matrix, sets grouping.Sets) (main int32, others [][]int32) {
	pieces := map[int32][]int32{}
	patients := map[int32]float64{}
	for a := range int32(len(sets)) {
		r := sets.Find(a)
		pieces[r] = append(pieces[r], a)
		patients[r] += m.RowTotal(int(a))
	}
	main = -1
	for r := range int32(len(sets)) {
		if len(pieces[r]) == 0 {
			continue
		}
		if main < 0 || len(pieces[r]) > len(pieces[main]) || len(pieces[r]) == len(pieces[main]) && patients[r] > patients[main] {
			main = r
		}
	}
	for r := range int32(len(sets)) {
		if r != main && len(pieces[r]) > 1 {
			others = append(others, pieces[r])
		}
	}
	return main, others
}

// strongest finds the pair of an area of a piece and one of those wanted that
// exchange most; false where none exchange any.
func strongest(m *flow.Matrix, piece []int32, wanted func(int32) bool) (best Link, ok bool) {
	for _, a := range piece {
		sums := SharedPatients(m, a)
		for b := range int32(len(sums)) {
			if x := sums[b]; x > best.Patients && wanted(b) {
				best, ok = Link{A: min(a, b), B: max(a, b), Patients: x}, true
			}
		}
	}
	return best, ok
}

// SharedPatients is how many patients an area has in common with each other area: for
// each provider, the smaller of the two areas' counts there. In a one-mode
// matrix it is the flow between the two, in both directions together.
func SharedPatients(m *flow.Matrix, area int32) []float64 {
	out := make([]float64, len(m.Areas()))
	providers, counts := m.Row(int(area))
	if m.OneMode() {
		from, back := m.Column(int(area))
		for k, b := range providers {
			out[b] += counts[k]
		}
		for k, b := range from {
			out[b] += back[k]
		}
		out[area] = 0
		return out
	}
	for k, j := range providers {
		areas, theirs := m.Column(int(j))
		for i, b := range areas {
			if b != area {
				out[b] += min(counts[k], theirs[i])
			}
		}
	}
	return out
}

// Notes says in sentences what was tied and what stays cut off; codes are the
// areas'.
func (g *Land) Notes(codes []string) (notes []string) {
	if len(g.Ties) > 0 {
		list := make([]string, 0, maxNamed)
		for _, t := range g.Ties[:min(len(g.Ties), maxNamed)] {
			list = append(list, fmt.Sprintf("%s with %s (%s patients)", codes[t.A], codes[t.B], patientsText(t.Patients)))
		}
		what := "1 group of areas is"
		if len(g.Ties) > 1 {
			what = fmt.Sprintf("%d groups of areas are", len(g.Ties))
		}
		notes = append(notes, fmt.Sprintf("%s cut off from the largest piece of land. Each is tied to it where it shares most patients: %s%s. --links names other ties, --strict-islands makes none",
			what, strings.Join(list, ", "), more(len(g.Ties))))
	}
	if len(g.Loose) > 0 {
		list := make([]string, 0, maxNamed)
		for _, p := range g.Loose[:min(len(g.Loose), maxNamed)] {
			list = append(list, pieceText(p, codes))
		}
		notes = append(notes, fmt.Sprintf("cut off from the largest piece of land, and not tied to it: %s%s", strings.Join(list, "; "), more(len(g.Loose))))
	}
	return notes
}

// maxNamed is how many places a note names.
const maxNamed = 5

func more(n int) string {
	if n <= maxNamed {
		return ""
	}
	return fmt.Sprintf(" and %d more", n-maxNamed)
}

func pieceText(piece []int32, codes []string) string {
	var names []string
	for _, a := range piece[:min(len(piece), maxNamed)] {
		names = append(names, codes[a])
	}
	return strings.Join(names, " ") + more(len(piece))
}

// patientsText writes patients without needless decimals.
func patientsText(x float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
}
