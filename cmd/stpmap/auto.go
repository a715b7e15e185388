package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// chooseFootprints settles --footprints auto: a sweep and the rule of compare
// choose the number. The partition is that of the sweep where nothing else is
// demanded, and otherwise made again under the demands.
func (env *environment) chooseFootprints(ctx context.Context, in *inputs, cl *clustering) (choice sweep.AutoChoice, err error) {
	choice, err = sweep.Auto(ctx, in.matrix, sweep.AutoOptions{
		Louvain: cl.method == "louvain", Quality: cl.quality, Seed: cl.seed, Jobs: cl.jobs, Population: in.population, Progress: env.progress(),
	})
	if err != nil {
		return choice, err
	}
	cl.footprints, cl.resolution = choice.Setting.Footprints, math.NaN()
	return choice, nil
}

// autoReasons says what was chosen and why.
func autoReasons(choice sweep.AutoChoice) string {
	return fmt.Sprintf("%s chosen (γ = %.4g) by a sweep of %s: %s",
		counted(choice.Setting.Footprints, "footprint"), choice.Setting.Resolution, counted(choice.Runs, "run"), strings.Join(choice.Reasons, "; "))
}

// plain reports whether the chosen sweep's partition meets all that is asked.
func (cl clustering) plain(cs footprint.Constraints) bool {
	return (cl.method == "leiden" || cl.method == "louvain") && cs.Contiguous == nil && cs.MinPopulation == 0 && cs.MaxPopulation == 0 &&
		cs.MinLocalisation == 0 && cs.MaxShare == 0 && len(cs.Together) == 0 && len(cs.Apart) == 0 && cs.Start == nil && !cs.AllowSingleKind
}

// partitionAuto makes the partition of --footprints auto.
func (env *environment) partitionAuto(ctx context.Context, in *inputs, cl *clustering) (p footprint.Partition, reasons string, err error) {
	choice, err := env.chooseFootprints(ctx, in, cl)
	if err != nil {
		return p, "", err
	}
	reasons = autoReasons(choice)
	cs, err := cl.constraints(in)
	if err != nil {
		return p, "", err
	}
	if cl.plain(cs) {
		cl.footprints, cl.resolution = 0, choice.Setting.Resolution
		return choice.Partition, reasons, nil
	}
	method, err := cl.build(cs, env.progress())
	if err != nil {
		return p, "", err
	}
	p, err = method.Partition(ctx, in.matrix)
	var cannot *footprint.InfeasibleError
	if errors.As(err, &cannot) && (cl.method == "leiden" || cl.method == "louvain") {
		// The demands do not allow this number: keep the resolution instead.
		reasons += fmt.Sprintf("; the demands do not allow %s (%v), so γ was kept and the number left open", counted(choice.Setting.Footprints, "footprint"), cannot)
		cl.footprints, cl.resolution = 0, choice.Setting.Resolution
		if cs, err = cl.constraints(in); err != nil {
			return p, "", err
		}
		if method, err = cl.build(cs, env.progress()); err != nil {
			return p, "", err
		}
		p, err = method.Partition(ctx, in.matrix)
	}
	return p, reasons, err
}
