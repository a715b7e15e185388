package clustering

import (
	"fmt"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/leiden"
	"stpmap/footprint/registry"
	"stpmap/footprint/rule"
	"stpmap/footprint/tree"
)

// method is what this command line must know of a clustering method.
type method struct {
	name  string
	build func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method
	// optimises names what it makes the best of; "" where that is the quality.
	optimises string
	seeded    bool     // its result depends on the seed
	resolves  bool     // it has a resolution
	hosts     bool     // it looks at where providers lie
	flags     []string // that it alone, or it with others, looks at
}

// methods lists what --method takes.
var methods = []method{
	{
		name: "leiden", seeded: true, resolves: true, flags: []string{"resolution", "quality"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			return leiden.Leiden{Resolution: p.Gamma(), Quality: p.Quality, Seed: p.Seed, Restarts: p.Restarts, Jobs: p.Jobs, Constraints: cs, Progress: progress}
		},
	},
	{
		name: "louvain", seeded: true, resolves: true, flags: []string{"resolution", "quality"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			return leiden.Louvain{Resolution: p.Gamma(), Quality: p.Quality, Seed: p.Seed, Restarts: p.Restarts, Jobs: p.Jobs, Constraints: cs, Progress: progress}
		},
	},
	{
		name: "infomap", optimises: "codelength", seeded: true, flags: []string{"directed"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			return infomap.Infomap{Directed: p.Directed, Seed: p.Seed, Restarts: p.Restarts, Jobs: p.Jobs, Constraints: cs, Progress: progress}
		},
	},
	{
		name: "ttwa", optimises: "validity", hosts: true, flags: []string{"min-size", "target-size", "min-containment", "target-containment", "ttwa-compatible"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			t := p.TTWA
			t.Constraints, t.Progress = cs, progress
			return t
		},
	},
	{
		name: "intramax", optimises: "interaction",
		build: func(_ Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			return tree.Intramax{Constraints: cs, Progress: progress}
		},
	},
	{
		name: "ward", optimises: "modularity", resolves: true, flags: []string{"resolution"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			return tree.Ward{Resolution: p.Gamma(), Constraints: cs, Progress: progress}
		},
	},
	{
		name: "hsa", optimises: "plurality", hosts: true, flags: []string{"hsa-rule", "hsa-threshold", "min-interventions", "min-region", "min-inside", "min-procedures"},
		build: func(p Plan, cs footprint.Constraints, progress footprint.Progress) footprint.Method {
			h := p.HSA
			h.Constraints, h.Progress = cs, progress
			return h
		},
	},
}

// Methods are the names that --method takes.
func Methods() []string {
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = m.name
	}
	return names
}

// Presets are the names that --preset takes.
func Presets() []string {
	var names []string
	for _, p := range registry.Presets() {
		names = append(names, p.Name)
	}
	return names
}

// find gives a method by name; one that is not there has no traits.
func find(name string) method {
	for _, m := range methods {
		if m.name == name {
			return m
		}
	}
	return method{name: name, optimises: name}
}

// Seeded reports whether a method's result depends on the seed; the others
// run once a setting.
func Seeded(name string) bool { return find(name).seeded }

// Resolves reports whether a method has a resolution.
func Resolves(name string) bool { return find(name).resolves }

// Qualities reports whether a method can maximise one of several qualities.
func Qualities(name string) bool { return slices.Contains(find(name).flags, "quality") }

// looksAtHosts reports whether one of some methods looks at where providers lie.
func looksAtHosts(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return find(n).hosts })
}

// takersOf are the methods that look at a flag.
func takersOf(flag string) (names []string) {
	for _, m := range methods {
		if slices.Contains(m.flags, flag) {
			names = append(names, m.name)
		}
	}
	return names
}

// hsaRules are the names that --hsa-rule takes.
var hsaRules = map[string]rule.HSARule{"dartmouth-hsa": rule.DartmouthHSA, "dartmouth-hrr": rule.DartmouthHRR, "swiss-hsa": rule.SwissHSA}

// Build makes the method that the plan asks for.
func (p Plan) Build(cs footprint.Constraints, progress footprint.Progress) (footprint.Method, error) {
	m := find(p.Method)
	if m.build == nil {
		return nil, fmt.Errorf("no method %q", p.Method)
	}
	return m.build(p, cs, progress), nil
}

// Optimised names what the method makes the best of.
func (p Plan) Optimised() string {
	if Qualities(p.Method) {
		return p.Quality.String()
	}
	return find(p.Method).optimises
}
