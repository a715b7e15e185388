package clustering

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/registry"
	"stpmap/footprint/rule"
)

// Categories of the flags that say how to cluster, as help shows them. Those of
// Category serve one partition, those of SweepCategory a sweep.
const (
	Category       = "Method"
	SweepCategory  = "Settings to try"
	DemandCategory = "What footprints must be"
	StartCategory  = "Where to start from"
	HSACategory    = "Method hsa"
	TTWACategory   = "Method ttwa"
)

// Demands are the flags that ask what footprints must be.
type Demands struct {
	Contiguous      bool    `flag:"contiguous"`
	MinPopulation   float64 `flag:"min-population"`
	MaxPopulation   float64 `flag:"max-population"`
	MinLocalisation float64 `flag:"min-localisation"`
	MaxShare        float64 `flag:"max-share"`
	Together        string  `flag:"together"`
	Apart           string  `flag:"apart"`
	AllowSingleKind bool    `flag:"allow-single-kind"`

	AllowDegenerate bool `flag:"allow-degenerate"`

	KeepWhole    string   `flag:"keep-whole"`
	MinProviders int      `flag:"min-providers"`
	ProviderType []string `flag:"provider-type"`
}

// Common are the flags of a partition and of a sweep.
type Common struct {
	Demands
	Seed     uint64 `flag:"seed"`
	Restarts int    `flag:"restarts"`
	Jobs     int    `flag:"jobs"`
	Start    string `flag:"start"`
	Fix      string `flag:"fix"`
	KeepIDs  bool   `flag:"keep-ids"`

	HSARule          string  `flag:"hsa-rule"`
	HSAThreshold     float64 `flag:"hsa-threshold"`
	MinInterventions float64 `flag:"min-interventions"`
	MinRegion        float64 `flag:"min-region"`
	MinInside        float64 `flag:"min-inside"`
	MinProcedures    float64 `flag:"min-procedures"`
	ReferralFlows    string  `flag:"referral-flows"`

	MinSize           float64 `flag:"min-size"`
	TargetSize        float64 `flag:"target-size"`
	MinContainment    float64 `flag:"min-containment"`
	TargetContainment float64 `flag:"target-containment"`
	TTWACompatible    bool    `flag:"ttwa-compatible"`
}

// Flags are those of one partition.
type Flags struct {
	Common
	Method     string  `flag:"method"`
	Preset     string  `flag:"preset"`
	Quality    string  `flag:"quality"`
	Resolution float64 `flag:"resolution"`
	Footprints string  `flag:"footprints"`
	Objective  string  `flag:"objective"`
	Effort     int     `flag:"effort"`
	Levels     string  `flag:"levels"`
	Bound      bool    `flag:"bound"`
	Bootstrap  int     `flag:"bootstrap"`
	Consensus  bool    `flag:"consensus"`
	Doubt      string  `flag:"doubt"`

	OverDispersion float64 `flag:"over-dispersion"`
}

// Places says what a command line gives beside the flags of clustering.
type Places struct {
	Boundaries        bool // or points of areas
	OneMode, Directed bool
}

// applyPreset sets the flags that a preset stands for, save those given.
func (f *Flags) applyPreset(line *cli.Line) error {
	name := f.Preset
	if name == "" {
		return nil
	}
	p, ok := registry.FindPreset(name)
	if !ok {
		return cli.Usagef(line.Try("--preset ons-ttwa"), "unknown --preset %q; there are %s", name, strings.Join(Presets(), ", "))
	}
	if line.Given("method") && f.Method != p.Method {
		return cli.Usagef(line.Try("--preset "+name), "--preset %s is a rule set of --method %s, not of %s", name, p.Method, f.Method)
	}
	for _, one := range append([]registry.Parameter{{Flag: "method", Value: p.Method}}, p.Parameters...) {
		if line.Given(one.Flag) || one.Flag == "footprints" && line.Given("resolution") {
			continue
		}
		if err := line.Set(one.Flag, one.Value); err != nil {
			return fmt.Errorf("preset %s: %w", name, err)
		}
	}
	return nil
}

// Plan reads the flags and refuses what contradicts itself.
func (f *Flags) Plan(line *cli.Line, at Places) (Plan, error) {
	if err := f.applyPreset(line); err != nil {
		return Plan{}, err
	}
	p, err := f.Common.Plan(line, at)
	if err != nil {
		return p, err
	}
	p.Method, p.Bootstrap, p.Consensus = f.Method, f.Bootstrap, f.Consensus
	if err := KnownMethod(line, p.Method); err != nil {
		return p, err
	}
	if p.Consensus && p.Bootstrap < 2 {
		return p, cli.Usagef(line.Try("--bootstrap 100 --consensus"), "--consensus needs --bootstrap: it is what those runs have in common")
	}
	if p.Quality, err = footprint.ParseQuality(f.Quality); err != nil {
		return p, cli.Usagef(line.Try("--quality modularity"), "%w", err)
	}
	if err := p.setNumber(f, line); err != nil {
		return p, err
	}
	if err := p.setSearch(f, line); err != nil {
		return p, err
	}
	if p.Quality == footprint.CPM && p.Footprints == 0 && math.IsNaN(p.Resolution) && Qualities(p.Method) {
		return p, cli.Usagef(line.Try("--quality cpm --footprints 37"), "--quality cpm needs --footprints, or --resolution in patients for each pair of places: one number does not suit all flows")
	}
	if err := p.checkBound(line, at); err != nil {
		return p, err
	}
	if err := p.setDoubt(f, line); err != nil {
		return p, err
	}
	return p, p.CheckMethods(line, f.Common, at, p.Method)
}

// setSearch reads how an exact number of footprints is searched for.
func (p *Plan) setSearch(f *Flags, line *cli.Line) (err error) {
	if p.Objective, err = footprint.ParseObjective(f.Objective); err != nil {
		return cli.Usagef(line.Try("--footprints 37 --objective inside"), "--objective: %w", err)
	}
	if line.Given("effort") && (f.Effort < 1 || f.Effort > 10) {
		return cli.Usagef(line.Try("--footprints 37 --effort 5"), "--effort is a number from 1 to 10, got %d", f.Effort)
	}
	p.Effort, p.Bound = f.Effort, f.Bound
	if p.Footprints > 0 || p.Auto {
		return nil
	}
	for _, flag := range []string{"objective", "effort"} {
		if line.Given(flag) {
			return cli.Usagef(line.Try("--footprints 37 --"+flag+" "+map[string]string{"objective": "inside", "effort": "5"}[flag]), "--%s needs --footprints: it is about an exact number of them", flag)
		}
	}
	return nil
}

// KnownMethod refuses what is no method.
func KnownMethod(line *cli.Line, name string) error {
	if slices.Contains(Methods(), name) {
		return nil
	}
	return cli.Usagef(line.Try("--method leiden"), "unknown --method %q; there are %s", name, strings.Join(Methods(), ", "))
}

// setNumber reads what decides how many footprints there are.
func (p *Plan) setNumber(f *Flags, line *cli.Line) error {
	if line.Given("resolution") {
		p.Resolution = f.Resolution
		if err := CheckGamma(line, p.Resolution); err != nil {
			return err
		}
	}
	switch f.Footprints {
	case "auto":
		p.Auto = true
	case "":
	default:
		n, err := strconv.Atoi(f.Footprints)
		if err != nil {
			return cli.Usagef(line.Try("--footprints 37"), "--footprints takes a whole number, got %q", f.Footprints)
		}
		if n < 1 {
			return cli.Usagef(line.Try("--footprints 37"), "--footprints must be at least 1, got %d", n)
		}
		p.Footprints = n
	}
	if (p.Footprints > 0 || p.Auto) && !math.IsNaN(p.Resolution) {
		return cli.Usagef(line.Try("--footprints 37"), "--footprints and --resolution contradict each other: a number of footprints sets the resolution; give one of them")
	}
	if k := p.Footprints; k > 0 && p.MaxShare > 0 && float64(k)*p.MaxShare < 1-1e-12 {
		return cli.Usagef(line.Try("--max-share 0.25"), "--footprints %d and --max-share %v contradict each other: so many footprints cannot hold all patients; raise one of the two", k, p.MaxShare)
	}
	return nil
}

// CheckGamma refuses what is no resolution.
func CheckGamma(line *cli.Line, gamma float64) error {
	if !(gamma > 0) || math.IsInf(gamma, 0) {
		return cli.Usagef(line.Try("--resolution 1.5"), "--resolution must be a number above 0, got %v", gamma)
	}
	return nil
}

// Plan reads what holds for any method and any number of footprints.
func (f *Common) Plan(line *cli.Line, at Places) (Plan, error) {
	p, err := f.Demands.Plan(line, at)
	if err != nil {
		return p, err
	}
	p.Seed, p.Restarts, p.Jobs, p.Directed = f.Seed, f.Restarts, f.Jobs, at.Directed
	p.Words = map[string]string{"hsa-rule": f.HSARule}
	p.Numbers = map[string]float64{
		"hsa-threshold": f.HSAThreshold, "min-interventions": f.MinInterventions,
		"min-region": f.MinRegion, "min-inside": f.MinInside, "min-procedures": f.MinProcedures,
		"min-size": f.MinSize, "target-size": f.TargetSize,
		"min-containment": f.MinContainment, "target-containment": f.TargetContainment,
	}
	if f.TTWACompatible {
		p.Numbers["ttwa-compatible"] = 1
	}
	if f.Fix != "" && f.Start == "" {
		return p, cli.Usagef(line.Try("--start partition.csv --fix codes.txt"), "--fix needs --start: it says where the fixed codes stay")
	}
	if f.KeepIDs && f.Start == "" {
		return p, cli.Usagef(line.Try("--start partition.csv --keep-ids"), "--keep-ids needs --start: it holds the ids to keep")
	}
	return p, nil
}

// Plan reads what footprints must be.
func (f *Demands) Plan(line *cli.Line, at Places) (Plan, error) {
	p := Plan{
		Resolution: math.NaN(),
		Contiguous: f.Contiguous, MinPopulation: f.MinPopulation, MaxPopulation: f.MaxPopulation,
		MinLocalisation: f.MinLocalisation, MaxShare: f.MaxShare, AllowSingleKind: f.AllowSingleKind,
	}
	p.AllowDegenerate = f.AllowDegenerate
	p.MinProviders, p.ProviderTypes = f.MinProviders, f.ProviderType
	if len(p.ProviderTypes) > 0 && !line.Given("min-providers") {
		p.MinProviders = 1
	}
	switch {
	case p.MinProviders > 0 && at.OneMode:
		return p, cli.Usagef(line.Try("--min-providers 2"), "--min-providers counts providers, and with --one-mode there are places only")
	case line.Given("max-share") && p.MaxShare == 0:
		return p, cli.Usagef(line.Try("--max-share 0.25"), "--max-share must be a share above 0, up to 1")
	case p.MaxPopulation > 0 && p.MinPopulation > p.MaxPopulation:
		return p, cli.Usagef(line.Try("--min-population 300000 --max-population 3000000"), "--min-population %s is above --max-population %s", words.Plain(p.MinPopulation), words.Plain(p.MaxPopulation))
	case p.Contiguous && !at.Boundaries:
		return p, cli.Usagef(line.Try("--boundaries areas.geojson --contiguous"), "--contiguous needs --boundaries: without polygons nothing has neighbours")
	}
	return p, nil
}

// CheckMethods refuses flags that none of the methods would look at.
func (p *Plan) CheckMethods(line *cli.Line, f Common, at Places, names ...string) error {
	for _, d := range registry.Methods() {
		for _, flag := range flagsOf(d) {
			takers := takersOf(flag)
			if line.Given(flag) && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(takers, n) }) {
				return cli.Usagef(line.Try("--method "+takers[0]), "--%s goes with --method %s, not with %s", flag, strings.Join(takers, " or "), strings.Join(names, " or "))
			}
		}
	}
	if p.Directed && !at.OneMode {
		return cli.Usagef(line.Try("--one-mode --directed --method infomap"), "--directed needs --one-mode: flows from areas to providers have one direction only")
	}
	if _, ok := rule.ParseHSARule(f.HSARule); line.Given("hsa-rule") && !ok {
		return cli.Usagef(line.Try("--method hsa --hsa-rule swiss-hsa"), "unknown --hsa-rule %q; there are dartmouth-hsa, dartmouth-hrr and swiss-hsa", f.HSARule)
	}
	return nil
}
