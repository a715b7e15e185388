// Package explain is the command that says why an area, a provider or a
// footprint lies where it lies, and what the next best place is.
//
// In: its options. Out: sentences, or one JSON object. May import: footprint,
// internal/cli, internal/study, internal/stage, internal/words,
// internal/command/clustering and …/scoring.
package explain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
)

// Command is explain.
var Command = &cli.Command{
	Name:    "explain",
	Usage:   "why an area, provider or footprint lies where it lies, and the next best place",
	Example: "stpmap explain --flows flows.csv --partition partition.csv --area E38000001",
	Needs:   []string{"flows", "partition"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap explain --flows flows.csv --partition partition.csv --footprint F07 --json
  stpmap explain --flows flows.csv --boundaries areas.geojson --contiguous --min-population 300000 --partition partition.csv --area E38000001
  stpmap explain --flows flows.csv --partition partition.csv --indicators indicators.csv --footprint F07

Give the demands that the partition was made under, and it names those that the
next best place would break.`,
}

// Options are the flags of explain.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Partitions
	clustering.Demands
	Scores     scoring.Flags
	Footprints int     `flag:"footprints"`
	Area       string  `flag:"area"`
	Provider   string  `flag:"provider"`
	Footprint  string  `flag:"footprint"`
	Resolution float64 `flag:"resolution"`
	JSON       bool    `flag:"json"`
}

// explanation is an answer: in sentences and as an object.
type explanation struct {
	sentences []string
	object    any
}

// Run explains.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	plan, err := o.plan()
	if err != nil {
		return err
	}
	request := study.Request{
		Flows: o.Flows, Places: o.Places, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line, Together: o.Together, Apart: o.Apart, KeepWhole: o.KeepWhole,
	}.With(o.Partitions)
	in, err := request.Read(ctx, env)
	if err != nil {
		return err
	}
	demands, err := plan.Constraints(in)
	if err != nil {
		return err
	}
	var ex explanation
	if o.Footprint != "" {
		ex, err = o.footprint(in, demands)
	} else {
		ex, err = o.node(in, demands)
	}
	if err != nil {
		return err
	}
	if o.Footprint != "" && o.Given("indicators") {
		text, err := o.score(ctx, env, request, in)
		if err != nil {
			return err
		}
		ex.sentences = append(ex.sentences, text)
	}
	return o.write(env, in, ex)
}

// plan reads what is asked, and refuses what contradicts itself.
func (o *Options) plan() (clustering.Plan, error) {
	asked := 0
	for _, f := range []string{"area", "provider", "footprint"} {
		if o.Given(f) {
			asked++
		}
	}
	if asked != 1 {
		return clustering.Plan{}, cli.Usagef("", "explain takes one of --area, --provider and --footprint")
	}
	if len(o.Partition) != 1 {
		return clustering.Plan{}, cli.Usagef("", "explain takes one --partition")
	}
	if err := clustering.CheckGamma(&o.Line, o.Resolution); err != nil {
		return clustering.Plan{}, err
	}
	plan, err := o.Demands.Plan(&o.Line, clustering.Places{Boundaries: o.Boundaries != "" || o.AreaPoints != ""})
	if err != nil {
		return plan, err
	}
	if plan.Footprints = o.Footprints; o.Given("footprints") && plan.Footprints < 1 {
		return plan, cli.Usagef(o.Try("--footprints 37"), "--footprints must be at least 1, got %d", plan.Footprints)
	}
	return plan, nil
}

// footprint explains a footprint.
func (o *Options) footprint(in *study.Study, demands footprint.Constraints) (ex explanation, err error) {
	given := in.Given[0]
	f := slices.Index(given.Partition.IDs, o.Footprint)
	if f < 0 {
		return ex, cli.Inputf("no footprint %q in %s; there are %s", o.Footprint, given.File, words.Few(given.Partition.IDs))
	}
	ms := footprint.Measure(in.Matrix, given.Partition, in.Population, in.Adjacency)
	one := footprint.ExplainFootprint(in.Matrix, given.Partition, ms, f, o.Resolution)
	one.Bind(in.Matrix, given.Partition, demands)
	return explanation{one.Sentences(given.Names[f]), one}, nil
}

// node explains an area or a provider.
func (o *Options) node(in *study.Study, demands footprint.Constraints) (ex explanation, err error) {
	given := in.Given[0]
	node, name, err := o.asked(in)
	if err != nil {
		return ex, err
	}
	one := footprint.ExplainNode(in.Matrix, given.Partition, node, o.Resolution)
	one.Bind(in.Matrix, given.Partition, node, demands)
	if all := slices.Concat(given.Confidence, given.ProviderConfidence); node < len(all) {
		one.Confidence = stage.Nullable(all[node])
	}
	return explanation{one.Sentences(name), one}, nil
}

// asked finds the area or provider that the flags name.
func (o *Options) asked(in *study.Study) (node int, name string, err error) {
	m := in.Matrix
	if o.Area != "" {
		a, ok := m.AreaIndex(o.Area)
		if !ok {
			return 0, "", cli.Inputf("no area %q in the flows; the first are %s", o.Area, words.Few(m.Areas()))
		}
		if in.AreaNames != nil {
			name = in.AreaNames[a]
		}
		return a, name, nil
	}
	j, ok := m.ProviderIndex(o.Provider)
	if !ok || m.OneMode() {
		return 0, "", cli.Inputf("no provider %q in the flows; the first are %s", o.Provider, words.Few(m.Providers()))
	}
	if in.ProviderNames != nil {
		name = in.ProviderNames[j]
	}
	return len(m.Areas()) + j, name, nil
}

// score scores the partition and says what is failing in the footprint.
func (o *Options) score(ctx context.Context, env *cli.Env, request study.Request, in *study.Study) (string, error) {
	options, err := o.Scores.Options(0, 0)
	if err != nil {
		return "", err
	}
	given := in.Given[0]
	res, err := o.Scores.Score(ctx, env, scoring.Input{
		Study: in, Request: request, Partition: given.Partition, Names: given.NamesOrNil(), Confidence: given.Confidence, Options: options,
	})
	if err != nil {
		return "", err
	}
	return scoring.Explain(res, o.Footprint)
}

// write prints the answer.
func (o *Options) write(env *cli.Env, in *study.Study, ex explanation) error {
	if !o.JSON {
		_, err := fmt.Fprintln(env.Stdout, strings.Join(ex.sentences, "\n"))
		return err
	}
	return stage.WriteJSON(env.Stdout, struct {
		Explanation any      `json:"explanation"`
		Sentences   []string `json:"sentences"`
		Version     string   `json:"version"`
		FlowSHA256  string   `json:"flow_sha256"`
	}{ex.object, ex.sentences, cli.Version, in.Matrix.SHA256()})
}
