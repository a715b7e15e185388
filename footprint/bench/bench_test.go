package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

// town is a case of some size, with people and borders, clustered.
func town(t testing.TB, areas, providers int, seed uint64) *Case {
	t.Helper()
	m, people, near := footprinttest.Neighbourhoods(t, areas, providers, seed)
	m, _ = m.Protect(5)
	p, err := leiden.Leiden{Resolution: 1, Seed: 1, Constraints: footprint.Constraints{Population: people}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	c := &Case{
		Version: "test", Matrix: m, AreaNames: make([]string, len(m.Areas())), ProviderNames: make([]string, len(m.Providers())),
		Population: people, Neighbours: NeighboursOf(near, len(m.Areas())), Start: p, Demands: Demands{Restarts: 2},
	}
	for a := range c.AreaNames {
		c.AreaNames[a] = fmt.Sprintf("Place, %d", a)
	}
	return c
}

func opened(t testing.TB, c *Case) *Bench {
	t.Helper()
	return New(c)
}

func do(t testing.TB, b *Bench, r Record) {
	t.Helper()
	if _, _, err := b.Do(r); err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// randomRecord is any step that a person may take.
func randomRecord(rng *rand.Rand, b *Bench) Record {
	v := int32(rng.IntN(len(b.Book.Places)))
	areas, providers := b.Book.Named([]int32{v})
	id := b.Book.IDs[rng.IntN(len(b.Book.IDs))]
	switch x := rng.IntN(100); {
	case x < 60:
		return Record{Op: OpMove, Areas: areas, Providers: providers, Footprint: id, Stroke: rng.IntN(3)}
	case x < 66:
		return Record{Op: OpLock, Areas: areas, Providers: providers}
	case x < 70:
		return Record{Op: OpUnlock, Areas: areas, Providers: providers}
	case x < 82:
		return Record{Op: OpUndo}
	case x < 90:
		return Record{Op: OpRedo}
	case x < 92:
		return Record{Op: OpMend, What: MendPieces}
	case x < 94:
		return Record{Op: OpRecluster, Resolution: 0.5 + rng.Float64(), Seed: uint64(rng.IntN(9))}
	case x < 95:
		return Record{Op: OpAdd}
	case x < 97:
		return Record{Op: OpOption, Name: string(rune('A' + rng.IntN(3)))}
	default:
		return Record{Op: OpRestore, Name: string(rune('A' + rng.IntN(3)))}
	}
}

// After any steps the figures are those of the partition as anyone computes them,
// undo to the start gives the start, redo the end, and a replay of the session the
// same table.
func TestRandomSessions(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 22))
		c := town(t, 90, 8, seed)
		b := opened(t, c)
		start := b.PartitionText()
		for step := range 250 {
			r := randomRecord(rng, b)
			before := b.PartitionText()
			if _, _, err := b.Do(r); err != nil && b.PartitionText() != before {
				t.Fatalf("seed %d, step %d: %+v was refused (%v) and changed the map", seed, step, r, err)
			}
			if step%5 == 0 {
				checkFigures(t, b)
			}
		}
		checkReplay(t, c, b)
		for b.Book.CanRedo() {
			do(t, b, Record{Op: OpRedo})
		}
		end := b.PartitionText()
		for b.Book.CanUndo() {
			do(t, b, Record{Op: OpUndo})
		}
		checkFigures(t, b)
		if b.PartitionText() != start || slices.Contains(b.Book.Locked, true) {
			t.Errorf("seed %d: undo to the start does not give the start", seed)
		}
		for b.Book.CanRedo() {
			do(t, b, Record{Op: OpRedo})
		}
		if b.PartitionText() != end {
			t.Errorf("seed %d: redo to the end does not give the end", seed)
		}
	}
}

// checkFigures holds the bench's figures against those of its partition.
func checkFigures(t *testing.T, b *Bench) {
	t.Helper()
	cut := 0
	for a := range b.Neighbours {
		for other := range b.Neighbours.Neighbours(a) {
			if b.Book.Label[a] != b.Book.Label[other] {
				cut++
			}
		}
	}
	if got := b.State().CutBorders; (got == nil) != (b.Neighbours == nil) || got != nil && *got*2 != cut {
		t.Errorf("cut_borders %v, want half of %d", got, cut)
	}
	label := slices.Clone(b.Book.Label)
	want := footprint.Measure(b.Matrix, b.partition(b.Book.IDs, label), b.Population, b.adjacency())
	if got := fmt.Sprintf("%+v", b.live.Measures); got != fmt.Sprintf("%+v", want) {
		t.Fatalf("figures are\n%s, want\n%+v", got, want)
	}
	s := b.State()
	for _, f := range s.Footprints {
		i := slices.Index(b.Book.IDs, f.ID)
		fm := want.ByFootprint[i]
		if f.Areas != fm.Areas || f.Providers != fm.Providers || f.PatientsInside != fm.Inside.Published || f.Areas+f.Providers == 0 {
			t.Fatalf("%s is %+v, want %+v", f.ID, f, fm)
		}
	}
	if *s.InsideShare != want.InsideShare || *s.Modularity != want.Modularity {
		t.Fatalf("the state says %v and %v, want %v and %v", *s.InsideShare, *s.Modularity, want.InsideShare, want.Modularity)
	}
}

// checkReplay replays the session with and without the flows.
func checkReplay(t *testing.T, c *Case, b *Bench) {
	t.Helper()
	text := b.SessionText()
	s, err := ReadSession("s.jsonl", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	again := opened(t, c)
	if err := again.Continue(s); err != nil {
		t.Fatal(err)
	}
	if again.PartitionText() != b.PartitionText() || again.SessionText() != text {
		t.Error("a bench that goes on from the session is another one")
	}
	if err := s.Replay("s.jsonl"); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := s.Book.WritePartition(&out); err != nil {
		t.Fatal(err)
	}
	if out.String() != b.PartitionText() {
		t.Error("the session replayed without flows ends with another partition")
	}
}

// A re-clustering is what the method gives with the same demands; locked places
// are those that it holds.
func TestRecluster(t *testing.T) {
	c := town(t, 150, 10, 7)
	c.Demands.Contiguous = true
	b := opened(t, c)
	do(t, b, Record{Op: OpRecluster, Footprints: 4, Seed: 3})
	cs := footprint.Constraints{Footprints: 4, Contiguous: c.Neighbours, Population: c.Population}
	want, err := leiden.Leiden{Seed: 3, Restarts: 2, Constraints: cs}.Partition(t.Context(), c.Matrix)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.Book.Label, slices.Concat(want.Areas, want.Providers)) || !slices.Equal(b.Book.IDs, want.IDs) {
		t.Error("without locks it is not the method's")
	}
	held, providers := b.Book.Named([]int32{0, 5, 9, 151})
	do(t, b, Record{Op: OpLock, Areas: held, Providers: providers})
	do(t, b, Record{Op: OpRecluster, Resolution: 2, Seed: 5})
	cs.Footprints, cs.Start, cs.Fixed = 0, &want, make([]bool, len(b.Book.Places))
	for _, v := range []int32{0, 5, 9, 151} {
		cs.Fixed[v] = true
	}
	fixed, err := leiden.Leiden{Resolution: 2, Seed: 5, Restarts: 2, Constraints: cs}.Partition(t.Context(), c.Matrix)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.Book.Label, slices.Concat(fixed.Areas, fixed.Providers)) {
		t.Error("with locks it is not the method's")
	}
	for _, r := range []Record{{Op: OpRecluster, Footprints: 3, Resolution: 1}, {Op: OpRecluster, Footprints: -1}, {Op: OpRecluster, Resolution: -1}, {Op: OpRecluster, Footprints: 5000}} {
		if _, _, err := b.Do(r); err == nil {
			t.Errorf("%+v was done", r)
		}
	}
}

// Locked places refuse to move; units move as a whole; the strokes of a brush are
// one step to undo.
func TestMoves(t *testing.T) {
	c := town(t, 100, 8, 3)
	c.Demands.KeepWhole = []footprint.Unit{{Name: "Council", Areas: []int32{1, 2, 3}}}
	c.Demands.Together = [][]int32{{3, 4}}
	b := opened(t, c)
	code := func(v int32) []string { return []string{b.Book.Places[v].Code} }
	other := b.Book.IDs[(b.Book.Label[1]+1)%int32(len(b.Book.IDs))]
	do(t, b, Record{Op: OpMove, Areas: code(1), Footprint: other})
	for v := int32(1); v <= 4; v++ {
		if b.Book.IDs[b.Book.Label[v]] != other {
			t.Errorf("area %d stays behind its unit", v)
		}
	}
	do(t, b, Record{Op: OpLock, Areas: code(2)})
	if _, _, err := b.Do(Record{Op: OpMove, Areas: code(1), Footprint: b.Book.IDs[0]}); err == nil && other != b.Book.IDs[0] {
		t.Error("a locked unit moved")
	}
	began := b.PartitionText()
	for i := range int32(3) {
		do(t, b, Record{Op: OpMove, Areas: code(20 + i), Footprint: other, Stroke: 7})
	}
	do(t, b, Record{Op: OpUndo})
	if b.PartitionText() != began {
		t.Error("a stroke is more than one step")
	}
	do(t, b, Record{Op: OpLock, Footprint: other})
	if members := b.Book.Members(int32(slices.Index(b.Book.IDs, other))); slices.ContainsFunc(members, func(v int32) bool { return !b.Book.Locked[v] }) {
		t.Error("the lock of a footprint leaves places free")
	}
	for _, r := range []Record{{Op: OpMove}, {Op: OpMove, Areas: []string{"nowhere"}, Footprint: other}, {Op: OpMove, Areas: code(50), Footprint: "nowhere"}, {Op: "fly"}, {Op: OpRestore, Name: "none"}, {Op: OpOption}, {Op: OpMend, What: "roads"}, {Op: OpMend, What: MendPeople}} {
		if _, _, err := b.Do(r); err == nil {
			t.Errorf("%+v was done", r)
		}
	}
}

// A suggested move gains what it says, and breaks nothing; none moves what is
// locked.
func TestSuggest(t *testing.T) {
	c := town(t, 150, 10, 5)
	c.Demands.MinPopulation = 50_000
	rng := rand.New(rand.NewPCG(5, 5))
	b := opened(t, c)
	for range 25 {
		v := int32(rng.IntN(len(b.Book.Places)))
		areas, providers := b.Book.Named([]int32{v})
		do(t, b, Record{Op: OpMove, Areas: areas, Providers: providers, Footprint: b.Book.IDs[rng.IntN(len(b.Book.IDs))]})
	}
	list := b.Suggest()
	if len(list) < 3 {
		t.Fatalf("%d moves are suggested", len(list))
	}
	unmet := len(b.unmet())
	total := c.Matrix.Total().Value
	for i, s := range list {
		if i > 0 && s.Gain > list[i-1].Gain {
			t.Errorf("move %d gains more than the one before", i)
		}
		r := Record{Op: OpMove, Footprint: s.To}
		for _, p := range s.Places {
			if p.Kind == Area {
				r.Areas = append(r.Areas, p.Code)
			} else {
				r.Providers = append(r.Providers, p.Code)
			}
		}
		before := *b.State().InsideShare
		do(t, b, r)
		if gain := (*b.State().InsideShare - before) * total; math.Abs(gain-s.Gain) > 1e-6*total || gain <= 0 {
			t.Errorf("move %d gains %v, and says %v", i, gain, s.Gain)
		}
		if n := len(b.unmet()); n > unmet {
			t.Errorf("move %d leaves %d demands unmet, %d before", i, n, unmet)
		}
		do(t, b, Record{Op: OpUndo})
	}
	do(t, b, Record{Op: OpLock, Areas: c.Matrix.Areas(), Providers: c.Matrix.Providers()})
	if list := b.Suggest(); len(list) > 0 {
		t.Errorf("all is locked, and %d moves are suggested", len(list))
	}
}

// What a candidate gains is what the move changes, of one place, of places that
// move together and of an area with a provider.
func TestCandidates(t *testing.T) {
	c := town(t, 120, 9, 11)
	c.Demands.Together = [][]int32{{3, 4}}
	b := opened(t, c)
	rng := rand.New(rand.NewPCG(11, 1))
	for range 40 {
		areas, providers := b.Book.Named([]int32{int32(rng.IntN(len(b.Book.Places)))})
		do(t, b, Record{Op: OpMove, Areas: areas, Providers: providers, Footprint: b.Book.IDs[rng.IntN(len(b.Book.IDs))]})
	}
	unit, _ := b.Book.Named([]int32{3})
	do(t, b, Record{Op: OpMove, Areas: unit, Footprint: b.Book.IDs[(b.Book.Label[3]+1)%int32(len(b.Book.IDs))]})
	kinds := map[string]int{}
	for _, x := range newExchange(b).candidates() {
		kind := "one"
		if len(x.nodes) > 1 {
			kind = "together"
			if x.nodes[1] >= int32(b.Book.Areas) {
				kind = "pair"
			}
		}
		if kinds[kind]++; kinds[kind] > 100 {
			continue
		}
		if got := b.try(x.nodes, slices.Repeat([]int32{x.to}, len(x.nodes))).inside; math.Abs(got-x.gain) > 1e-9*c.Matrix.Total().Value {
			t.Errorf("%s %v gains %v, and %v are said", kind, x.nodes, got, x.gain)
		}
	}
	if kinds["one"] < 20 || kinds["pair"] < 5 || kinds["together"] < 1 {
		t.Errorf("too few candidates: %v", kinds)
	}
}

// Mending makes each footprint one piece, or brings people within bounds, and
// moves few areas.
func TestMend(t *testing.T) {
	c := town(t, 144, 9, 11)
	b := opened(t, c)
	do(t, b, Record{Op: OpMend, What: MendPieces})
	whole := *b.State().Contiguous
	moved := 0
	for v := int32(0); v < 144 && moved < 4; v += 31 {
		to := b.Book.IDs[(b.Book.Label[v]+2)%int32(len(b.Book.IDs))]
		areas, _ := b.Book.Named([]int32{v})
		do(t, b, Record{Op: OpMove, Areas: areas, Footprint: to})
		moved++
	}
	broken := *b.State().Contiguous
	do(t, b, Record{Op: OpMend, What: MendPieces})
	if is := *b.State().Contiguous; is < whole || broken >= whole {
		t.Errorf("%d footprints in one piece, %d when broken, %d before", is, broken, whole)
	}
	checkFigures(t, b)

	people := 0.0
	for _, f := range b.State().Footprints {
		people = max(people, *f.Population)
	}
	c = town(t, 144, 9, 11)
	c.Demands.MaxPopulation = people * 0.9
	b = opened(t, c)
	do(t, b, Record{Op: OpMend, What: MendPieces})
	before, label := excess(b), slices.Clone(b.Book.Label)
	do(t, b, Record{Op: OpMend, What: MendPeople})
	n := 0
	for v := range label {
		if b.Book.Label[v] != label[v] {
			n++
		}
	}
	if after := excess(b); after >= before || n == 0 || n > 40 {
		t.Errorf("%v people over the bound, %v before; %d places moved", after, before, n)
	}
	checkFigures(t, b)
}

// excess is how many people are over the bound.
func excess(b *Bench) (sum float64) {
	for _, f := range b.State().Footprints {
		if f.Population != nil {
			sum += max(0, *f.Population-b.demands.MaxPopulation)
		}
	}
	return sum
}

// Without borders, one mode, places in no footprint: all of it opens.
func TestBareCases(t *testing.T) {
	m := footprinttest.RandomPlaces(t, 40, 3)
	p, err := leiden.Leiden{Seed: 1}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	p.Areas[3] = footprint.Unplaced
	c := &Case{Matrix: m, AreaNames: make([]string, 40), Start: p}
	packed, err := Unpack(c.Pack())
	if err != nil {
		t.Fatal(err)
	}
	b := opened(t, packed)
	do(t, b, Record{Op: OpMove, Areas: []string{m.Areas()[3]}, Footprint: p.IDs[0]})
	do(t, b, Record{Op: OpMove, Areas: []string{m.Areas()[5]}, Footprint: ""})
	checkFigures(t, b)
	if s := b.State(); s.Contiguous != nil || s.Footprints[0].Contiguous != nil || s.Footprints[0].Population != nil {
		t.Errorf("what is not known is said: %s", asJSON(t, s))
	}
	if _, _, err := b.Do(Record{Op: OpMend, What: MendPieces}); err == nil {
		t.Error("pieces were mended without borders")
	}
	if len(b.Suggest()) == 0 {
		t.Log("no move helps")
	}
	if _, err := b.Why(2, ""); err != nil {
		t.Error(err)
	}
	if m.HasSuppressed() || flow.Exactly(1).Suppressed() {
		t.Error("counts are hidden that were not")
	}
}

// Footprints are named as on the maps, before and after any step; the names of a
// table hold while its ids do.
func TestNames(t *testing.T) {
	c := town(t, 90, 8, 7)
	for a := range c.AreaNames {
		c.AreaNames[a] = fmt.Sprintf("NHS Place%c %03d (made)", 'A'+a%9, a)
	}
	c.NameMark = " (made)"
	c.Demands.KeepWhole = []footprint.Unit{{Name: "Rutland", Areas: []int32{1, 2}}}
	c.Names = slices.Repeat([]string{""}, len(c.Start.IDs))
	c.Names[1] = "The East"
	b := opened(t, c)
	rng := rand.New(rand.NewPCG(7, 7))
	units := make([]string, 90)
	units[1], units[2] = "Rutland", "Rutland"
	for range 40 {
		_, _, _ = b.Do(randomRecord(rng, b)) // what is refused changes nothing
		n := footprint.Naming{Areas: c.AreaNames, Size: c.Population, Mark: c.NameMark, Units: units}
		if !b.reclustered() {
			n.Given = map[string]string{c.Start.IDs[1]: "The East"}
		}
		want := n.Names(c.Matrix, b.live.Partition)
		for _, f := range b.State().Footprints {
			w := want[slices.Index(b.Book.IDs, f.ID)]
			if w != "" {
				w += " (made)"
			}
			if f.Name != w {
				t.Fatalf("%s is called %q, on a map %q", f.ID, f.Name, w)
			}
		}
	}
}

// The names of the reference hold for footprints that are nearly its own.
func TestNamesOfTheReference(t *testing.T) {
	c := town(t, 60, 6, 8)
	c.Reference = &c.Start
	for _, id := range c.Start.IDs {
		c.ReferenceNames = append(c.ReferenceNames, "System "+id)
	}
	b := opened(t, c)
	for _, f := range b.State().Footprints {
		if f.Name != "System "+f.ID {
			t.Errorf("%s is called %q", f.ID, f.Name)
		}
	}
}
