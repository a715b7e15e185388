package ensemble

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/chart"
	"stpmap/render/layer"
	"stpmap/render/report"
)

// pageFile is report.html: the map given, the best maps found and one drawn at
// random, the histograms, and the result in sentences.
func (r *result) pageFile(charts []chart.Chart) (stage.File, error) {
	in := r.in
	p := report.Page{
		Title: "Where a map lies among all that the rules allow", Subtitle: r.words[len(r.notes)], Notes: r.words,
		About: r.about(),
	}
	shapes := mapping.Shapes(in)
	polygons := shapes.All()
	for a, code := range in.Matrix.Areas() {
		area := report.Area{Code: code, Population: math.NaN()}
		if in.AreaNames != nil {
			area.Name = in.AreaNames[a]
		}
		if in.Population != nil {
			area.Population = in.Population[a]
		}
		if i, ok := shapes.Index(code); ok {
			area.Geometry = polygons[i]
		}
		p.Areas = append(p.Areas, area)
	}
	p.Levels, p.LevelTitle = r.levels(), "Map"
	for _, place := range r.places {
		if place.Better != 0 && !math.IsNaN(place.Percentile) {
			p.Facts = append(p.Facts, report.Fact{Value: number(place.Statistic, place.Value), Label: lower(place.Title) + ": " + place.Verdict})
		}
	}
	for _, c := range charts {
		var b bytes.Buffer
		if err := c.Write(&b, "page"); err != nil {
			return stage.File{}, err
		}
		p.Charts = append(p.Charts, report.Figure{Title: c.Title, SVG: b.String()})
	}
	return stage.File{Name: "report.html", Write: func(w io.Writer) error { return report.Write(w, p) }}, nil
}

// about says what the result is.
func (r *result) about() layer.About {
	return layer.About{Title: "Ensemble of maps", Version: cli.Version, Parameters: r.options.Parameters(), Seed: r.options.Seed, Notice: r.in.Notice, Sources: r.in.Sources}
}

// levels are the maps that the page shows.
func (r *result) levels() (out []report.Level) {
	if r.given != nil {
		out = append(out, r.level("The map given", "", r.given))
	}
	for _, b := range r.best {
		out = append(out, r.level("Best: "+lower(b.statistic.Title), fmt.Sprintf("The best map found: %s.", number(b.statistic, b.value)), b.label))
	}
	if n := len(r.maps); n > 0 {
		out = append(out, r.level("One of the maps drawn", "The last map drawn, as an example.", r.maps[n-1]))
	}
	return out
}

// level is one map by area, with the people of its footprints.
func (r *result) level(name, note string, label []int32) report.Level {
	l := report.Level{
		Name: name, Note: note, Areas: label,
		Columns: []report.Column{{Title: "Areas", Help: "Number of areas", Type: layer.Integer}, {Title: "People", Help: "People who live there", Type: layer.Integer}},
	}
	areas, people := map[int32]int64{}, map[int32]float64{}
	parts := int32(0)
	for a, p := range label {
		parts = max(parts, p+1)
		areas[p]++
		if r.in.Population != nil {
			people[p] += r.in.Population[a]
		}
	}
	for p := range parts {
		row := []any{areas[p], nil}
		if x := people[p]; r.in.Population != nil && !math.IsNaN(x) {
			row[1] = int64(math.Round(x))
		}
		l.Footprints = append(l.Footprints, report.Footprint{ID: r.footprintID(label, p), Name: r.footprintName(label, p), Values: row})
	}
	return l
}

// footprintID is that of the table given, or a number.
func (r *result) footprintID(label []int32, part int32) string {
	if r.isGiven(label) {
		for a, p := range label {
			if p == part {
				given := r.in.Given[0].Partition
				return given.IDs[given.Areas[a]]
			}
		}
	}
	return fmt.Sprintf("M%02d", part+1)
}

// footprintName is the name that the table given has for it.
func (r *result) footprintName(label []int32, part int32) string {
	if r.isGiven(label) {
		for a, p := range label {
			if given := r.in.Given[0]; p == part && given.Names != nil {
				return given.Names[given.Partition.Areas[a]]
			}
		}
	}
	return ""
}

func (r *result) isGiven(label []int32) bool { return r.given != nil && &label[0] == &r.given[0] }
