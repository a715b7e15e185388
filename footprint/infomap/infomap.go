package infomap

import (
	"context"
	"fmt"
	"math/rand/v2"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
	"stpmap/footprint/internal/work"
)

// Infomap finds the footprints in which a random walker on the flow network is
// described with the fewest bits: the two-level map equation (Rosvall and
// Bergstrom 2008, doi:10.1073/pnas.0706851105; Rosvall, Axelsson and Bergstrom
// 2009, doi:10.1140/epjst/e2010-01179-1),
//
//	L = plogp(Σ↷) − Σ_c plogp(↷_c) − Σ_c plogp(↶_c) + Σ_c plogp(↷_c + p_c) − Σ_i plogp(p_i)
//
// with plogp(x) = x log₂ x, p the rates at which nodes and footprints are
// visited, and ↶ and ↷ those at which footprints are left and entered. The
// search moves nodes, then modules, and tunes both ways as Infomap does.
//
// The map equation alone leaves modules of areas or of providers only; each
// joins the footprint where that adds least to the codelength. If fewer
// Footprints are asked for than are found, those are merged that add least; if
// more, the walker is coded at shorter intervals of Markov time until there
// are enough. Merging goes by the undirected codelength in a directed network
// too.
//
// The zero value is one undirected run. Of the Constraints, Contiguous, Apart
// and Fixed are refused by name. From a Start, the search goes on instead of
// beginning with single nodes.
type Infomap struct {
	// Directed follows the flows of a one-mode matrix from area to provider.
	Directed bool
	// Teleportation is the probability, in a directed network, that the walker
	// jumps to a place chosen in proportion to its out-flow; 0 means 0.15.
	// Jumps are not coded.
	Teleportation float64
	Seed          uint64 // same seed and matrix, same partition
	Restarts      int    // runs, of which the shortest code is kept; 0 means 1; ties go to the earliest
	Jobs          int    // runs at a time; 0 means GOMAXPROCS; never changes the result
	Constraints   footprint.Constraints
	Progress      footprint.Progress // nil is silent
}

var _ footprint.Method = Infomap{}

// markovHalvings is how often Markov time is halved to find more footprints.
const markovHalvings = 12

// Partition implements Method.
func (f Infomap) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	d, err := region.NewDemands(m, f.Constraints)
	if lacks := f.unsupported(); lacks != nil && (err == nil || footprint.IsInfeasible(err)) {
		err = lacks // contradictions come first
	}
	if err != nil {
		return footprint.Partition{}, err
	}
	net, err := mapNetworkOf(m, f.Directed, f.Teleportation)
	if err != nil {
		return footprint.Partition{}, err
	}
	if d.Units < d.Nodes() {
		net = net.aggregate(d.Unit, d.Units)
	}
	c := &f.Constraints
	finer := c.Footprints > 0 || c.MaxPopulation > 0 || c.MaxShare > 0
	for time, halvings := 1.0, 0; ; time, halvings = time/2, halvings+1 {
		label, err := f.partitionAt(ctx, d, net.atTime(time))
		if footprint.IsInfeasible(err) && finer && halvings < markovHalvings {
			continue
		}
		if err != nil {
			return footprint.Partition{}, err
		}
		return d.Partition(label), nil
	}
}

// partitionAt searches a network of units, and makes footprints that meet every
// demand of what it finds.
func (f *Infomap) partitionAt(ctx context.Context, d *region.Demands, net *mapNetwork) ([]int32, error) {
	label, n, err := f.search(ctx, net, d.StartOfUnits())
	if err != nil {
		return nil, err
	}
	node := make([]int32, d.Nodes())
	for v, u := range d.Unit {
		node[v] = label[u]
	}
	node, _, err = d.Finish(ctx, node, n, region.Finishing{Value: codeSaved})
	return node, err
}

// unsupported refuses the demands that the search cannot honour.
func (f *Infomap) unsupported() error {
	demand, c := "", &f.Constraints
	switch {
	case c.Contiguous != nil:
		demand = "contiguous (its moves are not limited to neighbours)"
	case len(c.Apart) > 0:
		demand = "apart"
	case c.Fixed != nil:
		demand = "fix"
	default:
		return nil
	}
	return &footprint.UnsupportedError{Method: "infomap", Demand: demand}
}

// search runs the restarts and keeps the labels of the shortest code.
func (f *Infomap) search(ctx context.Context, net *mapNetwork, start []int32) ([]int32, int, error) {
	restarts := max(1, f.Restarts)
	labels, counts, lengths := make([][]int32, restarts), make([]int, restarts), make([]float64, restarts)
	err := work.Each(ctx, f.Jobs, restarts, f.Progress, "infomap runs", func() func(int) error {
		s := newMapSearch(net)
		s.start = start
		return func(i int) (err error) {
			s.rng = rand.New(rand.NewPCG(f.Seed, uint64(i)))
			labels[i], counts[i], lengths[i], err = s.run(ctx)
			return err
		}
	})
	if err != nil {
		return nil, 0, err
	}
	best := 0
	for i := range lengths {
		if lengths[i] < lengths[best] {
			best = i
		}
	}
	return labels[best], counts[best], nil
}

// codeSaved is by how many bits the undirected codelength falls when two
// regions merge.
func codeSaved(g *region.Merging, i int32, l region.Link) float64 {
	x, y := &g.Regions[i], &g.Regions[l.To]
	total := 2 * g.Demands.Matrix.Total().Value
	between := (l.Out + l.In) / total
	px, py := g.Volume[i]/total, g.Volume[l.To]/total
	qx, qy := px-2*x.Inside/total, py-2*y.Inside/total
	q, sum := qx+qy-2*between, g.Cut/total
	before := plogp(sum) - 2*plogp(qx) - 2*plogp(qy) + plogp(qx+px) + plogp(qy+py)
	after := plogp(sum-2*between) - 2*plogp(q) + plogp(q+px+py)
	return before - after
}

func mapNetworkOf(m *flow.Matrix, directed bool, teleportation float64) (*mapNetwork, error) {
	if !directed {
		return undirectedNetwork(m), nil
	}
	if !m.OneMode() {
		return nil, footprint.BadParameter("directed flows need a one-mode matrix: patients never flow from a provider")
	}
	if teleportation == 0 {
		teleportation = 0.15
	}
	if !(teleportation > 0 && teleportation < 1) {
		return nil, footprint.BadParameter("teleportation must lie in (0, 1), not %v", teleportation)
	}
	return directedNetwork(m, teleportation), nil
}

// Codelength is the two-level map equation of a partition of m, in bits per
// step of the walker; see Infomap. Directed is for one-mode matrices, with
// teleportation 0.15. What is Unplaced counts as a module of its own.
func Codelength(m *flow.Matrix, p footprint.Partition, directed bool) (float64, error) {
	n := len(m.Areas())
	if len(p.Areas) != n || !m.OneMode() && len(p.Providers) != len(m.Providers()) {
		return 0, fmt.Errorf("the partition has %d areas and %d providers, the flows %d and %d",
			len(p.Areas), len(p.Providers), n, len(m.Providers()))
	}
	label := append([]int32(nil), p.Areas...)
	if !m.OneMode() {
		label = append(label, p.Providers...)
	}
	next := int32(p.Len())
	for _, l := range label {
		next = max(next, l+1)
	}
	for v, l := range label {
		if l < 0 {
			label[v] = next
			next++
		}
	}
	modules := grouping.Compact(label, int(next))
	if !directed && !m.OneMode() {
		return codelengthOfFlows(m, label, modules), nil
	}
	net, err := mapNetworkOf(m, directed, 0)
	if err != nil {
		return 0, err
	}
	return net.codelength(label, modules), nil
}

// Method describes Infomap to the registry.
var Method = footprint.Description{
	Name: "infomap", Title: "shortest description of a random walk (Rosvall and Bergstrom 2008)", Optimises: "codelength",
	Seeded: true, Directed: true,
	New: func(s footprint.Settings) (footprint.Method, error) {
		return Infomap{Directed: s.Directed, Seed: s.Seed, Restarts: s.Restarts, Jobs: s.Jobs, Constraints: s.Constraints, Progress: s.Progress}, nil
	},
}
