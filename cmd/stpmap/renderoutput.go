package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"stpmap/render"
	"stpmap/render/layer"
	"stpmap/render/maps"
)

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
			if k, ok := maps.KindOf(name); ok && k.Needs != "" {
				hint = " (" + k.Needs + ")"
			}
			return nil, usagef("stpmap render --layers "+strings.Join(have, ","), "no layer %q here; there are %s%s", name, strings.Join(have, ", "), hint)
		}
		out = append(out, layers[i])
	}
	return out, nil
}

// writeLayers writes a drawing in the wanted format.
func (env *environment) writeLayers(ctx context.Context, out string, o renderOptions, d *drawing) error {
	job := render.Job{Layers: d.layers, Named: o.layers != nil, CRS: o.crs, Paper: o.page, Report: d.report}
	files := o.format.Files(ctx, out, job)
	if out == "-" {
		return env.writeOut(out, files[0].Write)
	}
	var s staging
	defer s.discard()
	for i, file := range files {
		create := func() error { return s.create(file.Name, file.Write) }
		if file.Make != nil {
			create = func() error { return s.createAt(file.Name, file.Make) }
		}
		if err := create(); err != nil {
			return err
		}
		if i > 0 && file.Layer != "" {
			env.log.Info(fmt.Sprintf("layer %s is in %s", file.Layer, file.Name))
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.commit()
}
