package merge

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/render"
	"stpmap/render/chart"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
)

// Writes are the files that the folder may get, as far as they could be the
// user's own.
func (o *Options) Writes() []string {
	return stage.Within(o.Out, []string{
		"pairs.csv", "curve.csv", "merged.csv", "partition.csv", "proposed.csv", "words.txt", "report.html", "merged.geojson", "merged.qml", "map.svg", "map.png",
		"curve.svg", "curve.png", "tree.svg", "tree.png", "merge.xlsx", stage.ProvenanceName,
	})
}

// write writes every file aside and then puts them in place.
func (r *result) write(env *cli.Env) error {
	o := r.options
	var s stage.Files
	defer s.Discard()
	cs := r.drawn()
	files := []stage.File{
		tables.CSV("pairs.csv", r.pairsTable()), tables.CSV("curve.csv", r.curveTable()), tables.CSV("merged.csv", r.mergedTable()),
		tables.CSV("partition.csv", cs.PartitionTable()),
		{Name: "words.txt", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(r.words(), "\n")+"\n")
			return err
		}},
	}
	if r.proposal != nil {
		files = append(files, tables.CSV("proposed.csv", r.proposedTable()))
	}
	charts, err := r.charts()
	if err != nil {
		return err
	}
	drawn, err := drawCharts(charts)
	if err != nil {
		return err
	}
	files = append(files, drawn...)
	files = append(files, r.maps()...)
	page, err := r.page(cs, charts)
	if err != nil {
		return err
	}
	files = append(files, stage.File{Name: "report.html", Write: func(w io.Writer) error { return report.Write(w, page) }})
	if err := (tables.Workbook{Name: "merge.xlsx", About: cs.About, Asked: o.XLSX}).Stage(&s, o.Out, files...); err != nil {
		return err
	}
	p := r.in.Provenance(&o.Line, "merge", r.notes)
	p.Seed = &o.Seed
	if err := s.AddProvenanceBeside(o.Out, p); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}

// drawn is the chosen map with the names of its systems.
func (r *result) drawn() *maps.Map {
	one := mapping.Flags{}.Case(&r.options.Line, r.in, r.clustered())
	one.About.Title = fmt.Sprintf("%d systems made of today's %d", r.chosen().Footprints, r.p.Systems)
	names := map[string][]string{}
	for s, id := range r.ids {
		names[id] = append(names[id], r.short(int32(s)))
	}
	for _, id := range r.made.IDs {
		one.FootprintNames = append(one.FootprintNames, strings.Join(names[id], " + "))
	}
	return maps.New(one)
}

// clustered is the chosen map as the maps and the page take one.
func (r *result) clustered() *clustering.Result {
	return &clustering.Result{Plan: r.plan, Partition: r.made, Measures: r.measures, Parameters: r.options.Parameters()}
}

// charts are containment against the number of systems, and the tree.
func (r *result) charts() ([]chart.Chart, error) {
	m := chart.Mergers{Curve: r.curve, Total: r.p.Total, Tree: r.tree, Notice: r.in.Notice}
	for s := range int32(r.p.Systems) {
		m.Names = append(m.Names, r.short(s))
	}
	for i := range r.curve {
		m.Changes = append(m.Changes, r.change(i))
	}
	return chart.OfMergers(m)
}

// drawCharts draws charts as SVG and PNG.
func drawCharts(charts []chart.Chart) (files []stage.File, err error) {
	for _, c := range charts {
		for _, format := range []string{"svg", "png"} {
			var b bytes.Buffer
			if err := c.Write(&b, format); err != nil {
				return nil, err
			}
			files = append(files, stage.File{Name: c.Name + "." + format, Write: func(w io.Writer) error {
				_, err := w.Write(b.Bytes())
				return err
			}})
		}
	}
	return files, nil
}

// maps are the map as a picture and its systems as GeoJSON; none without
// boundaries.
func (r *result) maps() []stage.File {
	if r.in.Boundaries == nil {
		return nil
	}
	m := maps.Mergers{
		Problem: r.p, Groups: r.chosen().Groups, Names: r.today.Names, Boundaries: r.in.Boundaries,
		About: layer.About{
			Title: fmt.Sprintf("%d systems made of today's %d", r.chosen().Footprints, r.p.Systems), Version: cli.Version, Parameters: r.options.Parameters(),
			FlowSHA256: r.in.Matrix.SHA256(), Notice: r.in.Notice, Sources: r.in.Sources,
		},
	}
	for _, g := range m.Groups {
		m.IDs = append(m.IDs, r.ids[g[0]])
	}
	layers := m.Layers()
	head := mapping.Heading{
		Title:    fmt.Sprintf("%d systems would keep %s of patients inside", r.chosen().Footprints, words.Percent(r.chosen().Kept/r.p.Total)),
		Subtitle: fmt.Sprintf("Today's %d keep %s", r.p.Systems, words.Percent(r.p.Kept(nil)/r.p.Total)),
	}
	drawn := picture.Map{Title: head.Title, Subtitle: head.Subtitle, Layers: layers, Project: render.Projection(layers), About: m.About}
	merged := layers[len(layers)-1]
	return []stage.File{
		{Name: "map.svg", Write: func(w io.Writer) error { return picture.WriteSVG(w, drawn) }},
		{Name: "map.png", Write: func(w io.Writer) error { return picture.WritePNG(w, drawn, 0) }},
		{Name: "merged.geojson", Write: func(w io.Writer) error { return geojson.Write(w, merged) }},
		{Name: "merged.qml", Write: func(w io.Writer) error { return qgis.WriteQML(w, merged) }},
	}
}

// page is the page for a board: the merged map and today's on one slider, the
// findings in words, and the charts.
func (r *result) page(cs *maps.Map, charts []chart.Chart) (report.Page, error) {
	res := r.clustered()
	layers, notes := cs.Layers()
	page, err := mapping.Report(r.in, cs, layers, res, notes)
	if err != nil {
		return page, err
	}
	page.Facts = append(page.Facts, report.Fact{Value: words.Percent(r.p.Kept(nil) / r.p.Total), Label: fmt.Sprintf("on today's map of %d", r.p.Systems)})
	page.Notes = append(r.words(), page.Notes...)
	for _, c := range charts {
		var b bytes.Buffer
		if err := c.Write(&b, "page"); err != nil {
			return page, err
		}
		page.Charts = append(page.Charts, report.Figure{Title: c.Title, SVG: b.String()})
	}
	return page, nil
}
