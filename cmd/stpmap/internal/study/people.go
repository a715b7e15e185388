package study

import (
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/ingest"
	"stpmap/data/table"
)

// flowPopulation reads the people of areas from a column of the flows, where
// --population-column names one and there is no table of people. Of several
// files the last that gives an area's number counts.
func (l *loader) flowPopulation() error {
	if l.PopulationColumn == "" || l.in.Matrix == nil {
		return nil
	}
	names, err := expandFlows(l.Flows.Flows)
	if err != nil {
		return err
	}
	opts, err := l.flowOptions()
	if err != nil {
		return err
	}
	opts = append(opts, table.Column(data.AreaRole.Name, l.AreaColumn), table.Column(data.PopulationRole.Name, l.PopulationColumn))
	for _, name := range names {
		if err := l.fault(l.peopleOf(name, opts)); err != nil {
			return err
		}
	}
	if missing := l.in.AreasWithoutPopulation(); len(missing) > 0 {
		l.note(fmt.Sprintf("the population of %s is not known: %s", words.Counted(len(missing), "area"), words.Few(missing)))
	}
	return nil
}

// peopleOf reads the people from one table of flows.
func (l *loader) peopleOf(name string, opts []table.Option) error {
	if name == "-" || l.onDisk() && ingest.IsEngine(name) {
		return cli.Inputf("%s: a column of people is read from files only: give --population", cli.InputName(name))
	}
	f, err := l.Source.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	unpacked, err := unpack("flows", name, io.Reader(f))
	if err != nil {
		return err
	}
	defer unpacked.Close()
	list, rep, err := data.ReadFlowPopulation(l.ctx, cli.InputName(name), unpacked, opts...)
	if err != nil {
		return err
	}
	l.in.understand(tableUnderstood("population", name, &rep))
	for _, p := range list {
		if a, ok := l.in.Matrix.AreaIndex(p.Area); ok {
			l.in.setPopulation(a, p.People)
		}
	}
	return nil
}
