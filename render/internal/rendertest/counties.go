package rendertest

import (
	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Counties is a layer of two squares that share a border.
func Counties() layer.Layer {
	return layer.Layer{
		Name: "counties", Title: "Counties", Geometry: "Polygon",
		Fields: []layer.Field{{Name: "name", Alias: "Name", Type: layer.Text}, {Name: "wait", Alias: "Wait (days)", Type: layer.Real}},
		Features: []layer.Feature{
			{ID: "W", Geometry: orb.Polygon{{{-2, 52}, {-1, 52}, {-1, 53}, {-2, 53}, {-2, 52}}}, Values: []any{"West", 12.5}},
			{ID: "E", Geometry: orb.Polygon{{{-1, 52}, {0, 52}, {0, 53}, {-1, 53}, {-1, 52}}}, Values: []any{"East", nil}},
		},
	}
}
