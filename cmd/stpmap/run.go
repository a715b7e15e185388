package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/data/sample"
	"stpmap/render/boundary"
	"stpmap/render/csv"
	"stpmap/render/geojson"
	"stpmap/render/gpkg"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
)

func runCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "run",
		Usage: "the whole job: validate, cluster and draw, into one folder",
		Description: `Example:

  stpmap run --flows flows.csv --boundaries areas.geojson --providers providers.csv -o out
  stpmap run --config stpmap.yaml
  stpmap run --flows flows.csv --area-points points.csv -o out

Writes partition.csv, footprints.csv, GeoJSON of footprints, areas, providers
and flows with a QGIS style beside each (with --bootstrap also of borders by
their strength), footprints.gpkg, footprints.qgz,
footprints.svg, footprints.png, report.html and provenance.json; where borders do
not match mismatches.geojson, with every gap and overlap; where --indicators are given also indicators.csv, scores.csv, sensitivity.csv, charts and the map of
ratings, scores.svg and scores.png.

Without boundaries the areas' points will do: the maps then show the cells
around them (the land nearest to each), and say that they are approximate.

With --merge the --bootstrap runs come from the parts that cluster --shard made
on several machines.`,
		Flags: join(flowFlags(), successorFlags(), placeFlags(), clusterFlags(), mapFlags(), scoreFlags(), []cli.Flag{
			&cli.StringFlag{Name: "reference", Usage: "`FILE` with a partition to draw the difference from: the areas that lie elsewhere"},
			&cli.StringFlag{Name: "reference-column", Usage: "`HEADING` of the group in --reference"},
			&cli.StringFlag{Name: "config", Usage: "`FILE` of flags in YAML, name: value; flags on the command line win"},
			outFlag("`FOLDER` for the results"), jsonFlag(),
		}, slices.DeleteFunc(shardFlags("--bootstrap runs"), func(f cli.Flag) bool { return f.Names()[0] == "shard" })),
	}, nil, func(c *cli.Context) error {
		if err := applyConfig(c); err != nil {
			return err
		}
		if err := checkFlags(c); err != nil {
			return err
		}
		for _, name := range []string{"flows", "out"} {
			if !c.IsSet(name) {
				return usagef("stpmap run --flows flows.csv --boundaries areas.geojson -o out", "missing flag --%s", name)
			}
		}
		return env.runJob(c, filesOnDisk{stdin: env.stdin})
	})
}

func demoCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "demo",
		Usage: "the whole job on the embedded sample, Synthetic England",
		Description: `Example:

  stpmap demo -o out

The sample is invented: no real place or organisation is in it. It has 37
planted health systems, so 37 footprints are made unless --footprints or
--resolution says otherwise, and their confidence is told from 50 resampled
runs (--bootstrap 0 leaves that out; so does --levels). Its own tables are written too, into the folder
sample, for trying the other commands.`,
		Flags: join(clusterFlags(), mapFlags(), scoreFlags(), []cli.Flag{outFlag("`FOLDER` for the results"), jsonFlag()}),
	}, []string{"out"}, func(c *cli.Context) error {
		return env.runJob(c, newSampleFiles())
	})
}

// demoBootstrap is how many resampled runs the demo makes unless told.
const demoBootstrap = 50

// runJob is run and demo: they differ only in where the inputs come from.
func (env *environment) runJob(c *cli.Context, files fileSource) error {
	cl, err := clusteringFromFlags(c)
	if err != nil {
		return err
	}
	if cl.from, err = bootstrapSharing(c, cl); err != nil {
		return err
	}
	if c.String("out") == "-" {
		return usagef("stpmap "+c.Command.Name+" -o out", "%s writes a folder of files, which standard output cannot hold", c.Command.Name)
	}
	scoring, err := scoreOptions(c)
	if err != nil {
		return err
	}
	ks, err := levelsFromFlag(c, cl)
	if err != nil {
		return err
	}
	if files.notice() != "" && cl.footprints == 0 && cl.gamma() == 0 && !cl.auto {
		cl.footprints = sample.Footprints
	} else if cl.footprints == 0 && cl.gamma() == 0 && (cl.method == "leiden" || cl.method == "louvain") && c.String("preset") == "" {
		cl.auto = true
	}
	if files.notice() != "" && !c.IsSet("bootstrap") && ks == nil {
		cl.bootstrap = demoBootstrap
	}
	in, err := env.loadFrom(c.Context, c, files, needs{provenance: true})
	if err != nil {
		return err
	}
	if sample, ok := files.(sampleFiles); ok {
		in.sample = sample.fsys
	}
	res, err := env.cluster(c.Context, in, cl)
	if err != nil {
		return err
	}
	res.parameters = parameters(c)
	if ks != nil {
		if res.levels, err = env.levels(c.Context, in, res.clustering, ks); err != nil {
			return err
		}
	}
	if len(files.resolve(c, "indicators")) > 0 {
		if res.scores, err = env.score(c, files, in, res.partition, nil, nil, scoring, sharing{}); err != nil {
			return err
		}
		for _, note := range res.scores.Notes {
			env.log.Info(note)
		}
	}
	cs := in.mapCase(c, res)
	if err := env.writeFolder(c.Context, c, in, res, cs); err != nil {
		return err
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, res.summary(in, cs))
	}
	env.sayResult(in, res)
	env.log.Info("written to " + c.String("out"))
	return nil
}

// sampleNameMark ends every name of the sample, and every name made of them.
const sampleNameMark = " (synthetic)"

// writeFolder writes every file of the result aside and then puts them in place
// together, provenance.json last.
func (env *environment) writeFolder(ctx context.Context, c *cli.Context, in *inputs, res *clustered, cs *maps.Case) error {
	dir := c.String("out")
	layers, notes := cs.Layers()
	if cs.Boundaries != nil && len(cs.Boundaries.Mismatches()) > 0 {
		layers = append(layers, maps.Mismatches(cs.Boundaries, cs.About))
	}
	tables := []layer.Layer{cs.PartitionTable(), cs.FootprintTable()}
	if res.levels != nil {
		table := cs.LevelTable(res.levels)
		if cs.Boundaries != nil {
			layers = append(layers, table)
		}
		tables = append(tables, table)
	}
	var s staging
	defer s.discard()
	for _, t := range tables {
		if err := s.create(filepath.Join(dir, t.Name+".csv"), func(w io.Writer) error { return csv.Write(w, t) }); err != nil {
			return err
		}
	}
	for _, l := range layers {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := s.create(filepath.Join(dir, l.Name+".geojson"), func(w io.Writer) error { return geojson.Write(w, l) }); err != nil {
			return err
		}
		if err := s.create(filepath.Join(dir, l.Name+".qml"), func(w io.Writer) error { return qgis.WriteQML(w, l) }); err != nil {
			return err
		}
	}
	if err := s.createAt(filepath.Join(dir, "footprints.gpkg"), func(path string) error {
		return gpkg.Write(ctx, path, layers, gpkg.Options{})
	}); err != nil {
		return err
	}
	desk := project(cs.About, layers, "footprints.gpkg", 4326)
	onPlane := desk.Transform
	if err := s.create(filepath.Join(dir, "footprints.qgz"), func(w io.Writer) error {
		return qgis.WriteProject(w, desk)
	}); err != nil {
		return err
	}
	if cs.Boundaries != nil {
		pictures := []namedPicture{{"footprints", picture.Map{Title: cs.About.Title, Layers: drawn(layers, false), Project: onPlane, About: cs.About}}}
		if cs.Scores != nil {
			pictures = append(pictures, namedPicture{"scores", ratingsPicture(cs, layers, onPlane)})
		}
		for _, p := range pictures {
			drawing, err := picture.NewDrawing(p.picture)
			if err != nil {
				return err
			}
			if err := s.create(filepath.Join(dir, p.name+".svg"), drawing.WriteSVG); err != nil {
				return err
			}
			if err := s.create(filepath.Join(dir, p.name+".png"), func(w io.Writer) error { return drawing.WritePNG(w, 0) }); err != nil {
				return err
			}
		}
	}
	if res.scores != nil {
		if err := stageScores(&s, dir, in, res.scores); err != nil {
			return err
		}
	}
	page, err := in.report(cs, layers, res, notes)
	if err != nil {
		return err
	}
	if err := s.create(filepath.Join(dir, "report.html"), func(w io.Writer) error { return report.Write(w, page) }); err != nil {
		return err
	}
	if in.sample != nil {
		if err := stageSample(&s, filepath.Join(dir, sampleFolder), in.sample); err != nil {
			return err
		}
	}
	for _, n := range notes {
		env.log.Info(n)
	}
	p := in.provenanceOf(c, res.method, notes)
	p.Seed, p.Seconds = &res.seed, &res.seconds
	if err := s.provenance(filepath.Join(dir, provenanceName), p); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return env.commitOver(c, &s, dir)
}

type namedPicture struct {
	name    string
	picture picture.Map
}

// ratingsPicture is the map of footprints by rating, hatched where not rated.
func ratingsPicture(cs *maps.Case, layers []layer.Layer, onPlane func(orb.Point) orb.Point) picture.Map {
	p := picture.Map{Title: "Health systems by rating", Subtitle: cs.About.Title, Project: onPlane, About: cs.About}
	for _, l := range layers {
		if l.Name == "scores" {
			p.Layers = append(p.Layers, l)
		}
	}
	return p
}

// sampleFolder is where the demo puts the sample's tables.
const sampleFolder = "sample"

// stageSample writes the sample's own tables, so that every command can be
// tried on them.
func stageSample(s *staging, dir string, sample fs.FS) error {
	return fs.WalkDir(sample, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := sample.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return s.create(filepath.Join(dir, filepath.FromSlash(name)), func(w io.Writer) error {
			_, err := io.Copy(w, f)
			return err
		})
	})
}

// project is a QGIS project over the GeoPackage beside it, whose layers are in
// CRS crs. The map itself is on the national grid where it can be, so that it
// is not stretched.
func project(about layer.About, layers []layer.Layer, source string, crs int) qgis.Project {
	p := qgis.Project{Title: about.Title, About: about, CRS: 4326, Groups: qgis.Arrange(layers, source, crs)}
	if p.Transform = projection(layers); p.Transform != nil {
		p.CRS = 27700
	}
	return p
}

// projection is that of the national grid for what lies in Britain, and nil for
// what does not: far from its meridian the grid distorts.
func projection(layers []layer.Layer) func(orb.Point) orb.Point {
	britain := orb.Bound{Min: orb.Point{-9.1, 49.7}, Max: orb.Point{2.1, 61.1}}
	some := false
	for i := range layers {
		b, ok := layers[i].Bound()
		if ok && !(britain.Contains(b.Min) && britain.Contains(b.Max)) {
			return nil
		}
		some = some || ok
	}
	if some {
		return boundary.PointToNationalGrid
	}
	return nil
}

// maxFlowLines is how many flows a map shows unless --min-flow-share says which.
const maxFlowLines = 50_000

// mapCase puts together what the maps and tables are made of.
func (in *inputs) mapCase(c *cli.Context, res *clustered) *maps.Case {
	title := c.String("title")
	if title == "" {
		title = fmt.Sprintf("%d candidate footprints", res.measures.Footprints)
	}
	cs := &maps.Case{
		Matrix: in.matrix, Partition: res.partition, Measures: res.measures,
		AreaNames: in.areaNames, ProviderNames: in.providerNames, ProviderTypes: in.providerTypes, Population: in.population,
		Points: in.points, AreaPoints: in.areaPoints, Boundaries: in.boundaries,
		SuppressBelow: c.Float64("suppress-below"), MinFlowShare: c.Float64("min-flow-share"),
		About: layer.About{
			Title: title, Version: version, Parameters: res.parameters, Seed: res.seed,
			FlowSHA256: in.matrix.SHA256(), Notice: in.notice, Sources: slices.Concat(in.sources, c.StringSlice("source")),
		},
	}
	if res.scores != nil {
		cs.Scores, cs.Indicators = mapScores(res.scores), mapIndicators(res.scores)
	}
	if cl, err := boundsFromFlags(c); err == nil {
		if demands, err := cl.constraints(in); err == nil {
			cs.Demands = demands
		}
	}
	if in.reference != nil {
		cs.Reference = &in.reference.partition
	}
	if d := res.doubt; d != nil {
		for _, a := range d.Areas {
			cs.AreaConfidence = append(cs.AreaConfidence, a.Confidence)
		}
		for _, p := range d.Providers {
			cs.ProviderConfidence = append(cs.ProviderConfidence, p.Confidence)
		}
		for i, pair := range res.borders {
			cs.Borders = append(cs.Borders, maps.BorderShare{A: pair[0], B: pair[1], Share: d.Borders[i]})
		}
	}
	if in.notice != "" {
		cs.NameMark = sampleNameMark
	}
	if !c.IsSet("min-flow-share") {
		cs.MaxFlowLines = maxFlowLines
	}
	return cs
}
