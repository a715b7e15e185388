package clustering

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// Plan is what is asked of a method, checked for contradictions.
type Plan struct {
	Method     string
	Quality    footprint.Quality
	Resolution float64 // NaN where a number of footprints, or nothing, was asked
	Footprints int     // 0 where not asked
	Auto       bool    // --footprints auto
	Seed       uint64
	Restarts   int
	Jobs       int // 0 is one for each processor
	Contiguous bool

	MinPopulation, MaxPopulation float64 // people; 0 where not asked
	MinLocalisation, MaxShare    float64 // from 0 to 1; 0 where not asked
	AllowSingleKind              bool
	AllowDegenerate              bool
	MinProviders                 int      // of a footprint; 0 where not asked
	ProviderTypes                []string // that count for it; none where all do
	Directed                     bool

	Objective footprint.Objective // of an exact number of footprints
	Effort    int                 // of the search for it; 0 leaves it to the method
	Bound     bool                // say how far the map is from the best possible

	Numbers  map[string]float64 // of the methods' own flags
	Words    map[string]string  // of those that take a word
	hosts    []int32            // area of each provider; nil where not known
	referral *flow.Matrix       // patients who make referral regions; nil for none

	Bootstrap int             // runs on resampled flows; 0 for none
	From      sharing.Sharing // where those runs are, or go, if not made here
	Consensus bool
	Doubt     Doubt // what those runs doubt besides chance
}

// Gamma is the resolution to use; 0 leaves it to the method.
func (p Plan) Gamma() float64 {
	if math.IsNaN(p.Resolution) {
		return 0
	}
	return p.Resolution
}

// Constraints puts the demands together with the data that they are about.
func (p Plan) Constraints(in *study.Study) (footprint.Constraints, error) {
	cs := footprint.Constraints{
		Footprints: p.Footprints, MinPopulation: p.MinPopulation, MaxPopulation: p.MaxPopulation,
		MinLocalisation: p.MinLocalisation, MaxShare: p.MaxShare, AllowSingleKind: p.AllowSingleKind, AllowDegenerate: p.AllowDegenerate,
		Population: in.NumberingPopulation(),
	}
	if p.Contiguous {
		if in.Adjacency == nil {
			return cs, errors.New("contiguity without boundaries")
		}
		if missing := in.AreasWithoutBoundary(); len(missing) > 0 {
			return cs, cli.Inputf("--contiguous: %s of the flows %s no polygon in the boundaries (%s): add them, or leave --contiguous out",
				words.Counted(len(missing), "area"), words.Has(len(missing)), words.Few(missing))
		}
		cs.Contiguous = in.Adjacency
	}
	if p.MinPopulation > 0 || p.MaxPopulation > 0 {
		if missing := in.AreasWithoutPopulation(); len(missing) > 0 {
			return cs, cli.Inputf("--min-population and --max-population: the population of %s is not known (%s): give --population, a --population-column of the flows, or boundaries with a population%s",
				words.Counted(len(missing), "area"), words.Few(missing), study.OutsideAdvice(missing))
		}
	}
	cs.Together, cs.Apart, cs.Start, cs.Fixed = in.Together, in.Apart, in.Start, in.Fixed
	cs.KeepWhole, cs.MinProviders = in.KeepWhole, p.MinProviders
	if len(p.ProviderTypes) > 0 {
		counted, err := in.CountedProviders(p.ProviderTypes)
		if err != nil {
			return cs, err
		}
		cs.CountedProviders = counted
	}
	return cs, nil
}

// SetReferral gives the methods that look at them the patients of --referral-flows.
func (p *Plan) SetReferral(m *flow.Matrix) { p.referral = m }

// SetHosts tells the methods that look at it in which area each provider lies.
func (p *Plan) SetHosts(hosts []int32) { p.hosts = hosts }

// HostSalt identifies where providers lie and the referral flows, as far as they
// are known and one of the methods looks at them; else it is "".
func HostSalt(in *study.Study, methods ...string) (salt string) {
	if !looksAtHosts(methods) {
		return ""
	}
	if hosts := in.Hosts(); hosts != nil {
		sum := sha256.Sum256(fmt.Append(nil, hosts))
		salt = " " + hex.EncodeToString(sum[:8])
	}
	if in.Referral != nil {
		salt += " " + in.Referral.SHA256()
	}
	return salt
}

// partition runs the method; with --footprints auto it first chooses how many
// footprints, and reasons says why.
func (p *Plan) partition(ctx context.Context, env *cli.Env, in *study.Study) (made footprint.Partition, reasons string, err error) {
	if p.Auto {
		return p.partitionAuto(ctx, env, in)
	}
	made, err = p.run(ctx, env, in)
	return made, "", err
}

// run runs the method under the demands.
func (p *Plan) run(ctx context.Context, env *cli.Env, in *study.Study) (made footprint.Partition, err error) {
	cs, err := p.Constraints(in)
	if err != nil {
		return made, err
	}
	m, err := p.Build(cs, env.Progress())
	if err != nil {
		return made, err
	}
	return m.Partition(ctx, in.Matrix)
}

// automatic reports whether the tool can choose the number of footprints: it
// does so for the methods that its sweep runs.
func (p *Plan) automatic() bool { return Qualities(p.Method) }

// Open reports whether nothing says how many footprints there are.
func (p *Plan) Open() bool { return p.Footprints == 0 && p.Gamma() == 0 && !p.Auto }

// ChooseNumber has the number of footprints chosen, where nothing says it and
// the method allows it.
func (p *Plan) ChooseNumber() {
	if p.Open() && p.automatic() {
		p.Auto = true
	}
}

// chooseFootprints settles --footprints auto: a sweep and the rule of compare
// choose the number.
func (p *Plan) chooseFootprints(ctx context.Context, env *cli.Env, in *study.Study) (choice sweep.AutoChoice, err error) {
	choice, err = sweep.Auto(ctx, in.Matrix, sweep.AutoOptions{
		Louvain: p.Method == "louvain", Quality: p.Quality, Seed: p.Seed, Jobs: p.Jobs, Population: in.Population, Progress: env.Progress(),
	})
	if err != nil {
		return choice, err
	}
	p.Footprints, p.Resolution = choice.Number.Footprints, math.NaN()
	return choice, nil
}

// autoReasons says what was chosen and why.
func autoReasons(choice sweep.AutoChoice) string {
	chosen := words.Counted(choice.Number.Footprints, "footprint") + " chosen"
	if choice.Number.Resolution > 0 {
		chosen += fmt.Sprintf(" (γ = %.4g)", choice.Number.Resolution)
	}
	return chosen + ": " + strings.Join(choice.Reasons, "; ")
}

// plain reports whether the chosen sweep's partition meets all that is asked.
func (p *Plan) plain(cs footprint.Constraints) bool {
	return p.automatic() && cs.Contiguous == nil && cs.MinPopulation == 0 && cs.MaxPopulation == 0 &&
		cs.MinLocalisation == 0 && cs.MaxShare == 0 && len(cs.Joined()) == 0 && cs.MinProviders == 0 && len(cs.Apart) == 0 && cs.Start == nil && !cs.AllowSingleKind && !cs.AllowDegenerate
}

// partitionAuto makes the partition of --footprints auto: that of the choice
// where nothing else is demanded, and otherwise made again under the demands.
func (p *Plan) partitionAuto(ctx context.Context, env *cli.Env, in *study.Study) (made footprint.Partition, reasons string, err error) {
	choice, err := p.chooseFootprints(ctx, env, in)
	if err != nil {
		return made, "", err
	}
	reasons = autoReasons(choice)
	cs, err := p.Constraints(in)
	if err != nil {
		return made, "", err
	}
	asked := *p
	p.takeChoice(choice)
	if asked.plain(cs) {
		return choice.Partition, reasons, nil
	}
	made, err = p.run(ctx, env, in)
	if footprint.IsInfeasible(err) && choice.Number.Resolution > 0 {
		// The demands do not allow this number: keep the resolution instead.
		reasons += fmt.Sprintf("; the demands do not allow %s (%v), so γ was kept and the number left open", words.Counted(choice.Number.Footprints, "footprint"), err)
		*p = asked
		p.Footprints, p.Resolution = 0, choice.Number.Resolution
		made, err = p.run(ctx, env, in)
	}
	return made, reasons, err
}

// takeChoice asks for the number chosen, at the resolution and of the scale that
// it was chosen by.
func (p *Plan) takeChoice(choice sweep.AutoChoice) {
	p.Footprints = choice.Number.Footprints
	if choice.Number.Resolution > 0 && p.Quality == footprint.Modularity {
		p.Resolution = choice.Number.Resolution
	}
	if !choice.Number.Fits {
		return
	}
	p.MinPopulation = max(p.MinPopulation, sweep.DefaultScale.Least)
	if p.MaxPopulation == 0 || p.MaxPopulation > sweep.DefaultScale.Most {
		p.MaxPopulation = sweep.DefaultScale.Most
	}
}
