package clustering

import (
	"fmt"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/registry"
)

// Methods are the names that --method takes.
func Methods() []string { return registry.Names(nil) }

// Presets are the names that --preset takes.
func Presets() []string {
	var names []string
	for _, p := range registry.Presets() {
		names = append(names, p.Name)
	}
	return names
}

// find gives a method by name; one that is not there has no traits.
func find(name string) footprint.Description {
	if d, ok := registry.Find(name); ok {
		return d
	}
	return footprint.Description{Name: name, Optimises: name}
}

// Seeded reports whether a method's result depends on the seed; the others
// run once a setting.
func Seeded(name string) bool { return find(name).Seeded }

// Resolves reports whether a method has a resolution.
func Resolves(name string) bool { return find(name).Resolution }

// Qualities reports whether a method can maximise one of several qualities.
func Qualities(name string) bool { return find(name).Quality }

// looksAtHosts reports whether one of some methods looks at where providers lie.
func looksAtHosts(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return find(n).Hosts })
}

// flagsOf are the flags that a method alone, or with others, looks at.
func flagsOf(d footprint.Description) []string {
	flags := slices.Clone(d.Parameters)
	for _, trait := range []struct {
		has  bool
		flag string
	}{{d.Resolution, "resolution"}, {d.Quality, "quality"}, {d.Directed, "directed"}, {d.Objectives, "objective"}, {d.Objectives, "effort"}} {
		if trait.has {
			flags = append(flags, trait.flag)
		}
	}
	return flags
}

// takersOf are the methods that look at a flag.
func takersOf(flag string) []string {
	return registry.Names(func(d footprint.Description) bool { return slices.Contains(flagsOf(d), flag) })
}

// Build makes the method that the plan asks for.
func (p Plan) Build(cs footprint.Constraints, progress footprint.Progress) (footprint.Method, error) {
	d, ok := registry.Find(p.Method)
	if !ok {
		return nil, fmt.Errorf("no method %q", p.Method)
	}
	return d.New(footprint.Settings{
		Quality: p.Quality, Resolution: p.Gamma(), Objective: p.Objective, Effort: p.Effort,
		Seed: p.Seed, Restarts: p.Restarts, Jobs: p.Jobs, Directed: p.Directed, Hosts: p.hosts, Referral: p.referral,
		Numbers: p.Numbers, Words: p.Words, Constraints: cs, Progress: progress,
	})
}

// Optimised names what the method makes the best of.
func (p Plan) Optimised() string {
	if Qualities(p.Method) {
		return p.Quality.String()
	}
	return find(p.Method).Optimises
}
