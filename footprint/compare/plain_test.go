package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/graph"
)

func randomGroupings(rng *rand.Rand, n, ka, kb int) (a, b []int32) {
	a, b = make([]int32, n), make([]int32, n)
	for i := range n {
		a[i], b[i] = rng.Int32N(int32(ka)), rng.Int32N(int32(kb))
	}
	return a, b
}

// permutations calls visit with every order of n things.
func permutations(n int, visit func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var from func(int)
	from = func(k int) {
		if k == n {
			visit(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			from(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	from(0)
}

// shared is the mutual information of two groupings by its definition, in nats.
func shared(a, b []int32) float64 {
	n, mi := float64(len(a)), 0.0
	share := func(is func(i int) bool) float64 {
		k := 0.0
		for i := range a {
			if is(i) {
				k++
			}
		}
		return k / n
	}
	for x := range slices.Max(a) + 1 {
		for y := range slices.Max(b) + 1 {
			both := share(func(i int) bool { return a[i] == x && b[i] == y })
			if both > 0 {
				mi += both * math.Log(both/(share(func(i int) bool { return a[i] == x })*share(func(i int) bool { return b[i] == y })))
			}
		}
	}
	return mi
}

// The adjusted Rand index counted pair by pair, and the adjusted mutual
// information with its chance taken from every order of the things.
func TestAgreementFromItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	for range 12 {
		a, b := randomGroupings(rng, 7, 3, 3)
		got := Agree(a, b)
		both, inA, inB, pairs := 0.0, 0.0, 0.0, 0.0
		for i := range a {
			for j := range i {
				pairs++
				if a[i] == a[j] {
					inA++
				}
				if b[i] == b[j] {
					inB++
				}
				if a[i] == a[j] && b[i] == b[j] {
					both++
				}
			}
		}
		chance := inA * inB / pairs
		if want := (both - chance) / ((inA+inB)/2 - chance); (inA+inB)/2 != chance && math.Abs(got.ARI-want) > 1e-12 {
			t.Errorf("%v and %v: ARI %v, want %v", a, b, got.ARI, want)
		}
		ha, hb, mi := shared(a, a), shared(b, b), shared(a, b)
		if math.Abs(got.VI-(ha+hb-2*mi)) > 1e-12 {
			t.Errorf("%v and %v: VI %v, want %v", a, b, got.VI, ha+hb-2*mi)
		}
		if ha == 0 || hb == 0 || footprinttest.SameGrouping(a, b) {
			continue
		}
		mean, orders, mixed := 0.0, 0.0, make([]int32, len(a))
		permutations(len(a), func(order []int) {
			for i, k := range order {
				mixed[i] = a[k]
			}
			mean += shared(mixed, b)
			orders++
		})
		mean /= orders
		if want := (mi - mean) / ((ha+hb)/2 - mean); math.Abs(got.AMI-want) > 1e-9 {
			t.Errorf("%v and %v: AMI %v, want %v", a, b, got.AMI, want)
		}
		if want := 2 * mi / (ha + hb); math.Abs(got.NMI-want) > 1e-12 {
			t.Errorf("%v and %v: NMI %v, want %v", a, b, got.NMI, want)
		}
	}
}

// The matching leaves as few outside as the best of all ways to pair groups.
func TestMatchingIsTheBestOfAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	for range 60 {
		ka, kb := 1+rng.IntN(5), 1+rng.IntN(5)
		a, b := randomGroupings(rng, 5+rng.IntN(30), ka, kb)
		k, most := max(ka, kb), 0
		permutations(k, func(order []int) {
			in := 0
			for i := range a {
				if order[a[i]] == int(b[i]) {
					in++
				}
			}
			most = max(most, in)
		})
		if got := Agree(a, b).Moved; got != len(a)-most {
			t.Errorf("%v and %v: %d moved, want %d", a, b, got, len(a)-most)
		}
		matches, in := MatchGroups(a, b), 0
		seenA, seenB := map[int32]bool{}, map[int32]bool{}
		for _, x := range matches {
			if x.A >= 0 && seenA[x.A] || x.B >= 0 && seenB[x.B] || x.A < 0 && x.B < 0 {
				t.Errorf("%v and %v: a group twice in %v", a, b, matches)
			}
			seenA[x.A], seenB[x.B] = true, true
			in += x.Shared
		}
		if in != most {
			t.Errorf("%v and %v: matched groups share %d, want %d", a, b, in, most)
		}
	}
}

// A comparer finds what Agree finds, and so does one that shares its tables.
func TestComparerAgreesWithAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 1))
	const n = 60
	first := NewComparer(n)
	for i, c := range []*Comparer{first, first.Share()} {
		for range 30 {
			a, b := randomGroupings(rng, n, 1+rng.IntN(12), 1+rng.IntN(6))
			want := Agree(a, b)
			x, y := NewGrouping(a), NewGrouping(b)
			if got := c.AMI(x, y); math.Abs(got-want.AMI) > 1e-9 {
				t.Errorf("comparer %d: AMI %v, want %v", i, got, want.AMI)
			}
			if got := c.VI(x, y); math.Abs(got-want.VI) > 1e-9 {
				t.Errorf("comparer %d: VI %v, want %v", i, got, want.VI)
			}
			if c.AMI(x, x) != 1 || c.VI(x, x) != 0 {
				t.Errorf("comparer %d: a grouping with itself: %v and %v", i, c.AMI(x, x), c.VI(x, x))
			}
		}
	}
	if NewGrouping([]int32{0, -1}) != nil {
		t.Error("a grouping that leaves something out can be compared")
	}
}

// What a cell of the cross table holds is in both groups, and nothing is lost.
func TestCrossTableHoldsAll(t *testing.T) {
	a := []int32{1, 0, 1, -1, 0, 1}
	b := []int32{2, 5, 2, 2, -1, 0}
	want := []CrossCell{{0, 5, []int32{1}}, {1, 0, []int32{5}}, {1, 2, []int32{0, 2}}}
	got := CrossTable(a, b)
	if !slices.EqualFunc(got, want, func(x, y CrossCell) bool { return x.A == y.A && x.B == y.B && slices.Equal(x.Things, y.Things) }) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Long lists are counted, not named.
func TestCrossWordsOfManyThings(t *testing.T) {
	names := Labels{A: []string{"F01", "F02"}, B: []string{"West", "North"}}
	var a, b []int32
	add := func(n int, x, y int32) {
		for range n {
			a, b = append(a, x), append(b, y)
			names.Things = append(names.Things, string(rune('a'+len(names.Things))))
		}
	}
	add(8, 0, 0) // West in F01
	add(5, 1, 0) // West in F02
	add(3, 1, 1) // North in F02
	want := []string{
		"F01 = West less 5 areas",
		"F02 = North plus 5 of the 13 areas of West",
		"West is spread over F01 (8) and F02 (5)",
	}
	if got := CrossWords(a, b, names); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A move gains what the explanation of the node says it would, and nothing is
// known of a node or a footprint that is not there.
func TestMoveGainIsWhatIsExplained(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 6, 2)
	p := footprint.Partition{Areas: make([]int32, 20), Providers: make([]int32, len(m.Providers())), IDs: footprint.IDs(3)}
	for i := range p.Areas {
		p.Areas[i] = int32(i) % 3
	}
	for i := range p.Providers {
		p.Providers[i] = int32(i) % 3
	}
	for node := range graph.Nodes(m) {
		for _, gamma := range []float64{0.5, 2} {
			for _, e := range footprint.ExplainNode(m, p, node, gamma).Exchanges {
				to := int32(slices.Index(p.IDs, e.Footprint))
				if got, _ := MoveGain(m, p, node, to, gamma); math.Abs(got-e.Gain) > 1e-12 {
					t.Errorf("node %d to %s at γ %v: gain %v, explained as %v", node, e.Footprint, gamma, got, e.Gain)
				}
			}
		}
	}
	if gain, inside := MoveGain(m, p, 4, 1, 1); gain != 0 || inside != 0 {
		t.Errorf("to where it lies: %v and %v", gain, inside)
	}
	p.Areas[3] = footprint.Unplaced
	for _, c := range []struct {
		node int
		to   int32
	}{{3, 1}, {4, -1}, {4, 3}} {
		if gain, inside := MoveGain(m, p, c.node, c.to, 1); !math.IsNaN(gain) || !math.IsNaN(inside) {
			t.Errorf("node %d to %d: %v and %v, want NaN", c.node, c.to, gain, inside)
		}
	}
}
