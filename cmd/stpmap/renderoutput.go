package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

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

// single reports whether a format holds one layer.
func single(format string) bool { return format == "geojson" || format == "csv" }

// pickLayers keeps the named layers in the order of their names.
func pickLayers(layers []layer.Layer, names []string) ([]layer.Layer, error) {
	if len(names) == 0 {
		return layers, nil
	}
	var out []layer.Layer
	for _, name := range names {
		i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == name })
		if i < 0 {
			have := make([]string, len(layers))
			for j, l := range layers {
				have[j] = l.Name
			}
			hint := ""
			switch name {
			case "flows":
				hint = " (flows need --flows)"
			case "providers":
				hint = " (providers need --providers or --flows)"
			case "moved":
				hint = " (moved needs --reference)"
			case "scores", "indicators":
				hint = " (" + name + " need --flows and --indicators)"
			}
			return nil, usagef("stpmap render --layers "+strings.Join(have, ","), "no layer %q here; there are %s%s", name, strings.Join(have, ", "), hint)
		}
		out = append(out, layers[i])
	}
	return out, nil
}

// layerFiles are the files that layers go to where each has its own: the first
// to out, the others beside it, named for the layer.
func layerFiles(out string, names []string) []string {
	files := []string{out}
	ext := filepath.Ext(out)
	base := strings.TrimSuffix(out, ext)
	for _, name := range names[min(1, len(names)):] {
		files = append(files, base+"_"+name+ext)
	}
	return files
}

// writeLayers writes a drawing in the wanted format.
func (env *environment) writeLayers(ctx context.Context, out string, o renderOptions, d *drawing) error {
	layers, about := d.layers, d.layers[0].About
	options := gpkg.Options{CRS: o.crs}
	if o.crs == 27700 {
		options.Transform = boundary.PointToNationalGrid
	}
	sheet := picture.Map{Title: about.Title, Layers: drawn(layers, o.layers != nil), Page: o.page, Project: projection(layers), About: about}
	var write func(w io.Writer) error
	switch o.format {
	case "topojson":
		write = func(w io.Writer) error { return topojson.Write(w, layers, 0) }
	case "kml":
		write = func(w io.Writer) error { return kml.Write(w, about.Title, layers) }
	case "svg":
		write = func(w io.Writer) error { return picture.WriteSVG(w, sheet) }
	case "png":
		write = func(w io.Writer) error { return picture.WritePNG(w, sheet, 0) }
	case "html":
		page, err := d.report()
		if err != nil {
			return err
		}
		write = func(w io.Writer) error { return report.Write(w, page) }
	}
	one := func(l layer.Layer) func(w io.Writer) error {
		if o.format == "csv" {
			return func(w io.Writer) error { return csv.Write(w, l) }
		}
		if o.crs == 27700 {
			return func(w io.Writer) error { return geojson.WriteGrid(w, l) }
		}
		return func(w io.Writer) error { return geojson.Write(w, l) }
	}
	if single(o.format) && o.layers == nil {
		layers = layers[:1]
	}
	if out == "-" {
		if single(o.format) {
			write = one(layers[0])
		}
		return env.writeOut(out, write)
	}
	var s staging
	defer s.discard()
	base := strings.TrimSuffix(out, filepath.Ext(out))
	switch {
	case o.format == "gpkg" || o.format == "qgz":
		err := s.createAt(base+".gpkg", func(path string) error { return gpkg.Write(ctx, path, layers, options) })
		if err != nil {
			return err
		}
		if o.format == "qgz" {
			p := project(about, layers, filepath.Base(base)+".gpkg", o.crs)
			p.Page = o.page
			if err := s.create(out, func(w io.Writer) error { return qgis.WriteProject(w, p) }); err != nil {
				return err
			}
		}
	case single(o.format):
		names := make([]string, len(layers))
		for i, l := range layers {
			names[i] = l.Name
		}
		for i, file := range layerFiles(out, names) {
			if err := s.create(file, one(layers[i])); err != nil {
				return err
			}
			if o.format == "csv" {
				continue
			}
			qml := strings.TrimSuffix(file, filepath.Ext(file)) + ".qml"
			if err := s.create(qml, func(w io.Writer) error { return qgis.WriteQML(w, layers[i]) }); err != nil {
				return err
			}
			if i > 0 {
				env.log.Info(fmt.Sprintf("layer %s is in %s", names[i], file))
			}
		}
	default:
		if err := s.create(out, write); err != nil {
			return err
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
func drawn(layers []layer.Layer, asked bool) []layer.Layer {
	order := []string{"mismatches", "borders", "providers", "flows", "scores", "indicators", "moved", "footprints", "areas"}
	out := slices.Clone(layers)
	slices.SortStableFunc(out, func(a, b layer.Layer) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
	hasFootprints := slices.ContainsFunc(out, func(l layer.Layer) bool { return l.Name == "footprints" })
	if !asked && hasFootprints {
		out = slices.DeleteFunc(out, func(l layer.Layer) bool { return l.Name != "providers" && l.Name != "footprints" })
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
