package job

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/render"
	"stpmap/render/csv"
	"stpmap/render/geojson"
	"stpmap/render/gpkg"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
	"stpmap/render/workbench"
)

// writes are the files that the folder may get, as far as they could be the
// user's own.
func (s *Shared) writes() []string {
	names := []string{
		"partition.csv", "footprints.csv", "footprints.gpkg", "footprints.qgz", "footprints.svg", "footprints.png",
		"scores.svg", "scores.png", "levels.csv", "drift.csv", "report.html", workbenchName, workbookName, stage.ProvenanceName,
	}
	for _, layer := range maps.Names() {
		names = append(names, layer+".geojson", layer+".qml")
	}
	return stage.Within(s.Out, append(names, scoring.Names()...))
}

// folder is a result that is being written.
type folder struct {
	*job
	in   *study.Study
	res  *clustering.Result
	cs   *maps.Map
	said *cli.Said
	s    stage.Files

	layers   []layer.Layer
	notes    []string
	lettered []string // what became of the names on each picture
}

// write writes every file of the result aside and then puts them in place
// together, provenance.json last.
func (f *folder) write(ctx context.Context) error {
	defer f.s.Discard()
	tables := f.tables()
	for _, step := range []func() error{
		func() error { return f.stageTables(tables) },
		func() error { return f.stageLayers(ctx) },
		func() error { return f.stageProject(ctx) },
		f.stageScores,
		func() error { return f.stageWorkbook(tables) },
		f.stageReport,
		f.stageSample,
		f.stageWorkbench,
		f.stageProvenance,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return f.s.CommitOver(f.env.Log, f.line.Command(), f.Out)
}

// path is that of a file in the folder.
func (f *folder) path(name string) string { return filepath.Join(f.Out, name) }

// tables makes the layers, and gives the tables.
func (f *folder) tables() []layer.Layer {
	f.layers, f.notes = f.cs.Layers()
	if b := f.cs.Boundaries; b != nil && len(b.Mismatches()) > 0 {
		f.layers = append(f.layers, maps.Mismatches(b, f.cs.About))
	}
	tables := []layer.Layer{f.cs.PartitionTable(), f.cs.FootprintTable()}
	if f.res.Drift != nil {
		tables = append(tables, f.res.DriftTable(f.in, f.cs.About))
	}
	if f.res.Levels != nil {
		table := f.cs.LevelTable(f.res.Levels)
		if f.cs.Boundaries != nil {
			f.layers = append(f.layers, table)
		}
		tables = append(tables, table)
	}
	return tables
}

func (f *folder) stageTables(tables []layer.Layer) error {
	for _, t := range tables {
		if err := f.s.Create(f.path(t.Name+".csv"), func(w io.Writer) error { return csv.Write(w, t) }); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) stageLayers(ctx context.Context) error {
	for _, l := range f.layers {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := f.s.CreateIn(f.Out,
			stage.File{Name: l.Name + ".geojson", Write: func(w io.Writer) error { return geojson.Write(w, l) }},
			stage.File{Name: l.Name + ".qml", Write: func(w io.Writer) error { return qgis.WriteQML(w, l) }})
		if err != nil {
			return err
		}
	}
	return nil
}

// stageProject stages the GeoPackage, the project that shows it, and pictures.
func (f *folder) stageProject(ctx context.Context) error {
	if err := f.s.CreateAt(f.path("footprints.gpkg"), func(path string) error {
		return gpkg.Write(ctx, path, f.layers, gpkg.Options{})
	}); err != nil {
		return err
	}
	project := render.Project(f.cs.About, f.layers, "footprints.gpkg", 4326)
	if err := f.s.Create(f.path("footprints.qgz"), func(w io.Writer) error { return qgis.WriteProject(w, project) }); err != nil {
		return err
	}
	if f.cs.Boundaries == nil {
		return nil
	}
	if err := f.stagePicture("footprints", f.Maps.Finding(f.in, f.res), maps.OnPage(f.layers, false), project.Transform); err != nil {
		return err
	}
	if f.cs.Scores == nil {
		return nil
	}
	rated := slices.DeleteFunc(slices.Clone(f.layers), func(l layer.Layer) bool { return l.Name != "scores" })
	return f.stagePicture("scores", f.Maps.RatingFinding(f.res.Scores), maps.OnPage(rated, true), project.Transform)
}

// stagePicture stages a picture as SVG and PNG.
func (f *folder) stagePicture(name string, head mapping.Heading, layers []layer.Layer, onPlane func(orb.Point) orb.Point) error {
	drawing, err := picture.NewDrawing(picture.Map{Title: head.Title, Subtitle: head.Subtitle, Layers: layers, Project: onPlane, About: f.cs.About})
	if err != nil {
		return err
	}
	f.lettered = append(f.lettered, fmt.Sprintf("%s.png has %s", name, drawing.Names()))
	return f.s.CreateIn(f.Out,
		stage.File{Name: name + ".svg", Write: drawing.WriteSVG},
		stage.File{Name: name + ".png", Write: func(w io.Writer) error { return drawing.WritePNG(w, 0) }})
}

func (f *folder) stageScores() error {
	if f.res.Scores == nil {
		return nil
	}
	return scoring.Stage(&f.s, f.Out, f.in, f.res.Scores)
}

func (f *folder) stageReport() error {
	page, err := mapping.Report(f.in, f.cs, f.layers, f.res, slices.Concat(f.in.WithoutFolders(f.spoken()), f.notes))
	if err != nil {
		return err
	}
	return f.s.Create(f.path("report.html"), func(w io.Writer) error { return report.Write(w, page) })
}

// spoken is what the terminal was told, but for how each input file was read:
// that stands in provenance.json, and the same figures from another file give the
// same page.
func (f *folder) spoken() []string {
	lines := f.said.Lines()
	for _, u := range f.in.Understood {
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == u.String() })
	}
	return lines
}

// stageSample writes the sample's own tables, so that every command can be
// tried on them.
func (f *folder) stageSample() error {
	if f.sample == nil {
		return nil
	}
	return fs.WalkDir(f.sample, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := f.sample.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		return f.s.Create(f.path(filepath.Join(stage.SampleFolder, filepath.FromSlash(name))), func(w io.Writer) error {
			_, err := io.Copy(w, file)
			return err
		})
	})
}

// stageWorkbench writes the page to change the map by hand: of the demo, as what a
// stranger opens first.
func (f *folder) stageWorkbench() error {
	if f.sample == nil {
		return nil
	}
	page, err := mapping.Workbench(f.in, mapping.WorkbenchInput{Plan: f.res.Plan, Start: f.res.Partition, SuppressBelow: f.request.SuppressBelow, Score: f.res.Scores})
	if err != nil {
		return err
	}
	return f.s.Create(f.path(workbenchName), func(w io.Writer) error { return workbench.Write(w, page) })
}

// workbenchName is the file of the demo's workbench.
const workbenchName = "workbench.html"

// stageProvenance says the notes, and stages where the result comes from.
func (f *folder) stageProvenance() error {
	for _, n := range slices.Concat(f.notes, f.lettered) {
		f.env.Log.Info(n)
	}
	p := f.in.Provenance(f.line, f.res.Method, f.notes)
	p.Seed, p.Seconds = &f.res.Seed, &f.res.Seconds
	return f.s.AddProvenance(f.path(stage.ProvenanceName), p)
}
