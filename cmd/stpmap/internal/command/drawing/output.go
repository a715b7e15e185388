package drawing

import (
	"context"
	"fmt"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/render"
	"stpmap/render/layer"
	"stpmap/render/picture"
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
	job := render.Job{Layers: d.layers, Named: ch.layers != nil, CRS: o.CRS, Paper: ch.page, Tiles: ch.tiles, Report: d.report}
	if b := d.in.Boundaries; b != nil {
		job.Grid = b.Grid()
	}
	job.Lettered = func(n picture.Names) { d.names = &n }
	head := d.heading(ch)
	job.Title, job.Subtitle = head.Title, head.Subtitle
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

// pictures are the formats of pictures.
var pictures = []string{"svg", "png", "pdf"}

// heading is what stands over a picture: the finding where flows are known, and
// otherwise the title of the map alone.
func (d *drawing) heading(ch choice) mapping.Heading {
	first := &d.layers[0]
	head := mapping.Heading{Title: first.About.Title}
	if d.finding == nil {
		return head
	}
	name := "footprints"
	if ch.layers != nil {
		name = first.Name
	}
	switch name {
	case "footprints", "scores", "areas", "providers", "flows":
		head = d.finding(name)
	case "moved":
		head = mapping.Heading{Title: fmt.Sprintf("%s in another footprint than in the reference", words.Counted(withValue(first, first.Style.Field, true), "area")), Subtitle: d.finding("footprints").Subtitle}
	case "indicators":
		worse := withValue(first, first.Style.Field, int64(1)) + withValue(first, first.Style.Field, int64(2))
		head = mapping.Heading{Title: fmt.Sprintf("%s: %d of %s worse than expected", first.Style.LegendTitle, worse, words.Counted(len(first.Features), "footprint")), Subtitle: d.finding("footprints").Subtitle}
	}
	if ch.style != nil {
		head.Title = fmt.Sprintf("%s of %s", ch.style.title, words.Counted(d.in.Given[0].Partition.Len(), "footprint"))
	}
	return head
}

// withValue is how many features of a layer have a value in a field.
func withValue(l *layer.Layer, field string, value any) (n int) {
	at := l.FieldIndex(field)
	for _, f := range l.Features {
		if at >= 0 && f.Values[at] == value {
			n++
		}
	}
	return n
}

// create stages a file of a format.
func create(s *stage.Files, f render.File) error {
	if f.Make != nil {
		return s.CreateAt(f.Name, f.Make)
	}
	return s.Create(f.Name, f.Write)
}
