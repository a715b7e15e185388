package compare

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/nest"
	"stpmap/render/chart"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/qgis"
)

// write writes every file of a sweep aside and then puts them in place.
func (r *sweepReport) write(ctx context.Context, env *cli.Env) error {
	o := r.options
	var s stage.Files
	defer s.Discard()
	for _, step := range []func() error{
		func() error { return r.stageTables(&s) },
		func() error { return r.stageLayers(ctx, &s) },
		func() error { return r.stageCharts(&s) },
		func() error {
			return s.CreateIn(o.Out, stage.File{Name: "recommendation.json", Write: func(w io.Writer) error { return stage.WriteJSON(w, r.recommendation()) }})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	p := r.in.Provenance(&o.Line, strings.Join(r.plan.methods, ","), nil)
	p.Seed = &r.plan.Seed // no seconds: shards took their own
	if err := s.AddProvenanceBeside(o.Out, p); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}

func (r *sweepReport) stageTables(s *stage.Files) error {
	o := r.options
	files := []stage.File{tables.CSV("runs.csv", r.runsTable()), tables.CSV("summary.csv", r.summaryTable()), tables.CSV("champ.csv", r.champTable())}
	if r.recommended != nil {
		files = append(files, tables.CSV("recommended.csv", maps.New(mapping.Flags{}.Case(&o.Line, r.in, r.recommended)).PartitionTable()))
	}
	return o.workbook(r.in).Stage(s, o.Out, files...)
}

// workbook is the file of --xlsx.
func (o *Options) workbook(in *study.Study) tables.Workbook {
	about := layer.About{Title: "Comparison", Version: cli.Version, Parameters: o.Parameters(), Notice: in.Notice, Sources: in.Sources}
	return tables.Workbook{Name: "compare.xlsx", About: about, Asked: o.XLSX}
}

func (r *sweepReport) stageCharts(s *stage.Files) error {
	options := chart.SweepOptions{Scale: r.plan.scale, Notice: r.in.Notice}
	if r.reference != nil {
		options.Official = &chart.OfficialMap{Name: plainFileName(r.in.Reference.File), Measures: *r.reference}
	}
	charts, err := chart.OfSweep(r.Comparison, options)
	if err != nil {
		return err
	}
	drawn, err := drawCharts(charts, r.plan.Jobs)
	if err != nil {
		return err
	}
	return s.CreateIn(r.options.Out, drawn...)
}

// stageLayers stages borders.geojson and levels.geojson with their styles,
// where there are boundaries.
func (r *sweepReport) stageLayers(ctx context.Context, s *stage.Files) error {
	if r.in.Boundaries == nil {
		return nil
	}
	layers, err := r.layers(ctx)
	if err != nil {
		return err
	}
	for _, l := range layers {
		err := s.CreateIn(r.options.Out,
			stage.File{Name: l.Name + ".geojson", Write: func(w io.Writer) error { return geojson.Write(w, l) }},
			stage.File{Name: l.Name + ".qml", Write: func(w io.Writer) error { return qgis.WriteQML(w, l) }})
		if err != nil {
			return err
		}
	}
	return nil
}

// layers are the borders by how often they part settings, and the levels around
// the recommended partition.
func (r *sweepReport) layers(ctx context.Context) ([]layer.Layer, error) {
	in := r.in
	cs := &maps.Sweep{
		Comparison: r.Comparison, Boundaries: in.Boundaries, Codes: in.Matrix.Areas(), Names: in.AreaNames,
		About: layer.About{Title: "Comparison of settings", Version: cli.Version, Parameters: r.parameters, Seed: r.plan.Seed, FlowSHA256: in.Matrix.SHA256(), Notice: in.Notice, Sources: in.Sources},
	}
	if in.Reference != nil {
		cs.Reference = in.Reference.Partition.Areas
	}
	layers := []layer.Layer{cs.Borders()}
	if r.recommended == nil {
		return layers, nil
	}
	levels, err := nest.Around(ctx, in.Matrix, r.recommended.Partition, r.plan.Seed, r.plan.Jobs)
	if err != nil {
		return nil, err
	}
	measures := make([]footprint.Measures, len(levels))
	for i, l := range levels {
		measures[i] = footprint.Measure(in.Matrix, l.Partition, in.Population, in.Adjacency)
	}
	return append(layers, cs.Levels(levels, measures)), nil
}

// drawCharts draws charts as SVG and PNG, jobs of them at a time (0: as many as
// processors).
func drawCharts(charts []chart.Chart, jobs int) ([]stage.File, error) {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	formats := []string{"svg", "png"}
	out, errs := make([]stage.File, len(charts)*len(formats)), make([]error, len(charts))
	places := make(chan struct{}, jobs)
	var wg sync.WaitGroup
	for i, chart := range charts {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			for k, format := range formats {
				var b bytes.Buffer
				errs[i] = errors.Join(errs[i], chart.Write(&b, format))
				out[i*len(formats)+k] = stage.File{Name: chart.Name + "." + format, Write: func(w io.Writer) error {
					_, err := w.Write(b.Bytes())
					return err
				}}
			}
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// plainFileName is a file's name without folder and suffix, for a legend.
func plainFileName(name string) string {
	base := filepath.Base(name)
	return strings.ReplaceAll(strings.TrimSuffix(base, filepath.Ext(base)), "_", " ")
}
