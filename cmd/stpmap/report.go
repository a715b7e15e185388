package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/render/boundary"
	"stpmap/render/chart"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/report"
)

// reportPositions is about how many positions the map of a report has: enough
// for a screen, small enough to send.
const reportPositions = 60_000

// report puts together the page that a board can read.
func (in *inputs) report(cs *maps.Case, layers []layer.Layer, res *clustered, notes []string) (report.Page, error) {
	m := in.matrix
	r := report.Page{
		Title: cs.About.Title, About: cs.About,
		Subtitle: fmt.Sprintf("%s grouped by where %s patients are treated", members(in, res), thousands(int(math.Round(m.Total().Published)))),
		Facts:    facts(res), Notes: append(append([]string{}, in.notes...), notes...),
	}
	by := map[string]*layer.Layer{}
	for i := range layers {
		by[layers[i].Name] = &layers[i]
	}

	// Areas, from simplified boundaries; providers and flows as the layers show them.
	shapes := in.reportShapes()
	var polygons []orb.MultiPolygon
	var labels []orb.Point
	if shapes != nil {
		polygons, labels = shapes.All(), in.boundaries.LabelPoints()
	}
	for a, code := range m.Areas() {
		area := report.Area{Code: code, Population: math.NaN()}
		if in.areaNames != nil {
			area.Name = in.areaNames[a]
		}
		if in.population != nil {
			area.Population = in.population[a]
		}
		if shapes != nil {
			if i, ok := shapes.Index(code); ok {
				area.Geometry, area.At = polygons[i], labels[i]
			}
		}
		r.Areas = append(r.Areas, area)
	}
	if l := by["providers"]; l != nil {
		patients := l.FieldIndex("patients")
		for j, f := range l.Features {
			p := report.Provider{Code: m.Providers()[j], Patients: toFloat(f.Values[patients])}
			p.Point[0], p.Point[1] = math.NaN(), math.NaN()
			if in.points != nil {
				p.Point = in.points[j]
			}
			if in.providerNames != nil {
				p.Name, p.Kind = in.providerNames[j], in.providerTypes[j]
			}
			r.Providers = append(r.Providers, p)
		}
	}
	if l := by["flows"]; l != nil {
		area, provider, patients := l.FieldIndex("area"), l.FieldIndex("provider"), l.FieldIndex("patients")
		for _, f := range l.Features {
			a, _ := m.AreaIndex(f.Values[area].(string))
			j, _ := m.ProviderIndex(f.Values[provider].(string))
			n := toFloat(f.Values[patients])
			// A page for people: what is a hundredth of an area's care, or more.
			if n >= 0.01*m.RowTotal(a) && !m.OneMode() {
				r.Flows = append(r.Flows, report.Flow{Area: int32(a), Provider: int32(j), Patients: n})
			}
		}
	}

	level := report.Level{Name: cs.About.Title, Areas: res.partition.Areas, Providers: res.partition.Providers, Note: res.reasons}
	table := cs.FootprintTable()
	columns := []string{"population", "areas", "providers", "localisation_index", "market_share_index"}
	if res.scores != nil {
		columns = append([]string{"rating", "rank", "rank_low", "rank_high", "domains_failing", "score"}, columns...)
	}
	for _, name := range columns {
		level.Columns = append(level.Columns, reportColumn(table.Fields[table.FieldIndex(name)]))
	}
	indicatorAt := map[string]int{}
	if res.scores != nil {
		r.Indicators, indicatorAt = reportIndicators(res.scores)
	}
	for i, f := range table.Features {
		name, _ := f.Values[table.FieldIndex("name")].(string)
		row := report.Footprint{ID: f.ID, Name: name}
		for _, c := range columns {
			row.Values = append(row.Values, f.Values[table.FieldIndex(c)])
		}
		gamma := res.gamma()
		if gamma == 0 {
			gamma = 1
		}
		row.Words = footprint.ExplainFootprint(m, res.partition, res.measures, i, gamma).Sentences(name, cs.SuppressBelow)
		if res.scores != nil {
			text, err := explainText(res.scores, f.ID)
			if err != nil {
				return r, err
			}
			row.Words = append(row.Words, strings.Split(strings.TrimSpace(text), "\n")...)
			for _, v := range res.scores.Indicators {
				if v.Footprint == f.ID {
					row.Indicators = append(row.Indicators, reportValue(v, indicatorAt[v.Indicator], r.Indicators))
				}
			}
		}
		level.Footprints = append(level.Footprints, row)
	}
	if l := by["areas"]; l != nil {
		for _, c := range []string{"leakage", "hhi", "confidence"} {
			i := l.FieldIndex(c)
			if c == "confidence" && cs.AreaConfidence == nil {
				continue
			}
			level.AreaColumns = append(level.AreaColumns, reportColumn(l.Fields[i]))
			for a, f := range l.Features {
				if len(level.AreaValues) <= a {
					level.AreaValues = append(level.AreaValues, nil)
				}
				level.AreaValues[a] = append(level.AreaValues[a], f.Values[i])
			}
		}
	}
	r.Levels, r.LevelTitle = []report.Level{level}, "Map"
	for _, l := range res.levels {
		one := *cs
		one.FootprintNames = nil
		r.Levels = append(r.Levels, in.nestedLevel(&one, l))
		r.LevelTitle = "Nested levels"
	}
	if ref := in.reference; ref != nil {
		one := *cs
		one.FootprintNames = ref.namesOrNil()
		p := ref.partition
		level := in.nestedLevel(&one, maps.Level{Partition: p, Measures: footprint.Measure(m, p, in.population, in.adjacency)})
		level.Name, level.Note = "Reference", "The partition that the map is held against."
		r.Levels = append(r.Levels, level)
	}

	if res.scores != nil {
		charts, err := chart.OfScore(res.scores, in.notice)
		if err != nil {
			return r, err
		}
		for _, c := range charts {
			var b bytes.Buffer
			if err := c.Write(&b, "svg"); err != nil {
				return r, err
			}
			r.Charts = append(r.Charts, report.Figure{Title: c.Title, SVG: b.String()})
		}
	}
	return r, nil
}

// reportShapes are the boundaries as the map of a report draws them; nil without
// any.
func (in *inputs) reportShapes() *boundary.Set {
	shapes := in.boundaries
	if shapes != nil {
		if n := shapes.Vertices(); n > reportPositions {
			return shapes.Simplify(boundary.SimplifyOptions{Keep: float64(reportPositions) / float64(n)})
		}
	}
	return shapes
}

// nestedLevel is a nested level as the report's slider shows it.
func (in *inputs) nestedLevel(cs *maps.Case, l maps.Level) report.Level {
	one := *cs
	one.Partition, one.Measures, one.Scores = l.Partition, l.Measures, nil
	one.AreaConfidence, one.ProviderConfidence = nil, nil
	one.Boundaries, one.Points, one.AreaPoints = nil, nil, nil // nothing is measured on the map
	n := l.Partition.Len()
	level := report.Level{Name: fmt.Sprintf("%d nested footprints", n), Areas: l.Partition.Areas, Providers: l.Partition.Providers}
	table := one.FootprintTable()
	columns := []string{"population", "areas", "providers", "localisation_index", "market_share_index"}
	for _, name := range columns {
		level.Columns = append(level.Columns, reportColumn(table.Fields[table.FieldIndex(name)]))
	}
	for _, f := range table.Features {
		name, _ := f.Values[table.FieldIndex("name")].(string)
		row := report.Footprint{ID: f.ID, Name: name}
		for _, c := range columns {
			row.Values = append(row.Values, f.Values[table.FieldIndex(c)])
		}
		level.Footprints = append(level.Footprints, row)
	}
	return level
}

func members(in *inputs, res *clustered) string {
	if in.matrix.OneMode() {
		return counted(res.measures.Areas, "place")
	}
	return fmt.Sprintf("%s and %s", counted(res.measures.Areas, "area"), counted(res.measures.Providers, "provider"))
}

func facts(res *clustered) []report.Fact {
	m := res.measures
	list := []report.Fact{
		{Value: fmt.Sprint(m.Footprints), Label: "footprints"},
		{Value: percent(m.InsideShare), Label: "of patients are treated in the footprint they live in"},
	}
	if !math.IsNaN(m.MinLocalisation) {
		list = append(list, report.Fact{Value: percent(m.MinLocalisation), Label: "of care is given inside in the loosest of them"})
	}
	if !math.IsNaN(m.MinPopulation) {
		list = append(list, report.Fact{Value: thousands(int(m.MinPopulation)) + " to " + thousands(int(m.MaxPopulation)), Label: "people in each"})
	}
	if res.scores != nil {
		rated := 0
		for _, f := range res.scores.Footprints {
			if f.Rating == 4 {
				rated++
			}
		}
		list = append(list, report.Fact{Value: fmt.Sprint(rated), Label: "carry serious underperformance across a number of areas (rating 4)"})
	}
	return list
}

// reportColumn says how a layer's column is shown on a page.
func reportColumn(f layer.Field) report.Column {
	c := report.Column{Title: f.Alias, Type: f.Type}
	switch f.Name {
	case "rating":
		c.Title, c.Help, c.Worse = "Rating", "1 is the best, 4 the worst", 1
	case "rank":
		c.Title, c.Help, c.Worse, c.NoMap = "Rank", "1 is the worst", -1, true
	case "rank_low":
		c.Title, c.Help, c.NoMap = "from", "lower end of the rank's 90% interval", true
	case "rank_high":
		c.Title, c.Help, c.NoMap = "to", "upper end of the rank's 90% interval", true
	case "domains_failing":
		c.Title, c.Worse = "Domains failing", 1
	case "score":
		c.Title, c.Decimals, c.Worse = "Score", 2, 1
	case "localisation_index":
		c.Title, c.Help, c.Percent, c.Decimals, c.Worse = "Localisation index", "of residents' care, the share given inside", true, 1, -1
	case "market_share_index":
		c.Title, c.Help, c.Percent, c.Decimals = "Market share index", "of providers' work, the share from inside", true, 1
	case "leakage":
		c.Title, c.Help, c.Percent, c.Decimals, c.Worse = "Leakage", "share of residents' care given in other footprints", true, 1, 1
	case "hhi":
		c.Title, c.Help, c.Decimals = "Concentration", "Herfindahl–Hirschman index of the area's providers: 1 if all go to one", 2
	case "confidence":
		c.Title, c.Help, c.Percent, c.Decimals, c.Worse = "Confidence", "share of resampled runs that put the area here", true, 0, -1
	}
	return c
}

func reportIndicators(res *score.Result) ([]report.Indicator, map[string]int) {
	var list []report.Indicator
	at := map[string]int{}
	domains := map[string]string{}
	for _, d := range res.Definitions.Domains {
		domains[d.ID] = d.Name
	}
	period := map[string]string{}
	for _, v := range res.Indicators {
		period[v.Indicator] = v.Period
	}
	for _, d := range res.Definitions.Indicators {
		p, ok := period[d.ID]
		if !ok {
			continue
		}
		at[d.ID] = len(list)
		list = append(list, report.Indicator{
			Title: d.Name, Domain: domains[d.Domain], Percent: d.Unit == "%", Decimals: 1, Worse: -int(d.Polarity), Period: p,
		})
	}
	return list, at
}

func reportValue(v score.IndicatorRow, at int, indicators []report.Indicator) report.IndicatorValue {
	out := report.IndicatorValue{Indicator: at, Value: v.Value, Lower: v.Lower, Upper: v.Upper, Target: v.Target, Gap: v.Gap, Band: v.Band}
	switch v.MeetsTarget {
	case score.Yes:
		out.Meets = 1
	case score.No:
		out.Meets = -1
	}
	return out
}

func toFloat(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}
