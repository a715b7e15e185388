package scoring

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/data"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// Input is what is scored, and where its figures are.
type Input struct {
	Study      *study.Study
	Request    study.Request // how the study was read: the figures are read the same way
	Partition  footprint.Partition
	Names      []string  // of footprints; nil to make them
	Confidence []float64 // of areas; may be nil
	Options    score.Options
	Sharing    sharing.Sharing // of the draws
}

// Score reads the indicators and scores a partition, or makes a part of its
// draws, or takes them from parts.
func (f *Flags) Score(ctx context.Context, env *cli.Env, from Input) (*score.Result, error) {
	defs, err := definitions(f.Definitions, from.Request.Source, from.Study)
	if err != nil {
		return nil, err
	}
	rows, err := f.observations(ctx, env, from)
	if err != nil {
		return nil, err
	}
	in := from.Study
	input := score.Input{
		Matrix: in.Matrix, Partition: from.Partition, Names: from.Names, ProviderNames: in.ProviderNames, AreaNames: in.AreaNames,
		Confidence: from.Confidence, Known: in.KnownCodes(), Observations: rows, Definitions: defs, Options: from.Options, Progress: env.Progress(),
		Shard: from.Sharing.Shard, Shards: from.Sharing.Shards,
	}
	if from.Sharing.Merge {
		input.Merge = func(want score.Draws) ([]int32, error) { return mergeDraws(in, want, from.Sharing.Parts) }
	}
	if len(in.AreasWithoutPopulation()) == 0 {
		input.Population = in.Population
	}
	if input.Names == nil {
		input.Names = footprintNames(in, from.Partition)
	}
	for i := 1; i < len(in.Given); i++ {
		input.Alternatives = append(input.Alternatives, in.Given[i].Partition)
	}
	res, err := score.Run(ctx, input)
	if errors.Is(err, score.ErrOption) {
		return nil, cli.Usagef("", "%w", err)
	}
	if err == nil {
		sayFigures(env, in, res, rows)
	}
	return res, located(cli.InputName(f.Definitions), err)
}

// observations reads the tables of figures. Each finds its own doubles; two
// tables may still say the same thing.
func (f *Flags) observations(ctx context.Context, env *cli.Env, from Input) ([]attribution.Observation, error) {
	from.Request.NonEnglish = f.NonEnglish
	list, err := from.Request.ReadIndicators(ctx, env, from.Study, f.Indicators, f.SuppressBelow, f.Headings.options()...)
	if err != nil {
		return nil, err
	}
	if err := doubled(list); err != nil {
		return nil, err
	}
	if list, err = from.Request.SucceedFigures(env, from.Study, list); err != nil {
		return nil, err
	}
	rows := make([]attribution.Observation, len(list))
	for i, o := range list {
		rows[i] = attribution.Observation(o)
	}
	return rows, nil
}

// doubled finds figures that two tables both give.
func doubled(list []data.Observation) error {
	var faults fault.List
	seen := map[[3]string]string{}
	for _, o := range list {
		key := [3]string{o.Entity, o.Indicator, o.Period}
		if first, ok := seen[key]; ok && first != o.Source {
			faults.Add(&fault.Error{File: o.Source, Line: o.Line, Column: int(o.Column.Entity), Err: fmt.Errorf("%w: %s, as in %s", attribution.ErrDoubled, strings.TrimSpace(strings.Join(key[:], " ")), first)})
		}
		seen[key] = o.Source
	}
	return faults.Err()
}

// footprintNames are the names that maps give footprints.
func footprintNames(in *study.Study, p footprint.Partition) (names []string) {
	naming := in.Naming()
	naming.Areas, naming.Size = in.AreaNames, in.Population
	if in.Notice != "" {
		naming.Mark = NameMark
	}
	for _, name := range naming.Names(in.Matrix, p) {
		if name != "" && !strings.HasSuffix(name, naming.Mark) {
			name += naming.Mark
		}
		names = append(names, name)
	}
	return names
}

// NameMark ends every name of the sample, and every name made of them.
const NameMark = " (synthetic)"

// definitions reads the set that --definitions names.
func definitions(name string, files study.Source, in *study.Study) (defs *definition.Definitions, err error) {
	name = cmp.Or(name, definition.Default)
	if slices.Contains(definition.BuiltinNames(), name) {
		return definition.Builtin(name)
	}
	opened := false
	shown := cli.InputName(name)
	err = in.Hashed(files, "definitions", name, func(f io.Reader) (err error) {
		opened = true
		read := definition.Read
		if strings.EqualFold(filepath.Ext(name), ".csv") {
			read = definition.ReadCSV
		}
		defs, err = read(f)
		return located(shown, err)
	})
	input := (*fault.Error)(nil)
	if !opened && errors.As(err, &input) && !strings.ContainsAny(name, "./\\") {
		return nil, cli.Usagef("", "--definitions %q is neither a file nor one of %s", name, strings.Join(definition.BuiltinNames(), ", "))
	}
	if err != nil {
		return nil, err
	}
	if defs.Name == "" {
		defs.Name = strings.TrimSuffix(filepath.Base(shown), filepath.Ext(shown))
	}
	return defs, nil
}

// located turns the faults that scoring finds into those of input files.
// file is where definitions are from; observations carry their own.
func located(file string, err error) error {
	var many *fault.List
	switch {
	case errors.As(err, &many):
		for _, f := range many.List {
			f.File = cmp.Or(f.File, file)
		}
		return many
	case errors.Is(err, attribution.ErrNothing):
		return cli.Inputf("no figure to score: no row of --indicators is of an indicator of --definitions")
	case errors.Is(err, attribution.ErrUnknownPeriod):
		return cli.Inputf("%v", err)
	}
	return err
}

// Explain puts into words why a footprint is scored as it is.
func Explain(res *score.Result, id string) (string, error) {
	e, err := res.Explain(id)
	if err != nil {
		return "", cli.Inputf("%v", err)
	}
	return e.Text(), nil
}
