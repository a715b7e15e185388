package drawing

import (
	"context"
	"fmt"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render"
	"stpmap/render/layer"
)

// Writes are the files that the format needs.
func (o *Options) Writes() []string {
	f, err := o.format()
	if err != nil {
		return []string{o.Out}
	}
	job := render.Job{Named: true}
	for _, name := range o.layerNames() {
		job.Layers = append(job.Layers, layer.Layer{Name: name})
	}
	if len(job.Layers) == 0 {
		job.Layers = make([]layer.Layer, 1)
	}
	var names []string
	for _, file := range f.Files(context.Background(), o.Out, job) {
		names = append(names, file.Name)
	}
	return names
}

// write writes a drawing in the wanted format.
func (o *Options) write(ctx context.Context, env *cli.Env, ch choice, d *drawing) error {
	job := render.Job{Layers: d.layers, Named: ch.layers != nil, CRS: o.CRS, Paper: ch.page, Report: d.report}
	if b := d.in.Boundaries; b != nil {
		job.Grid = b.Grid()
	}
	files := ch.format.Files(ctx, o.Out, job)
	if o.Out == "-" {
		return stage.WriteOut(env.Stdout, o.Out, files[0].Write)
	}
	var s stage.Files
	defer s.Discard()
	for i, file := range files {
		if err := create(&s, file); err != nil {
			return err
		}
		if i > 0 && file.Layer != "" {
			env.Log.Info(fmt.Sprintf("layer %s is in %s", file.Layer, file.Name))
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.Commit()
}

// create stages a file of a format.
func create(s *stage.Files, f render.File) error {
	if f.Make != nil {
		return s.CreateAt(f.Name, f.Make)
	}
	return s.Create(f.Name, f.Write)
}
