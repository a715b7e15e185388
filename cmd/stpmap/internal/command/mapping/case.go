package mapping

import (
	"fmt"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/render/layer"
	"stpmap/render/maps"
)

// maxFlowLines is how many flows a map shows unless --min-flow-share says which.
const maxFlowLines = 50_000

// Flags are those of maps.
type Flags struct {
	Title        string   `flag:"title"`
	Source       []string `flag:"source"`
	Names        string   `flag:"names"`
	MinFlowShare float64  `flag:"min-flow-share"`
}

// Case puts together what the maps and tables are made of.
func (f Flags) Case(line *cli.Line, in *study.Study, res *clustering.Result) maps.Case {
	title := f.Title
	if title == "" {
		title = fmt.Sprintf("%d candidate footprints", res.Measures.Footprints)
	}
	cs := maps.Case{
		Matrix: in.Matrix, Partition: res.Partition, Measures: res.Measures,
		AreaNames: in.AreaNames, ProviderNames: in.ProviderNames, ProviderTypes: in.ProviderTypes, Population: in.Population,
		Points: in.Points, AreaPoints: in.AreaPoints, Boundaries: in.Boundaries,
		MinFlowShare: f.MinFlowShare, Naming: in.Naming(),
		About: layer.About{
			Title: title, Version: cli.Version, Parameters: res.Parameters, Seed: res.Seed,
			FlowSHA256: in.Matrix.SHA256(), Notice: in.Notice, Sources: slices.Concat(in.Sources, f.Source),
		},
	}
	if res.Scores != nil {
		cs.About.Evidence = res.Scores.Evidence()
		cs.Scores, cs.Indicators = scoring.MapScores(res.Scores), scoring.MapIndicators(res.Scores)
	}
	if in.Reference != nil {
		cs.Reference = &in.Reference.Partition
	}
	if demands, err := res.Plan.Constraints(in); err == nil {
		cs.Demands = demands
	}
	addDoubt(&cs, res)
	if in.Notice != "" {
		cs.NameMark = scoring.NameMark
	}
	if !line.Given("min-flow-share") {
		cs.MaxFlowLines = maxFlowLines
	}
	return cs
}

// addDoubt adds the confidence of areas, providers and borders.
func addDoubt(cs *maps.Case, res *clustering.Result) {
	d := res.Uncertainty
	if d == nil {
		return
	}
	for _, a := range d.Areas {
		cs.AreaConfidence = append(cs.AreaConfidence, a.Confidence)
	}
	for _, p := range d.Providers {
		cs.ProviderConfidence = append(cs.ProviderConfidence, p.Confidence)
	}
	for i, pair := range res.Borders {
		cs.Borders = append(cs.Borders, maps.BorderShare{A: pair[0], B: pair[1], Share: d.Borders[i]})
	}
}
