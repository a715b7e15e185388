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
}

type methodEntry struct {
	name  string
	build func(cl clustering, constraints footprint.Constraints, progress footprint.Progress) (footprint.Method, error)
}

// methods lists what --method takes.
var methods = []methodEntry{
	{"leiden", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return footprint.Leiden{Resolution: cl.gamma(), Quality: cl.quality, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: p}, nil
	}},
	{"louvain", func(cl clustering, cs footprint.Constraints, p footprint.Progress) (footprint.Method, error) {
		return footprint.Louvain{Resolution: cl.gamma(), Quality: cl.quality, Seed: cl.seed, Restarts: cl.restarts, Jobs: cl.jobs, Constraints: cs, Progress: p}, nil
	}},
}

func methodNames() []string {
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = m.name
	}
	return names
}

func presetNames() []string { return nil }

// gamma is the resolution to use; 0 leaves it to the method.
func (cl clustering) gamma() float64 {
	if math.IsNaN(cl.resolution) {
		return 0
	}
	return cl.resolution
}

// clusteringFromFlags reads the flags and refuses what contradicts itself.
func clusteringFromFlags(c *cli.Context) (clustering, error) {
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
	return cl, nil
}

// demandsFromFlags reads what holds for any method and any number of
// footprints.
func demandsFromFlags(c *cli.Context) (clustering, error) {
	cl := clustering{
		resolution: math.NaN(), seed: c.Uint64("seed"), restarts: c.Int("restarts"), jobs: c.Int("jobs"),
		contiguous: c.Bool("contiguous"), minPopulation: c.Float64("min-population"), maxPopulation: c.Float64("max-population"),
		minLocalisation: c.Float64("min-localisation"), maxShare: c.Float64("max-share"),
		allowSingleKind: c.Bool("allow-single-kind"), directed: c.Bool("directed"),
	}
	try := "stpmap " + c.Command.Name + " --flows flows.csv --footprints 37"
	if cl.restarts < 1 {
		return cl, usagef(try, "--restarts must be at least 1, got %d", cl.restarts)
	}
	if cl.jobs < 0 {
		return cl, usagef(try, "--jobs must not be negative, got %d", cl.jobs)
	}
	for _, f := range []struct {
		name     string
		value    float64
		low, top float64
	}{
		{"min-population", cl.minPopulation, 0, math.MaxFloat64}, {"max-population", cl.maxPopulation, 0, math.MaxFloat64},
		{"min-localisation", cl.minLocalisation, 0, 1}, {"max-share", cl.maxShare, 0, 1},
	} {
		if !(f.value >= f.low && f.value <= f.top) {
			if f.top == 1 {
				return cl, usagef(try, "--%s must be a share from 0 to 1, got %v", f.name, f.value)
			}
			return cl, usagef(try, "--%s must not be negative, got %v", f.name, f.value)
		}
	}
	if cl.maxPopulation > 0 && cl.minPopulation > cl.maxPopulation {
		return cl, usagef(try+" --min-population 300000 --max-population 3000000", "--min-population %v is above --max-population %v", cl.minPopulation, cl.maxPopulation)
	}
	if cl.contiguous && c.String("boundaries") == "" && c.Command.Name != "demo" {
		return cl, usagef("stpmap "+c.Command.Name+" --flows flows.csv --boundaries areas.geojson --contiguous", "--contiguous needs --boundaries: without polygons nothing has neighbours")
	}
	if c.IsSet("fix") && !c.IsSet("start") {
		return cl, usagef(try+" --start partition.csv --fix codes.txt", "--fix needs --start: it says where the fixed codes stay")
	}
	if c.IsSet("keep-ids") && !c.IsSet("start") {
		return cl, usagef(try+" --start partition.csv --keep-ids", "--keep-ids needs --start: it holds the ids to keep")
	}
	return cl, nil
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
			return cs, inputf("--min-population and --max-population: the population of %s is not known (%s): give --population, or boundaries with a population",
				counted(len(missing), "area"), firstFew(missing))
		}
	}
	cs.Together, cs.Apart, cs.Start, cs.Fixed = in.together, in.apart, in.start, in.fixed
	return cs, nil
}
