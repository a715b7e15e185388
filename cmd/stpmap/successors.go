package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/flow"
	"stpmap/footprint/score/attribution"
)

// successorFlags bring flows and indicators alike to the organisations that
// took over from those in the files.
func successorFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "successors", Usage: "`FILE` of codes and those that took over: flows and indicators are brought there alike"},
		&cli.StringSliceFlag{Name: "successor", Usage: "which of several successors, `OLD=NEW`, or OLD=equal for equal parts (repeatable; * is any other)"},
		&cli.StringFlag{Name: "as-at", Usage: "`DAY` to bring codes to, such as 2022-04-01 (default: after all mergers)"},
		&cli.BoolFlag{Name: "successors-of-areas", Usage: "bring areas (commissioners) to their successors too"},
	}
}

// successorsOf reads --successors and its rules; nil where it is not given.
func (env *environment) successorsOf(c *cli.Context) (*codebook.Successors, error) {
	name := c.String("successors")
	if name == "" {
		return nil, nil
	}
	im := &importing{env: env, c: c}
	out, err := im.read("successors", []string{name}, importer.Options{})
	if err != nil {
		return nil, err
	}
	s := codebook.NewSuccessors(out.Successors)
	for _, rule := range c.StringSlice("successor") {
		if err := s.Rule(rule); err != nil {
			return nil, usagef("stpmap "+c.Command.Name+" --successor RW6=RM3", "--successor: %w", err)
		}
	}
	return s, nil
}

// successorFault is an error of bringing codes to their successors.
func successorFault(c *cli.Context, err error) error {
	if errors.Is(err, codebook.ErrSeveralSuccessors) || errors.Is(err, codebook.ErrSuccessorCycle) {
		return inputf("%s: %v", c.String("successors"), err)
	}
	return err
}

// merge brings the flows to their successors, and keeps how many patients every
// code had before.
func (l *loader) merge() error {
	in := l.in
	if l.successors == nil || in.matrix == nil {
		return nil
	}
	m := in.matrix
	in.volumes = map[string]float64{}
	for j, code := range m.Providers() {
		in.volumes[code] += m.ColumnTotal(j)
	}
	for a, code := range m.Areas() {
		in.volumes[code] += m.RowTotal(a)
	}
	records := codebook.RecordsOf(m)
	day, areas := l.c.String("as-at"), l.c.Bool("successors-of-areas") || m.OneMode()
	merged, moves, err := l.successors.Flows(records, day, areas)
	if err != nil {
		return successorFault(l.c, err)
	}
	for _, move := range moves {
		in.notes = append(in.notes, fmt.Sprintf("%s: %s", move, patients(move.Patients)))
	}
	b := flow.NewBuilder()
	if m.OneMode() {
		b = flow.NewOneModeBuilder()
	}
	for _, r := range merged {
		if err := b.Add(r.Area, r.Provider, r.Count); err != nil {
			return inputf("flows: %v", err)
		}
	}
	before := m.Total().Value
	after, _, err := b.Build()
	if err != nil {
		return inputf("flows: %v", err)
	}
	in.matrix = after
	in.notes = append(in.notes, fmt.Sprintf("successors: %s before, %s after", patients(before), patients(after.Total().Value)))
	if codes := l.successors.Closed(after.Areas(), day); len(codes) > 0 && !areas {
		in.notes = append(in.notes, fmt.Sprintf("%s of the flows %s a successor, and %s left as they are (%s): --successors-of-areas brings them there", counted(len(codes), "area"), has(len(codes)), are(len(codes)), firstFew(codes)))
	}
	return nil
}

// mergeRows brings figures to the successors that the flows were brought to, and
// says what that did.
func (env *environment) mergeRows(c *cli.Context, in *inputs, s *codebook.Successors, rows []attribution.Observation) ([]attribution.Observation, error) {
	list := make([]data.Observation, len(rows))
	for i, o := range rows {
		list[i] = data.Observation(o)
	}
	stays := func(code string) bool {
		if _, ok := in.matrix.ProviderIndex(code); ok {
			return true
		}
		_, ok := in.matrix.AreaIndex(code)
		return ok
	}
	list, rep, err := s.Observations(list, c.String("as-at"), stays, in.volumes)
	if err != nil {
		return nil, successorFault(c, err)
	}
	for _, line := range rep.Sentences() {
		env.log.Info("indicators: " + line)
	}
	rows = rows[:0]
	for _, o := range list {
		rows = append(rows, attribution.Observation(o))
	}
	return rows, nil
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
