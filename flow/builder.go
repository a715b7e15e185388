package flow

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Errors that Builder.Add returns, wrapped with the value that caused them.
var (
	ErrNegative  = errors.New("negative count")
	ErrNotFinite = errors.New("count is not a finite number")
	ErrBounds    = errors.New("bounds of a count are out of order")
	ErrEmptyCode = errors.New("empty code")
	ErrTooMany   = errors.New("more pairs than a matrix holds (2,147,483,647)")
	ErrOverflow  = errors.New("counts add up to more than 1e150, whose square cannot be added up")
	ErrTooLarge  = errors.New("count above 1e150, whose square cannot be added up")
)

// maxTotal bounds counts and their sum: measures and methods multiply two of
// them and add the products up.
const maxTotal = 1e150

// Report says what a Builder saw: nothing is dropped without being counted.
type Report struct {
	Rows            int // records added, zeros included
	DuplicatePairs  int // records that repeated an earlier pair and were added to it
	ZeroPairs       int // distinct pairs whose count came to 0; not in the matrix
	SuppressedCells int // distinct pairs of which some part was suppressed
	// Areas and providers that came only with zeros; not in the matrix.
	AreasWithoutFlow, ProvidersWithoutFlow []string
}

type triple struct {
	area, provider int32
	value          float64
}

type interval struct {
	area, provider   int32
	published, lower float64
	upper            float64
}

// Builder collects records into a Matrix. The zero value is not usable; see
// NewBuilder. The order in which records are added changes no bit of the result.
type Builder struct {
	oneMode     bool
	areas       interner
	providers   interner
	exact       records
	intervals   []interval
	lastArea    string
	lastProv    string
	lastAreaID  int32
	lastProvID  int32
	rows        int
	hasLastArea bool
	hasLastProv bool
	decimals    int8 // most digits after the point that a count has
}

type interner struct {
	ids   map[string]int32
	codes []string
}

func (t *interner) id(code string) int32 {
	if id, ok := t.ids[code]; ok {
		return id
	}
	id := int32(len(t.codes))
	code = strings.Clone(code)
	t.ids[code] = id
	t.codes = append(t.codes, code)
	return id
}

// NewBuilder makes an empty builder of a matrix of areas by providers.
func NewBuilder() *Builder {
	return &Builder{areas: interner{ids: map[string]int32{}}, providers: interner{ids: map[string]int32{}}}
}

// NewOneModeBuilder makes an empty builder of a one-mode matrix, in which areas
// and providers are the same places (commuting, a plain network). A record is
// a directed flow from its area to its provider.
func NewOneModeBuilder() *Builder {
	b := NewBuilder()
	b.oneMode = true
	return b
}

// Add adds count patients of area treated at provider. Codes are copied when
// new. A zero is counted and otherwise changes nothing. The error wraps
// ErrNegative, ErrNotFinite, ErrTooLarge, ErrBounds or ErrEmptyCode, and the builder is as
// before.
func (b *Builder) Add(area, provider string, c Count) error {
	if area == "" || provider == "" {
		return ErrEmptyCode
	}
	if err := check(c); err != nil {
		return err
	}
	// Tables are mostly sorted by one of the codes: remember the last of each.
	if !b.hasLastArea || area != b.lastArea {
		b.lastAreaID = b.Area(area)
		b.lastArea, b.hasLastArea = b.areas.codes[b.lastAreaID], true
	}
	if !b.hasLastProv || provider != b.lastProv {
		b.lastProvID = b.Provider(provider)
		b.lastProv, b.hasLastProv = provider, true
		if b.oneMode {
			b.lastProv = b.areas.codes[b.lastProvID]
		} else {
			b.lastProv = b.providers.codes[b.lastProvID]
		}
	}
	b.add(b.lastAreaID, b.lastProvID, c)
	return nil
}

// Area gives the number by which AddPair knows an area, whose code must not be
// empty. A code without a record of its own counts as an area without flow.
func (b *Builder) Area(code string) int32 { return b.areas.id(code) }

// Provider gives the number by which AddPair knows a provider, whose code must
// not be empty. In a one-mode matrix it is that of the area.
func (b *Builder) Provider(code string) int32 {
	if b.oneMode {
		return b.areas.id(code)
	}
	return b.providers.id(code)
}

// AddPair is Add for a caller that keeps the numbers of its codes. The error
// wraps ErrNegative, ErrNotFinite, ErrTooLarge, ErrBounds or, for a number that Area and
// Provider did not give, ErrEmptyCode.
func (b *Builder) AddPair(area, provider int32, c Count) error {
	providers := &b.providers
	if b.oneMode {
		providers = &b.areas
	}
	if uint(area) >= uint(len(b.areas.codes)) || uint(provider) >= uint(len(providers.codes)) {
		return ErrEmptyCode
	}
	if err := check(c); err != nil {
		return err
	}
	b.add(area, provider, c)
	return nil
}

func check(c Count) error {
	if c.Value < 0 || c.Lower < 0 || c.Published < 0 {
		return fmt.Errorf("%w: %v", ErrNegative, min(c.Value, c.Lower, c.Published))
	}
	if !(c.Value <= math.MaxFloat64 && c.Upper <= math.MaxFloat64) { // NaN fails too
		return fmt.Errorf("%w: %v", ErrNotFinite, c.Value)
	}
	if c.Upper > maxTotal {
		return fmt.Errorf("%w: %v", ErrTooLarge, c.Upper)
	}
	if !(c.Published <= c.Lower && c.Lower <= c.Value && c.Value <= c.Upper) {
		return fmt.Errorf("%w: %v to %v", ErrBounds, c.Lower, c.Upper)
	}
	return nil
}

func (b *Builder) add(area, provider int32, c Count) {
	b.rows++
	if c.Value != math.Trunc(c.Value) && b.decimals <= maxDecimals {
		b.decimals = max(b.decimals, decimals(c.Value))
	}
	if c.Suppressed() {
		b.intervals = append(b.intervals, interval{area, provider, c.Published, c.Lower, c.Upper})
	}
	b.exact.add(triple{area, provider, c.Value})
}

// Build makes the matrix of all that was added and says what was seen. Areas
// and providers are sorted by code. The builder must not be used afterwards.
// The error wraps ErrTooMany or ErrOverflow.
func (b *Builder) Build() (*Matrix, Report, error) {
	rep := Report{Rows: b.rows}
	if b.exact.n > math.MaxInt32 {
		return nil, rep, ErrTooMany
	}
	m := &Matrix{oneMode: b.oneMode, decimals: b.decimals}

	// 1. Sorted codes, and the rank of every interned one.
	providers := &b.providers
	if b.oneMode {
		providers = &b.areas
	}
	areaRank, areaCodes := ranks(b.areas.codes)
	provRank, provCodes := areaRank, areaCodes
	if !b.oneMode {
		provRank, provCodes = ranks(providers.codes)
	}

	// 2. Equal pairs added up.
	b.addUp(m, areaRank, provRank, len(areaCodes), len(provCodes), &rep)

	// 3. Codes that carry no flow leave the matrix, and are reported. In a
	// one-mode matrix they stay: a place without neighbours is still a place.
	if !b.oneMode {
		areaCodes, provCodes = b.dropEmpty(areaRank, provRank, areaCodes, provCodes, &rep)
	} else {
		for i := range b.intervals {
			v := &b.intervals[i]
			v.area, v.provider = areaRank[v.area], provRank[v.provider]
		}
	}
	m.areas, m.providers = areaCodes, provCodes

	// 4. Rows and columns.
	m.fill(&b.exact)
	b.exact = records{}
	if m.total.Value > maxTotal {
		return nil, rep, ErrOverflow
	}

	// 5. Bounds of what was suppressed.
	if len(b.intervals) > 0 {
		m.setBounds(b.intervals)
		rep.SuppressedCells = m.SuppressedCells()
	}
	if m.total.Upper > maxTotal {
		return nil, rep, ErrOverflow
	}
	return m, rep, nil
}

// addUp puts the records in the order (area, provider) by two stable counting
// sorts. Equal pairs are then added up in the order of their values, so that the
// order of the rows cannot show in the last bit.
func (b *Builder) addUp(m *Matrix, areaRank, provRank []int32, areas, providers int, rep *Report) {
	recs := &b.exact
	for _, block := range recs.blocks {
		for i := range block {
			t := &block[i]
			t.area, t.provider = areaRank[t.area], provRank[t.provider]
		}
	}
	recs.sort(areas, providers)
	n := 0
	var values []float64
	for i := 0; i < recs.n; {
		first := *recs.at(i)
		j := i + 1
		for ; j < recs.n; j++ {
			if t := recs.at(j); t.area != first.area || t.provider != first.provider {
				break
			}
		}
		sum := first.value
		if j > i+1 {
			rep.DuplicatePairs += j - i - 1
			values = values[:0]
			for k := i; k < j; k++ {
				values = append(values, recs.at(k).value)
			}
			sum = m.Tidy(sumSorted(values))
		}
		if sum > 0 {
			*recs.at(n) = triple{first.area, first.provider, sum}
			n++
		} else {
			rep.ZeroPairs++
		}
		i = j
	}
	recs.cut(n)
}

// sumSorted adds values up, the least first; it sorts them.
func sumSorted(values []float64) float64 {
	slices.Sort(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}

// dropEmpty takes out the codes that carry no flow, and gives those that stay.
func (b *Builder) dropEmpty(areaRank, provRank []int32, areas, providers []string, rep *Report) (keptAreas, keptProviders []string) {
	hasArea, hasProv := make([]bool, len(areas)), make([]bool, len(providers))
	for _, block := range b.exact.blocks {
		for _, t := range block {
			hasArea[t.area], hasProv[t.provider] = true, true
		}
	}
	var placeA, placeP []int32
	keptAreas, placeA, rep.AreasWithoutFlow = keep(areas, hasArea)
	keptProviders, placeP, rep.ProvidersWithoutFlow = keep(providers, hasProv)
	if len(rep.AreasWithoutFlow)+len(rep.ProvidersWithoutFlow) > 0 {
		for _, block := range b.exact.blocks {
			for i := range block {
				t := &block[i]
				t.area, t.provider = placeA[t.area], placeP[t.provider]
			}
		}
	}
	for i := range b.intervals {
		v := &b.intervals[i]
		v.area, v.provider = placeA[areaRank[v.area]], placeP[provRank[v.provider]]
	}
	return keptAreas, keptProviders
}

// ranks gives each code's place in sorted order, and the sorted codes.
func ranks(codes []string) ([]int32, []string) {
	order := make([]int32, len(codes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(codes[a], codes[b]) })
	rank, sorted := make([]int32, len(codes)), make([]string, len(codes))
	for r, i := range order {
		rank[i], sorted[r] = int32(r), codes[i]
	}
	return rank, sorted
}

// keep drops the codes that are not wanted: what is left, the new place of
// each old one (-1 for the dropped), and the dropped.
func keep(codes []string, want []bool) (kept []string, place []int32, dropped []string) {
	place = make([]int32, len(codes))
	kept = make([]string, 0, len(codes))
	for i, c := range codes {
		if want[i] {
			place[i] = int32(len(kept))
			kept = append(kept, c)
		} else {
			place[i] = -1
			dropped = append(dropped, c)
		}
	}
	return kept, place, dropped
}
