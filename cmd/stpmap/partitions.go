package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/urfave/cli/v2"

	"stpmap/data"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
	"stpmap/footprint"
)

// namedPartition is a partition that was read, ours or an official one.
type namedPartition struct {
	file       string
	partition  footprint.Partition
	names      []string  // of the footprints, "" where the table has none
	unmatched  []string  // codes of the table that are not in the flows
	confidence []float64 // of areas; NaN where the table has none
	// providerConfidence is the same of providers; nil in a one-mode matrix.
	providerConfidence []float64
	// areaGroups holds every area of the table with its group, whether or not
	// the flows know it.
	areaGroups map[string]string
	groupNames map[string]string // of the groups that have one, by code
	providers  map[string]bool   // codes of the table that are providers
}

func partitionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "partition", Usage: "`FILE` with a partition: our partition.csv, or any table of codes and groups"},
		&cli.StringFlag{Name: "reference", Usage: "`FILE` with the partition to hold the result against"},
		&cli.StringFlag{Name: "reference-column", Usage: "`HEADING` of the group in --reference; without one, in --partition"},
	}
}

// partitions reads --partition, --reference and --start.
func (l *loader) partitions() error {
	// Tables can be held against each other without flows.
	if l.in.matrix == nil && (len(l.files.resolve(l.c, "flows")) > 0 || l.c.Command.Name != "compare") {
		return nil
	}
	in := l.in
	for _, name := range l.c.StringSlice("partition") {
		p, err := l.readPartition("partition", name, partitionColumn(l.c))
		if err != nil {
			if e := l.fault(err); e != nil {
				return e
			}
			continue
		}
		in.given = append(in.given, p)
	}
	if name := l.c.String("reference"); name != "" {
		p, err := l.readPartition("reference", name, l.c.String("reference-column"))
		if err != nil {
			return err
		}
		in.reference = p
	}
	if name := l.c.String("start"); name != "" {
		p, err := l.readPartition("start", name, "")
		if err != nil {
			return err
		}
		in.start = &p.partition
	}
	return nil
}

// partitionColumn is the heading of the group in --partition, where the flag is
// not about --reference.
func partitionColumn(c *cli.Context) string {
	if c.String("reference") != "" {
		return ""
	}
	return c.String("reference-column")
}

// keepGroups keeps the groups of a table's areas, where there are no flows to
// match them with.
func (p *namedPartition) keepGroups(rows []data.Membership) {
	p.groupNames = map[string]string{}
	for _, row := range rows {
		if row.Provider {
			p.providers[row.Code] = true
		} else {
			p.areaGroups[row.Code] = row.Group
		}
		if row.GroupName != "" {
			p.groupNames[row.Group] = row.GroupName
		}
	}
}

func (l *loader) readPartition(role, name, column string) (*namedPartition, error) {
	out := &namedPartition{file: displayName(name), areaGroups: map[string]string{}, providers: map[string]bool{}}
	m := l.in.matrix
	err := l.read(role, name, func(r io.Reader) error {
		rows, rep, err := data.ReadPartition(l.ctx, displayName(name), r, tablepkg.Column(data.GroupRole.Name, column))
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood(role, name, &rep))
		l.in.notes = append(l.in.notes, rep.Notes...)
		if m == nil {
			out.keepGroups(rows)
			return nil
		}
		areas, providers := make([]string, len(m.Areas())), make([]string, len(m.Providers()))
		out.confidence = slices.Repeat([]float64{math.NaN()}, len(m.Areas()))
		out.providerConfidence = slices.Repeat([]float64{math.NaN()}, len(m.Providers()))
		names := map[string]string{}
		var faults tablepkg.Faults
		for _, row := range rows {
			if row.GroupName != "" {
				if old, ok := names[row.Group]; ok && old != row.GroupName {
					faults.Add(&tablepkg.InputError{File: displayName(name), Line: row.Line, Err: fmt.Errorf("group %q has two names, %q and %q", row.Group, old, row.GroupName)})
				}
				names[row.Group] = row.GroupName
			}
			if row.Provider {
				out.providers[row.Code] = true
			} else {
				out.areaGroups[row.Code] = row.Group
			}
			a, isArea := m.AreaIndex(row.Code)
			j, isProvider := m.ProviderIndex(row.Code)
			switch {
			case isArea && (!row.Provider || !isProvider):
				areas[a] = row.Group
				out.confidence[a] = row.Confidence
			case isProvider:
				providers[j] = row.Group
				out.providerConfidence[j] = row.Confidence
				out.providers[row.Code] = true
				delete(out.areaGroups, row.Code)
			default:
				out.unmatched = append(out.unmatched, row.Code)
			}
		}
		if len(rows) == len(out.unmatched) && len(rows) > 0 {
			faults.Add(&tablepkg.InputError{File: displayName(name), Err: fmt.Errorf("none of its codes (such as %s) is an area or a provider of the flows (such as %s): is it another vintage, or another kind of code?", rows[0].Code, example(m.Areas()))})
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if m.OneMode() {
			providers, out.providerConfidence = nil, nil
		}
		l.sayVanished(role, out.file, rows)
		out.partition = footprint.FromGroups(m, areas, providers)
		l.in.notes = append(l.in.notes, out.unplaced(m)...)
		out.groupNames = names
		out.names = make([]string, out.partition.Len())
		for i, id := range out.partition.IDs {
			out.names[i] = names[id]
		}
		return nil
	})
	return out, err
}

// unplaced says which areas and providers of the flows the partition leaves out.
func (p *namedPartition) unplaced(m *flow.Matrix) (notes []string) {
	for _, kind := range []struct {
		noun   string
		codes  []string
		groups []int32
	}{{"area", m.Areas(), p.partition.Areas}, {"provider", m.Providers(), p.partition.Providers}} {
		var missing []string
		for i, g := range kind.groups {
			if g < 0 {
				missing = append(missing, kind.codes[i])
			}
		}
		if len(missing) > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s of the flows %s no footprint in it: %s", p.file, counted(len(missing), kind.noun), has(len(missing)), firstFew(missing)))
		}
	}
	return notes
}
