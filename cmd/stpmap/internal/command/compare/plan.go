package compare

import (
	"math"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// try begins a line that would work.
const try = "stpmap compare --flows flows.csv "

// comparedResamples is the number of resampled runs of each setting where one of
// several methods is without randomness, so that all are judged alike.
const comparedResamples = 5

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
	clustering.Plan
	sharing.Sharing
	methods     []string
	qualities   []footprint.Quality
	resolutions []float64 // nil: the default of each quality
	counts      []int     // of footprints
	seeds       int
	resamples   int
	scale       sweep.PlanningScale
}

// plan reads the flags and refuses what contradicts itself.
func (o *Options) plan() (*sweepPlan, error) {
	at := clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != "", OneMode: o.OneMode, Directed: o.Directed}
	common, err := o.Common.Plan(&o.Line, at)
	if err != nil {
		return nil, err
	}
	p := &sweepPlan{Plan: common, methods: listed(o.Method), seeds: o.Seeds, resamples: o.Resamples}
	if err := p.checkMethods(o, at); err != nil {
		return nil, err
	}
	if !o.Given("resamples") && len(p.methods) > 1 && slices.ContainsFunc(p.methods, func(m string) bool { return !clustering.Seeded(m) }) {
		p.resamples = comparedResamples // seeds say nothing about such a method
	}
	if err := p.setQualities(listed(o.Quality)); err != nil {
		return nil, err
	}
	if o.Resolution != "" {
		if p.resolutions, err = parseResolutions(o.Resolution); err != nil {
			return nil, cli.Usagef(try+"--resolution 0.2:17:log40", "--resolution: %w", err)
		}
	}
	if o.Footprints != "" {
		if p.counts, err = parseCounts(o.Footprints); err != nil {
			return nil, cli.Usagef(try+"--footprints 20:110", "--footprints: %w", err)
		}
	}
	if p.scale, err = parseScale(o.Scale); err != nil {
		return nil, cli.Usagef(try+"--scale 300000:3000000", "--scale: %w", err)
	}
	if p.Sharing, err = sharing.Read(o.Shard, o.Resume, o.Merging, sharing.Examples{Part: try + "--shard 3/16 -o sweep", Whole: try + "--merge -o sweep"}); err != nil {
		return nil, err
	}
	return p, p.checkOut(o.Out)
}

// checkMethods refuses unknown methods, doubles, and flags of others.
func (p *sweepPlan) checkMethods(o *Options, at clustering.Places) error {
	if len(p.methods) == 0 {
		p.methods = []string{"leiden"}
	}
	for i, name := range p.methods {
		if err := clustering.KnownMethod(&o.Line, name); err != nil {
			return err
		}
		if slices.Contains(p.methods[:i], name) {
			return cli.Usagef(try+"--method "+name, "--method %s is given twice", name)
		}
	}
	return p.CheckMethods(&o.Line, o.Common, at, p.methods...)
}

// setQualities reads the names of qualities; modularity where there is none.
func (p *sweepPlan) setQualities(names []string) error {
	if len(names) == 0 {
		names = []string{"modularity"}
	}
	for _, name := range names {
		q, err := footprint.ParseQuality(name)
		if err != nil {
			return cli.Usagef(try+"--quality modularity", "%w", err)
		}
		if slices.Contains(p.qualities, q) {
			return cli.Usagef(try+"--quality "+name, "--quality %s is given twice", name)
		}
		p.qualities = append(p.qualities, q)
	}
	return nil
}

// checkOut refuses a place that cannot hold a folder of results.
func (p *sweepPlan) checkOut(out string) error {
	switch {
	case namesFile(out):
		return cli.Usagef(try+"-o sweep", "a sweep writes a folder of files, and %q is the name of one file", out)
	case out == "-":
		return cli.Usagef(try+"-o sweep", "a sweep writes a folder of files, which standard output cannot hold")
	case out == "" && (p.Shards > 0 || p.Resume):
		return cli.Usagef(try+"--shard 3/16 -o sweep", "--shard and --resume need --out: the runs are kept there")
	case out == "" && p.Merge && len(p.Parts) == 0:
		return cli.Usagef(try+"--merge -o sweep", "--merge needs --out or --part, which say where the parts are")
	}
	return nil
}

// sweep puts the settings in their order: methods, then qualities, then
// resolutions, then numbers of footprints.
func (p *sweepPlan) sweep(in *study.Study, cs footprint.Constraints, salt string, progress footprint.Progress) sweep.Sweep {
	s := sweep.Sweep{
		Seeds: p.seeds, Seed: p.Seed, Resamples: p.resamples, Restarts: p.Restarts, Jobs: p.Jobs,
		Constraints: cs, Salt: salt, Progress: progress,
	}
	host := in.Hosts()
	s.Build = func(t sweep.Setting, seed uint64, cs footprint.Constraints) (footprint.Method, error) {
		one := p.Plan
		one.SetHosts(host)
		one.SetReferral(in.Referral)
		one.Method, one.Quality, one.Seed, one.Jobs, one.Resolution, one.Footprints = t.Method, t.Quality, seed, 1, t.Resolution, t.Footprints
		return one.Build(cs, nil)
	}
	for _, method := range p.methods {
		qualities := p.qualities
		if !clustering.Qualities(method) {
			qualities = []footprint.Quality{footprint.Modularity}
		}
		for _, q := range qualities {
			s.Settings = append(s.Settings, p.settings(in, method, q)...)
		}
	}
	return s
}

// settings are those of one method and quality.
func (p *sweepPlan) settings(in *study.Study, method string, q footprint.Quality) (list []sweep.Setting) {
	runs := p.seeds
	if !clustering.Seeded(method) {
		runs = 1
	}
	resolutions := p.resolutions
	switch {
	case !clustering.Resolves(method):
		resolutions = nil
		if len(p.counts) == 0 {
			resolutions = []float64{math.NaN()} // its own rule
		}
	case resolutions == nil && len(p.counts) == 0:
		resolutions = sweep.DefaultResolutions(in.Matrix, q, 40)
	}
	for _, gamma := range resolutions {
		list = append(list, sweep.Setting{Method: method, Quality: q, Resolution: gamma, Runs: runs})
	}
	for _, k := range p.counts {
		list = append(list, sweep.Setting{Method: method, Quality: q, Resolution: math.NaN(), Footprints: k, Runs: runs})
	}
	return list
}
