package whatif

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/render/chart"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/qgis"
	"stpmap/render/report"
)

// shownRows is how many rows the page's tables and the chart have at most.
const shownRows = 12

// about is where an output comes from.
func (w *work) about(title string) layer.About {
	return layer.About{
		Title: title, Version: cli.Version, Parameters: w.Parameters(), Seed: w.Seed, FlowSHA256: w.in.Matrix.SHA256(), Notice: w.in.Notice, Sources: w.in.Sources,
	}
}

// receivers are the providers that gain most.
func (w *work) receivers(a *answer) []providerRow {
	rows := slices.DeleteFunc(w.providerRows(a), func(r providerRow) bool { return r.after.Value-r.before.Value < 0.5 })
	slices.SortStableFunc(rows, func(x, y providerRow) int {
		return cmp.Compare(y.after.Value-y.before.Value, x.after.Value-x.before.Value)
	})
	return rows[:min(shownRows, len(rows))]
}

// chart draws who gains patients; nil where nobody does.
func (w *work) chart(a *answer) (*chart.Chart, error) {
	if !a.scenario.Changes() {
		return nil, nil
	}
	var names []string
	for _, m := range w.models {
		names = append(names, m.Name)
	}
	var rows []chart.Receiver
	for _, r := range w.receivers(a) {
		c := chart.Receiver{Name: w.called(r.code), Gains: make([]float64, len(r.models)), Low: r.interval.Low - r.before.Published, High: r.interval.High - r.before.Published}
		for k, x := range r.models {
			c.Gains[k] = x - r.before.Published
		}
		rows = append(rows, c)
	}
	return chart.Receivers(rows, names, w.in.Notice)
}

// stagePage stages the chart, the layers and the page of one scenario.
func (w *work) stagePage(s *stage.Files, dir string, a *answer) error {
	page := w.page(a)
	c, err := w.chart(a)
	if err != nil {
		return err
	}
	var files []stage.File
	if c != nil {
		var svg, untitled bytes.Buffer
		if err := errors.Join(c.Write(&svg, "svg"), c.Write(&untitled, "page")); err != nil {
			return err
		}
		page.Charts = append(page.Charts, report.Figure{Title: c.Title, Caption: "A mark for each model; the grey bar is the interval of " + w.use + ".", SVG: untitled.String()})
		files = append(files,
			stage.File{Name: "receivers.svg", Write: func(out io.Writer) error { _, err := out.Write(svg.Bytes()); return err }},
			stage.File{Name: "receivers.png", Write: func(out io.Writer) error { return c.Write(out, "png") }})
	}
	layers, err := w.layers(a)
	if err != nil {
		return err
	}
	for _, l := range layers {
		files = append(files,
			stage.File{Name: l.Name + ".geojson", Write: func(out io.Writer) error { return geojson.Write(out, l) }},
			stage.File{Name: l.Name + ".qml", Write: func(out io.Writer) error { return qgis.WriteQML(out, l) }})
	}
	files = append(files, stage.File{Name: "report.html", Write: func(out io.Writer) error { return report.Write(out, page) }})
	return s.CreateIn(dir, files...)
}

// layers are the areas that are touched and the lines of who goes where; none
// without places.
func (w *work) layers(a *answer) ([]layer.Layer, error) {
	if w.in.Boundaries == nil || !a.scenario.Changes() {
		return nil, nil
	}
	c := maps.Change{Boundaries: w.in.Boundaries, Codes: w.in.Matrix.Areas(), Names: w.in.AreaNames, Unit: w.unit, About: w.about(w.title(a))}
	for _, t := range a.travel {
		c.Moved, c.Patients = append(c.Moved, t.Moved.Published), append(c.Patients, t.Patients.Published)
		c.Before, c.After = append(c.Before, t.Before), append(c.After, t.After)
	}
	c.Lines = w.lines(a)
	return c.Layers()
}

// lines are the moves whose number may be said, one an area and provider.
func (w *work) lines(a *answer) (list []maps.ChangeLine) {
	type pair struct{ area, to int32 }
	sum := map[pair]float64{}
	var pairs []pair
	for _, m := range a.used.Moves {
		if m.Patients.Suppressed() {
			continue
		}
		p := pair{m.Area, m.To}
		if _, ok := sum[p]; !ok {
			pairs = append(pairs, p)
		}
		sum[p] += m.Patients.Published
	}
	homes := w.homes.Points
	if homes == nil {
		h, _ := w.in.Homes()
		homes = h.Points
	}
	for _, p := range pairs {
		list = append(list, maps.ChangeLine{
			Area: w.in.Matrix.Areas()[p.area], Provider: a.used.Codes[p.to], From: homes[p.area], To: w.site(a, int(p.to)), Patients: sum[p],
		})
	}
	return list
}

// site is where a provider is after the change.
func (w *work) site(a *answer, j int) orb.Point {
	code := a.used.Codes[j]
	for _, o := range a.plan.open {
		if o.code == code {
			return orb.Point{o.lon, o.lat}
		}
	}
	for _, m := range a.plan.move {
		if m.code == code {
			return orb.Point{m.lon, m.lat}
		}
	}
	if w.in.Points == nil || j >= len(w.in.Points) {
		return orb.Point{math.NaN(), math.NaN()}
	}
	return w.in.Points[j]
}

// title is the question.
func (w *work) title(a *answer) string {
	text := w.sayChange(a)[0]
	if question, ok := cutPrefix(text, "The question: what"); ok {
		return "What" + question
	}
	return "What if: " + w.use
}

func cutPrefix(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || text[:len(prefix)] != prefix {
		return text, false
	}
	return text[len(prefix):], true
}

// page puts together the page that a consultation's summary would be.
func (w *work) page(a *answer) report.Page {
	p := report.Page{
		Title: w.title(a), Subtitle: "Where patients would go, and what that does to the others", About: w.about(w.title(a)),
		Facts: w.facts(a), Notes: slices.Concat(w.in.Notes, w.notes),
	}
	p.Sections = append(p.Sections, report.Section{Title: "In short", Text: slices.Concat(w.sayChange(a)[min(1, len(w.sayChange(a))-1):], w.sayReceivers(a), w.sayTravel(a), w.sayFootprints(a), w.sayMergers(a))})
	p.Sections = append(p.Sections, w.receiverSection(a)...)
	p.Sections = append(p.Sections, w.areaSection(a)...)
	p.Sections = append(p.Sections, w.footprintSection(a)...)
	p.Sections = append(p.Sections, w.trustSection(a))
	w.addMap(&p, a)
	return p
}

// facts are the headline figures.
func (w *work) facts(a *answer) (list []report.Fact) {
	if a.scenario.Changes() {
		list = append(list, report.Fact{Value: w.patients(a), Label: "go elsewhere"})
	}
	before, after, loss := meanTravel(a.travel)
	if !math.IsNaN(before) && a.scenario.Changes() {
		list = append(list, report.Fact{Value: fmt.Sprintf("%.1f to %.1f %s", before, after, w.unit), Label: "mean way to care of all patients, today and afterwards"})
	}
	if !math.IsNaN(loss) && a.scenario.Changes() {
		list = append(list, report.Fact{Value: fmt.Sprintf("%.2f %s", loss, w.unit), Label: "longer way that would be as bad, for the average patient, as what changes"})
	}
	if a.before != nil {
		list = append(list, report.Fact{Value: words.Percent(a.before.measures.InsideShare) + " to " + words.Percent(a.after.measures.InsideShare), Label: "treated in the footprint where they live, today and afterwards"})
	}
	return list
}

// receiverSection is the table of who gains patients.
func (w *work) receiverSection(a *answer) []report.Section {
	rows := w.receivers(a)
	if !a.scenario.Changes() || len(rows) == 0 {
		return nil
	}
	s := report.Section{Title: "Who would treat them", Head: []string{"Provider", "Patients today", "Afterwards", "More", "All models say", "95% interval"}}
	whole := func(x float64) string { return words.Thousands(int(math.Round(x))) }
	for _, r := range rows {
		low, high := r.spread()
		interval := "–"
		if !math.IsNaN(r.interval.Low) {
			interval = whole(r.interval.Low) + " to " + whole(r.interval.High)
		}
		s.Rows = append(s.Rows, []string{
			w.called(r.code), whole(r.before.Published), whole(r.after.Published), "+" + whole(r.after.Published-r.before.Published), whole(low) + " to " + whole(high), interval,
		})
	}
	s.Text = []string{fmt.Sprintf("The %d that gain most, by the model %s.", len(rows), w.use)}
	return []report.Section{s}
}

// areaSection is the table of the areas that are touched most.
func (w *work) areaSection(a *answer) []report.Section {
	if !a.scenario.Changes() {
		return nil
	}
	var order []int
	for i, t := range a.travel {
		if t.Moved.Published >= 10 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return nil
	}
	share := func(i int) float64 { return a.travel[i].Moved.Value / a.travel[i].Patients.Value }
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(share(y), share(x)) })
	s := report.Section{Title: "Whose patients they are", Head: []string{"Area", "Patients", "Go elsewhere", "Share", "Way to care today", "Afterwards"}}
	for _, i := range order[:min(shownRows, len(order))] {
		t := a.travel[i]
		s.Rows = append(s.Rows, []string{
			w.area(i), words.Thousands(int(t.Patients.Published)), words.Thousands(int(t.Moved.Published)), words.Percent(share(i)), w.way(t.Before), w.way(t.After),
		})
	}
	s.Text = []string{"The areas where the largest share of patients would go elsewhere."}
	return []report.Section{s}
}

// way is a distance with its unit, a dash where it is not known.
func (w *work) way(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.1f %s", x, w.unit)
}

// footprintSection is the table of the footprints that change.
func (w *work) footprintSection(a *answer) []report.Section {
	if a.before == nil {
		return nil
	}
	s := report.Section{Title: "What becomes of the footprints", Head: []string{"Footprint", "Treated inside today", "Afterwards", "Patients treated today", "Afterwards"}}
	b, c := a.before.measures.ByFootprint, a.after.measures.ByFootprint
	for f, id := range a.before.partition.IDs {
		k := slices.Index(a.after.partition.IDs, id)
		if k < 0 || !shows(b[f], c[k]) {
			continue
		}
		s.Rows = append(s.Rows, []string{
			w.footprint(f), percentOrNone(b[f].LocalisationIndex), percentOrNone(c[k].LocalisationIndex),
			words.Thousands(int(b[f].Treated.Published)), words.Thousands(int(c[k].Treated.Published)),
		})
	}
	if len(s.Rows) == 0 {
		return nil
	}
	s.Text = []string{"Treated inside: of 100 patients who live in the footprint, how many are treated in it. Those that hardly change do not appear."}
	return []report.Section{s}
}

// trustSection says how far to trust the figures.
func (w *work) trustSection(a *answer) report.Section {
	s := report.Section{Title: "How far to trust this", Text: slices.Concat(w.sayModels(a), w.sayTests(a))}
	if len(w.tests) > 0 {
		s.Head = []string{"Test", "Model", "Patients put wrongly", "Too many or few"}
		for _, r := range w.tests {
			s.Rows = append(s.Rows, []string{r.Test, r.Model, percentOrNone(r.Error), percentOrNone(r.Bias)})
		}
	}
	return s
}

// addMap adds the map of footprints, coloured by what changes, where there are
// footprints.
func (w *work) addMap(p *report.Page, a *answer) {
	if a.before == nil || w.in.Boundaries == nil {
		return
	}
	shapes := mapping.Shapes(w.in)
	polygons, labels := shapes.All(), w.in.Boundaries.LabelPoints()
	level := report.Level{Name: "Today's footprints", Areas: a.before.partition.Areas, Columns: []report.Column{
		{Title: "Treated inside today", Type: layer.Real, Percent: true, Decimals: 1, Worse: -1},
		{Title: "Treated inside afterwards", Type: layer.Real, Percent: true, Decimals: 1, Worse: -1},
	}, AreaColumns: []report.Column{{Title: "Share of patients who go elsewhere", Type: layer.Real, Percent: true, Decimals: 1, Worse: 1}}}
	for i, code := range w.in.Matrix.Areas() {
		area := report.Area{Code: code, Name: w.areaName(i), Population: math.NaN()}
		if k, ok := shapes.Index(code); ok {
			area.Geometry, area.At = polygons[k], labels[k]
		}
		p.Areas = append(p.Areas, area)
		t := a.travel[i]
		level.AreaValues = append(level.AreaValues, []any{layer.Known(t.Moved.Published / t.Patients.Published)})
	}
	for f, id := range a.before.partition.IDs {
		after := math.NaN()
		if k := slices.Index(a.after.partition.IDs, id); k >= 0 {
			after = a.after.measures.ByFootprint[k].LocalisationIndex
		}
		level.Footprints = append(level.Footprints, report.Footprint{
			ID: id, Name: cmp.Or(w.in.Given[0].Names[f], id), Values: []any{layer.Known(a.before.measures.ByFootprint[f].LocalisationIndex), layer.Known(after)},
		})
	}
	w.addProviders(p, a, &level)
	p.Levels, p.LevelTitle = []report.Level{level}, "Map"
}

// addProviders adds the providers with what they treat afterwards.
func (w *work) addProviders(p *report.Page, a *answer, level *report.Level) {
	if w.in.Matrix.OneMode() {
		return
	}
	for j, code := range w.in.Matrix.Providers() {
		p.Providers = append(p.Providers, report.Provider{Code: code, Name: w.providerName(code), Point: w.site(a, j), Patients: a.used.Loads[j].Published})
	}
	level.Providers = a.before.partition.Providers
}

// shows reports whether a footprint changes by a tenth of a per cent, of those
// treated inside or of those treated.
func shows(before, after footprint.FootprintMeasures) bool {
	return math.Abs(before.LocalisationIndex-after.LocalisationIndex) >= 0.001 ||
		math.Abs(before.Treated.Value-after.Treated.Value) >= 0.001*before.Treated.Value
}
