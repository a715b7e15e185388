package merge

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/merge"
)

// prepare puts the problem together.
func (r *result) prepare(ctx context.Context, env *cli.Env) error {
	o, in := r.options, r.in
	onePiece := r.plan.Contiguous
	if in.Boundaries == nil {
		r.plan.Contiguous = false
		r.notes = append(r.notes, "There are no boundaries: systems that exchange patients count as neighbours.")
	}
	if o.Preset == "icb-2027" && len(r.plan.ProviderTypes) == 0 {
		r.countAcute()
	}
	cs, err := r.plan.Constraints(in)
	if err != nil {
		return err
	}
	input := merge.Input{
		Matrix: in.Matrix, Today: r.today.Partition, Neighbours: in.Adjacency, Population: in.Population, Counts: cs.CountedProviders,
		Demands: merge.Demands{
			OnePiece: onePiece, MinPopulation: cs.MinPopulation, MaxPopulation: cs.MaxPopulation, MinProviders: cs.MinProviders,
			MinLocalisation: cs.MinLocalisation, MaxShare: cs.MaxShare, AllowSingleKind: cs.AllowSingleKind,
		},
	}
	input.Together = r.systemsOf(cs.Together)
	input.Apart = r.systemsOf(cs.Apart)
	for _, u := range cs.KeepWhole {
		systems := r.systemsOf([][]int32{u.Areas})
		if len(systems) > 0 {
			input.Together = append(input.Together, systems...)
			r.notes = append(r.notes, fmt.Sprintf("Today's map parts %s: it lies in %s, which --keep-whole merges.", u.Name, r.list(systems[0])))
		}
	}
	if o.Nest != "" {
		if input.Units, err = r.readUnits(ctx, env); err != nil {
			return err
		}
		input.UnitNames, input.Strict = r.units, o.NestStrict
	}
	if r.p, err = merge.New(input); err != nil {
		return err
	}
	if o.Proposed != "" {
		if err := r.readProposal(ctx, env); err != nil {
			return err
		}
	}
	for _, note := range r.notes {
		env.Log.Info(note)
	}
	return nil
}

// countAcute has the preset count acute providers, where types are known.
func (r *result) countAcute() {
	for _, t := range r.in.ProviderTypes {
		if strings.EqualFold(strings.TrimSpace(t), "acute") {
			r.plan.ProviderTypes = []string{"acute"}
			return
		}
	}
	r.notes = append(r.notes, "No provider is of type \"acute\" in --providers: every provider counts for --min-providers.")
}

// systemsOf are the systems of groups of nodes, areas first; groups within one
// system are left out.
func (r *result) systemsOf(groups [][]int32) (out [][]int32) {
	labels := slices.Concat(r.today.Partition.Areas, r.today.Partition.Providers)
	for _, group := range groups {
		var systems []int32
		for _, v := range group {
			if s := labels[v]; s >= 0 {
				systems = append(systems, s)
			}
		}
		slices.Sort(systems)
		if systems = slices.Compact(systems); len(systems) > 1 {
			out = append(out, systems)
		}
	}
	return out
}

// table reads a table of two columns.
func (r *result) table(ctx context.Context, env *cli.Env, role, name string) (list []data.AreaUnit, err error) {
	err = r.in.Hashed(study.Disk{Stdin: env.Stdin}, role, name, func(f io.Reader) error {
		units, rep, err := data.ReadUnits(ctx, cli.InputName(name), f)
		list, r.notes = units, append(r.notes, rep.Notes...)
		return err
	})
	return list, err
}

// readUnits reads --nest: the unit of each area, −1 for none.
func (r *result) readUnits(ctx context.Context, env *cli.Env) ([]int32, error) {
	name := r.options.Nest
	list, err := r.table(ctx, env, "nest", name)
	if err != nil {
		return nil, err
	}
	of := slices.Repeat([]int32{-1}, len(r.in.Matrix.Areas()))
	for _, u := range list {
		r.units = append(r.units, u.Unit)
	}
	slices.Sort(r.units)
	r.units = slices.Compact(r.units)
	known := 0
	for _, u := range list {
		a, ok := r.in.Matrix.AreaIndex(u.Area)
		if !ok {
			continue
		}
		known++
		at, _ := slices.BinarySearch(r.units, u.Unit)
		of[a] = int32(at)
	}
	if known == 0 {
		return nil, cli.Inputf("%s: none of its areas is one of the flows (such as %s)", cli.InputName(name), words.First(r.in.Matrix.Areas()))
	}
	if n := len(list) - known; n > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %s without flow left out", cli.InputName(name), words.Counted(n, "area")))
	}
	return of, nil
}

// proposal is an announced plan.
type proposal struct {
	names   []string // of the footprints with several systems
	mergers []merge.Merger
	groups  [][]int32 // all unions, single systems too
	good    *merge.Good
	broken  []string // demands that its systems do not meet, in words
}

// readProposal reads --proposed. Systems that it does not name stay as they are.
func (r *result) readProposal(ctx context.Context, env *cli.Env) error {
	name := r.options.Proposed
	list, err := r.table(ctx, env, "proposed", name)
	if err != nil {
		return err
	}
	var faults fault.List
	groups := map[string][]int32{}
	var names []string
	single := make([]bool, r.p.Systems)
	for _, u := range list {
		s := r.system(u.Area)
		if s < 0 {
			faults.Add(&fault.Error{File: cli.InputName(name), Line: u.Line, Column: 1, Err: fmt.Errorf("no system %q on today's map; there are %s", u.Area, words.Few(r.today.Partition.IDs))})
			continue
		}
		if groups[u.Unit] == nil {
			names = append(names, u.Unit)
		}
		groups[u.Unit] = append(groups[u.Unit], s)
		single[s] = true
	}
	if err := faults.Err(); err != nil {
		return err
	}
	slices.Sort(names)
	plan := &proposal{}
	for _, id := range names {
		slices.Sort(groups[id])
		plan.groups = append(plan.groups, groups[id])
		if len(groups[id]) > 1 {
			plan.names = append(plan.names, id)
			plan.mergers = append(plan.mergers, r.p.Weigh(groups[id]))
		}
	}
	for s := range int32(r.p.Systems) {
		if !single[s] {
			plan.groups = append(plan.groups, []int32{s})
		}
	}
	r.proposal = plan
	return r.refuse(plan)
}

// refuse refuses a proposal with a system that is not in one piece where that is
// demanded, and names it. Other demands that it breaks are kept, to be told
// beside its rank.
func (r *result) refuse(plan *proposal) error {
	var apart []string
	for _, g := range plan.groups {
		reason := r.p.Reason(g)
		if reason == "" {
			continue
		}
		if !r.p.Pieced(g) {
			apart = append(apart, fmt.Sprintf("%s %s", r.union(g), reason))
		}
		plan.broken = append(plan.broken, fmt.Sprintf("%s %s", r.union(g), reason))
	}
	if len(apart) == 0 {
		return nil
	}
	return &footprint.InfeasibleError{Reason: fmt.Sprintf("%s: the proposal breaks a demand: %s: leave --contiguous out to have the proposal weighed", r.options.Proposed, strings.Join(apart, "; and "))}
}

// system finds a system by its code or its name; −1 for none.
func (r *result) system(text string) int32 {
	if i := slices.Index(r.today.Partition.IDs, text); i >= 0 {
		return int32(i)
	}
	return int32(slices.Index(r.today.Names, text))
}

// title is a system's name, with its code.
func (r *result) title(s int32) string {
	id := r.today.Partition.IDs[s]
	if name := r.today.Names[s]; name != "" && name != id {
		return fmt.Sprintf("%s (%s)", name, id)
	}
	return id
}

// short is a system's name, or its code where it has none.
func (r *result) short(s int32) string {
	if name := r.today.Names[s]; name != "" {
		return name
	}
	return r.today.Partition.IDs[s]
}

// list names systems: A (1), B (2) and C (3).
func (r *result) list(systems []int32) string {
	names := make([]string, len(systems))
	for i, s := range systems {
		names[i] = r.title(s)
	}
	return joined(names)
}

// union names a system that some of today's would be, as one thing.
func (r *result) union(systems []int32) string {
	if len(systems) == 1 {
		return r.title(systems[0])
	}
	return "the union of " + r.list(systems)
}

// joined puts names in a sentence.
func joined(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
