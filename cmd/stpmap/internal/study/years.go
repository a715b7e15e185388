package study

import (
	"path/filepath"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/table"
	"stpmap/flow"
)

// Year is the flows of one file of --flows, where each is a year.
type Year struct {
	Name   string // the file's, without its folder and endings
	Matrix *flow.Matrix
}

// flowYears reads each file as a year, and adds the years up in b.
func (l *loader) flowYears(names []string, b *flow.Builder, opts []table.Option) error {
	if len(names) < 2 {
		return cli.Usagef("stpmap cluster --flows 2018.csv --flows 2019.csv --bootstrap 100 --doubt years -o partition.csv", "--doubt years needs the flows of two years or more, each in a file of its own")
	}
	for _, name := range names {
		year := l.builder()
		if err := l.fault(l.flowFile(name, year, opts)); err != nil {
			return err
		}
		m, rep, err := year.Build()
		if err != nil {
			return cli.Inputf("flows: %v", err)
		}
		l.yearRows += rep.Rows
		l.yearRepeats += rep.DuplicatePairs
		for _, code := range rep.AreasWithoutFlow {
			b.Area(code)
		}
		for _, code := range rep.ProvidersWithoutFlow {
			b.Provider(code)
		}
		for _, r := range codebook.RecordsOf(m) {
			if err := b.Add(r.Area, r.Provider, r.Count); err != nil {
				return cli.Inputf("flows: %v", err)
			}
		}
		m, _ = l.door().Matrix(m)
		l.in.Years = append(l.in.Years, Year{Name: yearName(name), Matrix: m})
	}
	return nil
}

// builder makes a builder of the flows asked for.
func (l *loader) builder() *flow.Builder {
	if l.OneMode {
		return flow.NewOneModeBuilder()
	}
	return flow.NewBuilder()
}

// yearName is what to call the flows of a file.
func yearName(file string) string {
	name := filepath.Base(file)
	if short, _, ok := strings.Cut(name, "."); ok && short != "" {
		return short
	}
	return name
}

// succeedYears brings the flows of each year to their successors.
func (l *loader) succeedYears(areas bool) error {
	for i := range l.in.Years {
		y := &l.in.Years[i]
		var merged []data.Record
		merged, _, err := l.in.successors.Flows(codebook.RecordsOf(y.Matrix), l.AsAt, areas)
		if err != nil {
			return SuccessorFault(l.Successors, err)
		}
		if y.Matrix, _, err = built(merged, y.Matrix.OneMode()); err != nil {
			return err
		}
	}
	return nil
}
