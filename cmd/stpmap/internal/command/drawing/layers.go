package drawing

import (
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/render/layer"
	"stpmap/render/maps"
)

// Layers are the names that --layers takes.
func Layers() (names []string) {
	for _, k := range maps.Kinds() {
		if !k.RunOnly {
			names = append(names, k.Name)
		}
	}
	return names
}

// layerNames are the names that --layers holds.
func (o *Options) layerNames() []string {
	if o.Layers == "" {
		return nil
	}
	names := strings.Split(o.Layers, ",")
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	return names
}

// parseLayers reads --layers; nil for none.
func (o *Options) parseLayers() (names []string, err error) {
	have := Layers()
	for _, name := range o.layerNames() {
		if !slices.Contains(have, name) {
			return nil, cli.Usagef(example+" --layers footprints,areas", "--layers: no layer %q; there are %s", name, strings.Join(have, ", "))
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
			if k, _ := maps.KindOf(name); k.Needs != "" {
				hint = " (" + k.Needs + ")"
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
