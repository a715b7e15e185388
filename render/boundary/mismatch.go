package boundary

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/flow/fault"
	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// MismatchKind is how borders miss each other.
type MismatchKind string

// The kinds of mismatch.
const (
	Gap     MismatchKind = "gap"     // land between areas that belongs to none
	Overlap MismatchKind = "overlap" // land that belongs to several areas
)

// Mismatch is a place where the borders of areas that ought to be the same
// differ.
type Mismatch struct {
	Kind     MismatchKind
	Areas    []int // the areas around a gap, or that overlap, rising
	Geometry orb.MultiPolygon
	At       orb.Point // a position in it
	AreaKM2  float64
	LengthKM float64 // of its outline
	Closed   bool    // by Options.Clean
}

// Mismatches are the places where borders do not match, in the order of the
// areas concerned.
func (b *Set) Mismatches() []Mismatch { return b.mismatches }

// An overlap is no slip of the pen if it takes this share of one of its areas
// and is this wide on average, in metres.
const (
	grossShare = 0.01
	grossWidth = 100
	// goneShare is the share of an area that cleaning must not take.
	goneShare = 0.5
)

// takeMismatches keeps what was found, says so, and refuses polygons that lie
// upon each other.
func (b *Set) takeMismatches(found []topology.Mismatch, o Options) error {
	var faults fault.List
	limit := grossShare
	if o.Clean {
		limit = goneShare
	}
	for _, f := range found {
		m := mismatchOf(f)
		if f.Overlap && f.Share >= limit && f.Width >= grossWidth {
			first, second := f.Areas[0], f.Areas[1]
			faults.Add(&fault.Error{File: b.file, Line: int(max(b.lines[first], b.lines[second])), Err: fmt.Errorf(
				"%w: %s and %s share %.3g km² about %.5f, %.5f", ErrOverlap, b.codes[first], b.codes[second], m.AreaKM2, m.At[0], m.At[1])})
		}
		b.mismatches = append(b.mismatches, m)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if len(found) > 0 {
		b.noteMismatches(o.Clean)
	}
	return nil
}

func mismatchOf(f topology.Mismatch) Mismatch {
	m := Mismatch{Kind: Gap, Geometry: f.Polygons, AreaKM2: AreaKM2(f.Polygons), LengthKM: f.LengthM / 1000, Closed: f.Closed, At: positionIn(f.Polygons)}
	if f.Overlap {
		m.Kind = Overlap
	}
	for _, a := range f.Areas {
		m.Areas = append(m.Areas, int(a))
	}
	return m
}

// noteMismatches says how many gaps and overlaps there are, and where most of
// them.
func (b *Set) noteMismatches(clean bool) {
	count, km2 := map[MismatchKind]int{}, map[MismatchKind]float64{}
	share := make([]float64, len(b.codes)) // of each area
	var listed []int
	for _, m := range b.mismatches {
		count[m.Kind]++
		km2[m.Kind] += m.AreaKM2
		for _, a := range m.Areas {
			share[a] += m.AreaKM2
			listed = append(listed, a)
		}
	}
	slices.Sort(listed)
	listed = slices.Compact(listed)
	slices.SortStableFunc(listed, func(a, c int) int { return cmp.Compare(share[c], share[a]) })
	names := make([]string, len(listed))
	for i, a := range listed {
		names[i] = b.codes[a]
	}
	var parts []string
	for _, kind := range []MismatchKind{Gap, Overlap} {
		if count[kind] > 0 {
			parts = append(parts, fmt.Sprintf("%s (%.3g km²)", words.Counted(count[kind], string(kind)), km2[kind]))
		}
	}
	done := "left as they are"
	if clean {
		done = "closed"
	}
	b.note("%s: borders do not match: %s, %s; in %s, most in %s", b.file, strings.Join(parts, " and "), done, words.Counted(len(listed), "area"), words.Some(names))
}

// noteOpenGaps says where borders run side by side without touching, open at
// both ends: cleaning cannot tell such a gap from coast and leaves it.
func (b *Set) noteOpenGaps() {
	gaps := b.cover.OpenGaps()
	if len(gaps) == 0 {
		return
	}
	widest := 0.0
	list := make([]string, len(gaps))
	for i, g := range gaps {
		widest = max(widest, g.WidthM)
		list[i] = fmt.Sprintf("%s and %s for %.3g km about %.5f, %.5f", b.codes[g.A], b.codes[g.B], g.LengthM/1000, g.At[0], g.At[1])
	}
	b.note("%s: borders of %s run beside each other without touching, which --clean takes for coast and --snap %.0f would draw together: %s",
		b.file, words.Counted(len(gaps), "pair"), math.Ceil(1.5*widest), words.Some(list))
}

// positionIn is a position in the largest polygon: the middle of the widest stretch
// of a line across it at half its height.
func positionIn(m orb.MultiPolygon) orb.Point {
	p := m[0]
	b := p[0].Bound()
	y := b.Center()[1]
	var xs []float64
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			if s, e := r[i-1], r[i]; (s[1] > y) != (e[1] > y) {
				xs = append(xs, s[0]+(y-s[1])/(e[1]-s[1])*(e[0]-s[0]))
			}
		}
	}
	slices.Sort(xs)
	at, width := b.Center()[0], 0.0
	for i := 1; i < len(xs); i += 2 {
		if w := xs[i] - xs[i-1]; w > width {
			at, width = xs[i-1]+w/2, w
		}
	}
	return orb.Point{at, y}
}
