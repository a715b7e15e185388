package boundary

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/render/datum"
	"stpmap/render/internal/labelpoint"
	"stpmap/render/internal/linework"
	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// Boundaries is the polygons of areas as a coverage with shared borders, in
// WGS84 degrees of at most six decimals. Areas are numbered by sorted code.
//
// Its methods do not change it and may be called at the same time.
type Set struct {
	file        string
	codes       []string
	names       []string
	populations []float64
	lines       []int32 // of the file, where each feature begins
	properties  []string
	values      [][]string // by property, by area
	crs         string
	grid        *datum.Grid
	notices     []string
	vertices    int
	cover       *topology.Coverage
	mismatches  []Mismatch
	approximate bool
	taken       PropertiesTaken

	nearOnce, lengthOnce, labelOnce sync.Once
	near                            *topology.Borders // without lengths, which take longer
	borders                         *topology.Borders
	labels                          []orb.Point
}

// Grid is the grid of shifts that the areas were read with, or nil.
func (b *Set) Grid() *datum.Grid { return b.grid }

// Codes are the areas' codes, sorted.
func (b *Set) Codes() []string { return b.codes }

// Names are the areas' names in the order of Codes, empty where unknown.
func (b *Set) Names() []string { return b.names }

// Populations are the areas' people in the order of Codes, NaN where unknown;
// nil if the file has no such property.
func (b *Set) Populations() []float64 { return b.populations }

// Properties are the names of the file's properties.
func (b *Set) Properties() []string {
	return slices.DeleteFunc(slices.Clone(b.properties), func(k string) bool { return k == "@id" })
}

// Property is a property of each area in the order of Codes, as text, empty
// where absent; false if the file has no such property. Case, spaces and
// underscores in the name do not count.
func (b *Set) Property(name string) ([]string, bool) {
	i := slices.Index(b.properties, name)
	if i < 0 {
		i = slices.IndexFunc(b.properties, func(k string) bool { return words.Plain(k) == words.Plain(name) })
	}
	if i < 0 {
		return nil, false
	}
	return b.values[i], true
}

// CRS is the reference system the file came in, as "EPSG:27700".
func (b *Set) CRS() string { return b.crs }

// Notices says in sentences what was done to the input and what does not fit
// in it.
func (b *Set) Notices() []string { return b.notices }

// Index is the number of the area with a code.
func (b *Set) Index(code string) (int, bool) { return slices.BinarySearch(b.codes, code) }

// Len is the number of areas.
func (b *Set) Len() int { return len(b.codes) }

// Vertices is the number of positions in the file, or, after Simplify, the
// number that its rings would have in one.
func (b *Set) Vertices() int { return b.vertices }

// build makes the coverage; emptied are areas of which holes take a polygon.
func (b *Set) build(ctx context.Context, r *topology.Rings, order, emptied []int32, o Options) error {
	cover, err := topology.Build(ctx, r, order)
	if err != nil {
		return err
	}
	cover, found, err := cover.Mend(ctx, topology.MendOptions{Snap: o.Snap, Clean: o.Clean})
	if err != nil {
		if errors.Is(err, linework.ErrTangled) {
			return &fault.Error{File: b.file, Err: err}
		}
		return err
	}
	b.cover = cover
	if n := cover.Collapsed; n > 0 {
		b.note("%s: %s without an area left out", b.file, words.Counted(n, "ring"))
	}
	b.sayGone(emptied)
	if err := b.takeMismatches(found, o); err != nil {
		return err
	}
	b.noteOpenGaps(o.Clean)
	b.sayMeaning()
	return nil
}

func (b *Set) touching() *topology.Borders {
	b.nearOnce.Do(func() { b.near = b.cover.Borders(false) })
	return b.near
}

func (b *Set) measured() *topology.Borders {
	b.lengthOnce.Do(func() { b.borders = b.cover.Borders(true) })
	return b.borders
}

// Neighbours yields the areas that share a border of positive length with area
// i, rising.
func (b *Set) Neighbours(i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		js, _ := b.touching().Of(i)
		for _, j := range js {
			if !yield(int(j)) {
				return
			}
		}
	}
}

// BorderKM is the length of the border between areas i and j in kilometres, on
// the ellipsoid; 0 if they share none.
func (b *Set) BorderKM(i, j int) float64 {
	js, metres := b.measured().Of(i)
	if k, ok := slices.BinarySearch(js, int32(j)); ok {
		return metres[k] / 1000
	}
	return 0
}

// adjacency renumbers neighbours by the areas of a flow matrix.
type adjacency struct {
	b       *Set
	inner   []int32 // boundary of each area, −1 for none
	outward []int32 // area of each boundary, −1 for none
}

// Adjacency gives neighbours by the index of codes, usually a matrix's areas.
// A code without a polygon has no neighbours.
func (b *Set) Adjacency(codes []string) footprint.Adjacency {
	a := adjacency{b: b, inner: make([]int32, len(codes)), outward: make([]int32, len(b.codes))}
	for i := range a.outward {
		a.outward[i] = -1
	}
	for k, code := range codes {
		a.inner[k] = -1
		if i, ok := b.Index(code); ok {
			a.inner[k] = int32(i)
			a.outward[i] = int32(k)
		}
	}
	return a
}

func (a adjacency) Neighbours(area int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if area < 0 || area >= len(a.inner) || a.inner[area] < 0 {
			return
		}
		js, _ := a.b.touching().Of(int(a.inner[area]))
		out := make([]int32, 0, len(js))
		for _, j := range js {
			if k := a.outward[j]; k >= 0 {
				out = append(out, k)
			}
		}
		slices.Sort(out)
		for _, k := range out {
			if !yield(int(k)) {
				return
			}
		}
	}
}

// Polygons is the geometry of area i: shells anticlockwise, holes clockwise,
// rings closed, the largest polygon first. All is faster for many areas.
func (b *Set) Polygons(i int) orb.MultiPolygon { return b.cover.Area(i) }

// All is the geometry of every area, as Polygons gives it.
func (b *Set) All() []orb.MultiPolygon {
	group := make([]int32, len(b.codes))
	for i := range group {
		group[i] = int32(i)
	}
	return b.cover.Dissolve(group, len(group))
}

// LabelPoints are the label point of every area (see LabelPoint), found once.
// They are shared: do not change them.
func (b *Set) LabelPoints() []orb.Point { return b.LabelPointsOf(b.All) }

// LabelPointsOf takes the areas' polygons from all, if it needs them.
func (b *Set) LabelPointsOf(polygons func() []orb.MultiPolygon) []orb.Point {
	b.labelOnce.Do(func() {
		all := polygons()
		b.labels = make([]orb.Point, len(all))
		var l labelpoint.Labeller
		for i, m := range all {
			b.labels[i] = l.Place(m)
		}
	})
	return b.labels
}

// Dissolve unites areas by group: group[i] is the group of area i, from 0 to
// n−1, or −1 to leave it out. The borders of two groups are the same positions
// in both; polygons are valid, as Polygons describes them, with six decimals
// at most. A group without an area is nil. Where the areas overlap so do the
// groups; Mismatches says where.
func (b *Set) Dissolve(group []int32, n int) []orb.MultiPolygon {
	return b.cover.Dissolve(group, n)
}
