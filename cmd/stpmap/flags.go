package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/flow"
)

// Groups of flags that several commands share: the same flag means the same
// everywhere.

func flowFlags() []cli.Flag {
	return append(readingFlags(), []cli.Flag{
		&cli.StringSliceFlag{Name: "flows", Usage: "`FILE` of patients by area and provider (repeatable), a pattern such as 'rtt_*.csv', or an engine's URL (see ingest); - is standard input"},
		&cli.StringFlag{Name: "area-column", Usage: "`HEADING` of the area's code in the flows"},
		&cli.StringFlag{Name: "provider-column", Usage: "`HEADING` of the provider's code in the flows"},
		&cli.StringFlag{Name: "count-column", Usage: "`HEADING` of the number of patients in the flows"},
		&cli.StringSliceFlag{Name: "where", Usage: "keep only rows with `COLUMN=VALUE` (repeatable)"},
		&cli.StringSliceFlag{Name: "suppressed", Usage: "read `MARK=LOWER:UPPER` as a suppressed count (repeatable), such as '*=1:4'"},
		&cli.StringFlag{Name: "table", Usage: "flows from an engine: `NAME` of the table, such as schema.records"},
		&cli.StringFlag{Name: "query-file", Usage: "flows from an engine: `FILE` with a SELECT in place of a table"},
		&cli.BoolFlag{Name: "ignore-totals", Usage: "take published tables whose rows do not add up to their totals; the rows count"},
		&cli.BoolFlag{Name: "one-mode", Usage: "areas and providers are the same places (commuting, a plain network)"},
		&cli.BoolFlag{Name: "directed", Usage: "keep the direction of flows (infomap)"},
	}...)
}

func placeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "boundaries", Usage: "`FILE` of the areas' polygons: GeoJSON, GeoPackage or Shapefile"},
		&cli.StringFlag{Name: "boundary-code", Usage: "`PROPERTY` of the boundaries that holds the area's code"},
		&cli.StringFlag{Name: "boundary-name", Usage: "`PROPERTY` of the boundaries that holds the area's name"},
		&cli.Float64Flag{Name: "snap", Usage: "move vertices of the boundaries within `METRES` of each other together"},
		&cli.BoolFlag{Name: "clean", Usage: "close gaps and overlaps between the boundaries"},
		&cli.StringFlag{Name: "area-points", Usage: "`FILE` of areas' points where there are no --boundaries: area, lon, lat; maps then show the cells around them, marked approximate"},
		&cli.StringFlag{Name: "outline", Usage: "`FILE` of the land that the cells of --area-points are clipped to, in any format of --boundaries (default: the points' hull)"},
		&cli.StringFlag{Name: "providers", Usage: "`FILE` of providers: provider_code, provider_name, lon, lat"},
		&cli.StringFlag{Name: "population", Usage: "`FILE` of people by area: area, population"},
	}
}

func clusterFlags() []cli.Flag {
	return join([]cli.Flag{
		&cli.StringFlag{Name: "method", Value: "leiden", Usage: "clustering `METHOD`: " + strings.Join(methodNames(), ", ")},
		&cli.StringFlag{Name: "preset", Usage: "a published rule set by `NAME`: " + strings.Join(presetNames(), ", ")},
		&cli.StringFlag{Name: "quality", Value: "modularity", Usage: "what leiden and louvain maximise: `modularity|cpm|bipartite`"},
		&cli.Float64Flag{Name: "resolution", Usage: "`γ`: higher gives more, smaller footprints (default 1)"},
		&cli.StringFlag{Name: "footprints", Usage: "exact number `K` of footprints, or auto to have it chosen from the flows"},
		&cli.StringFlag{Name: "levels", Usage: "nested levels of `K,K,…` footprints each, such as 100,44,21: each a union of the finer"},
		&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "`SEED` of all that is random"},
		&cli.IntFlag{Name: "restarts", Value: 10, Usage: "`RUNS` from different streams, of which the best is kept"},
		&cli.IntFlag{Name: "jobs", Usage: "runs at a `TIME` (default: one a processor); never changes the result"},
	}, demandFlags(), []cli.Flag{
		&cli.StringFlag{Name: "start", Usage: "`FILE` with a partition to start from"},
		&cli.StringFlag{Name: "fix", Usage: "`FILE` of codes that stay where --start has them, one a line"},
		&cli.BoolFlag{Name: "keep-ids", Usage: "footprints keep the ids of those of --start that they overlap most"},
		&cli.StringFlag{Name: "hsa-rule", Usage: "hsa: `dartmouth-hsa|dartmouth-hrr|swiss-hsa` (default dartmouth-hsa)"},
		&cli.Float64Flag{Name: "hsa-threshold", Usage: "hsa, swiss-hsa: least localisation index of an area, a `SHARE` (default 0.4)"},
		&cli.Float64Flag{Name: "min-interventions", Usage: "hsa, swiss-hsa: `PATIENTS` that an area must treat (default 10)"},
		&cli.Float64Flag{Name: "min-region", Usage: "hsa, dartmouth-hrr: least `PEOPLE` of a region (default 120,000)"},
		&cli.Float64Flag{Name: "min-inside", Usage: "hsa, dartmouth-hrr: least localisation index of a region, a `SHARE` (default 0.65)"},
		&cli.Float64Flag{Name: "min-procedures", Usage: "hsa, dartmouth-hrr: `PATIENTS` that make a centre (default 10)"},
		&cli.IntFlag{Name: "bootstrap", Usage: "`RUNS` on resampled flows, for the confidence of each area and border"},
		&cli.BoolFlag{Name: "consensus", Usage: "take what the --bootstrap runs have in common as the partition"},
		&cli.Float64Flag{Name: "min-size", Usage: "ttwa: least `RESIDENTS` (patients or workers)"},
		&cli.Float64Flag{Name: "target-size", Usage: "ttwa: `RESIDENTS` at which the least containment is enough"},
		&cli.Float64Flag{Name: "min-containment", Usage: "ttwa: least containment, a `SHARE`"},
		&cli.Float64Flag{Name: "target-containment", Usage: "ttwa: containment asked of the smallest, a `SHARE`"},
		&cli.BoolFlag{Name: "ttwa-compatible", Usage: "ttwa: put reserved places back unchecked, as the R package does"},
	})
}

// demandFlags ask what footprints must be.
func demandFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "contiguous", Usage: "each footprint in one piece on the ground (needs --boundaries)"},
		&cli.Float64Flag{Name: "min-population", Usage: "least `PEOPLE` of a footprint"},
		&cli.Float64Flag{Name: "max-population", Usage: "most `PEOPLE` of a footprint"},
		&cli.Float64Flag{Name: "min-localisation", Usage: "least localisation index of a footprint, a `SHARE` from 0 to 1"},
		&cli.Float64Flag{Name: "max-share", Usage: "largest `SHARE` of all patients in one footprint, above 0 to 1"},
		&cli.StringFlag{Name: "together", Usage: "`FILE` of codes that must share a footprint, one group a line"},
		&cli.StringFlag{Name: "apart", Usage: "`FILE` of codes no two of which may share a footprint, one group a line"},
		&cli.BoolFlag{Name: "allow-single-kind", Usage: "allow footprints of areas only or providers only (method research)"},
	}
}

func mapFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "title", Usage: "`TITLE` of the maps"},
		&cli.StringSliceFlag{Name: "source", Usage: "`TEXT` of a source or licence to print on the maps (repeatable), such as 'Contains OS data © Crown copyright'"},
		&cli.Float64Flag{Name: "suppress-below", Value: 5, Usage: "show no count under `N` in published outputs; 0 shows all"},
		&cli.Float64Flag{Name: "min-flow-share", Usage: "draw no flow under this `SHARE` of its area's patients (default 0, or the least of 0.01, 0.02, 0.05, 0.1, 0.2 and 0.5 that leaves 50,000 lines at most)"},
	}
}

func outFlag(usage string) cli.Flag {
	return &cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: usage}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print one JSON object on standard output"}
}

func join(groups ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// parameters are the flags that were set, in the order of their names, without
// those that cannot change a result: they go with every output.
func parameters(c *cli.Context) string {
	skip := map[string]bool{"out": true, "o": true, "jobs": true, "quiet": true, "q": true, "verbose": true, "v": true, "log-format": true, "json": true, "resume": true, "flows": true, "boundaries": true, "area-points": true, "outline": true, "providers": true, "population": true, "indicators": true, "config": true, "shard": true, "merge": true, "part": true, "partition": true, "reference": true}
	var parts []string
	seen := map[string]bool{}
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if skip[name] || seen[name] || !c.IsSet(name) {
			continue
		}
		seen[name] = true
		value := fmt.Sprint(c.Value(name))
		if x, ok := c.Value(name).(float64); ok {
			value = plainNumber(x)
		}
		if s := c.StringSlice(name); s != nil {
			value = strings.Join(s, ",")
		}
		parts = append(parts, "--"+name+"="+value)
	}
	return strings.Join(parts, " ")
}

// plainNumber is a number as a person writes it: 3000000, not 3e+06.
func plainNumber(x float64) string { return string(flow.AppendNumber(nil, x)) }

// maxSnap is the most that --snap may move a vertex, in metres.
const maxSnap = 10_000

// checkFlags finds what is wrong with flags that several commands share, before
// anything is read: a limit that is no number would hide nothing.
func checkFlags(c *cli.Context) error {
	try := "stpmap " + c.Command.Name
	if n := c.Float64("suppress-below"); !(n >= 0) || math.IsInf(n, 0) {
		return usagef(try+" … --suppress-below 5", "--suppress-below takes a number of patients, 0 or more, got %v", n)
	}
	if n := c.Float64("min-flow-share"); !(n >= 0 && n <= 1) {
		return usagef(try+" … --min-flow-share 0.01", "--min-flow-share must be a share from 0 to 1, got %v", n)
	}
	if n := c.Float64("snap"); !(n >= 0 && n <= maxSnap) {
		return usagef(try+" … --snap 10", "--snap takes metres from 0 to %d, got %v", maxSnap, n)
	}
	first := ""
	for _, f := range c.Command.Flags {
		if !namesFile(f) {
			continue
		}
		flag := f.Names()[0]
		for _, name := range (filesOnDisk{}).resolve(c, flag) {
			if name != "-" {
				continue
			}
			if first != "" {
				return usagef(try+" --help", "--%s and --%s both name standard input, which can be read once: give one of them a file", first, flag)
			}
			first = flag
		}
	}
	return refuseOverwriting(c)
}
