package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/footprint"
	"stpmap/render"
)

var renderFormats = []string{"geojson", "gpkg", "qgz", "topojson", "kml", "svg", "png", "csv"}

func renderCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "render",
		Usage: "maps of a partition, ours or an official one",
		Description: `Examples:

  stpmap render --partition partition.csv --boundaries areas.geojson -o map.gpkg
  stpmap render --boundaries areas.geojson --by stp_code --simplify 10% -o stps.geojson
  stpmap render --partition partition.csv --boundaries areas.geojson --flows flows.csv \
      --style localisation_index:viridis:jenks:5 --page 16:9 -o map.png
  stpmap render --partition partition.csv --reference stp.csv --boundaries areas.geojson \
      --flows flows.csv --layers moved -o moved.geojson

The format follows the suffix: ` + strings.Join(renderFormats, ", ") + `. A .qgz
is written with the .gpkg that it shows.`,
		Flags: join(flowFlags(), placeFlags(), partitionFlags(), mapFlags(), []cli.Flag{
			&cli.StringFlag{Name: "by", Usage: "dissolve by a `PROPERTY` of the boundaries, instead of --partition"},
			&cli.StringFlag{Name: "simplify", Usage: "leave out detail: `METRES` that a border may move, or a percentage of positions to keep, such as 10%"},
			&cli.StringFlag{Name: "simplify-method", Value: "visvalingam", Usage: "`visvalingam|douglas-peucker`"},
			&cli.IntFlag{Name: "crs", Value: 4326, Usage: "`EPSG` number of the coordinates in gpkg and qgz: 4326 or 27700"},
			&cli.StringFlag{Name: "layers", Usage: "`LAYERS` to write, with commas between: footprints, areas, providers, flows, and moved with --reference"},
			&cli.StringFlag{Name: "style", Usage: "colour footprints by `FIELD[:RAMP[:quantile|jenks|equal[:CLASSES]]]`"},
			&cli.StringFlag{Name: "page", Value: "A4", Usage: "`A4|A3|16:9` for pictures and the print layout"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`, where the file's suffix does not say"},
			outFlag("`FILE` for the map; - is standard output"), jsonFlag(),
		}),
	}, []string{"boundaries", "out"}, env.renderMap)
}

// renderMap is the whole of the render command.
func (env *environment) renderMap(c *cli.Context) error {
	start := time.Now()
	try := "stpmap render --partition partition.csv --boundaries areas.geojson -o map.gpkg"
	o, err := renderOptionsFromFlags(c, try)
	if err != nil {
		return err
	}
	var in *inputs
	var layers []render.Layer
	var cs *render.Case
	if c.IsSet("flows") {
		in, layers, cs, err = env.renderWithFlows(c, o)
	} else {
		in, layers, err = env.renderPlain(c, o)
	}
	if err != nil {
		return err
	}
	if o.style != nil {
		if err := o.style.apply(layers); err != nil {
			return usagef(try+" --style population:viridis:quantile:5", "--style: %w", err)
		}
	}
	if layers, err = pickLayers(layers, o.layers); err != nil {
		return err
	}
	if c.String("title") == "" && layers[0].Name == "moved" {
		layers[0].About.Title = layers[0].Title
	}
	if err := env.writeLayers(c.Context, c.String("out"), o, layers, cs); err != nil {
		return err
	}
	summary := renderSummary{VerticesIn: in.boundaries.Vertices(), Seconds: time.Since(start).Seconds(), Version: version}
	for _, m := range in.boundaries.Mismatches() {
		if m.Kind == render.Gap {
			summary.Gaps++
		} else {
			summary.Overlaps++
		}
	}
	summary.Features = len(layers[0].Features)
	for _, f := range layers[0].Features {
		summary.VerticesOut += vertices(f.Geometry)
	}
	if layers[0].FieldIndex("area_km2") >= 0 {
		summary.AreaKM2 = layers[0].TotalAreaKM2()
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, summary)
	}
	env.log.Info(fmt.Sprintf("%s of %s written", counted(summary.Features, "feature"), thousands(summary.VerticesOut)+" positions"))
	return nil
}

type renderSummary struct {
	Features    int     `json:"features"`
	VerticesIn  int     `json:"vertices_in"`
	VerticesOut int     `json:"vertices_out"`
	AreaKM2     float64 `json:"area_km2"`
	Gaps        int     `json:"gaps"`
	Overlaps    int     `json:"overlaps"`
	Version     string  `json:"version"`
	Seconds     float64 `json:"seconds"`
}

func vertices(g orb.Geometry) int {
	switch g := g.(type) {
	case orb.MultiPolygon:
		n := 0
		for _, p := range g {
			n += vertices(p)
		}
		return n
	case orb.Polygon:
		n := 0
		for _, r := range g {
			n += len(r)
		}
		return n
	case orb.LineString:
		return len(g)
	case orb.Point:
		return 1
	}
	return 0
}

type renderOptions struct {
	format   string
	simplify render.SimplifyOptions
	crs      int
	page     render.Page
	layers   []string
	style    *styleChoice
}

func renderOptionsFromFlags(c *cli.Context, try string) (renderOptions, error) {
	o := renderOptions{format: suffixFormat(c.String("out"), c.String("format")), crs: c.Int("crs"), page: render.Page(c.String("page"))}
	if o.format == "json" {
		o.format = "geojson"
	}
	if !slices.Contains(renderFormats, o.format) {
		return o, usagef(try, "no format for %q: the suffix, or --format, is one of %s", c.String("out"), strings.Join(renderFormats, ", "))
	}
	if c.String("out") == "-" && (o.format == "gpkg" || o.format == "qgz") {
		return o, usagef(try, "%s needs a file: standard output cannot hold it", o.format)
	}
	if c.IsSet("by") == (len(c.StringSlice("partition")) > 0) {
		return o, usagef(try, "render takes one of --partition and --by")
	}
	if len(c.StringSlice("partition")) > 1 {
		return o, usagef(try, "render takes one --partition")
	}
	if c.IsSet("reference") && !c.IsSet("flows") {
		return o, usagef(try+" --flows flows.csv --reference stp.csv", "--reference needs --flows: they say which areas there are")
	}
	if o.crs != 4326 && o.crs != 27700 {
		return o, usagef(try+" --crs 27700", "--crs is 4326 or 27700, got %d", o.crs)
	}
	if o.crs != 4326 && o.format != "gpkg" && o.format != "qgz" {
		return o, usagef(try+" --crs 27700", "--crs 27700 goes with gpkg and qgz; %s is in WGS84", o.format)
	}
	if _, _, err := o.page.Size(); err != nil {
		return o, usagef(try+" --page A4", "--page: %w", err)
	}
	if s := c.String("layers"); s != "" {
		o.layers = strings.Split(s, ",")
	}
	switch m := c.String("simplify-method"); m {
	case "visvalingam":
		o.simplify.Method = render.Visvalingam
	case "douglas-peucker":
		o.simplify.Method = render.DouglasPeucker
	default:
		return o, usagef(try+" --simplify 100 --simplify-method visvalingam", "unknown --simplify-method %q", m)
	}
	if s := c.String("simplify"); s != "" {
		text, isShare := strings.CutSuffix(s, "%")
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x > 0) || math.IsInf(x, 0) || isShare && x > 100 {
			return o, usagef(try+" --simplify 10%", "--simplify takes metres above 0 or a percentage up to 100%%, got %q", s)
		}
		if isShare {
			o.simplify.Keep = x / 100
		} else {
			o.simplify.Tolerance = x
		}
	}
	if s := c.String("style"); s != "" {
		style, err := parseStyle(s)
		if err != nil {
			return o, usagef(try+" --style population:viridis:quantile:5", "--style: %w", err)
		}
		o.style = style
	}
	return o, nil
}

// renderWithFlows draws a partition with all that the flows say about it.
func (env *environment) renderWithFlows(c *cli.Context, o renderOptions) (*inputs, []render.Layer, *render.Case, error) {
	if c.IsSet("by") {
		return nil, nil, nil, usagef("stpmap render --by stp_code --boundaries areas.geojson -o stps.geojson", "--by takes no --flows: give the groups as a --partition")
	}
	in, err := env.load(c.Context, c, needs{})
	if err != nil {
		return nil, nil, nil, err
	}
	given := in.given[0]
	full := in.boundaries
	in.boundaries = in.boundaries.Simplify(o.simplify)
	res := &clustered{clustering: clustering{method: "given", resolution: math.NaN()}, partition: given.partition, parameters: parameters(c)}
	res.measures = footprint.Measure(in.matrix, given.partition, in.population, in.adjacency)
	cs := in.mapCase(c, res)
	if c.String("title") == "" {
		cs.About.Title = counted(given.partition.Len(), "footprint")
	}
	cs.FootprintNames = given.namesOrNil()
	if in.reference != nil {
		cs.Reference = &in.reference.partition
	}
	layers, notes := cs.Layers()
	for _, n := range notes {
		env.log.Info(n)
	}
	in.boundaries = full
	return in, layers, cs, nil
}

// namesOrNil are the names that the table gives its groups; nil if it gives none.
func (p *namedPartition) namesOrNil() []string {
	for _, n := range p.names {
		if n != "" {
			return p.names
		}
	}
	return nil
}

// renderPlain draws a grouping of boundaries without flows.
func (env *environment) renderPlain(c *cli.Context, o renderOptions) (*inputs, []render.Layer, error) {
	in := &inputs{}
	l := &loader{ctx: c.Context, c: c, files: filesOnDisk{stdin: env.stdin}, in: in}
	if err := l.boundaries(); err != nil {
		if f := l.fault(err); f != nil {
			return nil, nil, f
		}
		return nil, nil, l.faults.Err()
	}
	b := in.boundaries
	var ids, names []string
	var group []int32
	var err error
	if by := c.String("by"); by != "" {
		values, ok := b.Property(by)
		if !ok {
			return nil, nil, inputf("%s: no property %q; there are %s", c.String("boundaries"), by, strings.Join(b.Properties(), ", "))
		}
		ids, group = groupBy(values)
	} else if ids, names, group, err = l.membership(c.StringSlice("partition")[0]); err != nil {
		if f := l.fault(err); f != nil {
			return nil, nil, f
		}
		return nil, nil, l.faults.Err()
	}
	for _, n := range in.notes {
		env.log.Info(n)
	}
	title := c.String("title")
	if title == "" {
		title = counted(len(ids), "footprint")
	}
	about := render.About{Title: title, Version: version, Parameters: parameters(c)}
	return in, []render.Layer{b.Simplify(o.simplify).Dissolved(group, ids, names, about)}, nil
}

// groupBy numbers the values of a property in their order; an empty one is no group.
func groupBy(values []string) (ids []string, group []int32) {
	ids = slices.Clone(values)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 0 && ids[0] == "" {
		ids = ids[1:]
	}
	group = make([]int32, len(values))
	for i, v := range values {
		group[i] = footprint.Unplaced
		if g, ok := slices.BinarySearch(ids, v); ok {
			group[i] = int32(g)
		}
	}
	return ids, group
}

// membership reads a partition for boundaries alone: the group of each.
func (l *loader) membership(name string) (ids, names []string, group []int32, err error) {
	b := l.in.boundaries
	values := make([]string, b.Len())
	nameOf := map[string]string{}
	err = l.read("partition", name, func(r io.Reader) error {
		rows, rep, err := data.ReadPartition(l.ctx, displayName(name), r)
		if err != nil {
			return err
		}
		l.in.notes = append(l.in.notes, rep.Notes...)
		joined, outside := 0, []string{}
		for _, row := range rows {
			if i, ok := b.Index(row.Code); ok {
				values[i] = row.Group
				joined++
			} else if !row.Provider {
				outside = append(outside, row.Code)
			}
			if row.GroupName != "" {
				nameOf[row.Group] = row.GroupName
			}
		}
		if joined == 0 {
			return &data.InputError{File: displayName(name), Err: fmt.Errorf("none of its codes is one of the boundaries' (such as %s): is it another vintage, or another kind of code?", example(b.Codes()))}
		}
		if len(outside) > 0 {
			l.in.notes = append(l.in.notes, fmt.Sprintf("%s of the partition without a polygon: %s", counted(len(outside), "area"), firstFew(outside)))
		}
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	ids, group = groupBy(values)
	missing := []string{}
	for i, g := range group {
		if g < 0 {
			missing = append(missing, b.Codes()[i])
		}
	}
	if len(missing) > 0 {
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s in no footprint, and not drawn: %s", counted(len(missing), "polygon"), firstFew(missing)))
	}
	names = make([]string, len(ids))
	for g, id := range ids {
		names[g] = nameOf[id]
	}
	return ids, names, group, nil
}

// pickLayers keeps the named layers in the order of their names.
func pickLayers(layers []render.Layer, names []string) ([]render.Layer, error) {
	if len(names) == 0 {
		return layers, nil
	}
	var out []render.Layer
	for _, name := range names {
		i := slices.IndexFunc(layers, func(l render.Layer) bool { return l.Name == strings.TrimSpace(name) })
		if i < 0 {
			have := make([]string, len(layers))
			for j, l := range layers {
				have[j] = l.Name
			}
			return nil, usagef("stpmap render --layers "+strings.Join(have, ","), "no layer %q here; there are %s", name, strings.Join(have, ", "))
		}
		out = append(out, layers[i])
	}
	return out, nil
}

// writeLayers writes the layers in the wanted format. A format that holds one
// layer gets the first.
func (env *environment) writeLayers(ctx context.Context, out string, o renderOptions, layers []render.Layer, cs *render.Case) error {
	options := render.GeoPackageOptions{CRS: o.crs}
	if o.crs == 27700 {
		options.Transform = render.PointToNationalGrid
	}
	about := layers[0].About
	picture := render.Picture{Title: about.Title, Layers: drawn(layers, o.layers != nil), Page: o.page, Project: projection(layers), About: about}
	var write func(w io.Writer) error
	switch o.format {
	case "geojson":
		write = func(w io.Writer) error { return render.WriteGeoJSON(w, layers[0]) }
	case "csv":
		write = func(w io.Writer) error { return render.WriteCSV(w, layers[0]) }
	case "topojson":
		write = func(w io.Writer) error { return render.WriteTopoJSON(w, layers, 0) }
	case "kml":
		write = func(w io.Writer) error { return render.WriteKML(w, about.Title, layers) }
	case "svg":
		write = func(w io.Writer) error { return render.WriteSVG(w, picture) }
	case "png":
		write = func(w io.Writer) error { return render.WritePNG(w, picture, 0) }
	}
	if out == "-" {
		return env.writeOut(out, write)
	}
	var s staging
	defer s.discard()
	base := strings.TrimSuffix(out, filepath.Ext(out))
	switch o.format {
	case "gpkg", "qgz":
		err := s.createAt(base+".gpkg", func(path string) error { return render.WriteGeoPackage(ctx, path, layers, options) })
		if err != nil {
			return err
		}
		if o.format == "qgz" {
			p := project(about, layers, filepath.Base(base)+".gpkg", o.crs)
			p.Page = o.page
			if err := s.create(out, func(w io.Writer) error { return render.WriteProject(w, p) }); err != nil {
				return err
			}
		}
	default:
		if err := s.create(out, write); err != nil {
			return err
		}
		if o.format == "geojson" {
			if err := s.create(base+".qml", func(w io.Writer) error { return render.WriteQML(w, layers[0]) }); err != nil {
				return err
			}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.commit()
}

// drawn picks the layers of a picture, the first on top: providers without
// names, which would cover the map, and footprints; flows and areas only where
// they were asked for by name or there is nothing else.
func drawn(layers []render.Layer, asked bool) []render.Layer {
	order := []string{"borders", "providers", "flows", "scores", "moved", "footprints", "areas"}
	out := slices.Clone(layers)
	slices.SortStableFunc(out, func(a, b render.Layer) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
	hasFootprints := slices.ContainsFunc(out, func(l render.Layer) bool { return l.Name == "footprints" })
	if !asked && hasFootprints {
		out = slices.DeleteFunc(out, func(l render.Layer) bool { return l.Name != "providers" && l.Name != "footprints" })
	}
	for i := range out {
		out[i].Style.Hidden = out[i].Style.Hidden && !asked
		switch out[i].Name {
		case "providers":
			out[i].Style.LabelField = ""
			out[i].Style.MaxSize = 4
		case "footprints":
			out[i].Style.Opacity = 0.9
		case "flows":
			out[i].Style.Hidden = false
		}
	}
	return out
}

// styleChoice is what --style asks for.
type styleChoice struct {
	field   string
	options render.GraduatedOptions
}

func parseStyle(s string) (*styleChoice, error) {
	parts := strings.Split(s, ":")
	if len(parts) > 4 || parts[0] == "" {
		return nil, fmt.Errorf("expected FIELD[:RAMP[:METHOD[:CLASSES]]], got %q", s)
	}
	st := &styleChoice{field: parts[0], options: render.GraduatedOptions{}}
	if len(parts) > 1 && parts[1] != "" {
		if !slices.Contains(render.Ramps(), parts[1]) {
			return nil, fmt.Errorf("no ramp %q; there are %s", parts[1], strings.Join(render.Ramps(), ", "))
		}
		st.options.Ramp = parts[1]
	}
	if len(parts) > 2 && parts[2] != "" {
		st.options.Method = render.Classification(parts[2])
		if !slices.Contains([]render.Classification{render.Quantile, render.Jenks, render.Equal}, st.options.Method) {
			return nil, fmt.Errorf("no way %q to make classes; there are quantile, jenks and equal", parts[2])
		}
	}
	if len(parts) > 3 {
		n, err := strconv.Atoi(parts[3])
		if err != nil || n < 1 || n > 12 {
			return nil, fmt.Errorf("1 to 12 classes, got %q", parts[3])
		}
		st.options.Classes = n
	}
	return st, nil
}

// apply colours the footprints by the field.
func (st *styleChoice) apply(layers []render.Layer) error {
	for i := range layers {
		l := &layers[i]
		if l.Name != "footprints" {
			continue
		}
		f := l.FieldIndex(st.field)
		if f < 0 || l.Fields[f].Type == render.Text || l.Fields[f].Type == render.Boolean {
			var have []string
			for _, f := range l.Fields {
				if f.Type == render.Integer || f.Type == render.Real {
					have = append(have, f.Name)
				}
			}
			return fmt.Errorf("no number %q to colour by; there are %s", st.field, strings.Join(have, ", "))
		}
		classes, err := render.GraduatedClasses(*l, st.field, st.options)
		if err != nil {
			return err
		}
		l.Style.Kind, l.Style.Field, l.Style.Classes, l.Style.LegendTitle = render.StyleGraduated, st.field, classes, l.Fields[f].Alias
	}
	return nil
}
