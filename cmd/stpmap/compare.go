package main

import (
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

func compareCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "compare",
		Usage: "a sweep over parameters and methods; or partitions against each other",
		Description: `Examples:

  stpmap compare --flows flows.csv --resolution 0.2:17:log40 --seeds 20 -o sweep
  stpmap compare --flows flows.csv --footprints 20:110:5 --method leiden --method ward -o sweep
  stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv

A sweep writes runs.csv, summary.csv, champ.csv, recommendation.json,
recommended.csv and charts into the folder; with --boundaries also
borders.geojson and levels.geojson. An interrupted sweep goes on with --resume.
On several machines, each runs --shard i/n into the same folder, and then the
same command with --merge in its place joins the parts:

  stpmap compare --flows flows.csv --shard 3/16 -o sweep
  stpmap compare --flows flows.csv --merge -o sweep`,
		Flags: join(flowFlags(), placeFlags(), partitionFlags(), sweepFlags(), []cli.Flag{
			suppressFlag("compare"), publishFlag(),
			outFlag("`FOLDER` for a sweep's results, or for the files of a comparison"),
			jsonFlag(),
		}),
	}, nil, func(c *cli.Context) error {
		if len(c.StringSlice("partition")) > 0 {
			return env.comparePartitions(c)
		}
		if !c.IsSet("flows") {
			return usagef("stpmap compare --flows flows.csv -o sweep", "missing flag --flows (for a sweep), or --partition and --reference (for a comparison)")
		}
		return env.compareSweep(c)
	})
}

// sweepFlags are cluster's, with lists and ranges where a sweep takes them.
func sweepFlags() []cli.Flag {
	own := []cli.Flag{
		&cli.StringSliceFlag{Name: "method", Usage: "clustering `METHOD` (repeatable; default leiden): " + strings.Join(methodNames(), ", ")},
		&cli.StringSliceFlag{Name: "quality", Usage: "what leiden and louvain maximise (repeatable; default modularity): `modularity|cpm|bipartite`"},
		&cli.StringFlag{Name: "resolution", Usage: "`γ` to try: a list, from:to:step or from:to:logN (default 0.2:17:log40)"},
		&cli.StringFlag{Name: "footprints", Usage: "numbers `K` of footprints to try: a list, from:to or from:to:step"},
		&cli.IntFlag{Name: "restarts", Value: 1, Usage: "`RUNS` behind each run, of which the best is kept"},
		&cli.IntFlag{Name: "seeds", Value: 20, Usage: "`RUNS` of each setting, with seeds that follow --seed"},
		&cli.IntFlag{Name: "resamples", Usage: "runs of each setting on `N` Poisson-resampled flows"},
		&cli.StringFlag{Name: "scale", Value: "300000:3000000", Usage: "planning scale: `LEAST:MOST` people of a footprint"},
		&cli.StringFlag{Name: "shard", Usage: "do only part `I/N` of the runs, such as 3/16"},
		&cli.BoolFlag{Name: "merge", Usage: "join the parts that --shard wrote"},
		&cli.StringSliceFlag{Name: "part", Usage: "`FILE` or folder with parts to merge (repeatable; default: --out)"},
		&cli.BoolFlag{Name: "resume", Usage: "go on with an interrupted sweep in --out"},
	}
	skip := []string{"preset"}
	for _, f := range own {
		skip = append(skip, f.Names()[0])
	}
	return append(slices.DeleteFunc(clusterFlags(), func(f cli.Flag) bool { return slices.Contains(skip, f.Names()[0]) }), own...)
}

// listed splits the values of a repeatable flag at commas.
func listed(values []string) []string {
	var out []string
	for _, v := range values {
		for _, one := range strings.Split(v, ",") {
			out = append(out, strings.TrimSpace(one))
		}
	}
	return out
}

// sweepPlan is what the flags ask of a sweep.
type sweepPlan struct {
	clustering
	methods     []string
	qualities   []footprint.Quality
	resolutions []float64 // nil: the default of each quality
	counts      []int
	seeds       int
	resamples   int
	scale       sweep.PlanningScale
	sharing
}

// seeded lists the methods whose result hangs on the seed; the others run once
// a setting.
var seeded = []string{"leiden", "louvain", "infomap"}

// resolving lists the methods that have a resolution.
var resolving = []string{"leiden", "louvain", "ward"}

func sweepFromFlags(c *cli.Context) (*sweepPlan, error) {
	cl, err := demandsFromFlags(c)
	if err != nil {
		return nil, err
	}
	p := &sweepPlan{
		clustering: cl, methods: listed(c.StringSlice("method")), seeds: c.Int("seeds"), resamples: c.Int("resamples"),
	}
	const try = "stpmap compare --flows flows.csv "
	if len(p.methods) == 0 {
		p.methods = []string{"leiden"}
	}
	for i, name := range p.methods {
		if !slices.Contains(methodNames(), name) {
			return nil, usagef(try+"--method leiden", "unknown --method %q; there are %s", name, strings.Join(methodNames(), ", "))
		}
		if slices.Contains(p.methods[:i], name) {
			return nil, usagef(try+"--method "+name, "--method %s is given twice", name)
		}
	}
	if err := p.checkMethods(c, p.methods...); err != nil {
		return nil, err
	}
	qualities := listed(c.StringSlice("quality"))
	if len(qualities) == 0 {
		qualities = []string{"modularity"}
	}
	for _, name := range qualities {
		q, err := footprint.ParseQuality(name)
		if err != nil {
			return nil, usagef(try+"--quality modularity", "%w", err)
		}
		if slices.Contains(p.qualities, q) {
			return nil, usagef(try+"--quality "+name, "--quality %s is given twice", name)
		}
		p.qualities = append(p.qualities, q)
	}
	if text := c.String("resolution"); text != "" {
		if p.resolutions, err = parseResolutions(text); err != nil {
			return nil, usagef(try+"--resolution 0.2:17:log40", "--resolution: %w", err)
		}
	}
	if text := c.String("footprints"); text != "" {
		if p.counts, err = parseCounts(text); err != nil {
			return nil, usagef(try+"--footprints 20:110", "--footprints: %w", err)
		}
	}
	if p.scale, err = parseScale(c.String("scale")); err != nil {
		return nil, usagef(try+"--scale 300000:3000000", "--scale: %w", err)
	}
	if p.seeds < 1 {
		return nil, usagef(try+"--seeds 20", "--seeds must be at least 1, got %d", p.seeds)
	}
	if p.resamples < 0 {
		return nil, usagef(try+"--resamples 20", "--resamples must not be negative, got %d", p.resamples)
	}
	if p.sharing, err = sharingFromFlags(c, try+"--shard 3/16 -o sweep", try+"--merge -o sweep"); err != nil {
		return nil, err
	}
	out := c.String("out")
	switch {
	case namesFormat(suffixFormat(out, "")):
		return nil, usagef(try+"-o sweep", "a sweep writes a folder of files, and %q is the name of one file", out)
	case out == "-":
		return nil, usagef(try+"-o sweep", "a sweep writes a folder of files, which standard output cannot hold")
	case out == "" && (p.shards > 0 || p.resume):
		return nil, usagef(try+"--shard 3/16 -o sweep", "--shard and --resume need --out: the runs are kept there")
	case out == "" && p.merge && len(p.parts) == 0:
		return nil, usagef(try+"--merge -o sweep", "--merge needs --out or --part: the parts lie there")
	}
	return p, nil
}

// sweep puts the settings in their order: methods, then qualities, then
// resolutions, then numbers of footprints.
func (p *sweepPlan) sweep(in *inputs, cs footprint.Constraints, salt string, progress footprint.Progress) sweep.Sweep {
	s := sweep.Sweep{
		Seeds: p.seeds, Seed: p.seed, Resamples: p.resamples, Restarts: p.restarts, Jobs: p.jobs,
		Constraints: cs, Salt: salt, Progress: progress,
	}
	host := in.hosts()
	s.Build = func(t sweep.Setting, seed uint64, cs footprint.Constraints) (footprint.Method, error) {
		cl := p.clustering
		cl.ttwa.Host, cl.hsa.Host = host, host
		cl.method, cl.quality, cl.seed, cl.jobs, cl.resolution, cl.footprints = t.Method, t.Quality, seed, 1, t.Resolution, t.Footprints
		return cl.build(cs, nil)
	}
	for _, method := range p.methods {
		qualities := p.qualities
		if method != "leiden" && method != "louvain" {
			qualities = []footprint.Quality{footprint.Modularity}
		}
		runs := p.seeds
		if !slices.Contains(seeded, method) {
			runs = 1
		}
		for _, q := range qualities {
			resolutions := p.resolutions
			switch {
			case !slices.Contains(resolving, method):
				resolutions = nil
				if len(p.counts) == 0 {
					resolutions = []float64{math.NaN()} // its own rule
				}
			case resolutions == nil && len(p.counts) == 0:
				resolutions = sweep.DefaultResolutions(in.matrix, q, 40)
			}
			for _, gamma := range resolutions {
				s.Settings = append(s.Settings, sweep.Setting{Method: method, Quality: q, Resolution: gamma, Runs: runs})
			}
			for _, k := range p.counts {
				s.Settings = append(s.Settings, sweep.Setting{Method: method, Quality: q, Resolution: math.NaN(), Footprints: k, Runs: runs})
			}
		}
	}
	return s
}
