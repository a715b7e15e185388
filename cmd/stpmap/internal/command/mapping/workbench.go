package mapping

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/bench"
	"stpmap/footprint/score"
	"stpmap/render/workbench"
)

// WorkbenchInput is what a page is made of, beside what was read.
type WorkbenchInput struct {
	Plan          clustering.Plan     // the demands
	Start         footprint.Partition // the map to begin with
	Names         []string            // of its footprints; nil where none is known
	Title         string              // "" for one that is made
	Sources       []string
	SuppressBelow float64
	Score         *score.Result // of Start; nil without indicators
}

// Workbench puts a page together.
func Workbench(in *study.Study, x WorkbenchInput) (workbench.Page, error) {
	c, err := benchCase(in, x)
	if err != nil {
		return workbench.Page{}, err
	}
	p := workbench.Page{
		Title: x.Title, Notice: in.Notice, Sources: slices.Concat(in.Sources, x.Sources), Case: c,
		Boundaries: in.Boundaries, Points: in.Points, Privacy: privacy(in, x.SuppressBelow),
	}
	if p.Title == "" {
		p.Title = "Footprint workbench"
	}
	return p, nil
}

// privacy says what the page holds of small counts.
func privacy(in *study.Study, below float64) string {
	hidden := in.Matrix.SuppressedCells()
	if below <= 1 {
		return fmt.Sprintf("This page holds all counts as they are, %s as intervals. Keep it where the flows may be kept.", words.Counted(hidden, "one"))
	}
	if hidden == 0 {
		return fmt.Sprintf("This page holds the flows; no count in them is under %s.", words.Plain(below))
	}
	return fmt.Sprintf("This page holds the flows as they may be published: %s under %s, or hidden by the publisher, are intervals.", words.Counted(hidden, "count"), words.Plain(below))
}

// benchCase is what the engine works on.
func benchCase(in *study.Study, x WorkbenchInput) (*bench.Case, error) {
	cs, err := x.Plan.Constraints(in)
	if err != nil {
		return nil, err
	}
	m := in.Matrix
	c := &bench.Case{
		Version: cli.Version, Matrix: m, AreaNames: in.AreaNames, Population: in.Population, Start: x.Start, Names: x.Names,
		Neighbours: bench.NeighboursOf(in.Adjacency, len(m.Areas())),
		Demands: bench.Demands{
			Footprints: cs.Footprints, Contiguous: cs.Contiguous != nil, MinPopulation: cs.MinPopulation, MaxPopulation: cs.MaxPopulation,
			MinLocalisation: cs.MinLocalisation, MaxShare: cs.MaxShare, MinProviders: cs.MinProviders, CountedProviders: cs.CountedProviders,
			AllowSingleKind: cs.AllowSingleKind, AllowDegenerate: cs.AllowDegenerate, Together: cs.Together, Apart: cs.Apart, KeepWhole: cs.KeepWhole,
			Quality: x.Plan.Quality, Restarts: x.Plan.Restarts, Effort: x.Plan.Effort,
		},
	}
	if c.AreaNames == nil {
		c.AreaNames = make([]string, len(m.Areas()))
	}
	if !m.OneMode() {
		if c.ProviderNames = in.ProviderNames; c.ProviderNames == nil {
			c.ProviderNames = make([]string, len(m.Providers()))
		}
	}
	if in.Notice != "" {
		c.NameMark = scoring.NameMark
		c.AreaNames, c.ProviderNames = marked(c.AreaNames), marked(c.ProviderNames)
	}
	if x.Score != nil {
		c.Scoring = bench.NewScoring(x.Score)
	}
	if in.Reference != nil {
		c.Reference, c.ReferenceNames = &in.Reference.Partition, in.Reference.NamesOrNil()
	}
	return c, nil
}

// marked ends names with the mark of synthetic data, once.
func marked(names []string) []string {
	out := slices.Clone(names)
	for i, n := range out {
		if n != "" && !strings.HasSuffix(n, scoring.NameMark) {
			out[i] = n + scoring.NameMark
		}
	}
	return out
}
