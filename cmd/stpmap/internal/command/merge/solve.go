package merge

import (
	"context"
	"fmt"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/merge"
)

// cutsPerEffort is how many smallest cuts a number of systems may cost at effort
// 1 with 44 systems: see merge.Solver. Each costs more with more systems, and
// there are more numbers of them.
const cutsPerEffort = 30_000

// limit is how many cuts a number of systems may cost.
func (r *result) limit() int {
	scale := 44 / float64(max(44, r.p.Systems))
	return int(cutsPerEffort * float64(r.options.Effort) * scale * scale * scale)
}

// solve finds the table of pairs, the curve, the chosen map and the good ones.
func (r *result) solve(ctx context.Context) error {
	r.pairs, r.tree = r.p.Pairs(), r.p.Tree()
	v := merge.NewSolver(r.p)
	v.Limit = r.limit()
	for k := r.p.Systems; k >= r.fewest(); k-- {
		m, err := v.Best(ctx, k)
		if err != nil {
			return err
		}
		r.curve = append(r.curve, m)
	}
	v.Tighten(r.curve)
	if err := r.choose(); err != nil {
		return err
	}
	var err error
	m := r.chosen()
	if r.good, err = v.Near(ctx, m, near, m.Kept, r.options.Seed); err != nil {
		return err
	}
	if r.proposal != nil {
		if err := r.place(ctx, v); err != nil {
			return err
		}
	}
	r.number()
	return nil
}

// fewest is the number of systems at which the curve ends.
func (r *result) fewest() int {
	n := r.p.Systems
	least := max(min(2, n), (n+2)/3)
	if r.options.Fewest > 0 {
		least = min(r.options.Fewest, n)
	}
	if k := r.options.Footprints; k > 0 {
		least = min(least, k)
	}
	if r.proposal != nil {
		least = min(least, len(r.proposal.groups))
	}
	return least
}

// choose finds the map that the files show: the one asked for, the best with as
// many systems as the proposal, or the one with most systems, below today's,
// that meets the demands.
func (r *result) choose() error {
	k := r.options.Footprints
	if r.proposal != nil && k == 0 {
		k = len(r.proposal.groups)
		if _, ok := r.best(k); !ok {
			r.notes = append(r.notes, r.why(k)+": the map with most systems that does is shown instead.")
			k = 0
		}
	}
	for i, m := range r.curve {
		switch {
		case m.Groups == nil:
		case k == m.Footprints, k == 0 && (m.Footprints < r.p.Systems || r.p.Systems == 1):
			r.at = i
			return nil
		}
	}
	return &footprint.InfeasibleError{Reason: r.why(k)}
}

// why says that no map of k systems meets the demands, and what does.
func (r *result) why(k int) string {
	text := "no merged map meets the demands"
	if k > 0 {
		text = fmt.Sprintf("no map of %s made of today's %d meets the demands", words.Counted(k, "system"), r.p.Systems)
		for _, m := range r.curve {
			if m.Footprints == k && !m.Infeasible {
				text = fmt.Sprintf("no map of %s made of today's %d was found, and it is not proven that there is none", words.Counted(k, "system"), r.p.Systems)
			}
		}
		if k > r.p.Systems {
			return fmt.Sprintf("--footprints %d is more than today's %s: mergers make fewer", k, words.Counted(r.p.Systems, "system"))
		}
	}
	for _, m := range r.curve {
		if m.Groups != nil && k > 0 {
			text += fmt.Sprintf("; the most that %s is %d", map[bool]string{true: "does", false: "was found"}[m.Optimal], m.Footprints)
			break
		}
	}
	broken := 0
	for s := range int32(r.p.Systems) {
		reason := r.p.Reason([]int32{s})
		if reason == "" {
			continue
		}
		if broken++; broken <= 3 {
			text += fmt.Sprintf("; today %s %s", r.title(s), reason)
		}
	}
	if broken > 3 {
		text += fmt.Sprintf("; and so %s %s more", verb(broken-3, "does", "do"), words.Counted(broken-3, "system"))
	}
	return text
}

// place finds where the proposal lies among the maps with as many systems.
func (r *result) place(ctx context.Context, v *merge.Solver) (err error) {
	kept := r.p.Kept(r.proposal.groups)
	for _, m := range r.curve {
		if m.Footprints == len(r.proposal.groups) && m.Groups != nil {
			r.proposal.good, err = v.Near(ctx, m, max(0, m.Kept-kept)/r.p.Total, kept, r.options.Seed)
		}
	}
	return err
}

// number makes the chosen map a partition.
func (r *result) number() {
	groups := r.chosen().Groups
	made := r.p.Partition(groups, footprint.IDs(len(groups)))
	r.made = made.Number(r.in.Matrix, r.in.NumberingPopulation())
	r.ids = make([]string, r.p.Systems)
	for a, s := range r.today.Partition.Areas {
		r.ids[s] = r.made.IDs[r.made.Areas[a]]
	}
	for j, s := range r.today.Partition.Providers {
		if s >= 0 {
			r.ids[s] = r.made.IDs[r.made.Providers[j]]
		}
	}
	r.measures = footprint.Measure(r.in.Matrix, r.made, r.in.Population, r.in.Adjacency)
}

// best is the best map of so many systems; false where the curve has none.
func (r *result) best(k int) (merge.Map, bool) {
	for _, m := range r.curve {
		if m.Footprints == k && m.Groups != nil {
			return m, true
		}
	}
	return merge.Map{}, false
}
