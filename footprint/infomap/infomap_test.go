package infomap

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/flow/flowtest"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
	"stpmap/footprint/tree"
)

// pajek reads a network that came with Infomap, or skips the test.
func pajek(t testing.TB, name string) *flow.Matrix {
	t.Helper()
	f, err := os.Open(flowtest.Path(t, "graphs/infomap/"+name+".net"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := flow.NewOneModeBuilder()
	edges := true
	for in := bufio.NewScanner(f); in.Scan(); {
		line := strings.TrimSpace(in.Text())
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '*':
			edges = !strings.HasPrefix(strings.ToLower(line), "*vert")
		case edges:
			x := append(strings.Fields(line), "1")
			if err := b.Add(x[0], x[1], flow.Exactly(footprinttest.Number(t, x[2]))); err != nil {
				t.Fatal(err)
			}
		}
	}
	return footprinttest.Built(t, b)
}

// The codelengths are the best of 20 two-level trials of Infomap 2.15.1.
func TestInfomapReference(t *testing.T) {
	n := 0
	for _, r := range flowtest.Rows(t, "graphs/infomap/expected.csv") {
		directed := strings.Contains(r[1], "--directed")
		if !strings.Contains(r[1], "--two-level") || r[0] == "bipartite" {
			continue // its features carry no flow of their own
		}
		n++
		t.Run(r[0]+r[1], func(t *testing.T) {
			m := pajek(t, r[0])
			p, err := Infomap{Directed: directed, Restarts: 20, Seed: 1}.Partition(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Codelength(m, p, directed)
			if err != nil {
				t.Fatal(err)
			}
			if want := footprinttest.Number(t, r[3]); math.Abs(got-want) > 1e-6 {
				t.Errorf("codelength: got %.9f, want %.9f", got, want)
			}
			whole := footprint.Partition{Areas: make([]int32, len(m.Areas())), IDs: []string{"F01"}}
			got, err = Codelength(m, whole, directed)
			if err != nil {
				t.Fatal(err)
			}
			if want := footprinttest.Number(t, r[2]); math.Abs(got-want) > 1e-6 {
				t.Errorf("one-level codelength: got %.9f, want %.9f", got, want)
			}
		})
	}
	if n != 6 {
		t.Errorf("compared %d codelengths, want 6", n)
	}
}

// Two triangles joined by an edge, by hand: 14 half-edges, of which the six
// nodes have 2, 2, 3, 3, 2, 2 and each module leaves by one.
func TestCodelengthByHand(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, e := range []string{"AB", "AC", "BC", "CD", "DE", "DF", "EF"} {
		_ = b.Add(e[:1], e[1:], flow.Exactly(1))
	}
	m := footprinttest.Built(t, b)
	h := func(x float64) float64 { return x / 14 * math.Log2(x/14) }
	want := h(2) - 4*h(1) + 2*h(8) - 4*h(2) - 2*h(3)
	got, err := Codelength(m, footprint.Partition{Areas: []int32{0, 0, 0, 1, 1, 1}, IDs: []string{"F01", "F02"}}, false)
	if err != nil || math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	p, err := Infomap{}.Partition(t.Context(), m)
	if err != nil || !footprinttest.SameGrouping(p.Areas, []int{0, 0, 0, 1, 1, 1}) {
		t.Errorf("zero value: got %v, %v", p.Areas, err)
	}
}

// Of every move, the claimed gain is the codelength after less that before.
func TestInfomapMoves(t *testing.T) {
	for seed := range uint64(4) {
		for name, net := range map[string]*mapNetwork{
			"undirected": undirectedNetwork(footprinttest.RandomFlows(t, 30, 8, seed)),
			"directed":   directedNetwork(footprinttest.RandomTowns(t, 40, 300, seed), 0.15),
		} {
			rng := rand.New(rand.NewPCG(seed, 9))
			n := net.nodes()
			label := make([]int32, n)
			for i := range label {
				label[i] = rng.Int32N(6)
			}
			grouping.Compact(label, n)
			s := newMapState(net, label, n)
			scratch := newMoveScratch(n)
			before := net.codelength(label, n)
			moved := 0
			for range 200 {
				i := rng.Int32N(int32(n))
				claimed := s.length()
				if !s.moveNode(i, scratch) {
					continue
				}
				moved++
				claimed -= s.length()
				after := net.codelength(label, n)
				if got := before - after; math.Abs(got-claimed) > 1e-9 || got < 0 {
					t.Fatalf("%s: claimed %v bits, saved %v", name, claimed, got)
				}
				before = after
			}
			if moved == 0 {
				t.Errorf("%s: nothing moved", name)
			}
			// Modules as nodes: the same code, but for the names of the nodes.
			k := grouping.Compact(label, n)
			whole := net.aggregate(label, k)
			single := make([]int32, k)
			for i := range single {
				single[i] = int32(i)
			}
			got := whole.codelength(single, k) + whole.nodeTerm()
			if want := net.codelength(label, k) + net.nodeTerm(); math.Abs(got-want) > 1e-9 {
				t.Errorf("%s: aggregated: got %v, want %v", name, got, want)
			}
		}
	}
}

func TestInfomapMergeValue(t *testing.T) {
	m := footprinttest.RandomFlows(t, 40, 10, 3)
	p, err := Infomap{}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	d, err := region.NewDemands(m, footprint.Constraints{})
	if err != nil {
		t.Fatal(err)
	}
	label := append(append([]int32(nil), p.Areas...), p.Providers...)
	net := undirectedNetwork(m)
	g := region.NewMerging(d, label, p.Len(), codeSaved)
	pairs := 0
	for i := range g.Regions {
		for _, l := range g.Regions[i].Links {
			joined := append([]int32(nil), label...)
			for v, f := range joined {
				if f == l.To {
					joined[v] = int32(i)
				}
			}
			want := net.codelength(label, p.Len()) - net.codelength(joined, p.Len())
			if got := codeSaved(g, int32(i), l); math.Abs(got-want) > 1e-9 {
				t.Errorf("%d and %d: claimed %v bits, saved %v", i, l.To, got, want)
			}
			pairs++
		}
	}
	if pairs == 0 {
		t.Error("no pair compared")
	}
}

func TestInfomapDemands(t *testing.T) {
	for seed := range uint64(3) {
		m := footprinttest.RandomFlows(t, 150, 40, seed)
		people := make([]float64, len(m.Areas()))
		total := 0.0
		for a := range people {
			people[a] = 1000 + 10*float64(a%7)
			total += people[a]
		}
		for name, c := range map[string]footprint.Constraints{
			"none":     {},
			"few":      {Footprints: 3},
			"many":     {Footprints: 25, AllowDegenerate: true},
			"people":   {Population: people, MinPopulation: 8000, MaxPopulation: 0.5 * total},
			"local":    {MinLocalisation: 0.5},
			"together": {Together: [][]int32{{0, 20, 151}}},
			"share":    {MaxShare: 0.3},
		} {
			t.Run(fmt.Sprint(name, seed), func(t *testing.T) {
				p, err := Infomap{Constraints: c, Restarts: 2}.Partition(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				footprinttest.CheckPartition(t, m, p, c)
			})
		}
	}
}

func TestInfomapRefuses(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 5, 1)
	var refused *footprint.UnsupportedError
	for _, c := range []footprint.Constraints{
		{Contiguous: footprinttest.GridBorders(20, 5)},
		{Apart: [][]int32{{0, 1}}},
		{Start: &footprint.Partition{Areas: make([]int32, 20), Providers: make([]int32, 5), IDs: []string{"F01"}}, Fixed: make([]bool, 25)},
	} {
		if _, err := (Infomap{Constraints: c}).Partition(t.Context(), m); !errors.As(err, &refused) {
			t.Errorf("got %v, want an *UnsupportedError", err)
		}
	}
	var bad *footprint.ParameterError
	if _, err := (Infomap{Directed: true}).Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("directed patients: got %v, want a *ParameterError", err)
	}
	if _, err := Codelength(m, footprint.Partition{}, false); err == nil {
		t.Error("codelength of a partition of something else: got no error")
	}
}

// From its own result a search finds nothing shorter to move to; from a worse
// start it does not end worse than it began.
func TestInfomapStart(t *testing.T) {
	m := footprinttest.RandomFlows(t, 150, 40, 7)
	first, err := Infomap{Restarts: 5}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	bits := func(p footprint.Partition) float64 {
		l, err := Codelength(m, p, false)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	again, err := Infomap{Seed: 9, Constraints: footprint.Constraints{Start: &first}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if bits(again) > bits(first)+1e-9 {
		t.Errorf("went on from %v bits to %v", bits(first), bits(again))
	}
	coarse, err := tree.Ward{Constraints: footprint.Constraints{Footprints: 3}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	coarse.Areas[4] = footprint.Unplaced
	better, err := Infomap{Constraints: footprint.Constraints{Start: &coarse, Together: [][]int32{{0, 5}}}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	footprinttest.CheckPartition(t, m, better, footprint.Constraints{Together: [][]int32{{0, 5}}})
	if bits(better) > bits(coarse) {
		t.Errorf("went on from %v bits to %v", bits(coarse), bits(better))
	}
}

func TestInfomapJobs(t *testing.T) {
	m := footprinttest.RandomFlows(t, 120, 25, 5)
	var first footprint.Partition
	for i, jobs := range []int{1, 2, 5} {
		p, err := Infomap{Restarts: 6, Seed: 3, Jobs: jobs}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = p
		} else if !reflect.DeepEqual(p, first) {
			t.Errorf("%d jobs: another partition than with one", jobs)
		}
	}
}

func BenchmarkInfomap(b *testing.B) {
	for _, areas := range []int{200, 2000} {
		b.Run(fmt.Sprintf("areas=%d", areas), func(b *testing.B) {
			m := footprinttest.RandomFlows(b, areas, areas/20, 1)
			for b.Loop() {
				if _, err := (Infomap{}).Partition(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
