package infomap

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
)

// entropy is that of a code book whose words are used at these rates.
func entropy(rates []float64) (bits, use float64) {
	for _, r := range rates {
		use += r
	}
	for _, r := range rates {
		if r > 0 {
			bits -= r / use * math.Log2(r/use)
		}
	}
	return bits, use
}

// plainCodelength is the map equation as it is defined (Rosvall and Bergstrom
// 2008, doi:10.1073/pnas.0706851105): an index code book of module entries, and
// for each module a code book of its nodes and its exit.
func plainCodelength(n *mapNetwork, label []int32, modules int) float64 {
	enter, exit := make([]float64, modules), make([]float64, modules)
	for v := range int32(n.nodes()) {
		to, rates := n.out.row(v)
		for k, u := range to {
			if label[u] != label[v] {
				exit[label[v]] += rates[k]
				enter[label[u]] += rates[k]
			}
		}
	}
	bits, use := entropy(enter)
	sum := bits * use
	for c := range modules {
		words := []float64{exit[c]}
		for v, l := range label {
			if int(l) == c {
				words = append(words, n.visit[v])
			}
		}
		bits, use := entropy(words)
		sum += bits * use
	}
	return sum
}

func mapNetworks(t *testing.T, seed uint64) map[string]*mapNetwork {
	return map[string]*mapNetwork{
		"patients": undirectedNetwork(footprinttest.RandomFlows(t, 25, 7, seed)),
		"places":   undirectedNetwork(footprinttest.RandomTowns(t, 25, 150, seed)),
		"directed": directedNetwork(footprinttest.RandomTowns(t, 25, 150, seed), 0.15),
		"longer":   directedNetwork(footprinttest.RandomTowns(t, 25, 150, seed), 0.15).atTime(1.7),
	}
}

// The codelength is that of the code books, also where steps are longer, and
// with all in one module the entropy of the visits.
func TestCodelengthIsThatOfTheCodeBooks(t *testing.T) {
	for seed := range uint64(4) {
		for name, n := range mapNetworks(t, seed) {
			rng := rand.New(rand.NewPCG(seed, 1))
			for _, k := range []int{1, 3, 8} {
				label := make([]int32, n.nodes())
				for v := range label {
					label[v] = rng.Int32N(int32(k))
				}
				modules := grouping.Compact(label, k)
				if got, want := n.codelength(label, modules), plainCodelength(n, label, modules); !footprinttest.Near(got, want, 1e-10) {
					t.Errorf("%s %d, %d modules: %v bits, want %v", name, seed, modules, got, want)
				}
			}
			visits, all := entropy(n.visit)
			if got := n.codelength(make([]int32, n.nodes()), 1); !footprinttest.Near(got, visits, 1e-10) || !footprinttest.Near(all, 1, 1e-12) {
				t.Errorf("%s %d: one module takes %v bits, want %v; visits add up to %v", name, seed, got, visits, all)
			}
		}
	}
}

// The codelength of flows without a network is that of the network.
func TestCodelengthOfFlows(t *testing.T) {
	m := footprinttest.RandomFlows(t, 25, 7, 3)
	n := undirectedNetwork(m)
	label := make([]int32, n.nodes())
	for v := range label {
		label[v] = int32(v) % 4
	}
	if got, want := codelengthOfFlows(m, label, 4), plainCodelength(n, label, 4); !footprinttest.Near(got, want, 1e-10) {
		t.Errorf("got %v bits, want %v", got, want)
	}
	// What is in no footprint counts as a module of its own.
	p := footprint.Partition{Areas: slices.Clone(label[:25]), Providers: slices.Clone(label[25:]), IDs: footprint.IDs(4)}
	p.Areas[2], p.Areas[6] = footprint.Unplaced, footprint.Unplaced
	label[2], label[6] = 4, 5
	got, err := Codelength(m, p, false)
	if want := plainCodelength(n, label, 6); err != nil || !footprinttest.Near(got, want, 1e-10) {
		t.Errorf("unplaced: got %v bits and %v, want %v", got, err, want)
	}
}

// Where walkers are in the long run does not change by one more step with
// jumps, worked out place by place.
func TestWalkersComeToRest(t *testing.T) {
	for seed := range uint64(3) {
		m := footprinttest.RandomPlaces(t, 40, seed)
		const jump = 0.15
		at := whereWalkersAre(m, jump)
		next, total := make([]float64, len(at)), m.Total().Value
		for i, p := range at {
			stays := 1 - jump
			if m.RowTotal(i) == 0 {
				stays = 0
			}
			for j := range next {
				next[j] += p * (1 - stays) * m.RowTotal(j) / total
				if stays > 0 {
					next[j] += p * stays * m.At(i, j).Value / m.RowTotal(i)
				}
			}
		}
		sum := 0.0
		for j := range next {
			sum += at[j]
			if math.Abs(next[j]-at[j]) > 1e-12 {
				t.Errorf("seed %d: place %d has %v, after a step %v", seed, j, at[j], next[j])
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("seed %d: walkers add up to %v", seed, sum)
		}
	}
}

// Two places by hand: all of a's flow goes to b, from where none goes on. A
// walker in b jumps to a, the only place with out-flow, and one in a with 15%:
// x = 0.15x + (1−x), so that x = 1/1.85. Only the step from a to b is coded.
func TestDeadEndByHand(t *testing.T) {
	b := flow.NewOneModeBuilder()
	if err := b.Add("a", "b", flow.Exactly(7)); err != nil {
		t.Fatal(err)
	}
	m := footprinttest.Built(t, b)
	at := whereWalkersAre(m, 0.15)
	if math.Abs(at[0]-1/1.85) > 1e-9 || math.Abs(at[1]-0.85/1.85) > 1e-9 {
		t.Errorf("walkers at %v", at)
	}
	n := directedNetwork(m, 0.15)
	if !slices.Equal(n.visit, []float64{0, 1}) || !slices.Equal(n.leaves, []float64{1, 0}) || !slices.Equal(n.enters, []float64{0, 1}) {
		t.Errorf("visits %v, leaving %v, entering %v", n.visit, n.leaves, n.enters)
	}
}

// The inside of a module has its visits and steps as shares of the module's.
func TestInsideOfAModule(t *testing.T) {
	for name, n := range mapNetworks(t, 2) {
		label := make([]int32, n.nodes())
		var members []int32
		total := 0.0
		for v := range label {
			if label[v] = int32(v) % 3; label[v] == 1 {
				members = append(members, int32(v))
				total += n.visit[v]
			}
		}
		in := n.inside(members, label, make([]int32, n.nodes()))
		for i, v := range members {
			if !footprinttest.Near(in.visit[i], n.visit[v]/total, 1e-12) {
				t.Errorf("%s: node %d is visited %v, want %v", name, v, in.visit[i], n.visit[v]/total)
			}
			want := map[int32]float64{}
			to, rates := n.out.row(v)
			for k, u := range to {
				if label[u] == 1 {
					want[u] += rates[k] / total
				}
			}
			to, rates = in.out.row(int32(i))
			if len(to) != len(want) {
				t.Errorf("%s: node %d has %d steps inside, want %d", name, v, len(to), len(want))
			}
			for k, j := range to {
				if u := members[j]; !footprinttest.Near(rates[k], want[u], 1e-12) {
					t.Errorf("%s: the step from %d to %d has rate %v, want %v", name, v, u, rates[k], want[u])
				}
			}
		}
	}
}

// The search's own codelength is that of its labels, and no single node gains
// by another module or by one of its own.
func TestSearchEndsWhereNoNodeGains(t *testing.T) {
	for seed := range uint64(3) {
		for name, n := range mapNetworks(t, seed) {
			s := newMapSearch(n)
			s.rng = rand.New(rand.NewPCG(seed, 2))
			label, k, length, err := s.run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want := plainCodelength(n, label, k); !footprinttest.Near(length, want, 1e-9) {
				t.Errorf("%s %d: %v bits, want %v", name, seed, length, want)
			}
			if visits, _ := entropy(n.visit); length > visits+1e-9 {
				t.Errorf("%s %d: %v bits, more than the %v of one module", name, seed, length, visits)
			}
			try := slices.Clone(label)
			for v, own := range label {
				for to := range int32(k + 1) {
					try[v] = to
					if got := plainCodelength(n, try, k+1); got < length-1e-6 {
						t.Errorf("%s %d: node %d from %d to %d saves %v bits", name, seed, v, own, to, length-got)
					}
				}
				try[v] = own
			}
		}
	}
}

// Refusals and how they are worded.
func TestInfomapRefusalsInWords(t *testing.T) {
	patients, places := footprinttest.RandomFlows(t, 20, 5, 1), footprinttest.RandomTowns(t, 12, 60, 1)
	for _, c := range []struct {
		m    *flow.Matrix
		f    Infomap
		want string
	}{
		{patients, Infomap{Constraints: footprint.Constraints{Apart: [][]int32{{0, 1}}}}, "infomap cannot honour apart"},
		{patients, Infomap{Constraints: footprint.Constraints{Contiguous: footprinttest.GridBorders(20, 5)}}, "infomap cannot honour contiguous (its moves are not limited to neighbours)"},
		{patients, Infomap{Constraints: footprint.Constraints{Apart: [][]int32{{0, 1}}, Together: [][]int32{{0, 1}}}}, "area A0000 and area A0001 must be together and must be apart: drop one of the demands"},
		{patients, Infomap{Directed: true}, "directed flows need a one-mode matrix: patients never flow from a provider"},
		{places, Infomap{Directed: true, Teleportation: 1.5}, "teleportation must lie in (0, 1), not 1.5"},
		{places, Infomap{Directed: true, Teleportation: math.NaN()}, "teleportation must lie in (0, 1), not NaN"},
	} {
		if _, err := c.f.Partition(t.Context(), c.m); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	_, err := Codelength(patients, footprint.Partition{Areas: make([]int32, 20)}, false)
	if want := fmt.Sprintf("the partition has 20 areas and 0 providers, the flows 20 and %d", len(patients.Providers())); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	reason := errors.New("closed")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := (Infomap{Restarts: 3}).Partition(ctx, patients); !errors.Is(err, reason) {
		t.Errorf("stopped: got %v, want the reason", err)
	}
}
