package mapping

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/layer"
	"stpmap/render/qgis"
)

// Project is a QGIS project over the GeoPackage beside it, whose layers are in
// CRS crs. The map itself is on the national grid where it can be, so that it
// is not stretched.
func Project(about layer.About, layers []layer.Layer, source string, crs int) qgis.Project {
	p := qgis.Project{Title: about.Title, About: about, CRS: 4326, Groups: qgis.Arrange(layers, source, crs)}
	if p.Transform = Projection(layers); p.Transform != nil {
		p.CRS = 27700
	}
	return p
}

// Projection is that of the national grid for what lies in Britain, and nil for
// what does not: far from its meridian the grid distorts.
func Projection(layers []layer.Layer) func(orb.Point) orb.Point {
	britain := orb.Bound{Min: orb.Point{-9.1, 49.7}, Max: orb.Point{2.1, 61.1}}
	some := false
	for i := range layers {
		b, ok := layers[i].Bound()
		if ok && !(britain.Contains(b.Min) && britain.Contains(b.Max)) {
			return nil
		}
		some = some || ok
	}
	if some {
		return boundary.PointToNationalGrid
	}
	return nil
}

// Drawn picks the layers of a picture, the first on top: providers without
// names, which would cover the map, and footprints; flows and areas only where
// they were asked for by name or there is nothing else.
func Drawn(layers []layer.Layer, asked bool) []layer.Layer {
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
