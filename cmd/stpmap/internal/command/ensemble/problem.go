package ensemble

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/ensemble"
	"stpmap/footprint/leiden"
	"stpmap/render/boundary"
)

// setProblem puts the inputs and the demands together.
func (r *report) setProblem(plan clustering.Plan, measure ensemble.Measure) error {
	o, in := r.options, r.in
	cs, err := plan.Constraints(in)
	if err != nil {
		return err
	}
	cs.Contiguous = nil
	r.problem = ensemble.Problem{Areas: len(in.Matrix.Areas()), Demands: cs, Measure: measure, Within: o.Near}
	if !in.Alone {
		r.problem.Matrix = in.Matrix
	}
	if o.Tolerance > 0 {
		r.setTolerance()
	}
	for a := range r.problem.Areas {
		for b := range in.Adjacency.Neighbours(a) {
			if a < b {
				r.problem.Pairs = append(r.problem.Pairs, [2]int32{int32(a), int32(b)})
			}
		}
	}
	r.measureGround()
	if err := r.tieIslands(); err != nil {
		return err
	}
	return r.setGiven()
}

// setTolerance sets the bounds of people around equal parts: of areas, where
// people are not known.
func (r *report) setTolerance() {
	d := &r.problem.Demands
	if d.Population == nil {
		d.Population = slices.Repeat([]float64{1}, r.problem.Areas)
		r.notes = append(r.notes, "people are not known: --tolerance counts areas")
	}
	sum := 0.0
	for _, x := range d.Population {
		sum += x
	}
	each := sum / float64(d.Footprints)
	d.MinPopulation, d.MaxPopulation = each*(1-r.options.Tolerance), each*(1+r.options.Tolerance)
}

// measureGround measures areas and borders, for compactness.
func (r *report) measureGround() {
	b, codes := r.in.Boundaries, r.in.Matrix.Areas()
	g := &ensemble.Geometry{}
	at := make([]int, len(codes))
	for a, code := range codes {
		i, _ := b.Index(code)
		at[a] = i
		shape := b.Polygons(i)
		g.KM2, g.PerimeterKM = append(g.KM2, boundary.AreaKM2(shape)), append(g.PerimeterKM, boundary.PerimeterKM(shape))
	}
	for _, e := range r.problem.Pairs {
		g.BorderKM = append(g.BorderKM, b.BorderKM(at[e[0]], at[e[1]]))
	}
	r.geometry = g
}

// tieIslands ties each area without any neighbour to the area that it shares most
// patients with. The tie counts as no border.
func (r *report) tieIslands() error {
	p, codes := &r.problem, r.in.Matrix.Areas()
	lone := slices.Repeat([]bool{true}, p.Areas)
	for _, e := range p.Pairs {
		lone[e[0]], lone[e[1]] = false, false
	}
	var ties, cut []string
	for a := range int32(p.Areas) {
		if !lone[a] || p.Areas == 1 {
			continue
		}
		best, most := int32(-1), 0.0
		if p.Matrix != nil {
			for b, x := range footprint.SharedPatients(p.Matrix, a) {
				if x > most && !lone[b] {
					best, most = int32(b), x
				}
			}
		}
		if best < 0 {
			cut = append(cut, codes[a])
			continue
		}
		p.Ties = append(p.Ties, [2]int32{min(a, best), max(a, best)})
		ties = append(ties, codes[a]+" with "+codes[best])
	}
	if len(cut) > 0 && p.Areas > 1 {
		return cli.Inputf("%s without any neighbour (%s): the maps drawn have footprints in one piece. Name a neighbour of each with --links, or leave it out of the boundaries",
			words.Counted(len(cut), "area"), words.Few(cut))
	}
	if len(ties) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s without any neighbour counted as next to the area that it shares most patients with: %s", words.Counted(len(ties), "area"), words.Few(ties)))
	}
	return nil
}

// setGiven reads the map to be placed.
func (r *report) setGiven() error {
	if len(r.in.Given) == 0 {
		return nil
	}
	given := r.in.Given[0]
	label := slices.Clone(given.Partition.Areas)
	var missing []string
	for a, f := range label {
		if f < 0 {
			missing = append(missing, r.in.Matrix.Areas()[a])
		}
	}
	if len(missing) > 0 {
		return cli.Inputf("%s: %s in no footprint (%s): a map to be placed has every area in one", given.File, words.Counted(len(missing), "area"), words.Few(missing))
	}
	r.given = compacted(label)
	if r.options.Near > 0 {
		r.problem.Near = r.given
	}
	return nil
}

// compacted renumbers labels from 0 in the order in which they appear.
func compacted(label []int32) []int32 {
	place := map[int32]int32{}
	for i, c := range label {
		p, ok := place[c]
		if !ok {
			p = int32(len(place))
			place[c] = p
		}
		label[i] = p
	}
	return label
}

// starts are where the first chains begin: the map given, and the best map that
// Leiden finds with as many footprints in one piece. A chain near the given map
// begins there too.
func (r *report) starts(ctx context.Context) [][]int32 {
	out := make([][]int32, r.options.Chains)
	k := r.options.Footprints
	if r.given != nil && int(slices.Max(r.given))+1 == k {
		out[0] = r.given
		if r.options.Near > 0 {
			for i := range out {
				out[i] = r.given
			}
			return out
		}
	}
	if r.problem.Matrix == nil || r.options.Chains < 2 || r.problem.Areas > mostForLeiden {
		return out
	}
	method := leiden.Leiden{Seed: r.options.Seed, Effort: 1, Restarts: 1, Jobs: r.options.Jobs, Constraints: footprint.Constraints{Footprints: k, Contiguous: r.in.Adjacency}}
	if p, err := method.Partition(ctx, r.problem.Matrix); err == nil && p.Len() == k && !slices.Contains(p.Areas, footprint.Unplaced) {
		out[1] = compacted(slices.Clone(p.Areas))
	}
	return out
}

// mostForLeiden is the number of areas above which all chains begin at maps that
// random trees give: the search for an exact number takes too long.
const mostForLeiden = 2_000

// fingerprint identifies what is drawn: the parts of one ensemble have the same.
func (r *report) fingerprint() string {
	h, p, s := sha256.New(), &r.problem, r.sampling
	d := p.Demands
	fmt.Fprintf(h, "%s %v %d %d %d %d %d\n", cli.Version, p.Measure, s.Samples, s.Chains, s.Steps(), s.Seed, d.Footprints)
	fmt.Fprintln(h, strings.Join(r.in.Matrix.Areas(), " "), r.in.Matrix.SHA256(), p.Pairs, p.Ties, p.Near, p.Within)
	fmt.Fprintln(h, d.Population, d.MinPopulation, d.MaxPopulation, d.MinLocalisation, d.MaxShare, d.AllowSingleKind, d.MinProviders, d.CountedProviders)
	fmt.Fprintln(h, d.Joined(), d.Apart, d.Fixed, s.Starts)
	if d.Start != nil {
		fmt.Fprintln(h, d.Start.Areas, d.Start.Providers)
	}
	return hex.EncodeToString(h.Sum(nil))
}
