package optimise

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
	"stpmap/footprint/leiden/internal/network"
)

// trial is a network made ready for a quality at a resolution.
type trial struct {
	name    string
	g       *network.Network
	o       *Optimiser
	quality footprint.Quality
	scale   float64
}

// score is the quality of labels, from scratch.
func (c *trial) score(label []int32) float64 {
	return c.g.Both().Quality(c.quality, c.o.Gamma, c.scale, label)
}

// trials are networks of both modes under every quality that they have.
func trials(t testing.TB, seed uint64) []*trial {
	t.Helper()
	var all []*trial
	for name, m := range map[string]*flow.Matrix{
		"areas": footprinttest.RandomFlows(t, 40, 12, seed), "places": footprinttest.RandomTowns(t, 40, 300, seed),
	} {
		for _, q := range []footprint.Quality{footprint.Modularity, footprint.CPM, footprint.Bipartite} {
			if q == footprint.Bipartite && m.OneMode() {
				continue
			}
			for _, gamma := range []float64{0.3, 1, 3} {
				all = append(all, newTrial(name, m, q, gamma, seed))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *trial) int { return len(a.name) - len(b.name) })
	return all
}

func newTrial(name string, m *flow.Matrix, q footprint.Quality, gamma float64, seed uint64) *trial {
	g, _ := network.New(m)
	factor, scale := g.Weigh(q)
	o := New(g.Nodes)
	o.Source.Seed(seed, 0)
	o.Gamma, o.Tolerance, o.TwoMasses, o.Refine = gamma*factor, 1e-13*scale, q == footprint.Bipartite, true
	return &trial{fmt.Sprintf("%s %v γ %v seed %d", name, q, gamma, seed), g.Both(), o, q, scale}
}

// randomLabels are labels below k.
func randomLabels(n, k int, rng *rand.Rand) []int32 {
	label := make([]int32, n)
	for v := range label {
		label[v] = rng.Int32N(int32(k))
	}
	return label
}

// insideWeights are each node's weight to its own footprint, node by node.
func insideWeights(g *network.Network, label []int32) []float64 {
	out := make([]float64, g.Nodes)
	for v := range int32(g.Nodes) {
		out[v] = g.WeightTo(v, label, label[v])
	}
	return out
}

// The gain that a walk claims is quality after less quality before; it never
// falls, and when a walk moves nothing no single move of any node gains.
func TestMoveClaimsWhatItGains(t *testing.T) {
	for seed := range uint64(3) {
		for _, c := range trials(t, seed) {
			rng := rand.New(rand.NewPCG(seed, 5))
			label := randomLabels(c.g.Nodes, 6, rng)
			before := c.score(label)
			c.o.gained = 0
			moves := c.o.Move(c.g, label)
			after := c.score(label)
			if moves == 0 || after < before {
				t.Errorf("%s: %d moves took quality from %v to %v", c.name, moves, before, after)
			}
			if got, want := c.o.gained/c.scale, after-before; !footprinttest.Near(got, want, 1e-9) {
				t.Errorf("%s: claimed a gain of %v, got %v", c.name, got, want)
			}
			for v, inside := range insideWeights(c.g, label) {
				if math.Abs(c.o.Inside[v]-inside) > 1e-6 {
					t.Fatalf("%s: node %d has %v inside, noted as %v", c.name, v, inside, c.o.Inside[v])
				}
			}
			for c.o.Move(c.g, label) > 0 {
				now := c.score(label)
				if now <= after {
					t.Fatalf("%s: a further walk took quality from %v to %v", c.name, after, now)
				}
				after = now
			}
			checkNoMoveGains(t, c, label, after)
		}
	}
}

// checkNoMoveGains tries every node in every footprint and alone.
func checkNoMoveGains(t *testing.T, c *trial, label []int32, now float64) {
	t.Helper()
	used := slices.Compact(slices.Sorted(slices.Values(label)))
	for free := range int32(c.g.Nodes) {
		if !slices.Contains(used, free) {
			used = append(used, free)
			break
		}
	}
	try := slices.Clone(label)
	for v, own := range label {
		for _, to := range used {
			try[v] = to
			if gain := c.score(try) - now; gain > 1e-9*max(1, math.Abs(now)) {
				t.Fatalf("%s: node %d would gain %v by going from %d to %d", c.name, v, gain, own, to)
			}
		}
		try[v] = own
	}
}

// Refined parts lie each within one footprint, are in one piece of the network,
// and each union gained: quality of the parts is at least that of single nodes.
func TestRefinedParts(t *testing.T) {
	for seed := range uint64(3) {
		for _, c := range trials(t, seed) {
			n := c.g.Nodes
			l := &Level{Network: c.g, Label: randomLabels(n, 4, rand.New(rand.NewPCG(seed, 7))), Part: make([]int32, n)}
			c.o.Move(c.g, l.Label)
			parts := c.o.RefineParts(l)
			if got := grouping.Count(l.Part); got != parts || slices.Max(l.Part) != int32(parts-1) {
				t.Fatalf("%s: %d parts up to label %d, said to be %d", c.name, got, slices.Max(l.Part), parts)
			}
			home := map[int32]int32{}
			for v, p := range l.Part {
				if f, ok := home[p]; ok && f != l.Label[v] {
					t.Errorf("%s: part %d spans footprints %d and %d", c.name, p, f, l.Label[v])
				}
				home[p] = l.Label[v]
			}
			if k := countPieces(c.g, l.Part); k != parts {
				t.Errorf("%s: %d parts lie in %d pieces", c.name, parts, k)
			}
			checkInsideOfParts(t, c, l)
			if parts == n && grouping.Count(l.Label) < n/2 {
				t.Errorf("%s: nothing was joined", c.name)
			}
			if got, single := c.score(l.Part), c.score(grouping.Sequence(n)); got < single-1e-12*math.Abs(single) {
				t.Errorf("%s: parts have quality %v, single nodes %v", c.name, got, single)
			}
		}
	}
}

// checkInsideOfParts adds up what the members of each part have with the rest of
// its footprint. A part is known by the one node that has kept its mass.
func checkInsideOfParts(t *testing.T, c *trial, l *Level) {
	t.Helper()
	want, kept := make([]float64, c.g.Nodes), make([]int, c.g.Nodes)
	for v, p := range l.Part {
		c.g.Neighbours(int32(v), func(u int32, w float64) {
			if l.Label[u] == l.Label[v] && l.Part[u] != p {
				want[p] += w
			}
		})
	}
	for v, p := range l.Part {
		if c.o.partX[v] == 0 && (!c.o.TwoMasses || c.o.partY[v] == 0) {
			continue
		}
		kept[p]++
		if math.Abs(c.o.Inside[v]-want[p]) > 1e-6 || kept[p] > 1 {
			t.Errorf("%s: part %d has %v with the rest of its footprint, noted as %v at node %d", c.name, p, want[p], c.o.Inside[v], v)
		}
	}
}

// countPieces floods labels along arcs.
func countPieces(g *network.Network, label []int32) int {
	seen, pieces := make([]bool, g.Nodes), 0
	for v := range int32(g.Nodes) {
		if seen[v] {
			continue
		}
		pieces++
		seen[v] = true
		for stack := []int32{v}; len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			g.Neighbours(u, func(w int32, weight float64) {
				if weight > 0 && label[w] == label[u] && !seen[w] {
					seen[w] = true
					stack = append(stack, w)
				}
			})
		}
	}
	return pieces
}

// The network of parts has the masses, the loops and the arcs that a sum over
// all pairs of nodes gives, lists each member once, and keeps quality.
func TestAggregateKeepsTotals(t *testing.T) {
	for _, c := range trials(t, 1) {
		n, parts := c.g.Nodes, 7
		l := &Level{Network: c.g, Part: randomLabels(n, parts, rand.New(rand.NewPCG(8, 8)))}
		for p := range parts {
			l.Part[p] = int32(p) // none is empty
		}
		up := &Level{}
		c.o.Aggregate(l, parts, up)
		between := make([][]float64, parts)
		for p := range between {
			between[p] = make([]float64, parts)
		}
		x, y := make([]float64, parts), make([]float64, parts)
		for v := range int32(n) {
			p := l.Part[v]
			x[p] += c.g.X[v]
			if c.o.TwoMasses {
				y[p] += c.g.Y[v]
			}
			between[p][p] += c.g.Loop[v]
			c.g.Neighbours(v, func(u int32, w float64) {
				if q := l.Part[u]; q == p {
					between[p][p] += w / 2
				} else {
					between[p][q] += w
				}
			})
		}
		h := up.Network
		for p := range int32(parts) {
			if !footprinttest.Near(h.X[p], x[p], 1e-12) || c.o.TwoMasses && !footprinttest.Near(h.Y[p], y[p], 1e-12) {
				t.Errorf("%s: part %d has masses %v, want %v and %v", c.name, p, h.X[p], x[p], y[p])
			}
			got := make([]float64, parts)
			got[p] = h.Loop[p]
			h.Neighbours(p, func(q int32, w float64) { got[q] += w })
			for q := range got {
				if !footprinttest.Near(got[q], between[p][q], 1e-9) {
					t.Errorf("%s: %v between parts %d and %d, want %v", c.name, got[q], p, q, between[p][q])
				}
			}
			for _, v := range c.o.PartMembers[c.o.PartStart[p]:c.o.PartStart[p+1]] {
				if l.Part[v] != p {
					t.Errorf("%s: node %d of part %d is listed in %d", c.name, v, l.Part[v], p)
				}
			}
		}
		if got := slices.Sorted(slices.Values(c.o.PartMembers)); !slices.Equal(got, grouping.Sequence(n)) {
			t.Errorf("%s: members are %v", c.name, got)
		}
		if whole, want := h.Quality(c.quality, c.o.Gamma, c.scale, grouping.Sequence(parts)), c.score(l.Part); !footprinttest.Near(whole, want, 1e-9) {
			t.Errorf("%s: quality %v after merging nodes, %v before", c.name, whole, want)
		}
	}
}

// Optimise ends with footprints whose quality no single move raises, in one
// piece each, and does the same again for the same seed.
func TestOptimise(t *testing.T) {
	for seed := range uint64(2) {
		for _, c := range trials(t, seed) {
			for _, refine := range []bool{true, false} {
				c.o.Refine, c.o.FromSingles = refine, true
				run := func() []int32 {
					c.o.Source.Seed(seed, 3)
					label, err := c.o.Optimise(t.Context(), c.g, nil)
					if err != nil {
						t.Fatal(err)
					}
					return slices.Clone(label)
				}
				label := run()
				if again := run(); !slices.Equal(label, again) {
					t.Errorf("%s: the same seed gives %v and %v", c.name, label, again)
				}
				checkNoMoveGains(t, c, label, c.score(label))
				if k, pieces := grouping.Count(label), countPieces(c.g, label); refine && k != pieces {
					t.Errorf("%s: %d footprints in %d pieces", c.name, k, pieces)
				}
			}
		}
	}
}

// A run from a start is at least as good as the start.
func TestOptimiseFromStart(t *testing.T) {
	for _, c := range trials(t, 4) {
		start := randomLabels(c.g.Nodes, 8, rand.New(rand.NewPCG(4, 4)))
		kept := slices.Clone(start)
		label, err := c.o.Optimise(t.Context(), c.g, start)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(start, kept) {
			t.Errorf("%s: the start was changed", c.name)
		}
		if got, was := c.score(label), c.score(start); got <= was {
			t.Errorf("%s: quality %v from a start of %v", c.name, got, was)
		}
	}
}

// Who stops a run is told why.
func TestOptimiseStops(t *testing.T) {
	reason := errors.New("the reader left")
	for _, c := range trials(t, 0) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		for _, singles := range []bool{true, false} {
			c.o.FromSingles = singles
			if label, err := c.o.Optimise(ctx, c.g, nil); !errors.Is(err, reason) || label != nil {
				t.Errorf("%s: got %v and %v, want the reason", c.name, label, err)
			}
		}
	}
}

// Split gives as many labels as a flood finds pieces, in order of first nodes,
// and never joins what was apart.
func TestSplit(t *testing.T) {
	for _, c := range trials(t, 2) {
		was := randomLabels(c.g.Nodes, 15, rand.New(rand.NewPCG(2, 9)))
		label := slices.Clone(was)
		k := c.o.Split(c.g, label)
		if pieces := countPieces(c.g, was); k != pieces {
			t.Errorf("%s: %d labels for %d pieces", c.name, k, pieces)
		}
		top := int32(-1)
		home := map[int32]int32{}
		for v, l := range label {
			if l > top+1 {
				t.Fatalf("%s: label %d comes before %d", c.name, l, top+1)
			}
			top = max(top, l)
			if f, ok := home[l]; ok && f != was[v] {
				t.Fatalf("%s: piece %d spans labels %d and %d", c.name, l, f, was[v])
			}
			home[l] = was[v]
		}
	}
}

// Repair leaves footprints of both kinds of node in one piece; where single
// kinds are allowed it does no more than split.
func TestRepair(t *testing.T) {
	for _, c := range trials(t, 5) {
		if c.g.Providers == 0 {
			continue
		}
		was := randomLabels(c.g.Nodes, 20, rand.New(rand.NewPCG(5, 9)))
		split := slices.Clone(was)
		c.o.Split(c.g, split)
		if got := c.o.Repair(c.g, slices.Clone(was), true); !slices.Equal(got, split) {
			t.Errorf("%s: single kinds allowed: %v, want %v", c.name, got, split)
		}
		label := c.o.Repair(c.g, slices.Clone(was), false)
		k := grouping.Count(label)
		kinds := make([][2]int, k)
		for v, l := range label {
			if v < c.g.Providers {
				kinds[l][0]++
			} else {
				kinds[l][1]++
			}
		}
		for l, n := range kinds {
			if n[0] == 0 || n[1] == 0 {
				t.Errorf("%s: footprint %d has %d providers and %d areas", c.name, l, n[0], n[1])
			}
		}
		if pieces := countPieces(c.g, label); pieces != k {
			t.Errorf("%s: %d footprints in %d pieces", c.name, k, pieces)
		}
	}
}

// Every node is in the order once. In a large network of areas and providers the
// areas follow each other from one on, and the providers come last.
func TestOrderHoldsEachNodeOnce(t *testing.T) {
	for _, c := range []struct{ nodes, providers int }{{30, 0}, {30, 10}, {SmallNetwork + 50, 0}, {SmallNetwork + 50, 300}} {
		o := New(c.nodes)
		queue := make([]int32, c.nodes)
		o.order(&network.Network{Nodes: c.nodes, Providers: c.providers}, queue)
		if got := slices.Sorted(slices.Values(queue)); !slices.Equal(got, grouping.Sequence(c.nodes)) {
			t.Errorf("%d nodes, %d providers: %v", c.nodes, c.providers, got)
		}
		if c.providers == 0 || c.nodes < SmallNetwork {
			continue
		}
		areas := c.nodes - c.providers
		for i, v := range queue[:areas] {
			next := queue[(i+1)%areas]
			if follows := int(v) + 1; int(next) != follows && (follows != c.nodes || int(next) != c.providers) {
				t.Fatalf("area %d is followed by %d", v, next)
			}
		}
	}
}

// Old and new labels are paired by what they share: the largest first, each of
// them once.
func TestCounterparts(t *testing.T) {
	for _, c := range []struct {
		name       string
		old, after []int32
		want       []int32 // by old label
	}{
		{"renamed", []int32{0, 0, 1, 1, 2, 2}, []int32{2, 2, 0, 0, 1, 1}, []int32{2, 0, 1}},
		{"one moves", []int32{0, 0, 0, 1, 1, 1}, []int32{0, 0, 1, 1, 1, 1}, []int32{0, 1}},
		{"two become one", []int32{0, 0, 1, 1, 1, 1}, []int32{0, 0, 0, 0, 0, 0}, []int32{-1, 0}},
		{"one becomes two", []int32{0, 0, 0, 0, 0, 0}, []int32{0, 0, 1, 1, 1, 1}, []int32{1}},
	} {
		got := counterparts(c.old, c.after)
		if !slices.Equal(got[:len(c.want)], c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
