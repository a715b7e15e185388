package study

import (
	"fmt"
	"io"
	"math"
	"slices"

	"stpmap/flow/plaintext"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/footprint"
)

// NamedPartition is a partition that was read, ours or an official one.
type NamedPartition struct {
	File       string
	Partition  footprint.Partition
	Names      []string  // of the footprints, "" where the table has none
	Unmatched  []string  // codes of the table that are not in the flows
	Confidence []float64 // of areas; NaN where the table has none
	// ProviderConfidence is the same of providers; nil in a one-mode matrix.
	ProviderConfidence []float64
	// AreaGroups holds every area of the table with its group, whether or not
	// the flows know it.
	AreaGroups map[string]string
	GroupNames map[string]string // of the groups that have one, by code
	Providers  map[string]bool   // codes of the table that are providers
}

// NamesOrNil are the names that the table gives its groups; nil if it gives none.
func (p *NamedPartition) NamesOrNil() []string {
	for _, n := range p.Names {
		if n != "" {
			return p.Names
		}
	}
	return nil
}

// partitions reads --partition, --reference and --start.
func (l *loader) partitions() error {
	// Tables can be held against each other without flows.
	if l.in.Matrix == nil && (len(l.Flows.Flows) > 0 || !l.Tables) {
		return nil
	}
	in := l.in
	for _, name := range l.Partition {
		p, err := l.partition("partition", name)
		switch {
		case err == nil:
			in.Given = append(in.Given, p)
		case l.fault(err) != nil:
			return err
		}
	}
	if l.Reference != "" {
		p, err := l.partition("reference", l.Reference)
		if err != nil {
			return err
		}
		in.Reference = p
	}
	if l.Start != "" {
		p, err := l.partition("start", l.Start)
		if err != nil {
			return err
		}
		in.Start = &p.Partition
	}
	return nil
}

// partition reads one table of a partition; role is the flag that names it.
func (l *loader) partition(role, name string) (*NamedPartition, error) {
	p := &NamedPartition{File: cli.InputName(name), AreaGroups: map[string]string{}, GroupNames: map[string]string{}, Providers: map[string]bool{}}
	err := l.read(role, name, func(r io.Reader) error {
		rows, rep, err := data.ReadPartition(l.ctx, cli.InputName(name), r, l.headingsOf(role).options()...)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood(role, name, &rep))
		l.note(rep.Notes...)
		if l.in.Matrix == nil {
			p.keepGroups(rows)
			return nil
		}
		if err := p.match(l.in.Matrix, rows); err != nil {
			return err
		}
		l.sayVanished(role, p.File, rows)
		l.note(p.unplaced(l.in.Matrix)...)
		return nil
	})
	return p, err
}

// keepGroups keeps the groups of a table's areas, where there are no flows to
// match them with.
func (p *NamedPartition) keepGroups(rows []data.Membership) {
	for _, row := range rows {
		p.keep(row)
		if row.GroupName != "" {
			p.GroupNames[row.Group] = plaintext.Name(row.GroupName)
		}
	}
}

// keep keeps a row as the table has it.
func (p *NamedPartition) keep(row data.Membership) {
	if row.Provider {
		p.Providers[row.Code] = true
	} else {
		p.AreaGroups[row.Code] = row.Group
	}
}

// match joins a table's rows to the flows.
func (p *NamedPartition) match(m *flow.Matrix, rows []data.Membership) error {
	areas, providers := make([]string, len(m.Areas())), make([]string, len(m.Providers()))
	p.Confidence = slices.Repeat([]float64{math.NaN()}, len(areas))
	p.ProviderConfidence = slices.Repeat([]float64{math.NaN()}, len(providers))
	var faults fault.List
	for _, row := range rows {
		if err := p.nameGroup(row); err != nil {
			faults.Add(err)
		}
		p.keep(row)
		p.place(m, row, areas, providers)
	}
	if len(rows) == len(p.Unmatched) && len(rows) > 0 {
		faults.Add(&fault.Error{File: p.File, Err: fmt.Errorf("none of its codes (such as %s) is an area or a provider of the flows (such as %s): is it another vintage, or another kind of code?", rows[0].Code, words.First(m.Areas()))})
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if m.OneMode() {
		providers, p.ProviderConfidence = nil, nil
	}
	p.Partition = footprint.FromGroups(m, areas, providers)
	p.Names = make([]string, p.Partition.Len())
	for i, id := range p.Partition.IDs {
		p.Names[i] = p.GroupNames[id]
	}
	return nil
}

// nameGroup takes the name of a row's group; a second one is a fault.
func (p *NamedPartition) nameGroup(row data.Membership) *fault.Error {
	if row.GroupName == "" {
		return nil
	}
	old, ok := p.GroupNames[row.Group]
	p.GroupNames[row.Group] = plaintext.Name(row.GroupName)
	if ok && old != p.GroupNames[row.Group] {
		return &fault.Error{File: p.File, Line: row.Line, Err: fmt.Errorf("group %q has two names, %q and %q", row.Group, old, row.GroupName)}
	}
	return nil
}

// place puts a row's area or provider in its group.
func (p *NamedPartition) place(m *flow.Matrix, row data.Membership, areas, providers []string) {
	a, isArea := m.AreaIndex(row.Code)
	j, isProvider := m.ProviderIndex(row.Code)
	switch {
	case isArea && (!row.Provider || !isProvider):
		areas[a] = row.Group
		p.Confidence[a] = row.Confidence
	case isProvider:
		providers[j] = row.Group
		p.ProviderConfidence[j] = row.Confidence
		p.Providers[row.Code] = true
		delete(p.AreaGroups, row.Code)
	default:
		p.Unmatched = append(p.Unmatched, row.Code)
	}
}

// unplaced says which areas and providers of the flows the partition leaves out.
func (p *NamedPartition) unplaced(m *flow.Matrix) (notes []string) {
	for _, kind := range []struct {
		noun   string
		codes  []string
		groups []int32
	}{{"area", m.Areas(), p.Partition.Areas}, {"provider", m.Providers(), p.Partition.Providers}} {
		var missing []string
		for i, g := range kind.groups {
			if g < 0 {
				missing = append(missing, kind.codes[i])
			}
		}
		if len(missing) > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s of the flows %s no footprint in it: %s", p.File, words.Counted(len(missing), kind.noun), words.Has(len(missing)), words.Few(missing)))
		}
	}
	return notes
}

// Memberships are a partition's groups as boundaries alone know them.
type Memberships struct {
	Of         []int32 // group by boundary
	IDs, Names []string
	Providers  map[string]string // group by code
}
