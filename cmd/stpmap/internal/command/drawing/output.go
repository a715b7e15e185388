package drawing

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/boundary"
	"stpmap/render/csv"
	"stpmap/render/geojson"
	"stpmap/render/gpkg"
	"stpmap/render/kml"
	"stpmap/render/layer"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
	"stpmap/render/topojson"
)

// Writes are the files that the format needs.
func (o *Options) Writes() []string {
	base, _ := splitExt(o.Out)
	switch format := stage.Format(o.Out, o.Format); format {
	case "gpkg":
		return []string{base + ".gpkg"}
	case "qgz":
		return []string{o.Out, base + ".gpkg"}
	case "geojson", "csv":
		names := strings.Split(strings.ToLower(strings.ReplaceAll(o.Layers, " ", "")), ",")
		files := layerFiles(o.Out, names)
		if format == "geojson" {
			files = append(files, layerFiles(base+".qml", names)...)
		}
		return files
	}
	return []string{o.Out}
}

// write writes a drawing in the wanted format.
func (o *Options) write(ctx context.Context, env *cli.Env, ch choice, d *drawing) error {
	if single(ch.format) && ch.layers == nil {
		d.layers = d.layers[:1]
	}
	if o.Out == "-" {
		write, err := o.stream(ch, d)
		if err != nil {
			return err
		}
		return stage.WriteOut(env.Stdout, o.Out, write)
	}
	var s stage.Files
	defer s.Discard()
	if err := o.stage(ctx, env, &s, ch, d); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.Commit()
}

// stage stages the files of the format.
func (o *Options) stage(ctx context.Context, env *cli.Env, s *stage.Files, ch choice, d *drawing) error {
	switch {
	case ch.format == "gpkg" || ch.format == "qgz":
		return o.stageGeoPackage(ctx, s, ch, d)
	case single(ch.format):
		return o.stageLayers(env, s, ch, d)
	}
	write, err := o.stream(ch, d)
	if err != nil {
		return err
	}
	return s.Create(o.Out, write)
}

// stream writes a format of one file.
func (o *Options) stream(ch choice, d *drawing) (write func(w io.Writer) error, err error) {
	layers, about := d.layers, d.layers[0].About
	sheet := func() picture.Map {
		return picture.Map{Title: about.Title, Layers: mapping.Drawn(layers, ch.layers != nil), Page: ch.page, Project: mapping.Projection(layers), About: about}
	}
	switch ch.format {
	case "topojson":
		return func(w io.Writer) error { return topojson.Write(w, layers, 0) }, nil
	case "kml":
		return func(w io.Writer) error { return kml.Write(w, about.Title, layers) }, nil
	case "svg":
		return func(w io.Writer) error { return picture.WriteSVG(w, sheet()) }, nil
	case "png":
		return func(w io.Writer) error { return picture.WritePNG(w, sheet(), 0) }, nil
	case "html":
		page, err := d.report()
		return func(w io.Writer) error { return report.Write(w, page) }, err
	}
	return o.layer(ch, layers[0]), nil
}

// layer writes a format of one layer.
func (o *Options) layer(ch choice, l layer.Layer) func(w io.Writer) error {
	switch {
	case ch.format == "csv":
		return func(w io.Writer) error { return csv.Write(w, l) }
	case o.CRS == 27700:
		return func(w io.Writer) error { return geojson.WriteGrid(w, l) }
	}
	return func(w io.Writer) error { return geojson.Write(w, l) }
}

// stageGeoPackage stages a GeoPackage, and the project that shows it where that
// is asked for.
func (o *Options) stageGeoPackage(ctx context.Context, s *stage.Files, ch choice, d *drawing) error {
	options := gpkg.Options{CRS: o.CRS}
	if o.CRS == 27700 {
		options.Transform = boundary.PointToNationalGrid
	}
	base, _ := splitExt(o.Out)
	if err := s.CreateAt(base+".gpkg", func(path string) error { return gpkg.Write(ctx, path, d.layers, options) }); err != nil {
		return err
	}
	if ch.format != "qgz" {
		return nil
	}
	p := mapping.Project(d.layers[0].About, d.layers, filepath.Base(base)+".gpkg", o.CRS)
	p.Page = ch.page
	return s.Create(o.Out, func(w io.Writer) error { return qgis.WriteProject(w, p) })
}

// stageLayers stages a file for each layer, and a style beside GeoJSON.
func (o *Options) stageLayers(env *cli.Env, s *stage.Files, ch choice, d *drawing) error {
	names := namesOf(d.layers)
	for i, file := range layerFiles(o.Out, names) {
		if err := s.Create(file, o.layer(ch, d.layers[i])); err != nil {
			return err
		}
		if ch.format == "csv" {
			continue
		}
		base, _ := splitExt(file)
		if err := s.Create(base+".qml", func(w io.Writer) error { return qgis.WriteQML(w, d.layers[i]) }); err != nil {
			return err
		}
		if i > 0 {
			env.Log.Info(fmt.Sprintf("layer %s is in %s", names[i], file))
		}
	}
	return nil
}
