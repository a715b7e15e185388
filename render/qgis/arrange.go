package qgis

import (
	"path"
	"slices"
	"strings"

	"stpmap/render/layer"
)

// Arrange puts layers into groups as a reader wants to find them: points and
// lines on top, then scores over footprints, of which only the upper is ticked
// and borders lie on top, then areas, unticked where there are footprints. Views of
// areas lie over the footprints, under the borders, ticked where footprints are.
// Checks lie over everything, unticked beside other polygons. A layer with views
// is shown by them, in a group of their own, where footprints are shown and the
// source is a GeoPackage. All come from one source, in CRS crs.
func Arrange(layers []layer.Layer, source string, crs int) []ProjectGroup {
	flows, footprints := ProjectGroup{Title: "Providers and flows"}, ProjectGroup{Title: "Footprints"}
	areas, indicators := ProjectGroup{Title: "Areas", Collapsed: true}, ProjectGroup{Title: "Indicators", Collapsed: true}
	checks := ProjectGroup{Title: "Checks"}
	tables := strings.EqualFold(path.Ext(source), ".gpkg")
	shown, top := false, ""
	for _, l := range layers {
		p := ProjectLayer{Layer: l, Source: source, CRS: crs}
		under := p // what lies under polygons that are shown
		under.Layer.Style.Hidden = l.Style.Hidden || shown
		switch {
		case l.Group == layer.OverFootprints:
			footprints.Layers = slices.Insert(footprints.Layers, 0, p)
		case l.Group == layer.InChecks:
			checks.Layers = append(checks.Layers, under)
		case l.Group == layer.WithAreas:
			areas.Layers = append(areas.Layers, under)
			if tables && shown {
				over := views(l, source, crs)
				for i := range over {
					over[i].Layer.Style.Hidden = top != "footprints"
				}
				footprints.Layers = append(over, footprints.Layers...)
			}
		case len(l.Views) > 0 && tables && shown:
			indicators.Layers = append(indicators.Layers, views(l, source, crs)...)
		case layer.KindOf(l.Geometry) != layer.AreaKind:
			flows.Layers = append(flows.Layers, p)
		default:
			footprints.Layers = append(footprints.Layers, under)
			if !shown && !under.Layer.Style.Hidden {
				shown, top = true, l.Name
			}
		}
	}
	groups := []ProjectGroup{checks, flows, indicators, footprints, areas}
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
