package drawing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/render"
	"stpmap/render/boundary"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/page"
	"stpmap/render/picture"
	"stpmap/render/report"
)

// example is a line that would work.
const example = "stpmap render --partition partition.csv --boundaries areas.geojson -o map.gpkg"

// Command is render.
var Command = &cli.Command{
	Name:    "render",
	Usage:   "maps of a partition, ours or an official one",
	Example: example,
	Needs:   []string{"out"},
	New:     func() cli.Job { return &Options{} },
	Description: `More examples:

  stpmap render --boundaries areas.geojson --by stp_code --simplify 10% -o stps.geojson
  stpmap render --partition partition.csv --boundaries areas.geojson --flows flows.csv --style localisation_index:viridis:jenks:5 --page 16:9 -o map.png
  stpmap render --partition partition.csv --reference stp.csv --boundaries areas.geojson --layers moved -o moved.geojson
  stpmap render --partition partition.csv --boundaries areas.geojson --for powerbi -o map.json
  stpmap render --partition partition.csv --boundaries dirty.geojson --clean --layers footprints,mismatches -o map.qgz

The format follows the suffix: ` + strings.Join(render.Formats(), ", ") + `. A .qgz
is written with the .gpkg that it shows. GeoJSON, CSV, Shapefile, FlatGeobuf and
GeoParquet hold one layer: the first that --layers names is written to --out, the
others beside it, as map_areas.geojson. An .xlsx has a sheet for each layer. Without --flows, areas are written where --layers names them.
Where borders do not match, the layer mismatches has every gap and overlap with
its areas and size.`,
}

// Options are the flags of render.
type Options struct {
	cli.Line
	study.Flows
	study.Places
	study.Partitions
	Maps           mapping.Flags
	Scores         scoring.Flags
	By             string `flag:"by"`
	Simplify       string `flag:"simplify"`
	SimplifyMethod string `flag:"simplify-method"`
	CRS            int    `flag:"crs"`
	Layers         string `flag:"layers"`
	Style          string `flag:"style"`
	Page           string `flag:"page"`
	Format         string `flag:"format"`
	For            string `flag:"for"`
	Out            string `flag:"out"`
	JSON           bool   `flag:"json"`
}

// choice is what the options choose of a drawing.
type choice struct {
	format   render.Format
	simplify boundary.SimplifyOptions
	page     page.Paper
	layers   []string // nil for those that the format holds
	style    *styleChoice
	tiles    bool
}

// drawing is what render writes.
type drawing struct {
	in     *study.Study
	about  layer.About
	layers []layer.Layer
	report func() (report.Page, error)
	// finding is the heading of a picture of a layer; nil where no flows are known.
	finding func(layer string) mapping.Heading
	names   *picture.Names // what became of the names on a picture
}

// Run draws.
func (o *Options) Run(ctx context.Context, env *cli.Env) error {
	start := time.Now()
	ch, err := o.choice()
	if err != nil {
		return err
	}
	if ch.style != nil && ch.style.fewer() != "" {
		env.Log.Info(ch.style.fewer())
	}
	var d *drawing
	if o.Given("flows") {
		d, err = o.withFlows(ctx, env, ch)
	} else {
		d, err = o.plain(ctx, env, ch)
	}
	if err != nil {
		return err
	}
	if err := o.finish(env, d, ch); err != nil {
		return err
	}
	if err := o.write(ctx, env, ch, d); err != nil {
		return err
	}
	s := summaryOf(d, time.Since(start).Seconds())
	if n := d.names; n != nil {
		env.Log.Info(n.String())
		all, missing := n.All(), len(n.Missing)
		s.Labels, s.LabelsMissing = &all, &missing
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, s)
	}
	env.Log.Info(fmt.Sprintf("%s of %s written", words.Counted(s.Features, "feature"), words.Thousands(s.VerticesOut)+" positions"))
	return nil
}

// finish adds the mismatches and the style, and keeps the layers that are asked
// for.
func (o *Options) finish(env *cli.Env, d *drawing, ch choice) (err error) {
	b := d.in.Boundaries
	mismatches := len(b.Mismatches())
	if mismatches > 0 || slices.Contains(ch.layers, "mismatches") {
		d.layers = append(d.layers, maps.Mismatches(b, d.about))
	}
	if ch.style != nil {
		if err := ch.style.apply(d.layers); err != nil {
			return cli.Usagef(example+" --style population:viridis:quantile:5", "--style: %w", err)
		}
	}
	if d.layers, err = pickLayers(d.layers, ch.layers); err != nil {
		return err
	}
	if o.For == "powerbi" { // its shape map shows the one object of a file
		d.layers = d.layers[:1]
	}
	if mismatches > 0 && ch.layers == nil && ch.format.Single {
		env.Log.Info("--layers footprints,mismatches writes where borders do not match")
	}
	first := &d.layers[0]
	if o.Maps.Title == "" && (first.Name == "moved" || first.Name == "mismatches") {
		first.About.Title = first.Title
	}
	return nil
}

// summary is what render --json prints.
type summary struct {
	Features    int     `json:"features"`
	VerticesIn  int     `json:"vertices_in"`
	VerticesOut int     `json:"vertices_out"`
	AreaKM2     float64 `json:"area_km2"`
	Gaps        int     `json:"gaps"`
	Overlaps    int     `json:"overlaps"`
	Version     string  `json:"version"`
	Seconds     float64 `json:"seconds"`
	// Of a picture: the names that it must show, and those that it does not.
	Labels        *int `json:"labels,omitempty"`
	LabelsMissing *int `json:"labels_missing,omitempty"`
}

func summaryOf(d *drawing, seconds float64) summary {
	b, first := d.in.Boundaries, d.layers[0]
	s := summary{VerticesIn: b.Vertices(), Seconds: seconds, Version: cli.Version, Features: len(first.Features)}
	for _, m := range b.Mismatches() {
		if m.Kind == boundary.Gap {
			s.Gaps++
		} else {
			s.Overlaps++
		}
	}
	for _, f := range first.Features {
		s.VerticesOut += vertices(f.Geometry)
	}
	if first.FieldIndex("area_km2") >= 0 {
		s.AreaKM2 = first.TotalAreaKM2()
	}
	return s
}

// vertices is the number of positions of a geometry.
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

// choice reads the options and refuses what contradicts itself.
func (o *Options) choice() (ch choice, err error) {
	ch.page = page.PaperOf(o.Page)
	if ch.format, err = o.format(); err != nil {
		return ch, err
	}
	if err := o.check(ch.format); err != nil {
		return ch, err
	}
	if _, _, err := ch.page.Size(); err != nil {
		return ch, cli.Usagef(example+" --page A4", "--page: %w", err)
	}
	if ch.layers, err = o.parseLayers(); err != nil {
		return ch, err
	}
	if ch.format.Single && o.Out == "-" && len(ch.layers) > 1 {
		return ch, cli.Usagef(example+" --layers "+ch.layers[0], "standard output takes one layer of %s: name one", ch.format.Name)
	}
	if ch.simplify, err = o.parseSimplify(); err != nil {
		return ch, err
	}
	style, tiles := tilesOf(o.Style)
	if ch.tiles = tiles; tiles && !slices.Contains(pictures, ch.format.Name) {
		return ch, cli.Usagef("stpmap render --partition partition.csv --boundaries areas.geojson --style tiles -o map.png", "--style tiles is for pictures: %s", strings.Join(pictures, ", "))
	}
	if style != "" {
		if ch.style, err = parseStyle(style); err != nil {
			return ch, cli.Usagef(example+" --style population:viridis:quantile:5", "--style: %w", err)
		}
	}
	return ch, nil
}

// format is what --out is written as.
func (o *Options) format() (render.Format, error) {
	name := stage.Format(o.Out, o.Format)
	switch {
	case o.For != "" && o.For != "powerbi":
		return render.Format{}, cli.Usagef(example+" --for powerbi -o map.json", "unknown --for %q: it is powerbi", o.For)
	case o.For == "powerbi" && (name == "json" || name == "topojson" || o.Format == "" && o.Out == "-"):
		name = "topojson"
	case o.For == "powerbi":
		return render.Format{}, cli.Usagef(example+" --for powerbi -o map.json", "--for powerbi writes TopoJSON into a .json file, not %q", name)
	case name == "json":
		name = "geojson"
	}
	f, ok := render.FormatOf(name)
	if !ok {
		return f, cli.Usagef(example, "no format for %q: the suffix, or --format, is one of %s", o.Out, strings.Join(render.Formats(), ", "))
	}
	return f, nil
}

// check refuses flags that do not go together.
func (o *Options) check(format render.Format) error {
	switch {
	case o.Out == "-" && !format.Stream:
		return cli.Usagef(example, "%s needs a file: standard output cannot hold it", format.Name)
	case o.Given("by") == (len(o.Partition) > 0):
		return cli.Usagef(example, "render takes one of --partition and --by")
	case len(o.Partition) > 1:
		return cli.Usagef(example, "render takes one --partition")
	case !o.Given("boundaries") && !o.Given("area-points"):
		return cli.Usagef(example, "missing flag --boundaries (or --area-points)")
	case o.Given("indicators") && !o.Given("flows"):
		return cli.Usagef(example+" --flows flows.csv --indicators indicators.csv", "--indicators need --flows: they say how figures reach footprints")
	case o.CRS != 4326 && o.CRS != 27700:
		return cli.Usagef(example+" --crs 27700", "--crs is 4326 or 27700, got %d", o.CRS)
	case o.CRS != 4326 && !format.Grid:
		return cli.Usagef(example+" --crs 27700", "--crs 27700 goes with gpkg, qgz and geojson; %s is in WGS84", format.Name)
	}
	return nil
}

// parseSimplify reads how much detail is left out, and how.
func (o *Options) parseSimplify() (s boundary.SimplifyOptions, err error) {
	switch o.SimplifyMethod {
	case "visvalingam":
		s.Method = boundary.Visvalingam
	case "douglas-peucker":
		s.Method = boundary.DouglasPeucker
	default:
		return s, cli.Usagef(example+" --simplify 100 --simplify-method visvalingam", "unknown --simplify-method %q: it is visvalingam or douglas-peucker", o.SimplifyMethod)
	}
	if o.Simplify == "" {
		return s, nil
	}
	text, isShare := strings.CutSuffix(o.Simplify, "%")
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x > 0) || math.IsInf(x, 0) || isShare && x > 100 {
		return s, cli.Usagef(example+" --simplify 10%", "--simplify takes metres above 0 or a percentage up to 100%%, got %q", o.Simplify)
	}
	if isShare {
		s.Keep = x / 100
	} else {
		s.Tolerance = x
	}
	return s, nil
}

// request is what is read.
func (o *Options) request(env *cli.Env) study.Request {
	return study.Request{Flows: o.Flows, Places: o.Places, Names: o.Maps.Names, Source: study.Disk{Stdin: env.Stdin}, Line: &o.Line}.With(o.Partitions)
}

// withFlows draws a partition with all that the flows say about it.
func (o *Options) withFlows(ctx context.Context, env *cli.Env, ch choice) (*drawing, error) {
	if o.Given("by") {
		return nil, cli.Usagef("stpmap render --by stp_code --boundaries areas.geojson -o stps.geojson", "--by takes no --flows: give the groups as a --partition")
	}
	options, err := o.Scores.Options(0, 0)
	if err != nil {
		return nil, err
	}
	request := o.request(env)
	in, err := request.Read(ctx, env)
	if err != nil {
		return nil, err
	}
	given, full := in.Given[0], in.Boundaries
	note, err := in.Unnamed(o.Maps.Names, given.Partition)
	if err != nil {
		return nil, err
	}
	sayAll(env, slices.DeleteFunc([]string{note}, func(n string) bool { return n == "" }))
	in.Boundaries = in.Boundaries.Simplify(ch.simplify)
	res := &clustering.Result{Plan: clustering.Plan{Method: "given", Resolution: math.NaN()}, Partition: given.Partition, Parameters: o.Parameters()}
	res.Measures = footprint.Measure(in.Matrix, given.Partition, in.Population, in.Adjacency)
	if o.Given("indicators") {
		res.Scores, err = o.Scores.Score(ctx, env, scoring.Input{
			Study: in, Request: request, Partition: given.Partition, Names: given.NamesOrNil(), Confidence: given.Confidence, Options: options,
		})
		if err != nil {
			return nil, err
		}
		sayAll(env, res.Scores.Notes)
	}
	known := o.Maps.Case(&o.Line, in, res)
	if o.Maps.Title == "" {
		known.About.Title = words.Counted(given.Partition.Len(), "footprint")
	}
	known.FootprintNames = given.NamesOrNil()
	cs := maps.New(known)
	layers, notes := cs.Layers()
	sayAll(env, notes)
	// A format of one layer has the footprints, unless another is named.
	if i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == "footprints" }); i > 0 && ch.format.Single {
		layers[0], layers[i] = layers[i], layers[0]
	}
	in.Boundaries = full
	d := &drawing{in: in, about: cs.About, layers: layers, report: func() (report.Page, error) { return mapping.Report(in, cs, layers, res, notes) }}
	d.finding = func(layer string) mapping.Heading {
		if layer == "scores" {
			return o.Maps.RatingFinding(res.Scores)
		}
		return o.Maps.Finding(in, res)
	}
	return d, nil
}

func sayAll(env *cli.Env, notes []string) {
	for _, n := range notes {
		env.Log.Info(n)
	}
}
