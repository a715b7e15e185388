package study

import (
	"errors"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/published"
	"stpmap/flow"
)

// Succession are the flags that bring flows and figures alike to the
// organisations that took over from those in the files.
type Succession struct {
	Successors        string   `flag:"successors"`
	Successor         []string `flag:"successor"`
	AsAt              string   `flag:"as-at"`
	SuccessorsOfAreas bool     `flag:"successors-of-areas"`
}

// successors reads the list and its rules, where one is given.
func (l *loader) successors() error {
	s := l.Succession
	if s.Successors == "" {
		return nil
	}
	var list *codebook.Successors
	err := l.read("successors", s.Successors, func(r io.Reader) error {
		out, err := published.Import(l.ctx, "successors", []importer.Input{{Name: cli.InputName(s.Successors), R: r}}, importer.Options{})
		if err == nil {
			list = codebook.NewSuccessors(out.Successors)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, rule := range s.Successor {
		if err := list.Rule(rule); err != nil {
			return cli.Usagef("", "--successor: %w", err)
		}
	}
	l.in.successors = list
	return nil
}

// SuccessorFault is an error of bringing codes to the successors in a file.
func SuccessorFault(file string, err error) error {
	if errors.Is(err, codebook.ErrSeveralSuccessors) || errors.Is(err, codebook.ErrSuccessorCycle) {
		return cli.Inputf("%s: %v", file, err)
	}
	return err
}

// succeed brings the flows to their successors, and keeps how many patients
// every code had before.
func (l *loader) succeed() error {
	in := l.in
	if in.successors == nil || in.Matrix == nil {
		return nil
	}
	m := in.Matrix
	in.volumes = volumes(m)
	areas := l.SuccessorsOfAreas || m.OneMode()
	merged, moves, err := in.successors.Flows(codebook.RecordsOf(m), l.AsAt, areas)
	if err != nil {
		return SuccessorFault(l.Successors, err)
	}
	for _, move := range moves {
		l.note(fmt.Sprintf("%s: %s", move, words.Patients(move.Patients)))
	}
	after, _, err := built(merged, m.OneMode())
	if err != nil {
		return err
	}
	in.Matrix = after
	if err := l.succeedYears(areas); err != nil {
		return err
	}
	l.note(fmt.Sprintf("successors: %s before, %s after", words.Patients(m.Total().Value), words.Patients(after.Total().Value)))
	if !areas {
		l.note(ClosedAreas(in.successors.Closed(after.Areas(), l.AsAt))...)
	}
	return nil
}

// ClosedAreas says that areas which have a successor stay as they are; nothing
// where there are none.
func ClosedAreas(codes []string) []string {
	n := len(codes)
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s of the flows %s a successor, and %s left as they are (%s): --successors-of-areas brings them there", words.Counted(n, "area"), words.Has(n), words.Are(n), words.Few(codes))}
}

// volumes are the patients of every code.
func volumes(m *flow.Matrix) map[string]float64 {
	of := map[string]float64{}
	for j, code := range m.Providers() {
		of[code] += m.ColumnTotal(j)
	}
	for a, code := range m.Areas() {
		of[code] += m.RowTotal(a)
	}
	return of
}

// built makes a matrix of records.
func built(records []data.Record, oneMode bool) (*flow.Matrix, flow.Report, error) {
	b := flow.NewBuilder()
	if oneMode {
		b = flow.NewOneModeBuilder()
	}
	for _, r := range records {
		if err := b.Add(r.Area, r.Provider, r.Count); err != nil {
			return nil, flow.Report{}, cli.Inputf("flows: %v", err)
		}
	}
	m, rep, err := b.Build()
	if err != nil {
		return nil, rep, cli.Inputf("flows: %v", err)
	}
	return m, rep, nil
}

// SucceedFigures brings figures to the successors that the flows were brought
// to, and says what that did.
func (r Request) SucceedFigures(env *cli.Env, in *Study, list []data.Observation) ([]data.Observation, error) {
	if in.successors == nil {
		return list, nil
	}
	stays := func(code string) bool {
		if _, ok := in.Matrix.ProviderIndex(code); ok {
			return true
		}
		_, ok := in.Matrix.AreaIndex(code)
		return ok
	}
	merged, rep, err := in.successors.Observations(list, r.AsAt, stays, in.volumes)
	if err != nil {
		return nil, SuccessorFault(r.Successors, err)
	}
	for _, line := range rep.Sentences() {
		env.Log.Info("indicators: " + line)
	}
	return merged, nil
}
