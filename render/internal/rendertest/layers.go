// Package rendertest holds what the tests of several packages of render share: layers
// to write, and readers of what was written.
package rendertest

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Nasty is a name that every format must carry as text.
const Nasty = "<script>alert(\"x\")</script> & O'Brien's\nŁódź 医院 ]]> --"

// Square is a square with its lower left corner at x, y.
func Square(x, y, size float64) orb.Polygon {
	return orb.Polygon{orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}
}

// Footprints is a 3 by 3 chequer of footprints near the middle of
// England: the first has a hole, the second an island, the ninth no score.
func Footprints() layer.Layer {
	l := layer.Layer{
		Name: "footprints", Title: "Footprints <of> the test", Geometry: "MultiPolygon",
		Fields: []layer.Field{
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "name", Alias: "Name", Type: layer.Text},
			{Name: "population", Alias: "Population (people)", Type: layer.Integer},
			{Name: "score", Alias: "Score (higher is worse)", Type: layer.Real},
			{Name: "contiguous", Alias: "In one piece", Type: layer.Boolean},
		},
		About: layer.About{Title: "Test", Version: "1.2.3", Parameters: "--seed 7", Seed: 7, FlowSHA256: "0123456789abcdef", Sources: []string{"A source & licence"}, Notice: "Synthetic data: no real place or organisation"},
		Style: layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#ffffff", Width: 0.3},
	}
	for i := range 9 {
		x, y := -2+float64(0.5*float64(i%3)), 52+float64(0.4*float64(i/3))
		p := orb.Polygon{orb.Ring{{x, y}, {x + 0.5, y}, {x + 0.5, y + 0.4}, {x, y + 0.4}, {x, y}}}
		g := orb.MultiPolygon{p}
		if i == 0 {
			g[0] = append(p, orb.Ring{{x + 0.1, y + 0.1}, {x + 0.1, y + 0.2}, {x + 0.2, y + 0.2}, {x + 0.2, y + 0.1}, {x + 0.1, y + 0.1}})
		}
		if i == 1 {
			g = append(g, Square(x+0.1, y-0.3, 0.1))
		}
		id := fmt.Sprintf("F%02d", i+1)
		name, score := "Place "+id, any(float64(i)-4.5)
		if i == 3 {
			name = Nasty
		}
		if i == 7 {
			score = math.NaN()
		}
		if i == 8 {
			score = nil
		}
		l.Features = append(l.Features, layer.Feature{ID: id, Geometry: g, Values: []any{id, name, int64(100000 + i), score, i%2 == 0}})
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: id, Label: id + " " + name, Colour: layer.Qualitative((i%3 + i/3) % 2)})
	}
	return l
}

// Scores is Footprints coloured by the score.
func Scores() layer.Layer {
	l := Footprints()
	l.Name, l.Title = "scores", "Scores"
	l.Style = layer.Style{Kind: layer.StyleGraduated, Field: "score", LabelField: "footprint", Outline: "#ffffff", Width: 0.3}
	var err error
	if l.Style.Classes, err = layer.GraduatedClasses(l, "score", layer.GraduatedOptions{Classes: 3, NotRated: "Not rated"}); err != nil {
		panic(err)
	}
	return l
}

// Providers are points with sizes, one without.
func Providers() layer.Layer {
	l := layer.Layer{
		Name: "providers", Title: "Providers", Geometry: "Point",
		Fields: []layer.Field{{Name: "code", Alias: "Code", Type: layer.Text}, {Name: "name", Alias: "Name", Type: layer.Text}, {Name: "patients", Alias: "Patients", Type: layer.Real}},
		Style:  layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#222266", LabelField: "name"},
	}
	for i := range 5 {
		var n any = float64(int(1000) << i)
		if i == 4 {
			n = nil
		}
		name := fmt.Sprintf("Hospital %d", i)
		if i == 0 {
			name = Nasty
		}
		l.Features = append(l.Features, layer.Feature{ID: fmt.Sprintf("P%d", i), Geometry: orb.Point{-1.9 + float64(0.3*float64(i)), 52.1 + float64(0.2*float64(i))}, Values: []any{fmt.Sprintf("P%d", i), name, n}})
	}
	return l
}

// Flows are lines with sizes.
func Flows() layer.Layer {
	l := layer.Layer{
		Name: "flows", Title: "Flows", Geometry: "LineString",
		Fields: []layer.Field{{Name: "area", Alias: "Area", Type: layer.Text}, {Name: "provider", Alias: "Provider", Type: layer.Text}, {Name: "patients", Alias: "Patients", Type: layer.Real}, {Name: "inside", Alias: "Inside", Type: layer.Boolean}},
		Style:  layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#553311"},
	}
	for i := range 4 {
		l.Features = append(l.Features, layer.Feature{Geometry: orb.LineString{{-1.75, 52.2}, {-1.5 + float64(0.3*float64(i)), 52.9}}, Values: []any{"A", fmt.Sprintf("P%d", i), float64(100 * (i + 1)), i > 1}})
	}
	return l
}

// Layers are all of these.
func Layers() []layer.Layer {
	return []layer.Layer{Footprints(), Scores(), Providers(), Flows()}
}

// PlaneMetres stands in for a projection to the national grid.
func PlaneMetres(p orb.Point) orb.Point {
	return orb.Point{float64((p[0]+2)*68000) + 400000, float64((p[1]-49)*111000) - 100000}
}
