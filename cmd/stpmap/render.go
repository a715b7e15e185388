package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/page"
	"stpmap/render/report"
)

var renderFormats = []string{"geojson", "gpkg", "qgz", "html", "svg", "png", "topojson", "kml", "csv"}

// layerNames are the layers that render can write.
var layerNames = []string{"scores", "footprints", "indicators", "areas", "providers", "flows", "moved", "mismatches"}

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
      --layers moved -o moved.geojson
  stpmap render --partition partition.csv --boundaries dirty.geojson --clean \
      --layers footprints,mismatches -o map.qgz

The format follows the suffix: ` + strings.Join(renderFormats, ", ") + `. A .qgz
is written with the .gpkg that it shows. GeoJSON and CSV hold one layer: the
first that --layers names is written to --out, the others beside it, as
map_areas.geojson. Without --flows, areas are written where --layers names them.
Where borders do not match, the layer mismatches has every
gap and overlap with its areas and size.`,
		Flags: join(flowFlags(), placeFlags(), partitionFlags(), mapFlags(), scoreFlags(), []cli.Flag{
			suppressFlag("render"),
			&cli.StringFlag{Name: "by", Usage: "dissolve by a `PROPERTY` of the boundaries, instead of --partition"},
			&cli.StringFlag{Name: "simplify", Usage: "leave out detail: `METRES` that a border may move, or a percentage of positions to keep, such as 10%"},
			&cli.StringFlag{Name: "simplify-method", Value: "visvalingam", Usage: "`visvalingam|douglas-peucker`"},
			&cli.IntFlag{Name: "crs", Value: 4326, Usage: "`EPSG` number of the coordinates: 4326, or 27700 in gpkg, qgz and geojson (which then has a crs member, against RFC 7946)"},
			&cli.StringFlag{Name: "layers", Usage: "`LAYERS` to write, with commas between, of " + strings.Join(layerNames, ", ")},
			&cli.StringFlag{Name: "style", Usage: "colour footprints by a number: `FIELD[:RAMP[:METHOD[:CLASSES]]]`, METHOD quantile, jenks or equal, or manual with breaks in place of CLASSES, such as area_km2:viridis:manual:1000,5000; ramps are " + strings.Join(layer.Ramps(), ", ")},
			&cli.StringFlag{Name: "page", Value: "A4", Usage: "`A4|A3|16:9` for pictures and the print layout"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`, where the file's suffix does not say"},
			outFlag("`FILE` for the map; - is standard output"), jsonFlag(),
		}),
	}, []string{"out"}, env.renderMap)
}

// renderMap is the whole of the render command.
func (env *environment) renderMap(c *cli.Context) error {
	start := time.Now()
	try := "stpmap render --partition partition.csv --boundaries areas.geojson -o map.gpkg"
	o, err := renderOptionsFromFlags(c, try)
	if err != nil {
		return err
	}
	var d *drawing
	if c.IsSet("flows") {
		d, err = env.renderWithFlows(c, o)
	} else {
		d, err = env.renderPlain(c, o)
	}
	if err != nil {
		return err
	}
	b := d.in.boundaries
	mismatches := b.Mismatches()
	if len(mismatches) > 0 || slices.Contains(o.layers, "mismatches") {
		d.layers = append(d.layers, maps.Mismatches(b, d.about))
	}
	if o.style != nil {
		if err := o.style.apply(d.layers); err != nil {
			return usagef(try+" --style population:viridis:quantile:5", "--style: %w", err)
		}
	}
	if d.layers, err = pickLayers(d.layers, o.layers); err != nil {
		return err
	}
	if len(mismatches) > 0 && o.layers == nil && single(o.format) {
		env.log.Info("--layers footprints,mismatches writes where borders do not match")
	}
	first := &d.layers[0]
	if c.String("title") == "" && (first.Name == "moved" || first.Name == "mismatches") {
		first.About.Title = first.Title
	}
	if err := env.writeLayers(c.Context, c.String("out"), o, d); err != nil {
		return err
	}
	summary := renderSummary{VerticesIn: b.Vertices(), Seconds: time.Since(start).Seconds(), Version: version}
	for _, m := range mismatches {
		if m.Kind == boundary.Gap {
			summary.Gaps++
		} else {
			summary.Overlaps++
		}
	}
	summary.Features = len(first.Features)
	for _, f := range first.Features {
		summary.VerticesOut += vertices(f.Geometry)
	}
	if first.FieldIndex("area_km2") >= 0 {
		summary.AreaKM2 = first.TotalAreaKM2()
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, summary)
	}
	env.log.Info(fmt.Sprintf("%s of %s written", counted(summary.Features, "feature"), thousands(summary.VerticesOut)+" positions"))
	return nil
}

// drawing is what render writes.
type drawing struct {
	in     *inputs
	about  layer.About
	layers []layer.Layer
	report func() (report.Page, error)
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
	simplify boundary.SimplifyOptions
	crs      int
	page     page.Paper
	layers   []string
	style    *styleChoice
}

func renderOptionsFromFlags(c *cli.Context, try string) (renderOptions, error) {
	o := renderOptions{format: suffixFormat(c.String("out"), c.String("format")), crs: c.Int("crs"), page: page.Paper(strings.ToUpper(c.String("page")))}
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
	if !c.IsSet("boundaries") && !c.IsSet("area-points") {
		return o, usagef(try, "missing flag --boundaries (or --area-points)")
	}
	if c.IsSet("indicators") && !c.IsSet("flows") {
		return o, usagef(try+" --flows flows.csv --indicators indicators.csv", "--indicators need --flows: they say how figures reach footprints")
	}
	if o.crs != 4326 && o.crs != 27700 {
		return o, usagef(try+" --crs 27700", "--crs is 4326 or 27700, got %d", o.crs)
	}
	if o.crs != 4326 && !slices.Contains([]string{"gpkg", "qgz", "geojson", "svg", "png"}, o.format) {
		return o, usagef(try+" --crs 27700", "--crs 27700 goes with gpkg, qgz and geojson; %s is in WGS84", o.format)
	}
	if _, _, err := o.page.Size(); err != nil {
		return o, usagef(try+" --page A4", "--page: %w", err)
	}
	if s := c.String("layers"); s != "" {
		for _, name := range strings.Split(s, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if !slices.Contains(layerNames, name) {
				return o, usagef(try+" --layers footprints,areas", "--layers: no layer %q; there are %s", name, strings.Join(layerNames, ", "))
			}
			if slices.Contains(o.layers, name) {
				return o, usagef(try+" --layers footprints,areas", "--layers names %s twice", name)
			}
			o.layers = append(o.layers, name)
		}
		if single(o.format) && c.String("out") == "-" && len(o.layers) > 1 {
			return o, usagef(try+" --layers "+o.layers[0], "standard output takes one layer of %s: name one", o.format)
		}
	}
	switch m := c.String("simplify-method"); m {
	case "visvalingam":
		o.simplify.Method = boundary.Visvalingam
	case "douglas-peucker":
		o.simplify.Method = boundary.DouglasPeucker
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
func (env *environment) renderWithFlows(c *cli.Context, o renderOptions) (*drawing, error) {
	if c.IsSet("by") {
		return nil, usagef("stpmap render --by stp_code --boundaries areas.geojson -o stps.geojson", "--by takes no --flows: give the groups as a --partition")
	}
	scoring, err := scoreOptions(c)
	if err != nil {
		return nil, err
	}
	in, err := env.load(c.Context, c, needs{})
	if err != nil {
		return nil, err
	}
	given := in.given[0]
	full := in.boundaries
	in.boundaries = in.boundaries.Simplify(o.simplify)
	res := &clustered{clustering: clustering{method: "given", resolution: math.NaN()}, partition: given.partition, parameters: parameters(c)}
	res.measures = footprint.Measure(in.matrix, given.partition, in.population, in.adjacency)
	if c.IsSet("indicators") {
		if res.scores, err = env.score(c, filesOnDisk{stdin: env.stdin}, in, given.partition, given.namesOrNil(), given.confidence, scoring, sharing{}); err != nil {
			return nil, err
		}
		for _, note := range res.scores.Notes {
			env.log.Info(note)
		}
	}
	cs := in.mapCase(c, res)
	if c.String("title") == "" {
		cs.About.Title = counted(given.partition.Len(), "footprint")
	}
	cs.FootprintNames = given.namesOrNil()
	layers, notes := cs.Layers()
	for _, n := range notes {
		env.log.Info(n)
	}
	// A format of one layer has the footprints, unless another is named.
	if i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == "footprints" }); i > 0 && single(o.format) {
		layers[0], layers[i] = layers[i], layers[0]
	}
	in.boundaries = full
	return &drawing{in: in, about: cs.About, layers: layers, report: func() (report.Page, error) { return in.report(cs, layers, res, notes) }}, nil
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
