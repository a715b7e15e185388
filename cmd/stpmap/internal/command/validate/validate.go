// Package validate is the command that reads the inputs and reports what is in
// them and what does not fit.
//
// In: its options. Out: sentences, or one JSON object. May import: flow, data,
// internal/cli, internal/study, internal/stage, internal/words and
// internal/command/imports (lists of codes).
package validate

import (
	"context"
	"fmt"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/imports"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
)

// Command is validate.
var Command = &cli.Command{
	Name:    "validate",
	Usage:   "read the inputs and report what is in them and what does not fit; change nothing",
	Example: "stpmap validate --flows flows.csv",
	Needs:   []string{"flows"},
	New:     func() cli.Job { return &Options{} },
	Description: `Faults are printed as file:line:column: what is wrong, and end with status 3.
Codes that do not join are named with the reason and what to do. Lists of
organisations, their successors and a lookup of areas help to find it:

  stpmap validate --flows flows.csv --boundaries areas.geojson --providers providers.csv
  stpmap validate --flows flows.csv --providers providers.csv --successors succ.csv --organisations etr.csv`,
}

// Options are the flags of validate.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	Lists imports.Lists
	JSON  bool `flag:"json"`
}

// Run reads the inputs and reports.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	in, err := study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Silent: true,
	}.Read(ctx, env)
	joins, derr := o.diagnose(ctx, env, in)
	if derr != nil {
		return derr
	}
	switch {
	case o.JSON:
		return o.writeJSON(env, in, joins, err)
	case err != nil:
		sayJoins(env.Stdout, joins)
		return err
	}
	o.say(env, in, joins)
	return nil
}

// writeJSON prints what was found, with the faults in err, which it gives back.
func (o *Options) writeJSON(env *cli.Env, in *study.Study, joins []codeJoin, err error) error {
	faults := faultList(err)
	if err != nil && len(faults) == 0 {
		return err
	}
	if werr := stage.WriteJSON(env.Stdout, joined(reportOf(in, faults), joins)); werr != nil {
		return werr
	}
	return err
}

// say prints what was found in sentences.
func (o *Options) say(env *cli.Env, in *study.Study, joins []codeJoin) {
	r := reportOf(in, nil)
	say := func(format string, args ...any) { fmt.Fprintf(env.Stdout, format+"\n", args...) }
	say("%s, %s, %s, %s", words.Counted(r.Rows, "row"), words.Counted(r.Areas, "area"), words.Counted(r.Providers, "provider"), words.Counted(in.Matrix.Len(), "pair"))
	if r.SuppressedCells > 0 {
		say("patients: %s published, %s to %s with %s", words.Plain(r.Patients), words.Plain(r.PatientsLower), words.Plain(r.PatientsUpper), words.Counted(r.SuppressedCells, "suppressed cell"))
	} else {
		say("patients: %s", words.Plain(r.Patients))
	}
	if r.DuplicatePairs > 0 {
		say("%s added up", words.Counted(r.DuplicatePairs, "duplicate pair"))
	}
	if in.Boundaries != nil {
		say("boundaries: %s in %s", words.Counted(len(in.Boundaries.Codes()), "area"), in.Boundaries.CRS())
	}
	missing := func(codes []string, noun, lack string) {
		if len(codes) > 0 {
			say("%s without %s: %s", words.Counted(len(codes), noun), lack, words.Few(codes))
		}
	}
	missing(r.AreasWithoutBoundaryCodes, "area", "a boundary")
	missing(r.BoundariesWithoutFlowCodes, "boundary", "flow")
	if in.Points != nil {
		missing(r.ProvidersWithoutLocationCodes, "provider", "a location")
	}
	sayJoins(env.Stdout, joins)
	for _, u := range in.Understood {
		say("%s", u)
	}
	for _, n := range in.Notes {
		say("%s", n)
	}
}
