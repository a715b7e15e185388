package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/leiden"
	"stpmap/footprint/registry"
	"stpmap/footprint/rule"
	"stpmap/footprint/tree"
)

// clustering is what the flags ask of a method, checked for contradictions.
type clustering struct {
	method     string
	quality    footprint.Quality
	resolution float64 // NaN where a number of footprints, or nothing, was asked
	footprints int     // 0 where not asked
	auto       bool    // --footprints auto
	seed       uint64
	restarts   int
	jobs       int
	contiguous bool

	minPopulation, maxPopulation float64
	minLocalisation, maxShare    float64
	allowSingleKind              bool
	directed                     bool

	ttwa rule.TTWA // its parameters
	hsa  rule.HSA  // its parameters

	bootstrap int     // runs on resampled flows; 0 for none
	from      sharing // where those runs are, or go, if not made here
	consensus bool
}

type methodEntry struct {
	name  string
	build func(cl clustering, constraints footprint.Constraints, progress footprint.Progress) (footprint.Method, error)
}

// methods lists what --method takes.
var methods = []methodEntry{
	{"leiden", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return leiden.Leiden{Resolution: cl.gamma(), Quality: cl.quality, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: p}, nil
	}},
	{"louvain", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return leiden.Louvain{Resolution: cl.gamma(), Quality: cl.quality, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: p}, nil
	}},
	{"infomap", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return infomap.Infomap{Directed: cl.directed, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: p}, nil
	}},
	{"ttwa", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		t := cl.ttwa
		t.Constraints, t.Progress = cs, p
		return t, nil
	}},
	{"intramax", func(_ clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return tree.Intramax{Constraints: cs, Progress: p}, nil
	}},
	{"ward", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return tree.Ward{Resolution: cl.gamma(), Constraints: cs, Progress: p}, nil
	}},
	{"hsa", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		h := cl.hsa
		h.Constraints, h.Progress = cs, p
		return h, nil
	}},
}

func methodNames() []string {
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = m.name
	}
	return names
}

func presetNames() []string {
	var names []string
	for _, p := range registry.Presets() {
		names = append(names, p.Name)
	}
	return names
}

// applyPreset sets the flags that a preset stands for, save those given.
func applyPreset(c *cli.Context) error {
	name := c.String("preset")
	if name == "" {
		return nil
	}
	p, ok := registry.FindPreset(name)
	if !ok {
		return usagef("stpmap "+c.Command.Name+" --flows flows.csv --preset ons-ttwa", "unknown --preset %q; there are %s", name, strings.Join(presetNames(), ", "))
	}
	if m := c.String("method"); c.IsSet("method") && m != p.Method {
		return usagef("stpmap "+c.Command.Name+" --flows flows.csv --preset "+name, "--preset %s is a rule set of --method %s, not of %s", name, p.Method, m)
	}
	for _, f := range append([]registry.Parameter{{Flag: "method", Value: p.Method}}, p.Parameters...) {
		if c.IsSet(f.Flag) {
			continue
		}
		if f.Flag == "footprints" && c.IsSet("resolution") {
			continue
		}
		if err := c.Set(f.Flag, f.Value); err != nil {
			return fmt.Errorf("preset %s: %w", name, err)
		}
	}
	return nil
}

// optimised names what the method makes the best of.
func (cl clustering) optimised() string {
	switch cl.method {
	case "leiden", "louvain":
		return cl.quality.String()
	case "infomap":
		return "codelength"
	case "ttwa":
		return "validity"
	case "intramax":
		return "interaction"
	case "ward":
		return "modularity"
	case "hsa":
		return "plurality"
	}
	return cl.method
}

// gamma is the resolution to use; 0 leaves it to the method.
func (cl clustering) gamma() float64 {
	if math.IsNaN(cl.resolution) {
		return 0
	}
	return cl.resolution
}

// clusteringFromFlags reads the flags and refuses what contradicts itself.
func clusteringFromFlags(c *cli.Context) (clustering, error) {
	if err := applyPreset(c); err != nil {
		return clustering{}, err
	}
	cl, err := demandsFromFlags(c)
	if err != nil {
		return cl, err
	}
	cl.method = c.String("method")
	try := "stpmap " + c.Command.Name + " --flows flows.csv --footprints 37"
	if !slices.Contains(methodNames(), cl.method) {
		return cl, usagef("stpmap "+c.Command.Name+" --method leiden", "unknown --method %q; there are %s", cl.method, strings.Join(methodNames(), ", "))
	}
	if cl.quality, err = footprint.ParseQuality(c.String("quality")); err != nil {
		return cl, usagef("stpmap "+c.Command.Name+" --quality modularity", "%w", err)
	}
	if c.IsSet("resolution") {
		cl.resolution = c.Float64("resolution")
		if !(cl.resolution > 0) || math.IsInf(cl.resolution, 0) {
			return cl, usagef("stpmap "+c.Command.Name+" --resolution 1.5", "--resolution must be a number above 0, got %v", cl.resolution)
		}
	}
	if k := c.String("footprints"); k == "auto" {
		cl.auto = true
	} else if k != "" {
		n, err := strconv.Atoi(k)
		if err != nil {
			return cl, usagef(try, "--footprints takes a whole number, got %q", k)
		}
		if n < 1 {
			return cl, usagef(try, "--footprints must be at least 1, got %d", n)
		}
		cl.footprints = n
	}
	if (cl.footprints > 0 || cl.auto) && !math.IsNaN(cl.resolution) {
		return cl, usagef(try, "--footprints and --resolution contradict each other: a number of footprints sets the resolution; give one of them")
	}
	if k := cl.footprints; k > 0 && cl.maxShare > 0 && float64(k)*cl.maxShare < 1-1e-12 {
		return cl, usagef(try+" --max-share 0.25", "--footprints %d and --max-share %v contradict each other: so many footprints cannot hold all patients; raise one of the two", k, cl.maxShare)
	}
	return cl, cl.checkMethods(c, cl.method)
}

// demandsFromFlags reads what holds for any method and any number of
// footprints.
func demandsFromFlags(c *cli.Context) (clustering, error) {
	cl, err := boundsFromFlags(c)
	if err != nil {
		return cl, err
	}
	cl.seed, cl.restarts, cl.jobs, cl.directed = c.Uint64("seed"), c.Int("restarts"), c.Int("jobs"), c.Bool("directed")
	cl.bootstrap, cl.consensus = c.Int("bootstrap"), c.Bool("consensus")
	cl.hsa = rule.HSA{
		Threshold: c.Float64("hsa-threshold"), MinInterventions: c.Float64("min-interventions"),
		MinRegion: c.Float64("min-region"), MinInside: c.Float64("min-inside"), MinProcedures: c.Float64("min-procedures"),
	}
	cl.ttwa = rule.TTWA{
		MinSize: c.Float64("min-size"), TargetSize: c.Float64("target-size"),
		MinContainment: c.Float64("min-containment"), TargetContainment: c.Float64("target-containment"), Compatible: c.Bool("ttwa-compatible"),
	}
	try := "stpmap " + c.Command.Name + " --flows flows.csv --footprints 37"
	if cl.restarts < 1 {
		return cl, usagef(try, "--restarts must be at least 1, got %d", cl.restarts)
	}
	if cl.jobs < 0 {
		return cl, usagef(try, "--jobs must not be negative, got %d", cl.jobs)
	}
	if cl.bootstrap < 0 {
		return cl, usagef(try+" --bootstrap 100", "--bootstrap must not be negative, got %d", cl.bootstrap)
	}
	if cl.consensus && cl.bootstrap < 2 {
		return cl, usagef(try+" --bootstrap 100 --consensus", "--consensus needs --bootstrap: it is what those runs have in common")
	}
	if c.IsSet("fix") && !c.IsSet("start") {
		return cl, usagef(try+" --start partition.csv --fix codes.txt", "--fix needs --start: it says where the fixed codes stay")
	}
	if c.IsSet("keep-ids") && !c.IsSet("start") {
		return cl, usagef(try+" --start partition.csv --keep-ids", "--keep-ids needs --start: it holds the ids to keep")
	}
	return cl, nil
}

// boundsFromFlags reads what footprints must be.
func boundsFromFlags(c *cli.Context) (clustering, error) {
	cl := clustering{
		resolution: math.NaN(),
		contiguous: c.Bool("contiguous"), minPopulation: c.Float64("min-population"), maxPopulation: c.Float64("max-population"),
		minLocalisation: c.Float64("min-localisation"), maxShare: c.Float64("max-share"), allowSingleKind: c.Bool("allow-single-kind"),
	}
	try := "stpmap " + c.Command.Name + " --flows flows.csv --footprints 37"
	for _, f := range []struct {
		name     string
		value    float64
		low, top float64
	}{
		{"min-population", cl.minPopulation, 0, math.MaxFloat64},
		{"max-population", cl.maxPopulation, 0, math.MaxFloat64},
		{"min-localisation", cl.minLocalisation, 0, 1},
		{"max-share", cl.maxShare, 0, 1},
	} {
		if !(f.value >= f.low && f.value <= f.top) {
			if f.top == 1 {
				return cl, usagef(try, "--%s must be a share from 0 to 1, got %v", f.name, f.value)
			}
			return cl, usagef(try, "--%s must not be negative, got %s", f.name, plainNumber(f.value))
		}
	}
	if c.IsSet("max-share") && cl.maxShare == 0 {
		return cl, usagef(try+" --max-share 0.25", "--max-share must be a share above 0, up to 1")
	}
	if cl.maxPopulation > 0 && cl.minPopulation > cl.maxPopulation {
		return cl, usagef(try+" --min-population 300000 --max-population 3000000", "--min-population %s is above --max-population %s", plainNumber(cl.minPopulation), plainNumber(cl.maxPopulation))
	}
	if cl.contiguous && c.String("boundaries") == "" && c.String("area-points") == "" && c.Command.Name != "demo" {
		return cl, usagef("stpmap "+c.Command.Name+" --flows flows.csv --boundaries areas.geojson --contiguous", "--contiguous needs --boundaries: without polygons nothing has neighbours")
	}
	return cl, nil
}

// checkMethods refuses flags that none of the methods would look at.
func (cl *clustering) checkMethods(c *cli.Context, methods ...string) error {
	serves := func(names ...string) bool {
		return slices.ContainsFunc(methods, func(m string) bool { return slices.Contains(names, m) })
	}
	for _, f := range []struct {
		flags   []string
		methods []string
	}{
		{[]string{"min-size", "target-size", "min-containment", "target-containment", "ttwa-compatible"}, []string{"ttwa"}},
		{[]string{"hsa-rule", "hsa-threshold", "min-interventions", "min-region", "min-inside", "min-procedures"}, []string{"hsa"}},
		{[]string{"resolution"}, []string{"leiden", "louvain", "ward"}},
		{[]string{"quality"}, []string{"leiden", "louvain"}},
		{[]string{"directed"}, []string{"infomap"}},
	} {
		for _, name := range f.flags {
			if c.IsSet(name) && !serves(f.methods...) {
				return usagef("stpmap "+c.Command.Name+" --flows flows.csv --method "+f.methods[0], "--%s goes with --method %s, not with %s", name, strings.Join(f.methods, " or "), strings.Join(methods, " or "))
			}
		}
	}
	if cl.directed && !c.Bool("one-mode") {
		return usagef("stpmap "+c.Command.Name+" --flows edges.csv --one-mode --directed --method infomap", "--directed needs --one-mode: flows from areas to providers have one direction only")
	}
	if c.IsSet("hsa-rule") {
		rule, ok := map[string]rule.HSARule{"dartmouth-hsa": rule.DartmouthHSA, "dartmouth-hrr": rule.DartmouthHRR, "swiss-hsa": rule.SwissHSA}[c.String("hsa-rule")]
		if !ok {
			return usagef("stpmap "+c.Command.Name+" --method hsa --hsa-rule swiss-hsa", "unknown --hsa-rule %q; there are dartmouth-hsa, dartmouth-hrr and swiss-hsa", c.String("hsa-rule"))
		}
		cl.hsa.Rule = rule
	}
	return nil
}

// method builds the asked-for method.
func (cl clustering) build(cs footprint.Constraints, progress footprint.Progress) (footprint.Method, error) {
	for _, m := range methods {
		if m.name == cl.method {
			return m.build(cl, cs, progress)
		}
	}
	return nil, fmt.Errorf("no method %q", cl.method)
}

// constraints puts the demands together with the data that they are about.
func (cl clustering) constraints(in *inputs) (footprint.Constraints, error) {
	cs := footprint.Constraints{
		Footprints: cl.footprints, MinPopulation: cl.minPopulation, MaxPopulation: cl.maxPopulation,
		MinLocalisation: cl.minLocalisation, MaxShare: cl.maxShare, AllowSingleKind: cl.allowSingleKind,
		Population: in.numberingPopulation(),
	}
	if cl.contiguous {
		if in.adjacency == nil {
			return cs, errors.New("contiguity without boundaries")
		}
		if missing := in.areasWithoutBoundary(); len(missing) > 0 {
			return cs, inputf("--contiguous: %s of the flows %s no polygon in the boundaries (%s): add them, or leave --contiguous out",
				counted(len(missing), "area"), has(len(missing)), firstFew(missing))
		}
		cs.Contiguous = in.adjacency
	}
	if cl.minPopulation > 0 || cl.maxPopulation > 0 {
		if missing := in.areasWithoutPopulation(); len(missing) > 0 {
			return cs, inputf("--min-population and --max-population: the population of %s is not known (%s): give --population, or boundaries with a population%s",
				counted(len(missing), "area"), firstFew(missing), outsideAdvice(missing))
		}
	}
	cs.Together, cs.Apart, cs.Start, cs.Fixed = in.together, in.apart, in.start, in.fixed
	return cs, nil
}
