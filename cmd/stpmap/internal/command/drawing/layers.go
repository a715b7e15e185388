package drawing

import (
	"path/filepath"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/render/layer"
)

// formats are what a drawing can be written as.
var formats = []string{"geojson", "gpkg", "qgz", "html", "svg", "png", "topojson", "kml", "csv"}

// gridFormats can hold coordinates of the national grid.
var gridFormats = []string{"gpkg", "qgz", "geojson", "svg", "png"}

// single reports whether a format holds one layer.
func single(format string) bool { return format == "geojson" || format == "csv" }

// layerNames are the layers that --layers takes.
var layerNames = []string{"scores", "footprints", "indicators", "areas", "providers", "flows", "moved", "mismatches"}

// needs says which flags a layer needs.
var needs = map[string]string{
	"flows": "flows need --flows", "providers": "providers need --providers or --flows", "moved": "moved needs --reference",
	"scores": "scores need --flows and --indicators", "indicators": "indicators need --flows and --indicators",
}

// Layers are the names that --layers takes.
func Layers() []string { return layerNames }

// parseLayers reads --layers; nil for none.
func (o *Options) parseLayers() (names []string, err error) {
	if o.Layers == "" {
		return nil, nil
	}
	for _, name := range strings.Split(o.Layers, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(layerNames, name) {
			return nil, cli.Usagef(example+" --layers footprints,areas", "--layers: no layer %q; there are %s", name, strings.Join(layerNames, ", "))
		}
		if slices.Contains(names, name) {
			return nil, cli.Usagef(example+" --layers footprints,areas", "--layers names %s twice", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// pickLayers keeps the named layers in the order of their names.
func pickLayers(layers []layer.Layer, names []string) ([]layer.Layer, error) {
	if len(names) == 0 {
		return layers, nil
	}
	var out []layer.Layer
	for _, name := range names {
		i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == name })
		if i < 0 {
			have, hint := namesOf(layers), ""
			if n := needs[name]; n != "" {
				hint = " (" + n + ")"
			}
			return nil, cli.Usagef(example+" --layers "+strings.Join(have, ","), "no layer %q here; there are %s%s", name, strings.Join(have, ", "), hint)
		}
		out = append(out, layers[i])
	}
	return out, nil
}

// namesOf are the names of layers.
func namesOf(layers []layer.Layer) []string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	return names
}

// layerFiles are the files that layers go to where each has its own: the first
// to out, the others beside it, named for the layer.
func layerFiles(out string, names []string) []string {
	files := []string{out}
	base, ext := splitExt(out)
	for _, name := range names[min(1, len(names)):] {
		files = append(files, base+"_"+name+ext)
	}
	return files
}

// splitExt splits a name before its suffix.
func splitExt(name string) (base, ext string) {
	ext = filepath.Ext(name)
	return strings.TrimSuffix(name, ext), ext
}
