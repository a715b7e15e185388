package mapping

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/render/boundary"
	"stpmap/render/chart"
	"stpmap/render/glossary"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/report"
)

// reportPositions is about how many positions the map of a report has: enough
// for a screen, small enough to send.
const reportPositions = 60_000

// page is a report that is being put together.
type page struct {
	*report.Page
	in     *study.Study
	cs     *maps.Map
	res    *clustering.Result
	layers map[string]*layer.Layer
}

// Report puts together the page that a board can read.
func Report(in *study.Study, cs *maps.Map, layers []layer.Layer, res *clustering.Result, notes []string) (report.Page, error) {
	r := report.Page{
		Title: cs.About.Title, About: cs.About,
		Subtitle: fmt.Sprintf("%s grouped by where %s patients are treated", res.Members(in), words.Thousands(int(math.Round(in.Matrix.Total().Published)))),
		Facts:    facts(res), Notes: plainNotes(slices.Concat(in.Notes, notes)),
	}
	if res.Scores != nil {
		r.Notes = plainNotes(slices.Concat(r.Notes, res.Scores.Notes))
	}
	p := &page{Page: &r, in: in, cs: cs, res: res, layers: map[string]*layer.Layer{}}
	for i := range layers {
		p.layers[layers[i].Name] = &layers[i]
	}
	p.areas()
	p.providers()
	p.flows()
	level, err := p.level()
	if err != nil {
		return r, err
	}
	p.levels(level)
	return r, p.charts()
}

// areas adds the areas, with simplified polygons.
func (p *page) areas() {
	in, shapes := p.in, Shapes(p.in)
	var polygons []orb.MultiPolygon
	var labels []orb.Point
	if shapes != nil {
		polygons, labels = shapes.All(), in.Boundaries.LabelPoints()
	}
	for a, code := range in.Matrix.Areas() {
		area := report.Area{Code: code, Population: math.NaN()}
		if in.AreaNames != nil {
			area.Name = in.AreaNames[a]
		}
		if in.Population != nil {
			area.Population = in.Population[a]
		}
		if shapes != nil {
			if i, ok := shapes.Index(code); ok {
				area.Geometry, area.At = polygons[i], labels[i]
			}
		}
		p.Areas = append(p.Areas, area)
	}
}

// providers adds the providers as their layer shows them.
func (p *page) providers() {
	in, l := p.in, p.layers["providers"]
	if l == nil {
		return
	}
	patients := l.FieldIndex("patients")
	for j, f := range l.Features {
		one := report.Provider{Code: in.Matrix.Providers()[j], Patients: toFloat(f.Values[patients])}
		one.Point[0], one.Point[1] = math.NaN(), math.NaN()
		if in.Points != nil {
			one.Point = in.Points[j]
		}
		if in.ProviderNames != nil {
			one.Name, one.Kind = in.ProviderNames[j], in.ProviderTypes[j]
		}
		p.Providers = append(p.Providers, one)
	}
}

// flows adds lines for what is a hundredth of an area's care, or more: it is a
// page for people. Figures come from the whole matrix.
func (p *page) flows() {
	m, l := p.in.Matrix, p.layers["flows"]
	if l == nil || m.OneMode() {
		return
	}
	area, provider, patients := l.FieldIndex("area"), l.FieldIndex("provider"), l.FieldIndex("patients")
	for _, f := range l.Features {
		a, _ := m.AreaIndex(f.Values[area].(string))
		j, _ := m.ProviderIndex(f.Values[provider].(string))
		if n := toFloat(f.Values[patients]); n >= 0.01*m.RowTotal(a) {
			p.Flows = append(p.Flows, report.Flow{Area: int32(a), Provider: int32(j), Patients: n})
		}
	}
}

// Columns of a report's table of footprints.
var (
	sizeColumns  = []string{"population", "areas", "providers", "localisation_index", "market_share_index"}
	scoreColumns = []string{"rating", "rank", "rank_low", "rank_high", "domains_failing", "score"}
)

// level is the map that the report is about.
func (p *page) level() (report.Level, error) {
	res := p.res
	columns := sizeColumns
	indicatorAt := map[string]int{}
	if res.Scores != nil {
		columns = slices.Concat(scoreColumns, sizeColumns)
		p.Indicators, indicatorAt = reportIndicators(res.Scores)
	}
	level := report.Level{Name: p.cs.About.Title, Areas: res.Partition.Areas, Providers: res.Partition.Providers, Note: res.Reasons}
	rows(&level, p.cs.FootprintTable(), columns)
	exchanges(&level, p.in.Matrix, res.Partition)
	names, gamma := p.names(level.Footprints), cmp.Or(res.Gamma(), 1)
	for i := range level.Footprints {
		row := &level.Footprints[i]
		row.Words = named(footprint.ExplainFootprint(p.in.Matrix, res.Partition, res.Measures, i, gamma).Sentences(row.Name), names)
		if res.Scores == nil {
			continue
		}
		text, err := scoring.Explain(res.Scores, row.ID)
		if err != nil {
			return level, err
		}
		row.Words = append(row.Words, strings.Split(strings.TrimSpace(text), "\n")...)
		for _, v := range res.Scores.Indicators {
			if v.Footprint == row.ID {
				row.Indicators = append(row.Indicators, reportValue(v, indicatorAt[v.Indicator], p.Indicators))
			}
		}
		row.Trends = trends(res.Scores, row.ID, indicatorAt)
	}
	p.areaColumns(&level)
	return level, nil
}

// rows adds the columns of a table of footprints and a row for each.
func rows(level *report.Level, table layer.Layer, columns []string) {
	for _, name := range columns {
		level.Columns = append(level.Columns, ReportColumn(table.Fields[table.FieldIndex(name)]))
	}
	for _, f := range table.Features {
		name, _ := f.Values[table.FieldIndex("name")].(string)
		row := report.Footprint{ID: f.ID, Name: name}
		for _, c := range columns {
			row.Values = append(row.Values, f.Values[table.FieldIndex(c)])
		}
		level.Footprints = append(level.Footprints, row)
	}
}

// exchanges adds the patients in and out of every footprint. Flows between places
// of one kind have words of their own.
func exchanges(level *report.Level, m *flow.Matrix, p footprint.Partition) {
	if m.OneMode() {
		return
	}
	for i, e := range report.Exchanges(m, p) {
		level.Footprints[i].Exchange = &e
	}
}

// areaColumns adds what the map can show of areas.
func (p *page) areaColumns(level *report.Level) {
	l := p.layers["areas"]
	if l == nil {
		return
	}
	for _, c := range []string{"leakage", "hhi", "confidence"} {
		if c == "confidence" && p.cs.AreaConfidence == nil {
			continue
		}
		i := l.FieldIndex(c)
		level.AreaColumns = append(level.AreaColumns, ReportColumn(l.Fields[i]))
		for a, f := range l.Features {
			if len(level.AreaValues) <= a {
				level.AreaValues = append(level.AreaValues, nil)
			}
			level.AreaValues[a] = append(level.AreaValues[a], f.Values[i])
		}
	}
}

// levels adds the map, the nested levels, and the reference.
func (p *page) levels(level report.Level) {
	p.Levels, p.LevelTitle = []report.Level{level}, "Map"
	for _, l := range p.res.Levels {
		one := p.cs.Case
		one.FootprintNames = nil
		p.Levels = append(p.Levels, nestedLevel(one, l))
		p.LevelTitle = "Nested levels"
	}
	if ref := p.in.Reference; ref != nil {
		one := p.cs.Case
		one.FootprintNames = ref.NamesOrNil()
		held := ref.Partition
		level := nestedLevel(one, maps.Level{Partition: held, Measures: footprint.Measure(p.in.Matrix, held, p.in.Population, p.in.Adjacency)})
		level.Name, level.Note = "Reference", "Another map of the same areas, to compare with."
		p.Levels = append(p.Levels, level)
	}
}

// charts adds those of a score.
func (p *page) charts() error {
	if p.res.Scores == nil {
		return nil
	}
	charts, err := chart.OfScore(p.res.Scores, p.in.Notice)
	if err != nil {
		return err
	}
	for _, c := range charts {
		if c.Name == "caterpillar" || c.Name == "heatmap" {
			continue // the page has these as tables, which a phone can show
		}
		var b bytes.Buffer
		if err := c.Write(&b, "page"); err != nil {
			return err
		}
		p.Charts = append(p.Charts, report.Figure{Title: c.Title, SVG: b.String()})
	}
	return nil
}

// Shapes are the boundaries as the map of a report draws them; nil without
// any.
func Shapes(in *study.Study) *boundary.Set {
	shapes := in.Boundaries
	if shapes != nil {
		if n := shapes.Vertices(); n > reportPositions {
			return shapes.Simplify(boundary.SimplifyOptions{Keep: float64(reportPositions) / float64(n)})
		}
	}
	return shapes
}

// nestedLevel is a nested level as the report's slider shows it.
func nestedLevel(one maps.Case, l maps.Level) report.Level {
	one.Partition, one.Measures, one.Scores = l.Partition, l.Measures, nil
	one.AreaConfidence, one.ProviderConfidence = nil, nil
	one.Boundaries, one.Points, one.AreaPoints = nil, nil, nil // nothing is measured on the map
	n := l.Partition.Len()
	level := report.Level{Name: fmt.Sprintf("%d nested footprints", n), Areas: l.Partition.Areas, Providers: l.Partition.Providers}
	rows(&level, maps.New(one).FootprintTable(), sizeColumns)
	exchanges(&level, one.Matrix, l.Partition)
	return level
}

func facts(res *clustering.Result) []report.Fact {
	m := res.Measures
	list := []report.Fact{
		{Value: fmt.Sprint(m.Footprints), Label: "footprints"},
		{Value: words.Percent(m.InsideShare), Label: "of patients are treated in the footprint they live in"},
	}
	if !math.IsNaN(m.MinLocalisation) {
		list = append(list, report.Fact{Value: words.Percent(m.MinLocalisation), Label: "of patients stay inside in the footprint that keeps fewest"})
	}
	if !math.IsNaN(m.MinPopulation) {
		list = append(list, report.Fact{Value: words.Thousands(int(m.MinPopulation)) + " to " + words.Thousands(int(m.MaxPopulation)), Label: "people in each"})
	}
	if res.Scores != nil {
		list = append(list, scoreFacts(res.Scores)...)
	}
	return list
}

// once gives sentences without those that stood before.
func once(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// scoreFacts say what the scores find, and on how much that rests.
func scoreFacts(res *score.Result) []report.Fact {
	s, across, worst := res.Summary(), 0, 0
	for i := range res.Footprints {
		f := &res.Footprints[i]
		if f.AcrossAreas() {
			across++
		} else if f.Rating == 4 {
			worst++
		}
	}
	evidence := report.Fact{
		Value: fmt.Sprintf("%d of %d", s.DomainsKnown, s.Domains),
		Label: fmt.Sprintf("domains have figures, for %d of %d indicators", s.IndicatorsRated, s.IndicatorsOf),
	}
	if s.Rated == 0 {
		return []report.Fact{{Value: "Not rated", Label: "overall: too few domains have figures"}, evidence}
	}
	list := []report.Fact{{Value: fmt.Sprint(across), Label: "have serious underperformance across a number of areas (rating 4, two domains or more fail)"}}
	if worst > 0 {
		list = append(list, report.Fact{Value: fmt.Sprint(worst), Label: "others have the worst rating, 4"})
	}
	return append(list, evidence)
}

// ReportColumn says how a layer's column is shown on a page.
func ReportColumn(f layer.Field) report.Column {
	c := report.Column{Title: f.Alias, Type: f.Type}
	switch f.Name {
	case "rating":
		c.Title, c.Worse, c.Classes = "Rating", 1, maps.RatingClasses()
	case "rank":
		c.Title, c.Worse, c.NoMap = "Rank", -1, true
		c.Order = true
	case "rank_low":
		c.Title, c.NoMap = "Rank from", true
	case "rank_high":
		c.Title, c.NoMap = "Rank to", true
	case "domains_failing":
		c.Title, c.Worse = "Domains failing", 1
	case "score":
		c.Title, c.Decimals, c.Worse = "Score", 2, 1
	case "localisation_index":
		c.Title, c.Percent, c.Decimals, c.Worse = "Localisation index", true, 1, -1
	case "market_share_index":
		c.Title, c.Percent, c.Decimals = "Market share index", true, 1
	case "leakage":
		c.Title, c.Percent, c.Decimals, c.Worse = "Leakage", true, 1, 1
	case "hhi":
		c.Title, c.Decimals = "Concentration", 2
	case "confidence":
		c.Title, c.Percent, c.Decimals, c.Worse = "Confidence", true, 0, -1
	}
	c.Help = glossary.TermOf(c.Title)
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
	aside := map[string]string{}
	for _, v := range res.Indicators {
		period[v.Indicator] = v.Period
		if v.Aside {
			aside[v.Indicator] = ", not counted"
		}
	}
	for _, d := range res.Definitions.Indicators {
		p, ok := period[d.ID]
		if !ok {
			continue
		}
		at[d.ID] = len(list)
		list = append(list, report.Indicator{
			Title: d.Name, Domain: domains[d.Domain], Unit: d.Unit, Percent: d.Unit == "%", Decimals: 1, Worse: -int(d.Polarity), Period: p + aside[d.ID],
		})
	}
	return list, at
}

func reportValue(v score.IndicatorRow, at int, indicators []report.Indicator) report.IndicatorValue {
	out := report.IndicatorValue{Indicator: at, Value: v.Value, Lower: v.Lower, Upper: v.Upper, Target: v.TargetAtPeriod, Goal: v.Target, Gap: v.Gap, Band: v.Band, Standing: string(v.Standing)}
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
