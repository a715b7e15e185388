package qgis

import (
	"path"
	"slices"
	"strings"

	"stpmap/render/layer"
)

// Arrange puts the layers of a case into groups as a reader wants to find
// them: points and lines on top, then scores over footprints, of which only the
// upper is ticked and borders lie on top, then areas, unticked where there are
// footprints. Borders that do not match lie over everything, unticked beside
// other polygons. All come from one source, in CRS crs.
func Arrange(layers []layer.Layer, source string, crs int) []ProjectGroup {
	groups := []ProjectGroup{{Title: "Providers and flows"}, {Title: "Footprints"}, {Title: "Areas", Collapsed: true}, {Title: "Indicators", Collapsed: true}}
	var checks ProjectGroup
	shown := false
	for _, l := range layers {
		p := ProjectLayer{Layer: l, Source: source, CRS: crs}
		at := 1
		switch {
		case l.Name == "borders":
			groups[1].Layers = slices.Insert(groups[1].Layers, 0, p)
			continue
		case l.Name == "indicators" && strings.EqualFold(path.Ext(source), ".gpkg") && shown:
			groups[3].Layers = append(groups[3].Layers, views(l, source, crs)...)
			continue
		case l.Name == "mismatches":
			p.Layer.Style.Hidden = l.Style.Hidden || shown
			checks.Title, checks.Layers = "Checks", append(checks.Layers, p)
			continue
		case l.Name == "areas":
			at = 2
			p.Layer.Style.Hidden = l.Style.Hidden || shown
		case layer.KindOf(l.Geometry) != layer.AreaKind:
			at = 0
		default:
			p.Layer.Style.Hidden = l.Style.Hidden || shown
			shown = shown || !l.Style.Hidden
		}
		groups[at].Layers = append(groups[at].Layers, p)
	}
	// Single indicators lie over the footprints that they colour.
	groups = []ProjectGroup{checks, groups[0], groups[3], groups[1], groups[2]}
	return slices.DeleteFunc(groups, func(g ProjectGroup) bool { return len(g.Layers) == 0 })
}

// views are the views of a layer, all over one table.
func views(l layer.Layer, source string, crs int) []ProjectLayer {
	out := make([]ProjectLayer, len(l.Views))
	for i, v := range l.Views {
		view := l
		view.Name, view.Title, view.Style, view.Views = v.Name, v.Title, v.Style, nil
		out[i] = ProjectLayer{Layer: view, Table: l.Name, Source: source, CRS: crs}
	}
	return out
}
